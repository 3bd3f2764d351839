"""The two views of one generation in one folder: made from the catalog, checked when opened, replaced when damaged.

A view is complete in its folder: what did not change since the generation before is a hard link to its files.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import passages, vectors
from index.catalog import Catalog
from index.keywords import Keywords
from index.manifest import ViewDamaged, checked, seal
from index.settings import IndexSettings
from index.vectors import Base, Numbers, Vectors

VIEWS = "views"


class NewBaseDue(Exception):
    """So much changed since the base was made that a new one is less work."""


@dataclass(frozen=True)
class Views:
    """Vectors and keywords of the same generation."""

    generation: int
    vectors: Vectors
    keywords: Keywords


@dataclass(frozen=True)
class Source:
    """Where a view's rows come from, and how it is made."""

    catalog: Catalog
    dimension: int
    settings: IndexSettings


def folder_of(index: Path, generation: int) -> Path:
    """Where the views of a generation lie."""
    return index / VIEWS / str(generation)


def base_of(source: Source, numbers: Numbers) -> Base:
    """A base of all these passages, read from the catalog in batches."""
    sample = passages.vectors(source.catalog, vectors.sampled(numbers, source.settings), source.dimension)
    batches = passages.vector_batches(source.catalog, numbers, source.dimension)
    return vectors.make_base(numbers, batches, sample, source.settings)


def in_memory(source: Source, numbers: Numbers, generation: int) -> Views:
    """Views without files, for a folder that cannot be written."""
    keywords = Keywords(None)
    keywords.update(passages.keyword_rows(source.catalog, numbers), vectors.NONE)
    return Views(generation, _vectors(base_of(source, numbers), source.settings), keywords)


def _vectors(base: Base, settings: IndexSettings) -> Vectors:
    delta = np.zeros((0, base.index.d), dtype=np.float32)
    return Vectors(base, added=vectors.NONE, delta=delta, removed=vectors.NONE, settings=settings)


def write_anew(folder: Path, source: Source, numbers: Numbers, generation: int) -> None:
    """Write views of all these passages."""
    with _making(folder):
        vectors.write_base(base_of(source, numbers), folder)
        _write_delta(folder, source, vectors.NONE, vectors.NONE)
        Keywords(folder / "keywords").update(passages.keyword_rows(source.catalog, numbers), vectors.NONE)
        seal(folder, generation, len(numbers))


def write_next(folder: Path, before: Path, source: Source, *, added: Numbers, removed: Numbers) -> None:
    """Write views that are those in `before` with some passages more and some fewer.

    Raises:
        ViewDamaged: those before are damaged.
        NewBaseDue: the change is too large.
    """
    old = open_views(before, int(before.name), source.settings)
    delta = np.union1d(np.setdiff1d(old.vectors.added, removed), added)
    gone = np.union1d(old.vectors.removed, np.intersect1d(old.vectors.base.numbers, removed))
    size = len(old.vectors.base.numbers)
    if len(delta) + len(gone) > max(source.settings.delta_floor, source.settings.delta_share * size):
        raise NewBaseDue
    with _making(folder):
        for name in ("vectors.faiss", "numbers.npy"):
            _link(before / name, folder / name)
        _write_delta(folder, source, delta, gone)
        free = shutil.ignore_patterns("*.lock")
        shutil.copytree(before / "keywords", folder / "keywords", copy_function=_link, ignore=free, dirs_exist_ok=True)
        Keywords(folder / "keywords").update(passages.keyword_rows(source.catalog, added), removed)
        seal(folder, int(folder.name), size - len(gone) + len(delta))


def open_views(folder: Path, generation: int, settings: IndexSettings) -> Views:
    """The views in a folder, checked against their manifest.

    Raises:
        ViewDamaged: something in them is not as it was written.
    """
    count = checked(folder, generation)
    try:
        base = vectors.read_base(folder)
        added, removed, delta = (np.load(folder / f"{name}.npy") for name in ("added", "removed", "delta"))
        parts = Vectors(base, added=added, delta=delta, removed=removed, settings=settings)
        keywords = Keywords(folder / "keywords")
    except (OSError, ValueError, RuntimeError) as error:
        raise ViewDamaged(str(error)) from error
    if not len(parts) == len(keywords) == count:
        raise ViewDamaged(f"{len(parts)} vectors, {len(keywords)} keyword rows, {count} passages")
    return Views(generation, parts, keywords)


def drop_others(index: Path, keep: set[int]) -> None:
    """Delete the views of all generations but these."""
    names = {str(generation) for generation in keep}
    for folder in (index / VIEWS).glob("*"):
        if folder.name not in names:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _making(folder: Path) -> Iterator[None]:
    """An empty folder to make views in; what is not finished goes again, so that a full disk has its room back."""
    shutil.rmtree(folder, ignore_errors=True)
    try:
        (folder / "keywords").mkdir(parents=True)
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _write_delta(folder: Path, source: Source, added: Numbers, removed: Numbers) -> None:
    np.save(folder / "added.npy", added)
    np.save(folder / "removed.npy", removed)
    np.save(folder / "delta.npy", passages.vectors(source.catalog, added, source.dimension))


def _link(source: str | Path, target: str | Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a disk without hard links
        shutil.copy2(source, target)
