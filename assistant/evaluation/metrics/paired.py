"""Are two runs over the same questions different? Paired differences, one per question."""

import numpy as np

from assistant.evaluation.metrics.intervals import BLOCK, SEED, Table

RESAMPLES = 9999  # p is then known to about 0.004 at p = 0.05
EXACT_BELOW = 1e-12  # differences this small are rounding


def randomization_p(differences: Table, *, resamples: int = RESAMPLES) -> float:
    """Two-sided p of the paired randomization test: how often random signs give a mean this far from 0.

    p = 2 * min(share of sign patterns with a mean <= the observed, the same with >=), at most 1. Differences of 0
    do not matter. Where all others are of one size the pattern counts are binomial, and p is exact; so it is where
    they are so few that all patterns can be gone through.
    Sources: Fisher 1935, "The Design of Experiments", section 21; Smucker, Allan and Carterette 2007,
    https://doi.org/10.1145/1321440.1321528.
    """
    from scipy.stats import binomtest, permutation_test  # a second to import, and only comparisons need it

    moved = differences[np.abs(differences) > EXACT_BELOW]
    if not len(moved):
        return 1.0
    sizes = np.abs(moved)
    if np.allclose(sizes, sizes[0]):
        return float(binomtest(int((moved > 0).sum()), len(moved)).pvalue)
    if 2 ** len(moved) <= resamples:
        return float(permutation_test((moved,), np.mean, permutation_type="samples", n_resamples=resamples).pvalue)
    return _sampled_p(moved, resamples)


def bootstrap_p(shifts: Table) -> float:
    """Two-sided p of a paired bootstrap: how often the resampled differences lie on the other side of 0.

    p = 2 * (min(resamples with a difference <= 0, the same with >=) + 1) / (resamples + 1), at most 1. `shifts` are
    the differences of one figure, the same questions drawn for both runs.
    Sources: Koehn 2004, "Statistical Significance Tests for Machine Translation Evaluation",
    https://aclanthology.org/W04-3250; Davison and Hinkley 1997, "Bootstrap Methods and their Application", chapter 4.
    """
    tails = (np.sum(shifts <= EXACT_BELOW), np.sum(shifts >= -EXACT_BELOW))
    return min(1.0, 2 * (int(min(tails)) + 1) / (len(shifts) + 1))


def _sampled_p(moved: Table, resamples: int) -> float:
    """The same over random patterns, (count + 1) / (resamples + 1) each; scipy's takes minutes for 7,595 questions."""
    rng, total = np.random.default_rng(SEED), float(moved.sum())
    block = max(1, BLOCK // len(moved))
    positive = [
        rng.integers(2, size=(min(block, resamples - done), len(moved)), dtype=np.int8).astype(np.float64) @ moved
        for done in range(0, resamples, block)
    ]
    sums, rounding = 2 * np.concatenate(positive) - total, EXACT_BELOW * float(np.abs(moved).sum())
    tails = (np.sum(sums <= total + rounding), np.sum(sums >= total - rounding))
    return min(1.0, 2 * (int(min(tails)) + 1) / (resamples + 1))
