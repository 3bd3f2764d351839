"""Choose how candidates are ordered and fit the confidence, on questions asked end to end.

    python benchmarks/calibrate.py --data DATA [--reader NAME] [--questions N]

Data (choose role only): see `asked.py`. A question counts as answered when the first quote holds a gold answer. Every
question is retrieved and read once. The order's weights are those under which the right candidates are likeliest
(conditional logit over each question's candidates; D. McFadden, "Conditional Logit Analysis of Qualitative Choice
Behavior", 1973); the reach, which says when reading stops, is the least that changes one first quote in 200; the
confidence is a logistic of the first candidate's features. The lowest confidence that keeps the
precision of given answers at 0.90 (with confidences from cross-validation) is the threshold where it still gives a
third of all answers, else 0.5: what is quoted is likelier right than wrong. Writes
`assistant/reading/calibration/READER.json` and `benchmarks/results/calibration.json` (another reader's:
`calibration-READER.json`).
"""

import argparse
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, astuple, dataclass, fields, replace
from pathlib import Path

import numpy as np
from asked import SEED, Asked, Models, ask_set, choose_sets
from numpy.typing import NDArray
from record import Record
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict

from assistant.confidence import Calibration, Features, features_of
from assistant.evaluation.metrics import confidence as metrics
from assistant.order import Weights
from assistant.quotes import Candidate, candidates
from assistant.reading.load import CALIBRATIONS, load_reader
from assistant.reading.reader import log_odds
from assistant.settings import Settings
from index.encoder import load_encoder
from index.keywords import terms

PRECISION = 0.90
LEAST_GIVEN = 1 / 3
THRESHOLD = 0.5
FOLDS = 5
EVIDENCE = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)  # from which a neighbour may join a quote
CHANGED = 1 / 200  # of the first quotes, by not reading on when one seems settled
SIGNALS = ("margin", "evidence", "retrieval", "likeness", "passage")  # the first counts once, the others as fitted
RIDGE = 1e-3  # keeps the weights finite where a signal tells right from wrong without a fault


@dataclass(frozen=True)
class Choice:
    """One question's candidates: signals `(candidates, SIGNALS)`, set-backs and which are right.

    Weights are fitted with every candidate compared; the order that is measured compares the foremost, as asking does.
    """

    asked: Asked
    candidates: list[Candidate]
    signals: NDArray[np.float64]
    set_back: NDArray[np.float64]
    right: NDArray[np.bool_]

    @classmethod
    def of(cls, asked: Asked, candidates: list[Candidate]) -> "Choice":
        """The signals in the order of `SIGNALS`."""
        found = asked.compared(candidates)
        rows = [(c.margin, log_odds(c.evidence), c.hit.score, c.likeness, c.hit.dense) for c in found]
        backs, right = [c.set_back for c in candidates], [asked.is_right(c) for c in candidates]
        return cls(
            asked, candidates, np.array(rows).reshape(-1, len(SIGNALS)), np.array(backs), np.array(right, dtype=bool)
        )

    def ordered(self, weights: Weights) -> list[Candidate]:
        """The candidates, best first."""
        return self.asked.best_first(self.candidates, weights)

    def until_settled(self, weights: Weights) -> list[Candidate]:
        """The candidates found when reading stops, best first."""
        return self.asked.until_settled(self.candidates, weights)[0]

    def is_changed(self, weights: Weights) -> bool:
        """Whether stopping early gives another first quote."""
        return self.until_settled(weights)[:1] != self.ordered(weights)[:1]

    def grown(self, first: Candidate, evidence: float) -> Candidate:
        """The candidate with the neighbours that so much evidence lets in."""
        reading = self.asked.readings[self.asked.hits.index(first.hit)]
        limits = replace(Settings().quotes, evidence=evidence)
        same = [c for c in candidates([first.hit], [reading], limits) if c.answer.start == first.answer.start]
        return same[0] if same else first

    def is_hit(self, weights: Weights) -> bool:
        """Whether the first is right."""
        return bool(self.candidates) and self.asked.is_right(self.ordered(weights)[0])


