from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieve import fuse, retrieve, understand
from assistant.settings import RetrievalSettings
from corpus.read import read
from index.build import index_documents
from index.hashed import HashedEncoder
from index.open import Index

SCORES = st.lists(st.tuples(st.floats(0, 1, width=16), st.floats(0, 40, width=16)), min_size=1, max_size=20)


def fused(dense: list[float], keyword: list[float], weight: float) -> list[float]:
    return [float(x) for x in fuse(np.array(dense, np.float32), np.array(keyword, np.float32), weight)]


def test_a_hand_worked_case() -> None:
    # Dense becomes 0.25, 0.5, 1 and BM25 0, 1, 0.5; three quarters of the first and a quarter of the second.
    assert fused([0.2, 0.4, 0.8], [0.0, 10.0, 5.0], 0.75) == pytest.approx([0.1875, 0.625, 0.875])


def test_a_passage_unlike_the_question_gets_nothing_for_its_vector() -> None:
    assert fused([-0.2, 0.4], [1.0, 0.0], 0.6) == pytest.approx([0.4, 0.6])
    assert fused([-0.2, -0.1], [0.0, 0.0], 0.6) == [0.0, 0.0]


def test_the_only_passage_is_the_best_one() -> None:
    assert fused([0.3], [2.0], 0.6) == pytest.approx([1.0])
    assert fused([0.3], [0.0], 0.6) == pytest.approx([0.6])


@given(SCORES, st.floats(0, 1))
def test_fused_scores_lie_between_0_and_1_and_a_better_passage_is_never_behind(
    scores: list[tuple[float, float]], weight: float
) -> None:
    found = fused([dense for dense, _ in scores], [keyword for _, keyword in scores], weight)
    assert all(-1e-6 <= score <= 1 + 1e-6 for score in found)
    for (dense, keyword), one in zip(scores, found, strict=True):
        for (other_dense, other_keyword), other in zip(scores, found, strict=True):
            if dense >= other_dense and keyword >= other_keyword:
                assert one >= other - 1e-6


def test_a_passage_that_only_the_vectors_found_keeps_its_own_keyword_score(tmp_path: Path) -> None:
    """One candidate from each: the words nearest to the question are common ones, the rare one stands alone."""
    encoder, question = HashedEncoder(), "bread baked zuranolone"
    texts = {"near.txt": "Bread baked.", "rare.txt": "Zuranolone was given on a ward of the clinic near the river."}
    texts |= {f"{n}.txt": f"Bread number {n} is baked in the town and sold on its market." for n in range(9)}
    index_documents(tmp_path, encoder, [(name, read(text.encode(), name)) for name, text in texts.items()])
    with Index.open(tmp_path, encoder) as index, index.snapshot() as store:
        query = understand(question, encoder)
        one = retrieve(store, query, RetrievalSettings(candidates=1))
        every = {hit.id: hit for hit in retrieve(store, query, RetrievalSettings(candidates=20))}
        found_by_vectors = store.dense(query.vector, 1).ids.tolist()
        found_by_words = store.keywords(query.terms, 1).ids.tolist()
        assert found_by_vectors != found_by_words, "two candidates, or the test shows nothing"
        assert {hit.id: hit.keyword for hit in one} == {hit.id: every[hit.id].keyword for hit in one}
        assert min(hit.keyword for hit in one) > 0
