"""Hybrid retrieval: dense and keyword candidates, normalised and fused into one order.

Source: S. Bruch, S. Gai, A. Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023:
a convex combination of normalised scores beats reciprocal rank fusion. Theirs are min-max normalised; a share of the
best score, 0 for no likeness at all, does a little better (`benchmarks/results/retrieval.json`).
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.settings import RetrievalSettings
from corpus.documents import Passage
from index.encoder import Encoder
from index.keywords import terms
from index.store import Store


@dataclass(frozen=True, slots=True)
class Query:
    """A question as the index understands it: its unit vector `(dim,)`, by the `encoder`, and its keyword terms."""

    question: str
    vector: NDArray[np.float32]
    terms: tuple[str, ...]
    encoder: Encoder


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its scores; `score` (fused, 0 to 1) orders the hits of one question and is no confidence."""

    id: int
    passage: Passage
    dense: float
    keyword: float
    score: float


def understand(question: str, encoder: Encoder) -> Query:
    """The question's vector and terms."""
    return Query(question, encoder.encode([question])[0], tuple(terms(question)), encoder)


def retrieve(
    store: Store, query: Query, settings: RetrievalSettings, *, documents: Collection[str] | None = None
) -> list[Hit]:
    """The union of both retrievers' candidates, best fused score first."""
    dense = store.dense(query.vector, settings.candidates, documents)
    keyword = store.keywords(query.terms, settings.candidates, documents)
    ids = np.union1d(dense.ids, keyword.ids)
    if not len(ids):
        return []
    cosines = store.vectors_by_id(ids) @ query.vector
    bm25 = store.keyword_scores(query.terms, ids)  # a passage that only the vectors found has its words too
    fused = fuse(cosines, bm25, settings.dense_weight)
    order = np.lexsort((ids, -fused))  # ties by id, so that one index always gives one order
    passages = store.passages_by_id(ids[order])
    return [
        Hit(int(ids[row]), passage, float(cosines[row]), float(bm25[row]), float(fused[row]))
        for row, passage in zip(order, passages, strict=True)
    ]


def fuse(dense: NDArray[np.float32], keyword: NDArray[np.float32], dense_weight: float) -> NDArray[np.float32]:
    """W * dense / best dense + (1 - w) * keyword / best keyword, over the candidates of one question."""
    return dense_weight * _of_best(dense) + (1 - dense_weight) * _of_best(keyword)


def _of_best(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each score's share of the best one, 0 to 1; a negative cosine is no likeness, and all are 0 where none is."""
    likeness: NDArray[np.float32] = np.maximum(scores, 0)
    best = likeness.max()
    return likeness / best if best > 0 else likeness
