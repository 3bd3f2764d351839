"""Choose how candidates are ordered and fit the confidence, on questions asked end to end.

    python benchmarks/calibrate.py --data DATA [--reader NAME] [--questions N]

Data (choose role only): SQuADShifts new-wiki and `squad2.0-dev4-choose`. Each set is indexed apart, without a
random third of its contexts; every question of a removed context has no answer there although it is on topic,
as have SQuAD 2.0's own unanswerable questions. A question counts as answered when the first quote holds a gold
answer. Every question is retrieved and read once; the weights of evidence and retrieval are those with the most
first quotes right, and the logistic is fitted with them. The lowest confidence that keeps the precision of given
answers at 0.90 (with confidences from cross-validation) is reported; with the present reader it would silence nearly
everything, so the threshold is 0.5: what is quoted is likelier right than wrong. Writes
`assistant/reading/calibration/READER.json` and `benchmarks/results/calibration.json` (another reader's:
`calibration-READER.json`). The weights are printed, and set by hand in `assistant/settings.py`.
"""

import argparse
import gzip
import json
import random
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, astuple, dataclass, fields, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from record import Record
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from tqdm import tqdm

from assistant.answers import Reading
from assistant.confidence import Calibration, Features, features_of, rarity
from assistant.evaluation.metrics.spans import contains_any
from assistant.quotes import Candidate, candidates
from assistant.reading.headed import read_hits
from assistant.reading.load import CALIBRATIONS, load_reader
from assistant.reading.reader import Reader
from assistant.retrieve import Hit, retrieve, understand
from assistant.settings import ReadingSettings, Settings
from corpus.read import read
from index.build import index_documents
from index.encoder import Encoder, load_encoder
from index.keywords import terms
from index.open import Index

SETS = ("squadshifts-new-wiki-choose.json.gz", "squad2.0-dev4-choose.json.gz")
EVIDENCE_WEIGHTS = (0.0, 0.25, 0.5, 1.0, 1.5)
RETRIEVAL_WEIGHTS = (0.0, 2.0, 4.0, 6.0, 8.0, 12.0)
REMOVED = 1 / 3
PRECISION = 0.90
THRESHOLD = 0.5
SEED = 0


@dataclass(frozen=True)
class Asked:
    """One question and all that was found for it; `answers` is empty where its context was removed or none exists."""

    question: str
    context: str
    answers: tuple[str, ...]
    hits: tuple[Hit, ...] = ()
    readings: tuple[Reading, ...] = ()
    rarity: tuple[tuple[str, float], ...] = ()

    def candidates(self, weights: ReadingSettings) -> list[Candidate]:
        """The candidates under these weights, best first."""
        return candidates(self.hits, self.readings, weights, Settings().quotes)

    def is_right(self, first: Candidate) -> bool:
        """Whether the quote holds a gold answer."""
        at = first.hit.passage.start
        return contains_any(first.hit.passage.text[first.quote.start - at : first.quote.end - at], self.answers)


def contexts(path: Path) -> Iterator[tuple[str, str, list[tuple[str, tuple[str, ...]]]]]:
    """Name (the topic, as a title tells it), text and (question, answers) of each paragraph of a SQuAD file."""
    articles = json.loads(gzip.decompress(path.read_bytes()))["data"]
    for a, article in enumerate(articles):
        for p, paragraph in enumerate(article["paragraphs"]):
            asked = [(qa["question"], tuple({x["text"] for x in qa["answers"]})) for qa in paragraph["qas"]]
            yield f"{article['title'].replace('_', ' ')} {a}-{p}.txt", paragraph["context"], asked


def ask_set(path: Path, reader: Reader, encoder: Encoder, questions: int) -> list[Asked]:
    """The set indexed without a third of its contexts, and up to so many of its questions retrieved and read."""
    rng = random.Random(SEED)
    found = list(contexts(path))
    removed = {name for name, _, _ in found if rng.random() < REMOVED}
    asked = [
        Asked(question, name, () if name in removed else answers) for name, _, qas in found for question, answers in qas
    ]
    rng.shuffle(asked)
    with tempfile.TemporaryDirectory() as folder:
        kept = ((name, read(text.encode(), name)) for name, text, _ in found if name not in removed)
        index_documents(Path(folder), encoder, kept)
        index = Index.open(Path(folder), encoder)
        return [_read(index, one, reader, encoder) for one in tqdm(asked[:questions], desc=path.name)]


def _read(index: Index, one: Asked, reader: Reader, encoder: Encoder) -> Asked:
    settings = Settings()
    with index.snapshot() as store:
        query = understand(one.question, encoder)
        hits = retrieve(store, query, settings.retrieval)[: settings.reading.passages]
        readings = read_hits(reader, one.question, hits)
        rare = rarity(store, query.terms)
    return replace(one, hits=tuple(hits), readings=tuple(readings), rarity=tuple(rare.items()))


