"""The assistant that is served: `assistant.Assistant` with what only the page does."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path

from assistant.answers import Answer, Citation
from assistant.assistant import Assistant, Surrounding
from assistant.cite import Source
from assistant.evaluation.command import Request, run_evaluate
from assistant.evaluation.results import Run
from assistant.evaluation.setup import options_for
from assistant.evaluation.store import RunStore
from assistant.traces import forget as forget_everywhere
from corpus.documents import Document, Span
from corpus.errors import UsageError
from index import change
from index.build import BuildReport, Progress, build
from index.open import Index
from index.progress import never
from index.records import Changes, Status


class Served:
    """One index folder, open."""

    def __init__(self, folder: Path, reader: str | None) -> None:
        self._folder = folder
        self._assistant = Assistant.open(folder, reader=reader)
        self._index = Index.open(folder)  # for places only, so it never loads an encoder
        self._runs = RunStore(folder / "runs")
        self._load_run = lru_cache(maxsize=1)(self._runs.load)  # its figures are computed once

    @property
    def default_threshold(self) -> float:
        """The confidence below which nothing is quoted."""
        return self._assistant.default_threshold

    @property
    def uploads(self) -> Path:
        """The folder into which uploads are stored; a root of the index from the first upload on."""
        return (self._folder / change.UPLOADS).absolute()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        documents: Sequence[str] | None = None,
        threshold: float | None = None,
    ) -> Answer:
        """The answer to a question."""
        return self._assistant.ask(question, history=history, documents=documents, threshold=threshold)

    def text_around(self, sha256: str, start: int, end: int) -> Surrounding:
        """The section around a quote."""
        return self._assistant.text_around(sha256, start, end)

    def citation(self, sha256: str, start: int, end: int) -> Citation:
        """The place of a quote that was shown before. Raises: UsageError if its document is gone."""
        with self._index.snapshot() as store:
            if not store.files(sha256):
                raise UsageError("This document is not in the index any more, so nothing of it is shown.")
            return Source(store, sha256).quote(Span(start, end))[1]

    def document(self, sha256: str) -> Document:
        """A document by its identity."""
        return self._assistant.document(sha256)

    def file(self, sha256: str) -> Path | None:
        """The file of a document."""
        return self._assistant.file(sha256)

    def status(self) -> Status:
        """What is indexed."""
        return self._assistant.status()

    def changes(self) -> Changes:
        """What differs on the disk from what is indexed."""
        return self._index.changes()

    def rebuild(
        self, *, progress: Progress | None = None, should_stop: Callable[[], bool] | None = None
    ) -> BuildReport:
        """Bring the index up to date with its folders and the uploads."""
        roots = [self.uploads] if self.uploads.is_dir() else []
        encoder = self._assistant.encoder
        return build(self._folder, encoder, roots=roots, progress=progress, should_stop=should_stop)

    def forget(self, path: str) -> None:
        """Remove a document; an upload is deleted, a folder's file is kept out from now on."""
        forget_everywhere(self._folder, path)
        self._load_run.cache_clear()  # a kept run may have held its words

    def include(self, path: str) -> None:
        """Let the next build take in again what was kept out."""
        change.include(self._folder, path)

    def evaluate(self, questions: Path, *, progress: Progress, should_stop: Callable[[], bool] = never) -> Run:
        """The run of a set, kept with the others."""
        options = options_for(self._assistant, progress=progress, notice=_unheard)
        request = Request(questions, self._folder / "runs", against="last")
        outcome = run_evaluate(self._assistant, request, options, progress=progress, should_stop=should_stop)
        if outcome.run is None:
            raise UsageError(outcome.text)
        return outcome.run

    @property
    def runs(self) -> RunStore:
        """The evaluation runs over this index."""
        return self._runs

    def last_run(self) -> Run | None:
        """The last evaluation run that went through; null before the first."""
        names = self._runs.finished()
        return self._load_run(names[-1]) if names else None


def _unheard(line: str) -> None:
    """What is to be known before a run stands in its report, which the page shows."""
