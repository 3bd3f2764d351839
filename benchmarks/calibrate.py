"""Fit the confidence: questions asked end to end with a third of the answering documents removed.

    python benchmarks/calibrate.py --data DATA [--reader NAME] [--questions N]

Data (choose role only): SQuADShifts new-wiki and `squad2.0-dev4-choose`. Each set is indexed apart, without a
random third of its contexts; every question of a removed context has no answer there although it is on topic,
as have SQuAD 2.0's own unanswerable questions. A question counts as answered when the first quote holds a gold
answer. The threshold is the lowest confidence that keeps the precision of given answers at 0.90, with
confidences from cross-validation. Writes `assistant/reading/calibration/READER.json` and
`benchmarks/results/calibration-READER.json`.
"""

import argparse
import gzip
import json
import random
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from record import Record
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict

from assistant.ask import Asking, find
from assistant.confidence import UNCALIBRATED, Calibration, Features
from assistant.evaluation.metrics.spans import contains_any
from assistant.reading.load import CALIBRATIONS, load_reader
from assistant.retrieve import understand
from assistant.settings import Settings
from corpus.read import read
from index.build import index_documents
from index.encoder import Encoder, load_encoder
from index.open import Index

SETS = ("squadshifts-new-wiki-choose.json.gz", "squad2.0-dev4-choose.json.gz")
REMOVED = 1 / 3
PRECISION = 0.90
SEED = 0


@dataclass(frozen=True)
class Asked:
    """One question: its context's name, gold answers ([] where the context was removed or none exists)."""

    question: str
    context: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Example:
    """Features of the first candidate, whether its quote holds a gold answer, and the context it belongs to."""

    features: Features
    right: bool
    group: str


def contexts(path: Path) -> Iterator[tuple[str, str, list[tuple[str, tuple[str, ...]]]]]:
    """Name, text and (question, answers) of each paragraph of a SQuAD file."""
    articles = json.loads(gzip.decompress(path.read_bytes()))["data"]
    for a, article in enumerate(articles):
        for p, paragraph in enumerate(article["paragraphs"]):
            asked = [(qa["question"], tuple({x["text"] for x in qa["answers"]})) for qa in paragraph["qas"]]
            yield f"{path.name}-{a}-{p}.txt", paragraph["context"], asked


def examples(path: Path, asking: Asking, encoder: Encoder, questions: int) -> list[Example]:
    """The set indexed without a third of its contexts, and up to so many of its questions asked."""
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
        return list(_asked(Index.open(Path(folder), encoder), asked[:questions], asking, encoder))


def _asked(index: Index, asked: Iterable[Asked], asking: Asking, encoder: Encoder) -> Iterator[Example]:
    for one in asked:
        with index.snapshot() as store:
            found = find(store, understand(one.question, encoder), asking)
            if not found.groups:
                continue
            first = found.groups[0][0]
            text, _ = found.sources[first.hit.passage.document].quote(first.quote)
        yield Example(found.features[0], contains_any(text, one.answers), one.context)


def fit(found: list[Example], reader: str, encoder: str) -> tuple[Calibration, NDArray[np.float64], NDArray[np.bool_]]:
    """The calibration, with the out-of-fold probabilities its threshold was chosen on, and what was right."""
    x = np.array([astuple(example.features) for example in found])
    y = np.array([example.right for example in found])
    mean, scale = x.mean(axis=0), np.maximum(x.std(axis=0), 1e-6)
    model = LogisticRegression(C=1.0, max_iter=1000)
    folds = GroupKFold(5).split(x, y, [example.group for example in found])
    probabilities = cross_val_predict(model, (x - mean) / scale, y, cv=list(folds), method="predict_proba")[:, 1]
    model.fit((x - mean) / scale, y)
    weights = model.coef_[0] / scale
    intercept = float(model.intercept_[0] - weights @ mean)
    threshold = lowest_threshold(probabilities, y)
    return Calibration(tuple(weights.tolist()), intercept, threshold, reader, encoder), probabilities, y


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


def main() -> None:
    """Ask, fit, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader")
    parser.add_argument("--questions", type=int, default=800, help="of each set")
    chosen = parser.parse_args()
    encoder = load_encoder(None)
    reader = load_reader(chosen.reader, encoder=encoder)
    asking = Asking(reader, UNCALIBRATED, Settings())
    record = Record(f"calibration-{reader.name}", n=chosen.questions * len(SETS), seed=SEED)
    found = [e for name in SETS for e in examples(chosen.data / name, asking, encoder, chosen.questions)]
    calibration, probabilities, right = fit(found, reader.revision, encoder.revision)
    CALIBRATIONS.mkdir(exist_ok=True)
    (CALIBRATIONS / f"{reader.name}.json").write_text(json.dumps(calibration.as_dict(), indent=2) + "\n")
    bins = reliability(probabilities, right)
    given = probabilities >= calibration.threshold
    record.write(
        {
            "right": float(right.mean()),
            "auroc": float(roc_auc_score(right, probabilities)),
            "brier": float(brier_score_loss(right, probabilities)),
            "ece": sum(row["n"] * abs(row["confidence"] - row["right"]) for row in bins) / len(right),
            "threshold": calibration.threshold,
            "given": float(given.mean()),
            "precision_of_given": float(right[given].mean()) if given.any() else None,
            "weights": dict(zip((field.name for field in fields(Features)), calibration.weights, strict=True)),
            "reliability": bins,
        }
    )


if __name__ == "__main__":
    main()
