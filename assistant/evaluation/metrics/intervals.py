"""Percentile bootstrap intervals.

Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13. Questions are drawn with
replacement; the seed is fixed, so the same rows give the same interval.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

SEED = 20260101  # any fixed number: the same rows must give the same interval
BLOCK = 1 << 20  # numbers drawn at a time, so that memory stays flat for large sets
Table = NDArray[np.float64]


def mean_interval(values: Table, resamples: int) -> tuple[float, float]:
    """The 2.5 % and 97.5 % points of the mean of resampled `values`, shape (n,)."""
    rng, n = np.random.default_rng(SEED), len(values)
    block = max(1, BLOCK // n)
    means = [
        values[rng.integers(n, size=(min(block, resamples - done), n))].mean(axis=1)
        for done in range(0, resamples, block)
    ]
    return _percentiles(np.concatenate(means))


def interval(table: Table, statistic: Callable[[Table], float], resamples: int) -> tuple[float, float]:
    """The same for any statistic of the rows of `table`, shape (n, columns); undefined resamples are left out."""
    rng, n = np.random.default_rng(SEED), len(table)
    found = np.array([statistic(table[rng.integers(n, size=n)]) for _ in range(resamples)])
    found = found[~np.isnan(found)]
    return _percentiles(found) if len(found) else (float("nan"), float("nan"))


def _percentiles(found: Table) -> tuple[float, float]:
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)
