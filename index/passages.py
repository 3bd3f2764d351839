"""Passages and their vectors out of the catalog, by id."""

import json
from collections.abc import Iterable, Iterator
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Passage
from corpus.errors import IndexDamaged
from index import codec
from index.catalog import REMEDY, Catalog

BATCH = 2048  # ids looked up by one statement
AMONG = "(SELECT value FROM json_each(?))"

Numbers = NDArray[np.int64]
V = TypeVar("V")


def numbers_of(catalog: Catalog, sql: str, *values: int) -> Numbers:
    """The first column of a query, ascending where the query is."""
    return np.array([row[0] for batch in catalog.each(sql, values) for row in batch], dtype=np.int64)


def live(catalog: Catalog, generation: int) -> Numbers:
    """The ids of all passages of a generation, ascending."""
    sql = "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document WHERE d.generation <= ? ORDER BY p.id"
    return numbers_of(catalog, sql, generation)


def of_documents(catalog: Catalog, documents: Iterable[int]) -> Numbers:
    """The ids of these documents' passages, ascending."""
    sql = f"SELECT id FROM passages WHERE document IN {AMONG} ORDER BY id"
    rows = catalog.rows(sql, (json.dumps(list(documents)),))
    return np.array([row[0] for row in rows], dtype=np.int64)


def pairs(catalog: Catalog, removed: Iterable[int], added: Iterable[int]) -> Numbers:
    """Passages of removed and of added documents that are the same, `(n, 2)` ids: the k-th with the k-th of equals."""
    ranked = f"""SELECT id, vector, row_number() OVER (PARTITION BY vector ORDER BY id) AS k
                 FROM passages WHERE document IN {AMONG}"""
    sql = f"SELECT o.id, n.id FROM ({ranked}) o JOIN ({ranked}) n USING (vector, k) ORDER BY o.id"
    rows = catalog.rows(sql, (json.dumps(list(removed)), json.dumps(list(added))))
    return np.array(rows, dtype=np.int64).reshape(-1, 2)


def by_id(catalog: Catalog, numbers: Numbers) -> list[Passage]:
    """The passages in the order of the ids. Raises: IndexDamaged where one is not there."""
    return [passage for batch in _batches(numbers) for passage in _passages(catalog, batch)]


def vector_batches(catalog: Catalog, numbers: Numbers, dimension: int) -> Iterator[NDArray[np.float32]]:
    """The vectors in the order of the ids, `(up to BATCH, dimension)` at a time."""
    sql = f"SELECT p.id, v.vector FROM passages p JOIN vectors v ON v.id = p.vector WHERE p.id IN {AMONG}"
    for batch in _batches(numbers):
        found: dict[int, bytes] = dict(catalog.rows(sql, (json.dumps(batch),)))
        yield codec.matrix([_there(found, number) for number in batch], dimension)


def vectors(catalog: Catalog, numbers: Numbers, dimension: int) -> NDArray[np.float32]:
    """The vectors in the order of the ids, `(n, dimension)`."""
    empty = np.zeros((0, dimension), dtype=np.float32)
    return np.concatenate([empty, *vector_batches(catalog, numbers, dimension)])


def keyword_rows(catalog: Catalog, numbers: Numbers) -> Iterator[tuple[int, str, str]]:
    """Id, prefix and text of each passage, in the order of the ids."""
    for batch in _batches(numbers):
        for number, passage in zip(batch, _passages(catalog, batch), strict=True):
            yield number, passage.prefix, passage.text


def _passages(catalog: Catalog, batch: list[int]) -> list[Passage]:
    sql = f"""SELECT p.id, d.sha256, p.start, p."end", p.text, d.title, p.heading, p.page
              FROM passages p JOIN documents d ON d.id = p.document WHERE p.id IN {AMONG}"""
    found = {row[0]: row[1:] for row in catalog.rows(sql, (json.dumps(batch),))}
    return [codec.passage(_there(found, number)) for number in batch]


def _there(found: dict[int, V], number: int) -> V:
    if number not in found:
        raise IndexDamaged(f"Passage {number} is not in the catalog. {REMEDY}")
    return found[number]


def _batches(numbers: Numbers) -> Iterator[list[int]]:
    for start in range(0, len(numbers), BATCH):
        yield [int(number) for number in numbers[start : start + BATCH]]
