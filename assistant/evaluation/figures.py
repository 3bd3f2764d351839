"""Rows to figures: a value, its 95 % interval, and how many questions it is about."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.evaluation.metrics.intervals import draws, mean_interval, percentiles, resampled
from assistant.evaluation.metrics.levels import levels
from assistant.evaluation.outcomes import outcome_scores
from assistant.evaluation.ratios import Part, by_name, ratio
from assistant.evaluation.rows import Row
from assistant.evaluation.trust import TRUST, Trust, columns


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % bootstrap interval over `n` items; all null where the set has none to count."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def figures(rows: Sequence[Row], *, threshold: float, resamples: int) -> dict[str, Figure]:
    """Every figure for which at least one row has something to count."""
    found = _means(rows, threshold, resamples)
    for name, parts in by_name(rows, threshold).items():
        found[name] = _ratio_figure([part for part in parts if part is not None], resamples)
    if "citation_fidelity" in found:
        found["citation_fidelity"] = replace(found["citation_fidelity"], n=_quotes(rows))
    for trust in TRUST:
        found |= _trust_figures(trust, rows, resamples)
    return {name: figure for name, figure in found.items() if figure.n}


def mean_figure(values: Sequence[float], resamples: int) -> Figure:
    """The mean of one number per question."""
    array = np.array(values, dtype=np.float64)
    return _figure(float(array.mean()), mean_interval(array, resamples), len(values))


def _means(rows: Sequence[Row], threshold: float, resamples: int) -> dict[str, Figure]:
    """Plain means of each question's scores over the questions that have them."""
    scores = [{**row.scores, **outcome_scores(row, threshold)} for row in rows]
    names = list(dict.fromkeys(name for of_row in scores for name in of_row))
    return {name: mean_figure([s[name] for s in scores if name in s], resamples) for name in names}


def _ratio_figure(parts: Sequence[Part], resamples: int) -> Figure:
    table = np.array(parts, dtype=np.float64)
    return _figure(float(ratio(table)), percentiles(resampled(table, ratio, resamples)), len(parts))


def _quotes(rows: Sequence[Row]) -> int:
    """Quotes that could be checked."""
    return sum(quote.exact is not None for row in rows for quote in row.quotes)


def _trust_figures(trust: Trust, rows: Sequence[Row], resamples: int) -> dict[str, Figure]:
    """The measures that are defined: AUROC is not where all are right or all are wrong."""
    pairs = [pair for row in rows if (pair := trust.of(row)) is not None]
    if not pairs:
        return {}
    confidence, right = columns(pairs)
    whole = trust.measured(levels(confidence, right))
    blocks = [trust.measured(levels(confidence, right, drawn)) for drawn in draws(len(pairs), resamples)]
    spread = {name: percentiles(np.concatenate([block[name] for block in blocks])) for name in whole}
    found = {name: _figure(float(value[0]), spread[name], len(pairs)) for name, value in whole.items()}
    return {name: figure for name, figure in found.items() if figure.value is not None}


def _figure(value: float, spread: tuple[float, float], n: int) -> Figure:
    """A figure with what is undefined (nan) as null."""
    defined, low, high = (None if np.isnan(number) else number for number in (value, *spread))
    return Figure(defined, low, high, n)
