"""Progress on a terminal as a bar with rate and time left; elsewhere as plain lines."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import click
from tqdm import tqdm

from index.progress import Progress

SECONDS = 30.0  # between two lines where nobody watches: an hour's log stays on two screens
LINE = "{desc}: {n_fmt} of {total_fmt}, {rate_fmt}, {remaining} left"


class Bar:
    """One bar per stage."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] | None = None

    def stage(self, name: str, total: int) -> None:
        """Begin a new bar."""
        self.close()
        self._bar = tqdm(total=total, desc=name, leave=False, file=sys.stderr)

    def advance(self, steps: int) -> None:
        """Move the bar on."""
        if self._bar is not None:
            self._bar.update(steps)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()


class Lines:
    """A line when a stage begins, and every half minute how far it is."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._name, self._total, self._done, self._began, self._told = "", 0, 0, 0.0, 0.0

    def stage(self, name: str, total: int) -> None:
        """Print the stage."""
        self._name, self._total, self._done = name, total, 0
        self._began = self._told = self._clock()
        click.echo(f"{name}: {total}", err=True)

    def advance(self, steps: int) -> None:
        """Print steps, rate and time left, where the last line is old enough."""
        now = self._clock()
        self._done += steps
        if now - self._told >= SECONDS:
            self._told = now
            line = tqdm.format_meter(self._done, self._total, now - self._began, bar_format=LINE, prefix=self._name)
            click.echo(line, err=True)


@contextmanager
def shown() -> Iterator[Progress]:
    """Progress as it suits where the messages go."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    bar = Bar()
    try:
        yield bar
    finally:
        bar.close()
