"""Are two runs over the same questions different? Paired differences, one per question."""

import numpy as np

from assistant.evaluation.metrics.intervals import SEED, Table

RESAMPLES = 9999  # p is then known to about 0.004 at p = 0.05
EXACT_BELOW = 1e-12  # differences this small are rounding


def randomization_p(differences: Table, *, resamples: int = RESAMPLES) -> float:
    """Two-sided p of the paired randomization test: how often random signs give a mean this far from 0.

    p = 2 * min(share of sign patterns with a mean <= the observed, the same with >=), at most 1. Differences of 0
    do not matter. Where all others are of one size the pattern counts are binomial, and p is exact.
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
    return float(
        permutation_test(
            (moved,),
            _mean,
            permutation_type="samples",
            vectorized=True,
            n_resamples=resamples,
            batch=max(1, (1 << 20) // len(moved)),
            rng=np.random.default_rng(SEED),
        ).pvalue
    )


def _mean(sample: Table, axis: int) -> Table:
    return np.asarray(sample.mean(axis=axis))
