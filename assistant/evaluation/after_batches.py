"""The chosen set while an index follows its folders: asked when it is quiet, never in the way of the next change."""

import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from assistant.evaluation.after_build import Manner, ask_default_set
from corpus.errors import AssistantError

QUIET = 20.0  # seconds; hand-set: somebody who writes saves more often, and answers may wait that long for a judgment


class AfterBatches:
    """Asks in a thread of its own, from `start` until `stop`, once no change came for `quiet` seconds.

    A change ends the asking at the next question; it begins anew when it is quiet again. `tell` hears the one line.
    """

    def __init__(self, folder: Path, tell: Callable[[str], None], *, manner: Manner, quiet: float = QUIET) -> None:
        self._folder = folder
        self._tell = tell
        self._quiet = quiet
        self._changed, self._ended = threading.Event(), threading.Event()
        self._manner = replace(manner, should_stop=self._changed.is_set)
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to wait for changes."""
        if self._thread is None:
            self._changed.clear()
            self._ended.clear()
            self._thread = threading.Thread(target=self._run, name="ask-after-batches", daemon=True)
            self._thread.start()

    def changed(self) -> None:
        """Something may have changed; returns at once."""
        self._changed.set()

    def stop(self) -> None:
        """End, after the question that is being asked; the rows so far are kept."""
        self._ended.set()
        self._changed.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while self._changed.wait() and not self._ended.is_set():
            self._changed.clear()
            if not self._changed.wait(self._quiet):
                self._ask()

    def _ask(self) -> None:
        try:
            found = ask_default_set(self._folder, self._manner)
        except AssistantError as error:  # the index itself: gone, or damaged
            self._tell(str(error))
            return
        if found is not None and (found.state in ("asked", "failed") or self._ended.is_set()):
            self._tell(found.line)
