"""How a build tells what it is doing, and how it is stopped."""

from collections.abc import Callable
from typing import Protocol

from corpus.errors import AssistantError


class BuildCancelled(AssistantError):
    """The build was stopped on request; the index is as it was, and what was encoded and committed is kept."""


class Progress(Protocol):
    """Told of each stage of a build and of each step in it."""

    def stage(self, name: str, total: int) -> None:
        """A stage of `total` steps begins."""

    def advance(self, steps: int) -> None:
        """So many more steps are done."""


class Silent:
    """Progress that nobody watches."""

    def stage(self, name: str, total: int) -> None:
        """Say nothing."""

    def advance(self, steps: int) -> None:
        """Say nothing."""


class Meter:
    """Passes on fractions of steps as whole ones; what is missing at the end is passed on then."""

    def __init__(self, progress: Progress, name: str, total: float) -> None:
        self._progress = progress
        self._total, self._done, self._told = total, 0.0, 0
        progress.stage(name, round(total))

    def advance(self, steps: float) -> None:
        """So much more is done."""
        self._done = min(self._done + steps, self._total)
        if round(self._done) > self._told:
            self._progress.advance(round(self._done) - self._told)
            self._told = round(self._done)


def never() -> bool:
    """False: the build that asks goes on."""
    return False


def check(should_stop: Callable[[], bool]) -> None:
    """Raise `BuildCancelled` when the build is to end here."""
    if should_stop():
        raise BuildCancelled("The build was stopped. The index is as it was before; build again to go on from here.")