def choose_weights(asked: list[Asked]) -> tuple[ReadingSettings, dict[str, float]]:
    """The weights with the largest share of first quotes right among the answerable, and every share tried."""
    answerable = [one for one in asked if one.answers]
    shares: dict[tuple[float, float], float] = {}
    for evidence, retrieval in product(EVIDENCE_WEIGHTS, RETRIEVAL_WEIGHTS):
        weights = ReadingSettings(evidence_weight=evidence, retrieval_weight=retrieval)
        right = [bool(found) and one.is_right(found[0]) for one in answerable if (found := one.candidates(weights))]
        shares[evidence, retrieval] = sum(right) / len(answerable)
    evidence, retrieval = max(shares, key=shares.__getitem__)
    shown = {f"evidence {e}, retrieval {r}": round(share, 4) for (e, r), share in shares.items()}
    return ReadingSettings(evidence_weight=evidence, retrieval_weight=retrieval), shown


def examples(asked: list[Asked], weights: ReadingSettings) -> tuple[list[Features], list[bool], list[str]]:
    """Features of each question's first candidate, whether its quote is right, and the context it belongs to."""
    rows = [(one, found) for one in asked if (found := one.candidates(weights))]
    passages = [found[0].hit.passage for _, found in rows]
    held = [set(terms(f"{passage.prefix} {passage.text}")) for passage in passages]
    features = [features_of(found, dict(one.rarity), own) for (one, found), own in zip(rows, held, strict=True)]
    return features, [one.is_right(found[0]) for one, found in rows], [one.context for one, _ in rows]


def fit(
    features: list[Features], right: list[bool], groups: list[str], names: tuple[str, str]
) -> tuple[Calibration, NDArray[np.float64]]:
    """The calibration for (reader, encoder), and the out-of-fold probabilities its threshold was chosen on."""
    x, y = np.array([astuple(row) for row in features]), np.array(right)
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    model = LogisticRegression(C=1.0, max_iter=1000)
    folds = list(GroupKFold(5).split(x, y, groups))
    probabilities = cross_val_predict(model, (x - mean) / scale, y, cv=folds, method="predict_proba")[:, 1]
    model.fit((x - mean) / scale, y)
    weights = model.coef_[0] / scale
    intercept = float(model.intercept_[0] - weights @ mean)
    return Calibration(tuple(weights.tolist()), intercept, THRESHOLD, *names), probabilities


def lowest_threshold(probabilities: NDArray[np.float64], right: NDArray[np.bool_]) -> float:
    """The lowest confidence from which on the share of right answers is at least `PRECISION`."""
    order = np.argsort(-probabilities, kind="stable")
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= PRECISION)
    return round(float(probabilities[order[good[-1]]]), 4) if len(good) else 1.0


def reliability(probabilities: NDArray[np.float64], right: NDArray[np.bool_], bins: int = 10) -> list[dict[str, float]]:
    """Mean confidence and share of right answers in bins of equal width."""
    rows = np.minimum((probabilities * bins).astype(int), bins - 1)
    return [
        {"confidence": float(probabilities[rows == b].mean()), "right": float(right[rows == b].mean()), "n": int(n)}
        for b in range(bins)
        if (n := (rows == b).sum())
    ]


def figures(
    calibration: Calibration, probabilities: NDArray[np.float64], right: NDArray[np.bool_]
) -> dict[str, object]:
    """How well the confidence tells right first quotes from wrong ones."""
    bins, given = reliability(probabilities, right), probabilities >= calibration.threshold
    strict = lowest_threshold(probabilities, right)
    return {
        "right": float(right.mean()),
        "auroc": float(roc_auc_score(right, probabilities)),
        "brier": float(brier_score_loss(right, probabilities)),
        "ece": sum(row["n"] * abs(row["confidence"] - row["right"]) for row in bins) / len(right),
        "threshold": calibration.threshold,
        "given": float(given.mean()),
        "precision_of_given": float(right[given].mean()) if given.any() else None,
        "threshold_for_precision_0.9": strict,
        "given_for_precision_0.9": float((probabilities >= strict).mean()),
        "features": dict(zip((field.name for field in fields(Features)), calibration.weights, strict=True)),
        "reliability": bins,
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
    record = Record("calibration" if chosen.reader is None else f"calibration-{reader.name}", n=0, seed=SEED)
    asked = [one for name in SETS for one in ask_set(chosen.data / name, reader, encoder, chosen.questions)]
    record.n = len(asked)
    weights, shares = choose_weights(asked)
    features, right, groups = examples(asked, weights)
    calibration, probabilities = fit(features, right, groups, (reader.revision, encoder.revision))
    CALIBRATIONS.mkdir(exist_ok=True)
    (CALIBRATIONS / f"{reader.name}.json").write_text(json.dumps(calibration.as_dict(), indent=2) + "\n")
    shown = figures(calibration, probabilities, np.array(right))
    record.write({"reading": asdict(weights), "quote_hit@1_by_weights": shares, **shown})


if __name__ == "__main__":
    main()
