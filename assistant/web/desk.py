"""The desk where questions wait until the models are loaded."""

import threading

from assistant.web.backend import Backend, Opener
from corpus.errors import AssistantError, UsageError


class Desk:
    """Opens the assistant in a background thread, so that the page is there before the models are."""

    def __init__(self, opener: Opener) -> None:
        self._opener = opener
        self._lock = threading.Lock()
        self._done = threading.Event()
        self._backend: Backend | None = None
        self._error: AssistantError | None = None
        self._opening = False

    def start(self) -> None:
        """Begin to open, unless it is open or being opened; after a failure this tries again."""
        with self._lock:
            if self._opening or self._backend is not None:
                return
            self._opening = True
            self._done.clear()
        threading.Thread(target=self._open, name="open-index", daemon=True).start()

    @property
    def ready(self) -> Backend | None:
        """The assistant, null while it is not open."""
        return self._backend

    @property
    def error(self) -> AssistantError | None:
        """Why the last opening failed."""
        return self._error

    def opened(self) -> Backend:
        """The assistant, as soon as it is open; after a failure one more attempt is made.

        Raises: the AssistantError for which opening failed.
        """
        if self._backend is None:
            self.start()
            self._done.wait()
        if self._backend is None:
            raise self._error or UsageError("The index could not be opened. Look at the terminal for the reason.")
        return self._backend

    def _open(self) -> None:
        error: AssistantError | None = None
        try:
            self._backend = self._opener()
        except AssistantError as failure:
            error = failure
        finally:
            with self._lock:
                self._opening = False
                self._error = error
            self._done.set()
