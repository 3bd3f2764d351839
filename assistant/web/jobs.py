"""Long work on the server: every page sees the same job, and a reload finds it again."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import monotonic
from typing import Literal

from corpus.errors import AssistantError, UsageError
from index.progress import BuildCancelled

NOTES = 5  # lines of a job that are kept: the panel has no room for more

State = Literal["running", "stopping", "done", "stopped", "failed"]


@dataclass(frozen=True, slots=True)
class Job:
    """A look at a job: `done` of `total` steps of its present stage, begun `seconds` ago.

    `notes` are the first lines to be known before it ends, `more_notes` says how many came after them.
    """

    name: str
    state: State = "running"
    stage: str = ""
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    message: str = ""
    notes: tuple[str, ...] = ()
    more_notes: int = 0

    @property
    def running(self) -> bool:
        """Whether it is still at work."""
        return self.state in ("running", "stopping")

    @property
    def rate(self) -> float | None:
        """Steps a second in this stage; null before the first."""
        return self.done / self.seconds if self.done and self.seconds > 0 else None

    @property
    def remaining(self) -> float | None:
        """Seconds until this stage ends if it goes on at its rate."""
        return (self.total - self.done) / self.rate if self.rate is not None and self.total else None


class Jobs:
    """Runs one job at a time in a thread, and tells how far it is. It is the job's `Progress`."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._job: Job | None = None
        self._began = 0.0

    @property
    def job(self) -> Job | None:
        """The running job or the last one, null before the first."""
        with self._lock:
            if self._job is None or not self._job.running:
                return self._job
            return replace(self._job, seconds=monotonic() - self._began)

    @property
    def running(self) -> bool:
        """Whether a job is at work."""
        return self._job is not None and self._job.running

    def start(self, name: str, work: Callable[["Jobs"], str]) -> None:
        """Begin `work`, which returns the sentence that says what came of it.

        Raises: UsageError while another job runs.
        """
        with self._lock:
            if self._job is not None and self._job.running:
                raise UsageError(f"{self._job.name} is still running. Wait for it, or stop it first.")
            self._job, self._began = Job(name), monotonic()
        threading.Thread(target=self._run, args=(work,), name=name, daemon=True).start()

    def stop(self) -> None:
        """Ask the running job to end at its next step."""
        with self._lock:
            if self._job is not None and self._job.running:
                self._job = replace(self._job, state="stopping")

    def should_stop(self) -> bool:
        """Whether the job was asked to end."""
        return self._job is not None and self._job.state == "stopping"

    def stage(self, name: str, total: int) -> None:
        """A stage of `total` steps begins."""
        with self._lock:
            if self._job is not None:
                self._job, self._began = replace(self._job, stage=name, done=0, total=total), monotonic()

    def advance(self, steps: int) -> None:
        """So many more steps are done."""
        with self._lock:
            if self._job is not None:
                self._job = replace(self._job, done=self._job.done + steps)

    def note(self, line: str) -> None:
        """Something to be known while the job runs."""
        with self._lock:
            if self._job is None:
                return
            if len(self._job.notes) < NOTES:
                self._job = replace(self._job, notes=(*self._job.notes, line))
            else:
                self._job = replace(self._job, more_notes=self._job.more_notes + 1)

    def _run(self, work: Callable[["Jobs"], str]) -> None:
        state: State = "failed"
        message = "It ended with an error that nobody foresaw; the terminal shows it."
        try:
            message = work(self)
            state = "stopped" if self.should_stop() else "done"
        except BuildCancelled as cancelled:
            state, message = "stopped", str(cancelled)
        except AssistantError as error:
            message = str(error)
        finally:
            with self._lock:
                if self._job is not None:
                    self._job = replace(self._job, state=state, message=message)
