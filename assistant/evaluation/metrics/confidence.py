"""Is the confidence worth anything? Each takes confidences in 0..1 and whether each question came out right."""

import numpy as np

from assistant.evaluation.metrics import levels as of_levels
from assistant.evaluation.metrics.levels import BINS, Numbers, bin_of, levels


def auroc(confidence: Numbers, right: Numbers) -> float:
    """The probability that a right one has a higher confidence than a wrong one, ties counting half; 0..1.

    Undefined (nan) where all are right or all are wrong. Source: Hanley and McNeil 1982,
    https://doi.org/10.1148/radiology.143.1.7063747.
    """
    return float(of_levels.auroc(levels(confidence, right))[0])


def brier(confidence: Numbers, right: Numbers) -> float:
    """Mean of (confidence - right)^2; 0 is best. Source: Brier 1950, Monthly Weather Review 78(1)."""
    return float(of_levels.brier(levels(confidence, right))[0])


def reliability(confidence: Numbers, right: Numbers) -> list[tuple[int, float, float]]:
    """(n, mean confidence, share right) of each of ten bins of equal width that is not empty, lowest first."""
    bins = bin_of(confidence)
    members = [bins == number for number in range(BINS)]
    return [(int(m.sum()), float(confidence[m].mean()), float(right[m].mean())) for m in members if m.any()]


def ece(confidence: Numbers, right: Numbers) -> float:
    """Expected calibration error: sum over bins of n_bin / n * |share right - mean confidence|; 0 is best.

    Source: Naeini, Cooper and Hauskrecht 2015, "Obtaining Well Calibrated Probabilities Using Bayesian Binning".
    """
    return float(of_levels.ece(levels(confidence, right))[0])


def risk_coverage(confidence: Numbers, right: Numbers) -> tuple[Numbers, Numbers]:
    """Coverage k / n and risk (share wrong among the k most confident) for k = 1..n.

    Questions of equal confidence cannot be told apart, so each counts as the mean of its equals.
    Source: El-Yaniv and Wiener 2010, "On the Foundations of Noise-free Selective Classification".
    """
    steps, group = np.unique(-confidence, return_inverse=True)
    share = np.bincount(group, weights=right, minlength=len(steps)) / np.maximum(np.bincount(group), 1)
    ordered = share[np.sort(group)]
    count = np.arange(1, len(right) + 1)
    return count / max(len(right), 1), 1 - np.cumsum(ordered) / count


def aurc(confidence: Numbers, right: Numbers) -> float:
    """Area under the risk-coverage curve: mean risk over k = 1..n; 0 is best.

    Source: Geifman, Uziel and El-Yaniv 2019, "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers",
    https://arxiv.org/abs/1805.08206.
    """
    return float(of_levels.aurc(levels(confidence, right))[0])


def coverage_at(accuracy: float, confidence: Numbers, right: Numbers) -> float:
    """The largest share of questions that some threshold answers with at least this accuracy among them; 0..1.

    max over thresholds t of n_t / n where right_t / n_t >= accuracy, n_t questions having a confidence >= t and
    right_t of them being right; 0 where no t reaches it. Source: Kamath, Jia and Liang 2020, "Selective Question
    Answering under Domain Shift" (coverage at accuracy), https://arxiv.org/abs/2006.09462.
    """
    return float(of_levels.coverage_at(accuracy, levels(confidence, right))[0])
