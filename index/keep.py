"""Which files that are gone may be forgotten: none of a root that is missing or lost more than half of its files."""

import os
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from corpus.documents import Problem
from index.scan import Entry, Look

SHARE = 0.5  # of a root's files; losing more is more often an unmounted disk than a wish


@dataclass(frozen=True, slots=True)
class Gone:
    """What to do with the files that are not there: keep or remove."""

    kept: tuple[Entry, ...]
    removed: tuple[Entry, ...]
    problems: tuple[Problem, ...]


def decide(look: Look, *, moved: Collection[str], accept_removals: bool) -> Gone:
    """Keep or remove what is gone; `moved` are the SHA-256 of what stands at another place now."""
    roots = {str(root) for root in look.roots}
    lost = [entry for entry in look.gone if entry.file.root in roots and _is_lost(entry, moved)]
    doubtful = set() if accept_removals else _doubtful_roots(look, lost)
    places = {entry.key: _roots_of(entry, doubtful) for entry in lost} if doubtful else {}
    kept = tuple(entry for entry in lost if places.get(entry.key))
    spared = {entry.key for entry in kept}
    removed = tuple(entry for entry in look.gone if entry.key not in spared)
    losses = Counter(root for entry in kept for root in places[entry.key])
    sizes = Counter(root for root, _ in look.known)
    problems = [_problem(root, losses[root], sizes[root], root in look.missing) for root in sorted(doubtful)]
    return Gone(kept, removed, tuple(problems))


def _is_lost(entry: Entry, moved: Collection[str]) -> bool:
    """Whether the file vanished, rather than moved, or was left out although it is there."""
    path = entry.file.path
    return entry.sha256 not in moved and path is not None and not os.path.lexists(path)


def _roots_of(entry: Entry, roots: Collection[str]) -> list[str]:
    """Its own root and others that hold its place, for one may lie in another."""
    parents = {str(parent) for parent in (entry.file.path or Path()).parents}
    return [root for root in roots if root == entry.file.root or root in parents]


def _doubtful_roots(look: Look, lost: list[Entry]) -> set[str]:
    losses = Counter(entry.file.root for entry in lost)
    sizes = Counter(root for root, _ in look.known)
    halved = {root for root, count in losses.items() if count > SHARE * sizes[root]}
    return halved | set(look.missing)


def _problem(root: str, lost: int, size: int, missing: bool) -> Problem:
    reason = "The folder is missing." if missing else f"{lost} of the {size} files indexed from this folder are gone."
    kept = f" Its {lost} documents are kept." if lost else ""
    step = "Connect its disk or put it back; if it is meant to be so, run `assistant build --accept-removals`."
    return Problem(root, f"{reason}{kept}", step)
