"""The assistant that is served: `assistant.Assistant` with what only the page does."""

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from assistant.answers import Citation, Searched
from assistant.ask import Asking
from assistant.assistant import Assistant
from assistant.cite import Source
from assistant.evaluation.after_build import Manner, ask_default_set, due, sharing
from assistant.evaluation.command import Request, run_evaluate
from assistant.evaluation.results import Run
from assistant.evaluation.setup import options_for, runs_of
from assistant.evaluation.store import RunStore
from assistant.traces import forget as forget_everywhere
from assistant.web.backend import ReaderIdentity
from corpus.documents import Span
from corpus.errors import IndexBusy, UsageError
from index import change
from index.build import BuildOptions
from index.open import Index
from index.progress import Progress, never
from index.watch import Watcher

FOLLOW = "follow_folders"  # the setting in the index's catalog


def _unheard(line: str) -> None:
    """For callers who read the same in the run's report."""


class Served(Assistant):
    """One index folder, open. Open one with `Served.open`."""

    def __init__(self, index: Index, asking: Asking) -> None:
        super().__init__(index, asking)
        self._runs = RunStore(runs_of(index.folder))
        self._load_run = lru_cache(maxsize=1)(self._runs.load)  # its figures are computed once
        self._told = ""
        options = BuildOptions(corpus=self.settings.corpus, index=self.settings.index)
        self._watcher = Watcher(index, self._hear, options)

    @property
    def reader_identity(self) -> ReaderIdentity:
        """The reader that answers."""
        return ReaderIdentity(self.reader.name, self.reader.revision)

    @property
    def passages_read(self) -> int:
        """How many of the passages that were found are read for a question, at most."""
        return self.settings.reading.passages

    def extent(self) -> Searched:
        """How much a question searches."""
        with self._index.snapshot() as store:
            return Searched(store.documents, store.passages)

    def citation(self, sha256: str, start: int, end: int) -> Citation:
        """The place of a quote that was shown before. Raises: UsageError if its document is gone."""
        with self._index.snapshot() as store:
            if not store.files(sha256):
                raise UsageError("This document is not in the index any more, so nothing of it is shown.")
            return Source(store, sha256).quote(Span(start, end))[1]

    def forget(self, path: str) -> None:
        """Remove a document; an upload is deleted, a folder's file is kept out from now on."""
        forget_everywhere(self.folder, path)
        self._load_run.cache_clear()  # a kept run may have held its words

    def include(self, path: str) -> None:
        """Let the next build take in again what was kept out."""
        change.include(self.folder, path)

    @property
    def watching(self) -> bool:
        """Whether the folders are followed now."""
        return self._watcher.running

    @property
    def watch_note(self) -> str:
        """What following the folders last did, or why it waits; empty before it did anything."""
        return self._told

    def resume(self) -> None:
        """Follow the folders if they were followed when this index was served last."""
        with self._index.snapshot() as store:
            followed = store.settings.get(FOLLOW)
        if followed:
            self._watcher.start()

    def watch(self) -> None:
        """Follow the folders, after a restart too: what changes in them is applied within seconds, until `unwatch`.

        Raises: IndexBusy while a build is at work: they are followed, but it is not remembered.
        """
        try:
            self._remember(True, "The folders are followed, but only until the page ends")
        finally:
            self._watcher.start()  # only now: its own builds hold the index

    def unwatch(self) -> None:
        """Follow the folders no longer. Raises: IndexBusy as `watch` does."""
        self._watcher.stop()
        self._remember(None, "The folders are not followed any more, but will be when the page is started again")

    def evaluate(
        self,
        questions: Path,
        *,
        progress: Progress,
        should_stop: Callable[[], bool] = never,
        notice: Callable[[str], None] = _unheard,
    ) -> Run:
        """The run of a set, kept with the others."""
        options = options_for(self, progress=progress, notice=notice)
        request = Request(questions, runs_of(self.folder), against="last")
        outcome = run_evaluate(self, request, options, progress=progress, should_stop=should_stop)
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

    def _remember(self, follow: object, otherwise: str) -> None:
        try:
            change.set_setting(self.folder, FOLLOW, follow)
        except IndexBusy as busy:
            raise IndexBusy(f"{otherwise}: the index is being written. Switch again when that is done.") from busy

    def set_due(self) -> str:
        """The name of the set chosen for after builds, where asking it now would tell something new; else empty."""
        return due(self.folder)

    def ask_set_due(
        self, *, progress: Progress, should_stop: Callable[[], bool], notice: Callable[[str], None] = _unheard
    ) -> str:
        """What came of that set, in one line. Raises: UsageError where it cannot be asked."""
        asked = ask_default_set(self.folder, Manner(notice, progress, should_stop, sharing(self)))
        if asked is None:
            return "No set is asked after a build any more."
        if asked.failed:
            raise UsageError(asked.line)
        return asked.line

    def _hear(self, line: str) -> None:
        self._told = line