def fit_order(choices: Sequence[Choice], used: Collection[str] = SIGNALS) -> Weights:
    """The likeliest weights; signals that are not `used` count nothing."""
    known = [c for c in choices if c.right.any() and not c.right.all()]
    rows, right = np.concatenate([c.signals for c in known]), np.concatenate([c.right for c in known])
    sizes = np.array([len(c.right) for c in known])
    firsts = np.cumsum(sizes) - sizes
    scale, mask = np.maximum(rows.std(axis=0), 1e-6), np.isin(SIGNALS, list(used)).astype(float)

    def loss(theta: NDArray[np.float64]) -> float:
        scores = rows / scale @ (theta * mask)
        shares = np.exp(scores - np.repeat(np.maximum.reduceat(scores, firsts), sizes))
        likelihood = np.add.reduceat(shares * right, firsts) / np.add.reduceat(shares, firsts)
        return RIDGE * float(theta @ theta) - float(np.log(likelihood + 1e-300).mean())

    found = (
        minimize(
            loss, np.ones(len(SIGNALS)), method="L-BFGS-B", bounds=[(0.05, None), *[(0.0, None)] * (len(SIGNALS) - 1)]
        ).x
        * mask
        / scale
    )
    weights = (round(float(weight), 3) for weight in found / found[0])
    return Weights(**{name: weight for name, weight in zip(SIGNALS, weights, strict=True) if name != "margin"})


def fit_reach(choices: Sequence[Choice], weights: Weights) -> Weights:
    """The weights with the least reach under which no more than `CHANGED` of the first quotes are others."""
    gains = [weights.score(c) - weights.standing(c.hit) for choice in choices for c in choice.candidates]
    tried = [replace(weights, reach=round(float(gain), 3)) for gain in np.quantile(gains, np.linspace(0.5, 1.0, 101))]
    return next((w for w in tried if np.mean([choice.is_changed(w) for choice in choices]) <= CHANGED), weights)


def compare_orders(choices: Sequence[Choice]) -> dict[str, float]:
    """The share of answerable questions whose first quote is right, weights fitted on the other folds."""
    answerable = [choice for choice in choices if choice.asked.answers]
    groups = [choice.asked.context for choice in answerable]
    tried = {
        "reader": ("margin",),
        "and retrieval": ("margin", "retrieval"),
        "and evidence": ("margin", "retrieval", "evidence"),
        "and likeness": ("margin", "retrieval", "evidence", "likeness"),
        "and passage": SIGNALS,
    }
    shares = {}
    for name, used in tried.items():
        hits = []
        for train, test in GroupKFold(FOLDS).split(answerable, groups=groups):
            weights = fit_order([answerable[n] for n in train], used)
            hits += [answerable[n].is_hit(weights) for n in test]
        shares[name] = round(float(np.mean(hits)), 4)
    return shares


def quote_lengths(choices: Sequence[Choice], weights: Weights) -> list[dict[str, float]]:
    """How often the first quote is right, and its mean words, by the evidence with which a neighbour joins it."""
    rows = []
    firsts = [(choice, choice.ordered(weights)[0]) for choice in choices if choice.asked.answers and choice.candidates]
    for evidence in EVIDENCE:
        quotes = [(choice.asked, choice.grown(first, evidence)) for choice, first in firsts]
        words = [len(quote.text.split()) for _, quote in quotes]
        right = [asked.is_right(quote) for asked, quote in quotes]
        rows.append(
            {"evidence": evidence, "quote_hit@1": float(np.mean(right)), "mean_quote_words": float(np.mean(words))}
        )
    return rows


def examples(choices: Sequence[Choice], weights: Weights) -> tuple[list[Features], list[bool], list[str]]:
    """Features of each question's first candidate, whether its quote is right, and the context it belongs to."""
    features, right, groups = [], [], []
    for choice in choices:
        if found := choice.until_settled(weights):
            passage = found[0].hit.passage
            held = set(terms(f"{passage.prefix} {passage.text}"))
            features.append(features_of(found, dict(choice.asked.rarity), held))
            right.append(choice.asked.is_right(found[0]))
            groups.append(choice.asked.context)
    return features, right, groups


