"""FAISS against brute force: the same numbers in the same order, whatever was added, removed or left out."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.encoder import normalised
from index.settings import IndexSettings
from index.vectors import NONE, Base, Vectors, make_base, read_base, sampled, write_base

DIMENSION = 16
EXACT = IndexSettings()
Matrix = NDArray[np.float32]
Numbers = NDArray[np.int64]


def some_vectors(seed: int, count: int) -> Matrix:
    return normalised(np.random.default_rng(seed).standard_normal((count, DIMENSION)).astype(np.float32))


def base_of(numbers: Numbers, vectors: Matrix, options: IndexSettings = EXACT) -> Base:
    chosen = np.isin(numbers, sampled(numbers, options))
    return make_base(numbers, np.array_split(vectors, 3), vectors[chosen], options)


def brute_force(numbers: Numbers, vectors: Matrix, query: Matrix, top_k: int) -> list[int]:
    scores = vectors @ query
    return [int(numbers[row]) for row in np.lexsort((numbers, -scores))[:top_k]]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    old=st.integers(0, 40),
    new=st.integers(0, 10),
    top_k=st.integers(0, 60),
    share=st.sampled_from([0.0, 0.3, 1.0]),
    restrict=st.booleans(),
)
def test_search_equals_brute_force(seed: int, old: int, new: int, top_k: int, share: float, restrict: bool) -> None:
    rng = np.random.default_rng(seed)
    numbers = np.sort(rng.choice(1000, old + new, replace=False)).astype(np.int64)
    vectors = some_vectors(seed, old + new)
    gone = numbers[:old][rng.random(old) < share]
    parts = Vectors(
        base_of(numbers[:old], vectors[:old]),
        added=numbers[old:],
        delta=vectors[old:],
        removed=gone,
        settings=EXACT,
    )
    left = ~np.isin(numbers, gone)
    among = rng.choice(1000, 500, replace=False).astype(np.int64) if restrict else None
    if among is not None:
        left &= np.isin(numbers, among)
    query = some_vectors(seed + 1, 1)[0]
    found, scores = parts.search(query, top_k, among)
    assert found.tolist() == brute_force(numbers[left], vectors[left], query, top_k)
    np.testing.assert_allclose(scores, np.sort(vectors[left] @ query)[::-1][:top_k], atol=1e-6)
    assert len(parts) == old + new - len(gone)


def test_a_written_base_is_read_back(tmp_path: Path) -> None:
    numbers, vectors = np.arange(5, 305, dtype=np.int64), some_vectors(1, 300)
    write_base(base_of(numbers, vectors), tmp_path)
    parts = Vectors(read_base(tmp_path), added=NONE, delta=vectors[:0], removed=NONE, settings=EXACT)
    for query in some_vectors(2, 5):
        assert parts.search(query, 10)[0].tolist() == brute_force(numbers, vectors, query, 10)


def test_a_large_index_is_approximate_and_nearly_right(tmp_path: Path) -> None:
    options = IndexSettings(exact_up_to=1000, lists=16, probes=8)
    numbers, vectors = np.arange(4000, dtype=np.int64) * 3, some_vectors(3, 4000)
    write_base(base_of(numbers, vectors, options), tmp_path)
    removed = numbers[::7]
    parts = Vectors(read_base(tmp_path), added=NONE, delta=vectors[:0], removed=removed, settings=options)
    left = ~np.isin(numbers, removed)
    assert not parts.exact
    hits = 0
    for query in some_vectors(4, 20):
        found = parts.search(query, 10)[0].tolist()
        assert not set(found) & set(removed.tolist())
        hits += len(set(found) & set(brute_force(numbers[left], vectors[left], query, 10)))
    assert hits >= 0.8 * 200
    among = numbers[1:50]
    query = some_vectors(5, 1)[0]
    wanted = np.isin(numbers, among) & left
    found = parts.search(query, 5, among)[0].tolist()
    assert len(set(found) & set(brute_force(numbers[wanted], vectors[wanted], query, 5))) >= 4


def test_a_damaged_file_is_not_read(tmp_path: Path) -> None:
    write_base(base_of(np.arange(9, dtype=np.int64), some_vectors(1, 9)), tmp_path)
    (tmp_path / "vectors.faiss").write_bytes(b"nonsense")
    with pytest.raises(RuntimeError):
        read_base(tmp_path)
