"""The measures of the confidence over many resamples at once; what each says stands in `confidence`.

Questions of equal confidence are one level, so a resample is no more than how many fell on each level, and how many
of those were right: a set of thousands is measured a thousand times in a second.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Draws = NDArray[np.int64]
BINS = 10  # Naeini et al. 2015 use 10; with sets of about 80 questions more bins would be nearly empty
ROUNDING = 1e-12  # of a share that should just reach an accuracy


@dataclass(frozen=True, slots=True)
class Levels:
    """Each confidence that occurs, surest first, shape (levels,); how many questions, and how many right, have it.

    `total` and `right` have the shape (resamples, levels).
    """

    confidence: Numbers
    total: Numbers
    right: Numbers

    @property
    def n(self) -> Numbers:
        """Questions of each resample."""
        return np.asarray(self.total.sum(axis=-1))


def levels(confidence: Numbers, right: Numbers, draws: Draws | None = None) -> Levels:
    """The levels of each draw of questions, shape (resamples, n); without draws those of the questions as they are."""
    drawn = np.arange(len(right))[None] if draws is None else draws
    negated, level = np.unique(-confidence, return_inverse=True)
    shape = (len(drawn), len(negated))
    places = (level[drawn] + len(negated) * np.arange(len(drawn))[:, None]).ravel()
    total = np.bincount(places, minlength=shape[0] * shape[1]).reshape(shape)
    hits = np.bincount(places, weights=right[drawn].ravel(), minlength=shape[0] * shape[1]).reshape(shape)
    return Levels(-negated, total.astype(np.float64), hits.astype(np.float64, copy=False))


def auroc(of: Levels) -> Numbers:
    """Pairs of a right and a less sure wrong one, ties half, over all pairs of a right and a wrong one."""
    wrong = of.total - of.right
    below = wrong.sum(axis=-1, keepdims=True) - np.cumsum(wrong, axis=-1)
    pairs = of.right.sum(axis=-1) * wrong.sum(axis=-1)
    return over((of.right * (below + wrong / 2)).sum(axis=-1), pairs)


def brier(of: Levels) -> Numbers:
    """(c - 1)^2 for a right one and c^2 for a wrong one, summed level by level."""
    return over((of.total * of.confidence**2 + of.right * (1 - 2 * of.confidence)).sum(axis=-1), of.n)


def ece(of: Levels) -> Numbers:
    """|right - sum of confidences| of each bin, summed; the levels of a bin are neighbours."""
    if not len(of.confidence):
        return np.full(len(of.total), np.nan)
    bins = bin_of(of.confidence)
    starts = np.flatnonzero(np.append(True, bins[1:] != bins[:-1]))
    gaps = np.add.reduceat(of.right - of.total * of.confidence, starts, axis=-1)
    return over(np.abs(gaps).sum(axis=-1), of.n)


def bin_of(confidence: Numbers) -> NDArray[np.int64]:
    """The bin of each confidence, from 0."""
    return np.minimum((confidence * BINS).astype(np.int64), BINS - 1)


def aurc(of: Levels) -> Numbers:
    """Mean risk over k = 1..n, without going through every k.

    On a level with s surer questions, r of them right, the accuracy after k is (r + share * (k - s)) / k, so its sum
    over the level is share * m + (r - share * s) * (1/(s + 1) + … + 1/(s + m)).
    """
    up_to = np.cumsum(of.total, axis=-1).astype(np.int64)
    surer = up_to - of.total
    share = np.divide(of.right, of.total, out=np.zeros_like(of.right), where=of.total > 0)
    surer_right = np.cumsum(of.right, axis=-1) - of.right
    harmonic = np.append(0.0, np.cumsum(1 / np.arange(1, int(up_to.max(initial=0)) + 1)))
    inverses = harmonic[up_to] - harmonic[surer.astype(np.int64)]
    return 1 - over((share * of.total + (surer_right - share * surer) * inverses).sum(axis=-1), of.n)


def coverage_at(accuracy: float, of: Levels) -> Numbers:
    """The largest share of questions down to a level among which at least this share is right."""
    answered, right = np.cumsum(of.total, axis=-1), np.cumsum(of.right, axis=-1)
    reached = np.where(right >= (accuracy - ROUNDING) * answered, answered, 0.0)
    return over(reached.max(axis=-1, initial=0.0), of.n)


def over(part: Numbers, whole: Numbers) -> Numbers:
    """The quotient; undefined (nan) where there is nothing to divide by."""
    found: Numbers = np.divide(part, whole, out=np.full_like(whole, np.nan), where=whole > 0)
    return found
