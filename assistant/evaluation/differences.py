"""Each figure in two runs over the same questions: what changed, and whether it could be chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.figure_names import NEITHER_IS_BETTER, ORDER
from assistant.evaluation.metrics.intervals import Table, draws, mean_interval, percentiles, resampled
from assistant.evaluation.metrics.levels import Draws, Numbers, levels
from assistant.evaluation.metrics.paired import bootstrap_p, randomization_p
from assistant.evaluation.outcomes import outcome_scores
from assistant.evaluation.ratios import Part, by_name, ratio
from assistant.evaluation.rows import Row
from assistant.evaluation.trust import TRUST, Trust, columns

RESAMPLES = 1000  # of the differences, as for the intervals of a run


@dataclass(frozen=True, slots=True)
class Side:
    """The rows of one of two runs, in the order of the questions that both have, and its threshold."""

    rows: Sequence[Row]
    threshold: float

    def scores(self) -> list[dict[str, float]]:
        """Each question's scores with the threshold applied."""
        return [{**row.scores, **outcome_scores(row, self.threshold)} for row in self.rows]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure in both runs, over the questions that have it in both: `delta` is b minus a with its 95 % interval."""

    a: float
    b: float
    delta: float
    low: float
    high: float
    p: float
    n: int


def differences(a: Side, b: Side) -> dict[str, Difference]:
    """Every figure that is a judgment, in the order in which figures are shown.

    Means over questions are tested by randomization; figures of many questions at once, whose mean is not that of
    single ones, by a paired bootstrap: the same questions are drawn for both runs.
    """
    found = {**_of_means(a, b), **_of_ratios(a, b)}
    for trust in TRUST:
        found |= _of_trust(trust, a, b)
    return {name: found[name] for name in ORDER if name in found and name not in NEITHER_IS_BETTER}


def _of_means(a: Side, b: Side) -> dict[str, Difference]:
    scores, found = list(zip(a.scores(), b.scores(), strict=True)), dict[str, Difference]()
    for name in dict.fromkeys(name for _, of_row in scores for name in of_row):
        both = np.array([(x[name], y[name]) for x, y in scores if name in x and name in y], dtype=np.float64)
        if len(both):
            delta = both[:, 1] - both[:, 0]
            means = float(both[:, 0].mean()), float(both[:, 1].mean()), float(delta.mean())
            found[name] = Difference(*means, *mean_interval(delta, RESAMPLES), randomization_p(delta), len(both))
    return found


def _of_ratios(a: Side, b: Side) -> dict[str, Difference]:
    """Over the questions that count in at least one run: which ones met silence is what the two differ in."""
    ours, theirs = by_name(a.rows, a.threshold), by_name(b.rows, b.threshold)
    return {
        name: difference
        for name in ours
        if name in theirs and (difference := _of_ratio(ours[name], theirs[name])) is not None
    }


def _of_ratio(a: Sequence[Part | None], b: Sequence[Part | None]) -> Difference | None:
    nothing = (0.0, 0.0)
    both = [(*(x or nothing), *(y or nothing)) for x, y in zip(a, b, strict=True) if x is not None or y is not None]
    table = np.array(both, dtype=np.float64)
    return _difference(
        float(ratio(table[:, :2])), float(ratio(table[:, 2:])), resampled(table, _ratio_shift, RESAMPLES), len(table)
    )


def _ratio_shift(table: Table) -> Table:
    return ratio(table[..., 2:]) - ratio(table[..., :2])


def _of_trust(trust: Trust, a: Side, b: Side) -> dict[str, Difference]:
    pairs = [(x, y) for x, y in zip(map(trust.of, a.rows), map(trust.of, b.rows), strict=True) if x and y]
    if not pairs:
        return {}
    ours, theirs = columns([x for x, _ in pairs]), columns([y for _, y in pairs])
    before, after = trust.measured(levels(*ours)), trust.measured(levels(*theirs))
    shifts = [_trust_shift(trust, ours, theirs, drawn) for drawn in draws(len(pairs), RESAMPLES)]
    found = {
        name: _difference(
            float(before[name][0]), float(after[name][0]), np.concatenate([s[name] for s in shifts]), len(pairs)
        )
        for name in before
    }
    return {name: difference for name, difference in found.items() if difference is not None}


def _trust_shift(
    trust: Trust, a: tuple[Numbers, Numbers], b: tuple[Numbers, Numbers], drawn: Draws
) -> dict[str, Numbers]:
    before, after = trust.measured(levels(*a, drawn)), trust.measured(levels(*b, drawn))
    return {name: after[name] - before[name] for name in before}


def _difference(a: float, b: float, shifts: Table, n: int) -> Difference | None:
    """Nothing where the figure, or every resample of it, is undefined (nan) in one of the runs."""
    defined = shifts[~np.isnan(shifts)]
    if np.isnan(a) or np.isnan(b) or not len(defined):
        return None
    return Difference(a, b, b - a, *percentiles(defined), bootstrap_p(defined), n)
