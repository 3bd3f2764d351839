import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.score_reading import Asked, Read, best_threshold, read_set, sampled, score


def read(answer: str, golds: tuple[str, ...], margin: float) -> Read:
    return Read(Asked("q?", "p", golds), answer, margin)


SOME = [
    read("the cat", ("cat",), 3.0),  # right
    read("red dog", ("dog",), 2.0),  # F1 2/3
    read("owl", (), 1.0),  # no answer in the passage
    read("hen", ("hen",), -1.0),  # right, and the least sure
]


def test_figures_by_hand() -> None:
    found = score(SOME, 1.5)
    assert (found.questions, found.answerable) == (4, 3)
    assert found.answers_exact_match == pytest.approx(2 / 3)
    assert found.answers_f1 == pytest.approx((1 + 2 / 3 + 1) / 3)
    assert found.exact_match == pytest.approx((1 + 0 + 1 + 0) / 4)
    assert found.f1 == pytest.approx((1 + 2 / 3 + 1 + 0) / 4)
    assert found.answerable_auroc == pytest.approx(2 / 3)


def test_a_set_without_unanswerable_questions_has_no_auroc() -> None:
    assert score(SOME[:2], 0.0).answerable_auroc is None


def test_nothing_read_scores_nothing() -> None:
    assert score([], 0.0).f1 == 0.0
    assert best_threshold([]) == 0.0


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.builds(
            read,
            st.sampled_from(["a b", "b", "c d"]),
            st.sampled_from([(), ("b",), ("c",)]),
            st.integers(-3, 3).map(float),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_no_other_threshold_does_better(some: list[Read]) -> None:
    best = max(score(some, at).f1 for at in (-9.0, -2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 9.0))
    assert score(some, best_threshold(some)).f1 == pytest.approx(best)


def test_a_squad_file_is_read_in_order(tmp_path: Path) -> None:
    questions = [
        {"question": "a?", "answers": [{"text": "x", "answer_start": 0}, {"text": "x y", "answer_start": 0}]},
        {"question": "b?", "answers": [], "is_impossible": True},
    ]
    with gzip.open(tmp_path / "a.json.gz", "wt") as file:
        json.dump({"data": [{"title": "t", "paragraphs": [{"context": "x y z", "qas": questions}]}]}, file)
    assert list(read_set(tmp_path / "a.json.gz")) == [Asked("a?", "x y z", ("x", "x y")), Asked("b?", "x y z", ())]


def test_a_sample_is_spread_evenly() -> None:
    questions = [Asked(str(n), "", ()) for n in range(10)]
    assert [asked.question for asked in sampled(questions, 4)] == ["0", "2", "5", "7"]
    assert sampled(questions, 0) == sampled(questions, 99) == questions
    assert sampled([], 4) == []
