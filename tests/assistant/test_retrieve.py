import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retrieve import fuse

SCORES = st.lists(st.tuples(st.floats(0, 1, width=16), st.floats(0, 40, width=16)), min_size=1, max_size=20)


def fused(dense: list[float], keyword: list[float], weight: float) -> list[float]:
    return [float(x) for x in fuse(np.array(dense, np.float32), np.array(keyword, np.float32), weight)]


def test_a_hand_worked_case() -> None:
    # Dense becomes 0, 0.5, 1 and BM25 0, 1, 0.5; three quarters of the first and a quarter of the second.
    assert fused([0.2, 0.4, 0.6], [0.0, 10.0, 5.0], 0.75) == pytest.approx([0.0, 0.625, 0.875])


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
