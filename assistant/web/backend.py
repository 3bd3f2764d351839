"""What the page needs from an assistant; the real one and the scripted one of the tests both have it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from assistant.answers import Answer, Citation
from corpus.documents import Document


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


Opener = Callable[[], Backend]
"""Opens the index and loads the models; takes seconds. Raises: AssistantError."""
