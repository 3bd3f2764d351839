"""Whether the index, its runs or the uploaded sets are other ones than before, for signs: asked for all the time."""

import os
import threading
from collections.abc import Callable
from math import inf
from pathlib import Path
from time import monotonic

from assistant.web.backend import Backend
from assistant.web.desk import Desk
from corpus.errors import AssistantError
from index import meta
from index.catalog import CATALOG, Catalog

FRESH = 1.0  # seconds, as often as an open page asks: one look of 0.2 ms (10,000 documents) then serves all of them


class Present:
    """The generation of the index that is served, by whichever process it was written.

    `follow` is called with the assistant when it is another one.
    """

    def __init__(self, desk: Desk, follow: Callable[[Backend], None]) -> None:
        self._desk = desk
        self._follow = follow
        self._lock = threading.Lock()
        self._looked = -inf
        self._number = 0

    def generation(self) -> int:
        """Its number as it was within the last second; 0 before the index is open."""
        backend = self._desk.ready
        if backend is None:
            return 0
        with self._lock:
            if monotonic() - self._looked >= FRESH:
                self._look(backend)
                self._looked = monotonic()
            return self._number

    def _look(self, backend: Backend) -> None:
        try:
            with Catalog(backend.uploads.parent / CATALOG, read_only=True) as catalog:
                number = meta.generation(catalog).number
            if number != self._number:
                self._follow(backend)
                self._number = number
        except AssistantError:  # deleted or damaged: questions and Status say so, a sign need not
            return


def changed_at(folder: Path) -> int:
    """When files were last added to a folder, replaced in it or removed, in nanoseconds; 0 where it is not there."""
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def last_run(runs: Path) -> str:
    """Another text when there is a new run or the newest was finished; one look at the folder, none at its runs."""
    try:
        newest = max(os.listdir(runs), default="")
    except OSError:
        return ""
    return f"{newest} {changed_at(runs / newest)}"