def fit(
    features: list[Features], right: list[bool], groups: list[str], order: Weights, names: tuple[str, str]
) -> tuple[Calibration, NDArray[np.float64]]:
    """The calibration for (reader, encoder), and the out-of-fold probabilities behind its threshold."""
    x, y = np.array([astuple(row) for row in features]), np.array(right)
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    model = LogisticRegression(C=1.0, max_iter=1000)
    folds = list(GroupKFold(FOLDS).split(x, y, groups))
    probabilities = cross_val_predict(model, (x - mean) / scale, y, cv=folds, method="predict_proba")[:, 1]
    model.fit((x - mean) / scale, y)
    weights = model.coef_[0] / scale
    intercept = float(model.intercept_[0] - weights @ mean)
    threshold = chosen_threshold(probabilities, y)
    return Calibration(tuple(weights.tolist()), intercept, threshold, order, *names), probabilities


def chosen_threshold(probabilities: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The strict one, unless it would silence more than two thirds of what could be said."""
    strict = lowest_threshold(probabilities, right)
    return strict if (probabilities >= strict).mean() >= LEAST_GIVEN else THRESHOLD


def lowest_threshold(probabilities: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The lowest confidence from which on the share of right answers is at least `PRECISION`."""
    order = np.argsort(-probabilities, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= PRECISION)
    return round(float(probabilities[order[good[-1]]]), 4) if len(good) else 1.0


def figures(
    calibration: Calibration, probabilities: NDArray[np.float64], right: NDArray[np.bool_]
) -> dict[str, object]:
    """How well the confidence tells right first quotes from wrong ones."""
    given, outcome = probabilities >= calibration.threshold, right.astype(np.float64)
    strict = lowest_threshold(probabilities, right)
    return {
        "right": float(right.mean()),
        "auroc": metrics.auroc(probabilities, outcome),
        "brier": metrics.brier(probabilities, outcome),
        "ece": metrics.ece(probabilities, outcome),
        "threshold": calibration.threshold,
        "given": float(given.mean()),
        "precision_of_given": float(right[given].mean()) if given.any() else None,
        "threshold_for_precision_0.9": strict,
        "given_for_precision_0.9": float((probabilities >= strict).mean()),
        "features": dict(zip((field.name for field in fields(Features)), calibration.weights, strict=True)),
        "reliability": [
            {"confidence": mean, "right": share, "n": n}
            for n, mean, share in metrics.reliability(probabilities, outcome)
        ],
    }


def main() -> None:
    """Ask, choose, fit, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader")
    parser.add_argument("--questions", type=int, default=300, help="of each set")
    chosen = parser.parse_args()
    encoder = load_encoder(None)
    reader = load_reader(chosen.reader, encoder=encoder)
    models = Models(reader, encoder, Settings().reading)
    record = Record("calibration" if chosen.reader is None else f"calibration-{reader.name}", n=0, seed=SEED)
    sets = choose_sets(chosen.data, encoder)
    asked = [one for name, found in sets.items() for one in ask_set(name, found, models, chosen.questions)]
    record.n = len(asked)
    choices = [Choice.of(one, one.candidates()) for one in asked]
    order = fit_reach(choices, fit_order(choices))
    features, right, groups = examples(choices, order)
    calibration, probabilities = fit(features, right, groups, order, (reader.revision, encoder.revision))
    CALIBRATIONS.mkdir(exist_ok=True)
    (CALIBRATIONS / f"{reader.name}.json").write_text(json.dumps(calibration.as_dict(), indent=2) + "\n")
    shown = figures(calibration, probabilities, np.array(right))
    compared = {"quote_hit@1_by_signals": compare_orders(choices), "quotes": quote_lengths(choices, order)}
    record.write({"order": asdict(order), **compared, **shown})


if __name__ == "__main__":
    main()
