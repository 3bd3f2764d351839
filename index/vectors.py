"""The only file that uses FAISS. It knows rows and numbers: which passage a number names is not its business.

A view is an immutable base, a small exact delta of numbers added since, and the numbers removed since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.settings import IndexSettings

Numbers = NDArray[np.int64]
Matrix = NDArray[np.float32]
NONE: Numbers = np.zeros(0, dtype=np.int64)
TRAINING = 64  # vectors a list to train on; FAISS asks for 39 at least


@dataclass(frozen=True)
class Base:
    """A FAISS index whose row `i` has the number `numbers[i]`; `numbers` ascend."""

    index: faiss.Index
    numbers: Numbers


def make_base(numbers: Numbers, batches: Iterable[Matrix], sample: Matrix, settings: IndexSettings) -> Base:
    """An index of the vectors that come in batches in the order of `numbers`; `sample` trains a large one."""
    index = _empty(len(numbers), sample, settings)
    for batch in batches:
        index.add(np.ascontiguousarray(batch))
    return Base(index, numbers)


def _empty(count: int, sample: Matrix, settings: IndexSettings) -> faiss.Index:
    dimension = sample.shape[1]
    if count <= settings.exact_up_to:
        return faiss.IndexFlatIP(dimension)
    lists = max(1, min(settings.lists, len(sample) // TRAINING))
    index = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    index.train(np.ascontiguousarray(sample))
    return index


def write_base(base: Base, folder: Path) -> None:
    """Write the base's two files. Raises: OSError where the disk is full."""
    try:
        faiss.write_index(base.index, str(folder / "vectors.faiss"))
    except RuntimeError as error:  # what FAISS raises for every failure
        raise OSError(str(error)) from error
    np.save(folder / "numbers.npy", base.numbers)


def read_base(folder: Path) -> Base:
    """The base of a folder, its vectors mapped into memory. Raises: RuntimeError, ValueError, OSError if damaged."""
    index = faiss.read_index(str(folder / "vectors.faiss"), faiss.IO_FLAG_MMAP_IFC)
    return Base(index, np.load(folder / "numbers.npy", mmap_mode="r", allow_pickle=False))


class Vectors:
    """A base with its delta and without what was removed from it, searched as one."""

    def __init__(self, base: Base, *, added: Numbers, delta: Matrix, removed: Numbers, settings: IndexSettings) -> None:
        self.base = base
        self.added, self.delta, self.removed = added, delta, removed
        self._settings = settings
        self._delta = faiss.IndexFlatIP(base.index.d)
        self._delta.add(np.ascontiguousarray(delta, dtype=np.float32))
        self._gone = np.searchsorted(base.numbers, removed)

    def __len__(self) -> int:
        return len(self.base.numbers) - len(self.removed) + len(self.added)

    @property
    def exact(self) -> bool:
        """Whether scores are exact and need no second look."""
        return isinstance(faiss.downcast_index(self.base.index), faiss.IndexFlat)

    def search(self, vector: Matrix, top_k: int, among: Numbers | None = None) -> tuple[Numbers, Matrix]:
        """The `top_k` numbers of highest inner product, best first, ties by number; `among` restricts them."""
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        old = _nearest(self.base.index, query, top_k, self._parameters(among))
        new = _nearest(self._delta, query, top_k, _chosen(_rows(self.added, among)))
        numbers = np.concatenate([self.base.numbers[old[0]], self.added[new[0]]])
        scores = np.concatenate([old[1], new[1]])
        order = np.lexsort((numbers, -scores))[:top_k]
        return numbers[order], scores[order]

    def _parameters(self, among: Numbers | None) -> faiss.SearchParameters | None:
        rows = _rows(self.base.numbers, among)
        selected: faiss.IDSelector | None
        if rows is not None:
            selected = faiss.IDSelectorBatch(np.setdiff1d(rows, self._gone))
        else:
            selected = faiss.IDSelectorNot(faiss.IDSelectorBatch(self._gone)) if len(self._gone) else None
        if not self.exact:
            probes = self._settings.probes if rows is None else self._settings.lists  # all lists where few rows count
            return faiss.SearchParametersIVF(sel=selected, nprobe=probes)  # type: ignore[call-arg]
        return None if selected is None else faiss.SearchParameters(sel=selected)  # type: ignore[call-arg]


def _chosen(rows: Numbers | None) -> faiss.SearchParameters | None:
    return None if rows is None else faiss.SearchParameters(sel=faiss.IDSelectorBatch(rows))  # type: ignore[call-arg]


def _rows(numbers: Numbers, among: Numbers | None) -> Numbers | None:
    return None if among is None else np.flatnonzero(np.isin(numbers, among))


def _nearest(
    index: faiss.Index, query: Matrix, top_k: int, parameters: faiss.SearchParameters | None
) -> tuple[Numbers, Matrix]:
    if index.ntotal == 0 or top_k <= 0:
        return NONE, np.zeros(0, dtype=np.float32)
    scores, rows = index.search(query, min(top_k, index.ntotal), params=parameters)
    found = rows[0] >= 0
    return rows[0][found], scores[0][found]


def sampled(numbers: Numbers, settings: IndexSettings) -> Numbers:
    """The numbers, evenly spread, whose vectors train an index of all; none where it is exact."""
    if len(numbers) <= settings.exact_up_to:
        return NONE
    return numbers[:: max(1, len(numbers) // (settings.lists * TRAINING))]
