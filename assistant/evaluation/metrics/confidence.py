"""Is the confidence worth anything? Each takes confidences in 0..1 and whether each question came out right."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
BINS = 10  # Naeini et al. 2015 use 10; with sets of about 80 questions more bins would be nearly empty


def auroc(confidence: Numbers, right: Numbers) -> float:
    """The probability that a right one has a higher confidence than a wrong one, ties counting half; 0..1.

    Undefined (nan) where all are right or all are wrong. Source: Hanley and McNeil 1982,
    https://doi.org/10.1148/radiology.143.1.7063747.
    """
    positive, negative = confidence[right == 1], np.sort(confidence[right == 0])
    if not len(positive) or not len(negative):
        return float("nan")
    below, up_to = (np.searchsorted(negative, positive, side) for side in ("left", "right"))
    return float((below + up_to).mean() / 2 / len(negative))


def brier(confidence: Numbers, right: Numbers) -> float:
    """Mean of (confidence - right)^2; 0 is best. Source: Brier 1950, Monthly Weather Review 78(1)."""
    return float(np.mean((confidence - right) ** 2)) if len(right) else float("nan")


def reliability(confidence: Numbers, right: Numbers) -> list[tuple[int, float, float]]:
    """(n, mean confidence, share right) of each of ten bins of equal width that is not empty, lowest first."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    members = [bins == number for number in range(BINS)]
    return [(int(m.sum()), float(confidence[m].mean()), float(right[m].mean())) for m in members if m.any()]


def ece(confidence: Numbers, right: Numbers) -> float:
    """Expected calibration error: sum over bins of n_bin / n * |share right - mean confidence|; 0 is best.

    Source: Naeini, Cooper and Hauskrecht 2015, "Obtaining Well Calibrated Probabilities Using Bayesian Binning".
    """
    if not len(right):
        return float("nan")
    return sum(n * abs(share - mean) for n, mean, share in reliability(confidence, right)) / len(right)


def risk_coverage(confidence: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """Coverage k / n and risk (share wrong among the k most confident) for k = 1..n.

    Questions of equal confidence cannot be told apart, so each counts as the mean of its equals.
    Source: El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective Classification".
    """
    levels, group = np.unique(-confidence, return_inverse=True)
    share = np.bincount(group, weights=right, minlength=len(levels)) / np.maximum(np.bincount(group), 1)
    ordered = share[np.sort(group)]
    count = np.arange(1, len(right) + 1)
    return count / max(len(right), 1), 1 - np.cumsum(ordered) / count


def aurc(confidence: Numbers, right: Numbers) -> float:
    """Area under the risk-coverage curve: mean risk over k = 1..n; 0 is best.

    Source: Geifman, Uziel and El-Yaniv 2019, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers",
    https://arxiv.org/abs/1805.08206.
    """
    return float(np.mean(risk_coverage(confidence, right)[1])) if len(right) else float("nan")


def coverage_at(accuracy: float, confidence: Numbers, right: Numbers) -> float:
    """The largest share of questions that some threshold answers with at least this accuracy among them; 0..1."""
    if not len(right):
        return float("nan")
    coverage, risk = risk_coverage(confidence, right)
    descending = np.sort(confidence)[::-1]
    last_of_equals = np.append(descending[1:] != descending[:-1], True)
    reached = coverage[last_of_equals & (1 - risk >= accuracy - 1e-12)]  # rounding of the running mean
    return float(reached.max()) if len(reached) else 0.0
