"""Which files that are gone may be forgotten: none of a root that is missing or lost more than half of its files."""

import os
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

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
    inner = _inner_roots(look)
    lost = [entry for entry in look.gone if entry.file.root in inner and _is_lost(entry, moved)]
    losses = Counter(root for entry in lost for root in _roots_of(entry, inner))
    sizes = Counter(root for entry in look.known.values() for root in _roots_of(entry, inner))
    halved = {root for root, count in losses.items() if count > SHARE * sizes[root]}
    doubtful = set[str]() if accept_removals else halved | set(look.missing)
    kept = tuple(entry for entry in lost if not doubtful.isdisjoint(_roots_of(entry, inner)))
    spared = {entry.key for entry in kept}
    removed = tuple(entry for entry in look.gone if entry.key not in spared)
    problems = [_problem(root, losses[root], sizes[root], root in look.missing) for root in sorted(doubtful)]
    return Gone(kept, removed, tuple(problems))


def _inner_roots(look: Look) -> dict[str, list[str]]:
    """Of every root those that lie in it: they hold files that are counted as the outer one's."""
    return {str(root): [str(other) for other in look.roots if root in other.parents] for root in look.roots}


def _roots_of(entry: Entry, inner: dict[str, list[str]]) -> list[str]:
    """Its own root, and those inside that hold its place."""
    own, place = entry.file.root, os.path.join(entry.file.root, entry.file.relative)
    return [own, *(root for root in inner.get(own, ()) if f"{place}/".startswith(f"{root}/"))]


def _is_lost(entry: Entry, moved: Collection[str]) -> bool:
    """Whether the file vanished, rather than moved, or was left out although it is there."""
    path = entry.file.path
    return entry.sha256 not in moved and path is not None and not os.path.lexists(path)


def _problem(root: str, lost: int, size: int, missing: bool) -> Problem:
    reason = "The folder is missing." if missing else f"{lost} of the {size} files indexed from this folder are gone."
    kept = f" Its {lost} documents are kept." if lost else ""
    step = "Connect its disk or put it back; if it is meant to be so, run `assistant build --accept-removals`."
    return Problem(root, f"{reason}{kept}", step)
