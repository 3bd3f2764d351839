"""The figures for which the confidence of many questions is needed at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from assistant.evaluation.metrics import levels as measures
from assistant.evaluation.metrics.confidence import risk_coverage
from assistant.evaluation.metrics.levels import Levels, Numbers
from assistant.evaluation.outcomes import trusted_right
from assistant.evaluation.rows import Row

POINTS = 400  # of a curve: more than the pixels of the plot


@dataclass(frozen=True, slots=True)
class Trust:
    """Measures of the confidence of the questions that `counts` lets in, against what came out `right` there."""

    counts: Callable[[Row], bool]
    right: Callable[[Row], bool]
    measures: Mapping[str, Callable[[Levels], Numbers]]

    def of(self, row: Row) -> tuple[float, float] | None:
        """Confidence, and 1 if right; null for a question that does not count."""
        if row.confidence is None or not self.counts(row):
            return None
        return row.confidence, float(self.right(row))

    def measured(self, of: Levels) -> dict[str, Numbers]:
        """Each measure of each resample."""
        return {name: measure(of) for name, measure in self.measures.items()}


def _every(row: Row) -> bool:
    return True


def _answerable(row: Row) -> bool:
    return row.answerable


def _answerable_or(kind: str) -> Callable[[Row], bool]:
    return lambda row: row.answerable or row.kind == kind


RIGHT = Trust(
    _every,
    trusted_right,
    {
        "auroc_right": measures.auroc,
        "brier": measures.brier,
        "ece": measures.ece,
        "aurc": measures.aurc,
        "coverage@80": partial(measures.coverage_at, 0.8),
        "coverage@90": partial(measures.coverage_at, 0.9),
        "coverage@95": partial(measures.coverage_at, 0.95),
    },
)
TRUST = (
    RIGHT,
    Trust(_every, _answerable, {"auroc": measures.auroc}),
    Trust(_answerable_or("on-topic"), _answerable, {"auroc_on_topic": measures.auroc}),
    Trust(_answerable_or("off-topic"), _answerable, {"auroc_off_topic": measures.auroc}),
)
"""AUROC is answerable against unanswerable questions; the rest, whether the first quote is right."""


def columns(pairs: Sequence[tuple[float, float]]) -> tuple[Numbers, Numbers]:
    """Confidences, and what came out right, each of shape (n,)."""
    table = np.array(pairs, dtype=np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def right_by_confidence(rows: Sequence[Row]) -> tuple[Numbers, Numbers]:
    """The confidences, and whether each first quote is right, of the rows that have a confidence."""
    return columns([pair for row in rows if (pair := RIGHT.of(row)) is not None])


def curve(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """The risk-coverage curve of the rows with a confidence as (coverage, risk), thinned to what can be seen."""
    coverage, risk = risk_coverage(*right_by_confidence(rows))
    shown = np.unique(np.linspace(0, len(risk) - 1, min(POINTS, len(risk))).round().astype(int))
    return [(float(coverage[i]), float(risk[i])) for i in shown]
