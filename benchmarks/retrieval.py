"""How good retrieval is, and the weight of the dense score that makes it so.

    python benchmarks/retrieval.py --data DATA

The weight is chosen on SciFact's train claims and Cranfield by the mean of their nDCG@10, with title and headings as a
prefix and without; the test claims are looked at once, with the shipped settings: by `assistant evaluate`, as a user
would, and for each retriever alone. The indexes are kept in the user's cache folder. Writes
`benchmarks/results/retrieval.json`.
"""

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import numpy as np
from numpy.typing import NDArray
from platformdirs import user_cache_path
from record import Record

from assistant import Assistant
from assistant.evaluation.command import Request, run_evaluate
from assistant.evaluation.metrics.ranking import rank_documents, ranking_scores
from assistant.evaluation.questions import EvaluationSet, Question
from assistant.evaluation.sets import load_set
from assistant.evaluation.setup import options_for, runs_of
from assistant.retrieve import fuse, retrieve, understand
from assistant.settings import RetrievalSettings
from index.build import BuildOptions, index_documents
from index.encoder import Encoder, load_encoder
from index.open import Index
from index.settings import IndexSettings

WEIGHTS = tuple(round(0.1 * n, 1) for n in range(11))
SPLITS = {"scifact": ("scifact/qrels/train.tsv", "scifact/qrels/test.tsv"), "cranfield": ("cranfield/qrels/test.tsv",)}
VARIANTS = {"prefix": IndexSettings(), "no-prefix": IndexSettings(prefix_in_vectors=False, prefix_weight=0.0)}


@dataclass(frozen=True)
class Scored:
    """The candidates of one question, scores row by row: names of documents, cosines, BM25, and its grades."""

    documents: list[str]
    dense: NDArray[np.float32]
    keyword: NDArray[np.float32]
    grades: dict[str, int]


def indexed(name: str, variant: str, loaded: EvaluationSet, encoder: Encoder) -> Index:
    """The set's texts indexed in the cache folder; nothing is encoded when they are there already."""
    folder = user_cache_path("chapter-and-verse") / f"retrieval-{name}-{variant}"
    folder.mkdir(parents=True, exist_ok=True)
    if loaded.texts is None:
        raise ValueError(f"{name} brings no texts.")
    index_documents(folder, encoder, loaded.texts, options=BuildOptions(index=VARIANTS[variant]))
    return Index.open(folder, encoder, settings=VARIANTS[variant])


def scored(index: Index, questions: Iterable[Question], encoder: Encoder) -> list[Scored]:
    """The candidates of every question, found once for all weights."""
    found = []
    with index.snapshot() as store:
        names = {row.sha256: row.relative for row in store.status().files}
        for question in questions:
            hits = retrieve(store, understand(question.question, encoder), RetrievalSettings())
            dense = np.array([hit.dense for hit in hits], dtype=np.float32)
            keyword = np.array([hit.keyword for hit in hits], dtype=np.float32)
            documents = [names[hit.passage.document] for hit in hits]
            found.append(Scored(documents, dense, keyword, dict(question.grades)))
    return found


def figures(found: list[Scored], weight: float) -> dict[str, float]:
    """Means over all questions of nDCG@10 and Recall@100 at this weight."""
    rows = []
    for one in found:
        fused = fuse(one.dense, one.keyword, weight)
        ranked = rank_documents(zip(one.documents, fused.tolist(), strict=True))
        rows.append(ranking_scores(ranked, one.grades))
    return {name: round(mean(row[name] for row in rows), 4) for name in ("ndcg@10", "recall@100")}


def evaluated(path: Path) -> dict[str, float]:
    """What `assistant evaluate` says of the set: figures with the ends of their intervals."""
    folder = user_cache_path("chapter-and-verse") / "retrieval-evaluated"
    folder.mkdir(parents=True, exist_ok=True)
    index_documents(folder, load_encoder(None), ())  # the set brings its own texts, which are indexed beside it
    assistant = Assistant.open(folder)
    request = Request(path, runs_of(folder), mode="retrieval")
    outcome = run_evaluate(assistant, request, options_for(assistant, progress=None, notice=print))
    if outcome.run is None:
        raise SystemExit(outcome.text)
    found = {name: outcome.run.figures[name] for name in ("ndcg@10", "recall@100")}
    lows = {f"{name} low": round(figure.low, 4) for name, figure in found.items()}
    highs = {f"{name} high": round(figure.high, 4) for name, figure in found.items()}
    return {name: round(figure.value, 4) for name, figure in found.items()} | lows | highs


def main() -> None:
    """Choose on train, look at test once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    chosen = parser.parse_args()
    encoder = load_encoder(None)
    record = Record("retrieval", n=0)
    curves: dict[str, dict[str, dict[str, float]]] = {}
    report: dict[str, dict[str, float]] = {}
    for variant in VARIANTS:
        for name, (tune, *test) in SPLITS.items():
            loaded = load_set(chosen.data / tune)
            record.n += len(loaded.questions)
            index = indexed(name, variant, loaded, encoder)
            found = scored(index, loaded.questions, encoder)
            curves[f"{name} {variant}"] = {str(weight): figures(found, weight) for weight in WEIGHTS}
            for path in test:
                found = scored(index, load_set(chosen.data / path).questions, encoder)
                shipped = RetrievalSettings().dense_weight
                report[variant] = figures(found, shipped) if variant != "prefix" else evaluated(chosen.data / path)
                report[f"{variant}, dense alone"] = figures(found, 1.0)
                report[f"{variant}, keywords alone"] = figures(found, 0.0)
    means = {
        str(weight): round(mean(curves[f"{name} prefix"][str(weight)]["ndcg@10"] for name in SPLITS), 4)
        for weight in WEIGHTS
    }
    best = max(means, key=means.__getitem__)
    record.write({"chosen_dense_weight": float(best), "mean_ndcg@10": means, "curves": curves, "scifact_test": report})


if __name__ == "__main__":
    main()
