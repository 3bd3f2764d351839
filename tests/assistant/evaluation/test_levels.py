"""The measures of the confidence over many resamples at once are those of each resample by itself."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation.metrics import confidence as plain
from assistant.evaluation.metrics import levels as measures
from assistant.evaluation.metrics.levels import Levels, Numbers, levels

PAIRS = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()), min_size=1, max_size=40)


def columns(pairs: list[tuple[float, bool]]) -> tuple[Numbers, Numbers]:
    return np.array([c for c, _ in pairs]), np.array([float(r) for _, r in pairs])


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_the_area_under_the_curve_is_the_mean_of_the_curve(pairs: list[tuple[float, bool]]) -> None:
    confidence, right = columns(pairs)
    assert plain.aurc(confidence, right) == pytest.approx(plain.risk_coverage(confidence, right)[1].mean())


@settings(max_examples=60, deadline=None)
@given(PAIRS, st.sampled_from([0.5, 0.8, 0.9, 1.0]))
def test_coverage_at_an_accuracy_by_trying_every_threshold(pairs: list[tuple[float, bool]], accuracy: float) -> None:
    confidence, right = columns(pairs)
    answered = [confidence >= threshold for threshold in set(confidence)]
    shares = [a.mean() for a in answered if right[a].mean() >= accuracy - 1e-9]
    assert plain.coverage_at(accuracy, confidence, right) == pytest.approx(max(shares, default=0.0))


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_calibration_error_bin_by_bin(pairs: list[tuple[float, bool]]) -> None:
    confidence, right = columns(pairs)
    bins = plain.reliability(confidence, right)
    assert plain.ece(confidence, right) == pytest.approx(sum(n * abs(s - mean) for n, mean, s in bins) / len(right))


@pytest.mark.parametrize(
    ("measure", "alone"),
    [
        (measures.auroc, plain.auroc),
        (measures.brier, plain.brier),
        (measures.ece, plain.ece),
        (measures.aurc, plain.aurc),
        (lambda of: measures.coverage_at(0.8, of), lambda c, r: plain.coverage_at(0.8, c, r)),
    ],
)
def test_all_resamples_at_once_are_each_by_itself(
    measure: Callable[[Levels], Numbers], alone: Callable[[Numbers, Numbers], float]
) -> None:
    rng = np.random.default_rng(3)
    confidence, right = rng.integers(0, 12, 30) / 11, (rng.random(30) < 0.6).astype(float)
    drawn = rng.integers(30, size=(40, 30))
    expected = [alone(confidence[draw], right[draw]) for draw in drawn]
    assert measure(levels(confidence, right, drawn)).tolist() == pytest.approx(expected)


def test_no_question_has_no_figure() -> None:
    nothing = np.array([], dtype=np.float64)
    for metric in (plain.auroc, plain.brier, plain.ece, plain.aurc, lambda c, r: plain.coverage_at(0.8, c, r)):
        assert math.isnan(metric(nothing, nothing))
