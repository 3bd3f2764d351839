import pytest

from assistant.order import Weights, ordered
from assistant.quotes import Candidate
from assistant.retrieve import Hit
from corpus.documents import Passage, Span


def candidate(text: str, *, margin: float = 0.0, evidence: float = 0.5, fused: float = 0.5) -> Candidate:
    span = Span(7, 7 + len(text))
    return Candidate(
        Hit(1, Passage("d" * 64, 7, 7 + len(text), text, ""), 0.1, 1.0, fused), span, span, margin, evidence
    )


def test_the_better_margin_is_first_and_retrieval_breaks_the_tie() -> None:
    found = [candidate("a", margin=1.0, fused=0.2), candidate("b", margin=1.0, fused=0.4), candidate("c", margin=9.0)]
    assert [c.hit.passage.text for c in ordered(found, Weights())] == ["c", "b", "a"]


def test_the_score_of_a_hand_worked_case() -> None:
    found = candidate("a", margin=2.0, evidence=0.5, fused=0.25)
    assert Weights(evidence=3.0, retrieval=4.0).score(found) == pytest.approx(2.0 + 3.0 * 0.0 + 4.0 * 0.25)


def test_none_is_lost_and_equals_stay_as_they_were_found() -> None:
    found = [candidate(f"ward {n}") for n in range(30)]
    assert [c.hit.passage.text for c in ordered(found, Weights())] == [f"ward {n}" for n in range(30)]
    assert ordered([], Weights()) == []


def hit(id: int, *, fused: float) -> Hit:
    return Hit(id, Passage("d" * 64, 0, 1, "x", ""), 0.0, 1.0, fused)


def test_a_first_candidate_is_settled_once_no_unread_passage_can_reach_it() -> None:
    weights = Weights(retrieval=10.0, reach=6.0)
    first = ordered([candidate("a", margin=9.0, fused=0.5)], weights)  # 9 + 5 = 14
    assert weights.is_settled(first, [hit(2, fused=0.8), hit(3, fused=0.7)])  # 8 + 6 and 7 + 6
    assert not weights.is_settled(first, [hit(2, fused=0.81), hit(3, fused=0.7)])
    assert weights.is_settled(first, [])
    assert not weights.is_settled([], [])


def test_without_a_fitted_reach_everything_is_read() -> None:
    first = ordered([candidate("a", margin=1e9)], Weights())
    assert not Weights().is_settled(first, [hit(2, fused=0.0)])
