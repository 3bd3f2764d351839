"""Progress on a terminal as a bar with rate and time left; elsewhere as plain lines."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click
from tqdm import tqdm

from index.progress import Progress


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
    """One line per stage."""

    def stage(self, name: str, total: int) -> None:
        """Print the stage."""
        click.echo(f"{name}: {total}", err=True)

    def advance(self, steps: int) -> None:
        """Print nothing between stages."""


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
