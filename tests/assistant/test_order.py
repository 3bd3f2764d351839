from collections.abc import Sequence

import numpy as np
import pytest

from assistant.order import COMPARED, Weights, best_first, compared, ordered
from assistant.quotes import Candidate
from assistant.retrieve import Hit, understand
from corpus.documents import Passage, Span
from index.hashed import HashedEncoder


def candidate(
    text: str, *, margin: float = 0.0, evidence: float = 0.5, fused: float = 0.5, likeness: float = 0.0
) -> Candidate:
    span = Span(7, 7 + len(text))
    return Candidate(
        Hit(1, Passage("d" * 64, 7, 7 + len(text), text, ""), 0.1, 1.0, fused), span, span, margin, evidence, likeness
    )


def test_the_better_margin_is_first_and_retrieval_breaks_the_tie() -> None:
    found = [candidate("a", margin=1.0, fused=0.2), candidate("b", margin=1.0, fused=0.4), candidate("c", margin=9.0)]
    assert [c.hit.passage.text for c in ordered(found, Weights())] == ["c", "b", "a"]


def test_the_score_of_a_hand_worked_case() -> None:
    found = candidate("a", margin=2.0, evidence=0.5, fused=0.25, likeness=0.5)
    weights = Weights(evidence=3.0, retrieval=4.0, likeness=8.0, passage=16.0)
    assert weights.score(found) == pytest.approx(2.0 + 3.0 * 0.0 + 4.0 * 0.25 + 8.0 * 0.5 + 16.0 * 0.1)


def test_none_is_lost_and_equals_stay_as_they_were_found() -> None:
    found = [candidate(f"ward {n}") for n in range(30)]
    assert [c.hit.passage.text for c in ordered(found, Weights())] == [f"ward {n}" for n in range(30)]
    assert ordered([], Weights()) == []


def test_the_quote_that_is_near_to_the_question_comes_first_whatever_its_passage_is() -> None:
    query = understand("opening hours of the ward", HashedEncoder())
    found = [candidate("Dogs bark at night.", margin=0.5), candidate("Opening hours of the ward are long.")]
    assert best_first(found, Weights(), lambda those: compared(those, query))[0].text.startswith("Dogs")
    best = best_first(found, Weights(likeness=8.0), lambda those: compared(those, query))[0]
    assert best.text.startswith("Opening")
    assert best.likeness == pytest.approx(float(np.dot(*HashedEncoder().encode([query.question, best.text]))), abs=1e-5)
    assert compared([], query) == []


def test_only_the_foremost_are_compared_and_the_rest_stay_behind_them() -> None:
    seen: list[str] = []

    def compare(those: Sequence[Candidate]) -> list[Candidate]:
        seen.extend(one.text for one in those)
        return [candidate(one.text, margin=one.margin, likeness=-one.margin) for one in those]

    found = [candidate(f"ward {n}", margin=-float(n), likeness=0.9) for n in range(COMPARED + 10)]
    ranked = best_first(found, Weights(likeness=2.0), compare)
    assert seen == [f"ward {n}" for n in range(COMPARED)]
    assert [one.text for one in ranked[:COMPARED]] == seen[::-1]
    assert [one.text for one in ranked[COMPARED:]] == [one.text for one in found[COMPARED:]]


def test_nothing_is_compared_where_likeness_does_not_count() -> None:
    def compare(those: Sequence[Candidate]) -> list[Candidate]:
        raise AssertionError(those)

    assert len(best_first([candidate("a"), candidate("b")], Weights(), compare)) == 2


def hit(id: int, *, fused: float, dense: float = 0.0) -> Hit:
    return Hit(id, Passage("d" * 64, 0, 1, "x", ""), dense, 1.0, fused)


def test_a_first_candidate_is_settled_once_no_unread_passage_can_reach_it() -> None:
    weights = Weights(retrieval=10.0, likeness=3.0, passage=1.0, reach=6.0)
    first = ordered([candidate("a", margin=9.0, fused=0.5)], weights)  # 9 + 5 = 14
    assert weights.is_settled(first, [hit(2, fused=0.8), hit(3, fused=0.7, dense=0.25)])  # 8 + 6 and 7 + 1 + 6
    assert not weights.is_settled(first, [hit(2, fused=0.8), hit(3, fused=0.7, dense=0.3)])
    assert weights.is_settled(first, [])
    assert not weights.is_settled([], [])


def test_without_a_fitted_reach_everything_is_read() -> None:
    first = ordered([candidate("a", margin=1e9)], Weights())
    assert not Weights().is_settled(first, [hit(2, fused=0.0)])
