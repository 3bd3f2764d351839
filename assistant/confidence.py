"""Confidence: a fitted probability that the first quote answers the question.

Logistic regression on few features, fitted by `benchmarks/calibrate.py` on questions asked end to end and
stored as data, with the hashes of the reader and encoder it holds for.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, fields
from math import exp, log
from pathlib import Path

from assistant.order import Weights
from assistant.quotes import Candidate
from assistant.reading.reader import log_odds
from corpus.errors import IndexMismatch
from index.store import Store


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of the first candidate, each finite.

    `margin` (answer minus null), `evidence` and `lead` (margin over the best candidate with other words, at
    most 10) are log-odds; `dense` is the passage's cosine, `fused` its fused score; `coverage` is the share of the
    question's terms, weighted by rarity, that the passage holds; `agreement` the share of the other passages whose best
    candidate has the same short answer.
    """

    margin: float
    evidence: float
    lead: float
    dense: float
    fused: float
    coverage: float
    agreement: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights per feature, intercept, default threshold, the candidates' order, and what they were fitted for."""

    weights: tuple[float, ...]
    intercept: float
    threshold: float
    order: Weights
    reader: str
    encoder: str

    @classmethod
    def load(cls, path: Path, *, reader: str, encoder: str) -> "Calibration":
        """The stored calibration.

        Raises: IndexMismatch where it was fitted for another reader or encoder.
        """
        stored = json.loads(path.read_text())
        wanted = {"reader": reader, "encoder": encoder}
        others = [name for name, digest in wanted.items() if stored.get(name) != digest]
        if others:
            fitted = ", ".join(f"{name} {str(stored.get(name))[:12]}" for name in others)
            found = ", ".join(wanted[name][:12] for name in others)
            raise IndexMismatch(
                f"{path.name} was fitted for {fitted}, not for {found}. Fit it again with "
                "`python benchmarks/calibrate.py`."
            )
        weights = tuple(float(stored["weights"][field.name]) for field in fields(Features))
        order = Weights(**stored["order"])
        return cls(weights, stored["intercept"], stored["threshold"], order, reader, encoder)

    @property
    def is_fitted(self) -> bool:
        """Whether it was fitted for a reader, and does not stand in for one that none was fitted for."""
        return bool(self.reader)

    def as_dict(self) -> dict[str, object]:
        """The stored form, weights by feature name."""
        names = (field.name for field in fields(Features))
        return {**asdict(self), "weights": dict(zip(names, self.weights, strict=True))}

    def probability(self, features: Features) -> float:
        """1 / (1 + exp(-(intercept + weights . features)))."""
        z = self.intercept + sum(w * x for w, x in zip(self.weights, astuple(features), strict=True))
        return 1 / (1 + exp(-z)) if z >= 0 else exp(z) / (1 + exp(z))


UNCALIBRATED = Calibration((1.0, *(0.0,) * (len(fields(Features)) - 1)), 0.0, 0.5, Weights(), "", "")
"""For a foreign reader: its own answer-minus-null odds taken at face value."""


def features_of(candidates: Sequence[Candidate], rarity: dict[str, float], passage_terms: set[str]) -> Features:
    """The features of the first of `candidates` (best first, at least one)."""
    first, others = candidates[0], candidates[1:]
    words = _answer_words(first)
    rivals = [other for other in others if _answer_words(other) != words]
    lead = min(first.score - rivals[0].score, 10.0) if rivals else 10.0
    total = sum(rarity.values())
    return Features(
        margin=max(min(first.margin, 20.0), -20.0),
        evidence=log_odds(first.evidence),
        lead=lead,
        dense=first.hit.dense,
        fused=first.hit.score,
        coverage=sum(weight for term, weight in rarity.items() if term in passage_terms) / total if total else 0.0,
        agreement=_agreement(first, others),
    )


def _agreement(first: Candidate, others: Sequence[Candidate]) -> float:
    """The share of the passages of `others` (best first) but the first's whose best candidate has its short answer."""
    best: dict[int, Candidate] = {}
    for other in others:
        if other.hit.id != first.hit.id:
            best.setdefault(other.hit.id, other)
    words = _answer_words(first)
    return sum(_answer_words(other) == words for other in best.values()) / len(best) if best else 0.0


def rarity(store: Store, terms: Sequence[str]) -> dict[str, float]:
    """ln((N + 1) / (n + 0.5)) of each term: N passages, n of which hold it. Source: BM25's idf."""
    unique = list(dict.fromkeys(terms))
    counts = store.document_frequencies(unique)
    return {term: log((store.passages + 1) / (n + 0.5)) for term, n in zip(unique, counts, strict=True)}


def _answer_words(candidate: Candidate) -> str:
    start = candidate.hit.passage.start
    answer = candidate.hit.passage.text[candidate.answer.start - start : candidate.answer.end - start]
    return " ".join(answer.casefold().split())
