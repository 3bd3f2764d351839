"""Follows the folders of an index and brings it up to date, in batches, once what changed in them is still."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic

from watchfiles import watch

from corpus.errors import AssistantError, IndexBusy, UsageError
from index.build import DEFAULTS, BuildOptions, build
from index.open import Index
from index.own import is_upload
from index.progress import BuildCancelled

Stamp = tuple[int, int] | None  # size and mtime of a file in ns; null where it is gone
Item = tuple[str, Stamp]


@dataclass(frozen=True, slots=True)
class WatchSettings:
    """Seconds; hand-set: an editor saves and a copy goes on within `still`, network disks tell nothing of changes."""

    still: float = 1.0  # how long size and mtime must stay the same before a file is taken as written
    look: float = 30.0  # how often the folders are gone through when nothing is told
    tick: float = 0.5  # how soon a stop is heard, and a file that was moving looked at again


@dataclass
class Watcher:
    """Keeps an index up to date in a thread of its own, from `start` until `stop`.

    `tell` hears, in that thread, one sentence for each batch, each new problem, and each reason to wait.
    """

    index: Index
    tell: Callable[[str], None]
    options: BuildOptions = DEFAULTS
    settings: WatchSettings = field(default_factory=WatchSettings)

    def __post_init__(self) -> None:
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None
        self._seen: dict[str, tuple[Stamp, float]] = {}  # what is to be applied, and since when it is as it is
        self._left: set[Item] = set()  # what a build was asked to apply and kept as it was, such as mass removals
        self._told: set[str] = set()

    @property
    def running(self) -> bool:
        """Whether the folders are followed now."""
        return self._thread is not None and self._thread.is_alive()

    def start(self) -> None:
        """Begin; what changed before is applied first."""
        if not self.running:
            self._stop.clear()
            self._error = None
            self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End; a build at work is cancelled, the index stays as it was before it."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def wait(self) -> None:
        """Wait until somebody stops it. Raises: AssistantError that ended it: the index is gone, damaged or another."""
        if self._thread is not None:
            self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self._follow()
        except AssistantError as error:
            self._error = error
            self.tell(str(error))
        except BaseException as error:
            self._error = error
            self.tell(f"The folders are not followed any more: {error}")
            raise

    def _follow(self) -> None:
        while not self._stop.is_set():
            roots, due = self._roots(), 0.0
            for changed in self._events(roots):
                if changed or monotonic() >= due:
                    due = monotonic() + self._look()
                    if self._roots() != roots:
                        break

    def _roots(self) -> list[Path]:
        """The roots that are there; one that is missing is followed when it comes back."""
        return [root for root in self.index.roots() if root.exists()]

    def _events(self, roots: list[Path]) -> Iterator[bool]:
        """Whether something was told to have changed, once a tick at least, until the stop."""
        tick = self.settings.tick
        try:
            if roots:
                for found in watch(
                    *roots,
                    watch_filter=lambda _, path: self._concerns(Path(path), roots),
                    stop_event=self._stop,
                    rust_timeout=round(tick * 1000),
                    yield_on_timeout=True,
                    raise_interrupt=False,
                    ignore_permission_denied=True,
                ):
                    yield bool(found)
                return
        except (OSError, RuntimeError) as error:  # the system's limit of watches; RuntimeError is what Rust raises
            self._tell_once(
                f"The folders tell of no changes ({error}); looking every {self.settings.look:g} s instead."
            )
        while not self._stop.wait(tick):
            yield False

    def _concerns(self, path: Path, roots: list[Path]) -> bool:
        """Whether a path may be a document: not hidden, and not of the index itself, which is written to by builds."""
        if self.index.folder.absolute() in path.parents and not is_upload(path, self.index.folder):
            return False
        below = (path.relative_to(root).parts for root in roots if path.is_relative_to(root))
        return any(not any(part.startswith(".") for part in parts) for parts in below)

    def _look(self) -> float:
        """Apply what changed and is still; the seconds until the next look is due. Trouble that may pass is told."""
        try:
            return self._apply()
        except (BuildCancelled, IndexBusy) as reason:
            self._tell_once(str(reason))
            return self.settings.still
        except UsageError as reason:  # such as a full disk, which may have room later
            self._tell_once(str(reason))
            return self.settings.look

    def _apply(self) -> float:
        items = self._items()
        back = bool(self._left - items)  # such as a folder that was missing: what was said of the rest is old too
        waiting = items if back else items - self._left
        moving = self._moving(waiting) - {path for path, _ in self._left}
        if len(waiting) == len(moving) and not back:
            return self.settings.still if moving else self.settings.look
        self._build(moving)
        self._left = set() if back else self._left
        # What is as it was before the build, the build has kept; what changed since is for the next one.
        self._left |= {item for item in waiting & self._items() if item[0] not in moving}
        return self.settings.still

    def _items(self) -> set[Item]:
        """What differs from the index."""
        found = self.index.changes()
        return {(path, stamp_of(path)) for path in (*found.added, *found.changed, *found.removed)}

    def _moving(self, items: set[Item]) -> frozenset[str]:
        """The paths that are not yet still."""
        now = monotonic()
        fresh = {path: (stamp, now) for path, stamp in items}
        self._seen = {
            path: before if (before := self._seen.get(path)) is not None and before[0] == new[0] else new
            for path, new in fresh.items()
        }
        return frozenset(path for path, (_, since) in self._seen.items() if now - since < self.settings.still)

    def _build(self, leave: frozenset[str]) -> None:
        """Apply everything but what is to be left, and tell what was done."""
        options = replace(self.options, leave=leave)
        report = build(self.index.folder, self.index.require_encoder(), options=options, should_stop=self._stop.is_set)
        problems = {f"problem  {problem.path}: {problem.reason} {problem.next_step}" for problem in report.problems}
        self.tell(report.sentence)
        for line in sorted(problems - self._told):
            self.tell(line)
        self._told = problems

    def _tell_once(self, line: str) -> None:
        if line not in self._told:
            self._told.add(line)
            self.tell(line)


def stamp_of(path: str) -> Stamp:
    """What changes while a file is written."""
    with suppress(OSError):
        found = os.stat(path)
        return found.st_size, found.st_mtime_ns
    return None
