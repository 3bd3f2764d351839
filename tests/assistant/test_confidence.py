import json
from dataclasses import replace
from math import exp, inf, isfinite
from pathlib import Path

import pytest

from assistant.confidence import Calibration, Features, features_of
from assistant.order import Weights
from assistant.quotes import Candidate
from assistant.reading.load import CALIBRATIONS, SHIPPED
from assistant.retrieve import Hit
from corpus.documents import Passage, Span
from corpus.errors import IndexMismatch

FITTED = Calibration((1.0, 0.5, 0.0, 2.0, 0.0, 1.0, 0.0), -1.5, 0.4, Weights(), "reader", "encoder")
NOTHING = Features(*(0.0,) * 7)


def candidate(text: str, answer: str, *, margin: float = 1.0, score: float = 1.0, passage_id: int = 1) -> Candidate:
    passage = Passage("d" * 64, 50, 50 + len(text), text, "Title")
    start = 50 + text.index(answer)
    span = Span(start, start + len(answer))
    return Candidate(Hit(passage_id, passage, 0.6, 2.0, 0.9), Span(50, 50 + len(text)), span, margin, 0.5, score=score)


def test_the_probability_is_the_logistic_of_the_weighted_sum() -> None:
    features = replace(NOTHING, margin=2.0, evidence=1.0, dense=0.5, coverage=0.25)
    # -1.5 + 1*2 + 0.5*1 + 2*0.5 + 1*0.25 = 2.25
    assert FITTED.probability(features) == pytest.approx(1 / (1 + exp(-2.25)))


@pytest.mark.parametrize("margin", [-1e6, 1e6])
def test_extreme_scores_stay_probabilities(margin: float) -> None:
    assert 0.0 <= FITTED.probability(replace(NOTHING, margin=margin)) <= 1.0


def test_a_surer_margin_is_never_a_lower_probability() -> None:
    rising = [FITTED.probability(replace(NOTHING, margin=float(m))) for m in range(-8, 9)]
    assert rising == sorted(rising)
    assert rising[0] < rising[-1]


def test_a_stored_calibration_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "reader.json"
    path.write_text(json.dumps(FITTED.as_dict()))
    assert Calibration.load(path, reader="reader", encoder="encoder") == FITTED


@pytest.mark.parametrize("other", ["reader", "encoder"])
def test_a_calibration_of_other_models_is_refused(tmp_path: Path, other: str) -> None:
    path = tmp_path / "reader.json"
    path.write_text(json.dumps(FITTED.as_dict()))
    names = {"reader": "reader", "encoder": "encoder"} | {other: "other"}
    with pytest.raises(IndexMismatch, match=rf"fitted for {other} .*not for other.*calibrate\.py"):
        Calibration.load(path, **names)


def test_features_of_a_hand_worked_case() -> None:
    first = candidate("The dose is 60 mg.", "60 mg", margin=3.0, score=4.0)
    same = candidate("It was 60  MG then.", "60  MG", score=3.5, passage_id=2)
    rival = candidate("They gave 90 mg.", "90 mg", score=2.5, passage_id=3)
    # What else the first passage says, and what others say besides, agrees with nothing and speaks against nothing.
    below = [candidate("In 60 mg.", "60 mg", score=1.0), candidate("Or 60 mg.", "60 mg", score=0.5, passage_id=3)]
    features = features_of([first, same, rival, *below], {"dose": 3.0, "ward": 1.0}, {"dose", "mg"})
    assert features == Features(margin=3.0, evidence=0.0, lead=1.5, dense=0.6, fused=0.9, coverage=0.75, agreement=0.5)


def test_features_are_finite_with_no_rival_and_no_terms() -> None:
    features = features_of([candidate("The dose is 60 mg.", "60 mg", margin=inf)], {}, set())
    assert (features.margin, features.lead, features.coverage, features.agreement) == (20.0, 10.0, 0.0, 0.0)


def test_the_shipped_calibration_says_when_reading_may_stop() -> None:
    shipped = json.loads((CALIBRATIONS / f"{SHIPPED.name}.json").read_text())
    assert isfinite(shipped["order"]["reach"])
