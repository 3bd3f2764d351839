"""Rows to figures: a value, its 95 % interval, and how many questions it is about."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from assistant.evaluation.metrics import confidence as metrics
from assistant.evaluation.metrics.intervals import Table, interval, mean_interval
from assistant.evaluation.metrics.words import word_f1
from assistant.evaluation.outcomes import outcome_scores, silent, trusted_right
from assistant.evaluation.rows import Row


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % bootstrap interval over `n` items; all null where the set has none to count."""

    value: float | None
    low: float | None
    high: float | None
    n: int


Statistic = Callable[[Table], float]


def mean_figure(values: Sequence[float], resamples: int) -> Figure:
    """The mean of one number per question."""
    if not values:
        return Figure(None, None, None, 0)
    array = np.array(values, dtype=np.float64)
    return Figure(float(array.mean()), *mean_interval(array, resamples), len(values))


def table_figure(table: Sequence[Sequence[float]], statistic: Statistic, resamples: int) -> Figure:
    """A statistic of several numbers per question."""
    array = np.array(table, dtype=np.float64)
    value = statistic(array) if len(array) else float("nan")
    if np.isnan(value):
        return Figure(None, None, None, len(array))
    return Figure(value, *interval(array, statistic, resamples), len(array))


def figures(rows: Sequence[Row], *, threshold: float, resamples: int) -> dict[str, Figure]:
    """Every figure for which at least one row has something to count."""
    found = {**_means(rows, threshold, resamples), **_silence(rows, threshold, resamples)}
    found |= _confidence(rows, resamples)
    found |= _citations(rows, resamples)
    found |= _evidence(rows, resamples)
    return {name: figure for name, figure in found.items() if figure.n}


def _means(rows: Sequence[Row], threshold: float, resamples: int) -> dict[str, Figure]:
    """Plain means of each question's scores over the questions that have them."""
    scores = [{**row.scores, **outcome_scores(row, threshold)} for row in rows]
    names = list(dict.fromkeys(name for of_row in scores for name in of_row))
    return {name: mean_figure([s[name] for s in scores if name in s], resamples) for name in names}


def _silence(rows: Sequence[Row], threshold: float, resamples: int) -> dict[str, Figure]:
    """Precision: unanswerable / silent. Recall: silent / unanswerable. Silent: confidence below the threshold."""
    asked = [row for row in rows if row.confidence is not None]
    if all(row.answerable for row in asked):
        return {}
    quiet = [float(not row.answerable) for row in asked if silent(row, threshold)]
    unanswerable = [float(silent(row, threshold)) for row in asked if not row.answerable]
    return {
        "no_answer_precision": mean_figure(quiet, resamples),
        "no_answer_recall": mean_figure(unanswerable, resamples),
    }


def _confidence(rows: Sequence[Row], resamples: int) -> dict[str, Figure]:
    """AUROC is answerable against unanswerable; the rest is confidence against whether the first quote is right."""
    asked = [row for row in rows if row.confidence is not None]
    right = [(row.confidence or 0.0, float(trusted_right(row))) for row in asked]
    found = {name: table_figure(right, _columns(metric), resamples) for name, metric in CONFIDENCE.items()}
    kinds = {"auroc": None, "auroc_on_topic": "on-topic", "auroc_off_topic": "off-topic"}
    for name, kind in kinds.items():
        pairs = [
            (row.confidence or 0.0, float(row.answerable))
            for row in asked
            if row.answerable or kind in (None, row.kind)
        ]
        found[name] = table_figure(pairs, _columns(metrics.auroc), resamples)
    return {name: figure for name, figure in found.items() if figure.value is not None}


CONFIDENCE: dict[str, Callable[[metrics.Numbers, metrics.Numbers], float]] = {
    "auroc_right": metrics.auroc,
    "brier": metrics.brier,
    "ece": metrics.ece,
    "aurc": metrics.aurc,
    "coverage@80": partial(metrics.coverage_at, 0.8),
    "coverage@90": partial(metrics.coverage_at, 0.9),
    "coverage@95": partial(metrics.coverage_at, 0.95),
}


def _columns(metric: Callable[[metrics.Numbers, metrics.Numbers], float]) -> Statistic:
    return lambda table: metric(table[:, 0], table[:, 1])


def _citations(rows: Iterable[Row], resamples: int) -> dict[str, Figure]:
    """Citation fidelity: quotes that are exactly the slice they cite / quotes that could be checked."""
    checked = [[float(quote.exact) for quote in row.quotes if quote.exact is not None] for row in rows]
    pairs = [(sum(exact), float(len(exact))) for exact in checked if exact]
    figure = table_figure(pairs, lambda t: float(t[:, 0].sum() / t[:, 1].sum()), resamples)
    return {"citation_fidelity": replace(figure, n=int(sum(n for _, n in pairs)))}


def _evidence(rows: Iterable[Row], resamples: int) -> dict[str, Figure]:
    """Word precision, recall and F1 of the evidence sentences over all questions together (micro)."""
    words = [row.words for row in rows if row.words is not None]
    return {
        "evidence_precision_micro": table_figure(words, lambda t: _share(t[:, 0].sum(), t[:, 1].sum()), resamples),
        "evidence_recall_micro": table_figure(words, lambda t: _share(t[:, 0].sum(), t[:, 2].sum()), resamples),
        "evidence_f1_micro": table_figure(words, lambda t: float(word_f1(*t.sum(axis=0))), resamples),
    }


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
