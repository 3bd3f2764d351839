"""What the page needs from an assistant; the real one and the scripted one of the tests both have it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from assistant.answers import Answer, Citation, Searched
from assistant.evaluation.results import Run
from assistant.evaluation.store import RunStore
from corpus.documents import Document
from index.progress import Progress
from index.records import BuildReport, Changes, Status


@dataclass(frozen=True, slots=True)
class ReaderIdentity:
    """Which reader answers; `revision` is the SHA-256 of what it computes with."""

    name: str
    revision: str


class Surrounding(Protocol):
    """The passage around a quote; the quote is `text[start:end]`."""

    @property
    def text(self) -> str:
        """The passage."""
        ...

    @property
    def start(self) -> int:
        """Where the quote starts in `text`."""
        ...

    @property
    def end(self) -> int:
        """Where the quote ends in `text`."""
        ...

    @property
    def heading(self) -> tuple[str, ...]:
        """The titles of the headings above, outermost first."""
        ...


class Backend(Protocol):
    """An open index with its models, safe to share between threads."""

    @property
    def default_threshold(self) -> float:
        """The confidence below which nothing is quoted."""
        ...

    @property
    def reader_identity(self) -> ReaderIdentity:
        """The reader that answers."""
        ...

    @property
    def passages_read(self) -> int:
        """How many of the passages that were found are read for a question, at most."""
        ...

    def extent(self) -> Searched:
        """How much a question searches; costs nothing, unlike `status`."""
        ...

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        documents: Sequence[str] | None = None,
        threshold: float | None = None,
    ) -> Answer:
        """The answer to a question."""
        ...

    def text_around(self, sha256: str, start: int, end: int) -> Surrounding:
        """The text around a quote."""
        ...

    def citation(self, sha256: str, start: int, end: int) -> Citation:
        """The place of a quote that was shown before, proven again."""
        ...

    def document(self, sha256: str) -> Document:
        """A document by its identity."""
        ...

    def file(self, sha256: str) -> Path | None:
        """The file of a document."""
        ...

    def status(self) -> Status:
        """What is indexed, with what, and what could not be."""
        ...

    def changes(self) -> Changes:
        """What differs on the disk from what is indexed."""
        ...

    def rebuild(
        self, *, progress: Progress | None = None, should_stop: Callable[[], bool] | None = None
    ) -> BuildReport:
        """Bring the index up to date with its folders."""
        ...

    def set_due(self) -> str:
        """The name of the set chosen for after builds, where asking it now would tell something new; else empty."""
        ...

    def ask_set_due(self, *, progress: Progress, should_stop: Callable[[], bool], notice: Callable[[str], None]) -> str:
        """What came of that set, in one line. Raises: UsageError where it cannot be asked."""
        ...

    def forget(self, path: str) -> None:
        """Remove a document: an upload is deleted, a folder's file is put on the exclusion list."""
        ...

    def include(self, path: str) -> None:
        """Take a file off the exclusion list."""
        ...

    @property
    def uploads(self) -> Path:
        """The folder into which uploads are stored; one of the index's roots."""
        ...

    @property
    def watching(self) -> bool:
        """Whether the folders are followed now."""
        ...

    @property
    def watch_note(self) -> str:
        """What following the folders last did, or why it waits; empty before it did anything."""
        ...

    def watch(self) -> None:
        """Follow the folders, after a restart too, until `unwatch`. Raises: IndexBusy if it cannot be remembered."""
        ...

    def unwatch(self) -> None:
        """Follow the folders no longer."""
        ...

    def evaluate(
        self, questions: Path, *, progress: Progress, should_stop: Callable[[], bool], notice: Callable[[str], None]
    ) -> Run:
        """The run of an evaluation set, kept on disk; `notice` hears what is better known before it ends.

        Raises: UsageError for a file that is no set.
        """
        ...

    @property
    def runs(self) -> RunStore:
        """The evaluation runs that are kept."""
        ...

    def last_run(self) -> Run | None:
        """The last evaluation run that went through; null before the first."""
        ...


Opener = Callable[[], Backend]
"""Opens the index and loads the models; takes seconds. Raises: AssistantError."""
