"""Percentile bootstrap intervals.

Source: Efron and Tibshirani 1993, "An Introduction to the Bootstrap", chapter 13. Questions are drawn with
replacement; the seed is fixed, so the same rows give the same interval.
"""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

SEED = 20260101  # any fixed number: the same rows must give the same interval
BLOCK = 1 << 20  # numbers drawn at a time, so that memory stays flat for large sets
Table = NDArray[np.float64]


def draws(n: int, resamples: int) -> Iterator[NDArray[np.int64]]:
    """The resamples of `n` questions, a block at a time: row numbers, shape (resamples of the block, n)."""
    rng, block = np.random.default_rng(SEED), max(1, BLOCK // n)
    for done in range(0, resamples, block):
        yield rng.integers(n, size=(min(block, resamples - done), n))


def mean_interval(values: Table, resamples: int) -> tuple[float, float]:
    """The 2.5 % and 97.5 % points of the mean of resampled `values`, shape (n,)."""
    return percentiles(np.concatenate([values[drawn].mean(axis=1) for drawn in draws(len(values), resamples)]))


def resampled(table: Table, statistic: Callable[[Table], Table], resamples: int) -> Table:
    """A statistic of each resample of the rows of `table`, shape (n, columns).

    The statistic gets tables of shape (resamples of a block, n, columns) and gives one number for each resample.
    """
    return np.concatenate([statistic(table[drawn]) for drawn in draws(len(table), resamples)])


def percentiles(found: Table) -> tuple[float, float]:
    """The 2.5 % and 97.5 % points; undefined ones (nan) are left out, and nothing but these gives nan."""
    defined = found[~np.isnan(found)]
    if not len(defined):
        return float("nan"), float("nan")
    low, high = np.percentile(defined, [2.5, 97.5])
    return float(low), float(high)
