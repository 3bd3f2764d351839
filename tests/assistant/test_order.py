import numpy as np
import pytest

from assistant.order import Weights, order, ordered
from assistant.quotes import Candidate
from assistant.retrieve import Hit, understand
from corpus.documents import Passage, Span
from index.hashed import HashedEncoder

ENCODER = HashedEncoder()


def candidate(
    text: str, *, margin: float = 0.0, evidence: float = 0.5, fused: float = 0.5, title: str = ""
) -> Candidate:
    span = Span(7, 7 + len(text))
    return Candidate(
        Hit(1, Passage("d" * 64, 7, 7 + len(text), text, title), 0.1, 1.0, fused), span, span, margin, evidence
    )


def test_the_better_margin_is_first_and_retrieval_breaks_the_tie() -> None:
    found = [candidate("a", margin=1.0, fused=0.2), candidate("b", margin=1.0, fused=0.4), candidate("c", margin=9.0)]
    assert [c.hit.passage.text for c in ordered(found, Weights())] == ["c", "b", "a"]


def test_the_score_of_a_hand_worked_case() -> None:
    found = candidate("a", margin=2.0, evidence=0.5, fused=0.25)
    assert Weights(evidence=3.0, retrieval=4.0).score(found) == pytest.approx(2.0 + 3.0 * 0.0 + 4.0 * 0.25)


def test_the_quote_that_is_like_the_question_wins_where_similarity_counts() -> None:
    query = understand("opening hours of the ward", ENCODER)
    found = [candidate("Dogs bark at night.", margin=0.5), candidate("Opening hours of the ward are long.")]
    assert order(query, found, ENCODER, Weights(similarity=0.0))[0].hit.passage.text.startswith("Dogs")
    best = order(query, found, ENCODER, Weights(similarity=8.0))[0]
    assert best.hit.passage.text.startswith("Opening")
    vectors = ENCODER.encode(["opening hours of the ward", "Opening hours of the ward are long."])
    assert best.similarity == pytest.approx(float(np.dot(*vectors)), abs=1e-5)


def test_headings_are_compared_too() -> None:
    query = understand("ketamine dose", ENCODER)
    under = order(query, [candidate("It is 60 mg.", title="Ketamine dose")], ENCODER, Weights())[0]
    bare = order(query, [candidate("It is 60 mg.")], ENCODER, Weights())[0]
    assert under.similarity > bare.similarity


def test_every_candidate_is_compared_and_none_is_lost() -> None:
    query = understand("ward", ENCODER)
    found = [candidate(f"ward {n}", margin=-float(n)) for n in range(30)]
    scored = order(query, found, ENCODER, Weights(similarity=0.001))
    assert [c.answer for c in scored] == [c.answer for c in found]
    expected = ENCODER.encode([f"ward {n}" for n in range(30)]) @ query.vector
    assert [c.similarity for c in scored] == pytest.approx(expected.tolist())
    assert order(query, [], ENCODER, Weights()) == []


def hit(id: int, *, fused: float, dense: float = 0.0) -> Hit:
    return Hit(id, Passage("d" * 64, 0, 1, "x", ""), dense, 1.0, fused)


def test_a_first_candidate_is_settled_once_no_unread_passage_can_reach_it() -> None:
    weights = Weights(retrieval=10.0, similarity=4.0, reach=6.0)
    first = ordered([candidate("a", margin=9.0, fused=0.5)], weights)  # 9 + 5 = 14
    assert weights.is_settled(first, [hit(2, fused=0.8), hit(3, fused=0.7, dense=0.25)])  # 8 + 6 and 7 + 1 + 6
    assert not weights.is_settled(first, [hit(2, fused=0.8), hit(3, fused=0.7, dense=0.3)])
    assert weights.is_settled(first, [])
    assert not weights.is_settled([], [])


def test_without_a_fitted_reach_everything_is_read() -> None:
    first = ordered([candidate("a", margin=1e9)], Weights())
    assert not Weights().is_settled(first, [hit(2, fused=0.0)])
