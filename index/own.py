"""What lies in the index's own folder: the user's uploads, and what the index itself wrote."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from corpus.find import Found, Skipped

UPLOADS = "uploads"  # inside the index's folder: the documents that were given to the page


def uploads_of(index: Path) -> Path:
    """The folder of the uploads, as it is remembered as a root."""
    return (index / UPLOADS).absolute()


def is_upload(path: Path, index: Path) -> bool:
    """Whether a file lies among the uploads."""
    return uploads_of(index) in path.absolute().parents


def without_own(found: Found, roots: Sequence[Path], index: Path) -> Found:
    """What was found, without the index's folder where a root holds it or is it.

    A root inside the index's folder, as the uploads are, was named for itself and stays.
    """
    own = {root: place for root in roots if (place := _place_below(root, index)) is not None}
    if not own:
        return found
    elsewhere = [root for root in roots if root not in own]

    def is_own(path: Path) -> bool:
        inside = any(place in (path, *path.parents) for place in own.values())
        return inside and not any(root in path.parents for root in elsewhere)

    left_out = {entry.path: entry for entry in found.skipped if not is_own(entry.path)}
    left_out |= {place: Skipped(place, "the index itself") for place in own.values()}
    return replace(
        found,
        files=tuple(file for file in found.files if file.root not in own or own[file.root] not in file.path.parents),
        skipped=tuple(sorted(left_out.values())),
        problems=tuple(problem for problem in found.problems if not is_own(Path(problem.path))),
    )


def _place_below(root: Path, index: Path) -> Path | None:
    """Where the index's folder lies as seen from a root; null where it does not lie there."""
    real, inner = Path(os.path.realpath(root)), Path(os.path.realpath(index))
    return root / inner.relative_to(real) if inner.is_relative_to(real) else None
