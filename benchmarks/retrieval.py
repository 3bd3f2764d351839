"""How good retrieval is, and the weights of the dense score and of title and headings that make it so.

    python benchmarks/retrieval.py --data DATA

The weights are chosen by the mean of their nDCG@10 on Cranfield and SciFact's train claims, without those that the
encoder was tuned with; the same is shown for an index without title and headings. The test claims are looked at
once, with the shipped settings: by `assistant evaluate`, as a user would, and for each retriever alone. The indexes are
kept in the user's cache folder. Writes `benchmarks/results/retrieval.json`.
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
from training.sources import read_rationales

WEIGHTS = tuple(round(0.05 * n, 2) for n in range(21))
SPLITS = {"scifact": ("scifact/qrels/train.tsv", "scifact/qrels/test.tsv"), "cranfield": ("cranfield/qrels/test.tsv",)}
PREFIX_WEIGHTS = (0.2, 0.4, 0.6, 0.8, 1.0)
NO_PREFIX = IndexSettings(prefix_in_vectors=False, prefix_weight=0.0)
VARIANTS = [*(IndexSettings(prefix_weight=weight) for weight in PREFIX_WEIGHTS), NO_PREFIX]

Curves = dict[str, dict[str, dict[str, float]]]  # set and variant, dense weight, figure


@dataclass(frozen=True)
class Scored:
    """The candidates of one question, scores row by row: names of documents, cosines, BM25, and its grades."""

    documents: list[str]
    dense: NDArray[np.float32]
    keyword: NDArray[np.float32]
    grades: dict[str, int]


def tuned_on(name: str, loaded: EvaluationSet, data: Path) -> list[Question]:
    """The set's questions that nothing was learned from: the encoder has seen SciFact's claims with rationales.

    Raises: ValueError where one of these is not among the questions, for then it may be there in another spelling.
    """
    if name != "scifact":
        return list(loaded.questions)
    learned = {claim.text for claim in read_rationales(data / "scifact/rationales-train.jsonl.gz")}
    if unknown := learned - {question.question.strip() for question in loaded.questions}:
        raise ValueError(f"{len(unknown)} claims that were learned from are not in the set, such as: {min(unknown)}")
    return [question for question in loaded.questions if question.question.strip() not in learned]


def named(settings: IndexSettings) -> str:
    """The variant as the result names it."""
    return f"prefix {settings.prefix_weight}" if settings.prefix_in_vectors else "no prefix"


def indexed(name: str, settings: IndexSettings, loaded: EvaluationSet, encoder: Encoder) -> Index:
    """The set's texts indexed in the cache folder; nothing is encoded when they are there already."""
    kind = "prefix" if settings.prefix_in_vectors else "no-prefix"
    folder = user_cache_path("chapter-and-verse") / f"retrieval-{name}-{kind}"
    folder.mkdir(parents=True, exist_ok=True)
    if loaded.texts is None:
        raise ValueError(f"{name} brings no texts.")
    index_documents(folder, encoder, loaded.texts, options=BuildOptions(index=settings))
    return Index.open(folder, encoder, settings=settings)


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


def means_of(curves: Curves) -> dict[tuple[float, float], float]:
    """The mean over the sets by the prefix's and the dense score's weight."""
    return {
        (prefix, weight): mean(curves[f"{name}, prefix {prefix}"][str(weight)]["ndcg@10"] for name in SPLITS)
        for prefix in PREFIX_WEIGHTS
        for weight in WEIGHTS
    }


def main() -> None:
    """Choose on train, look at test once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data, encoder, record = parser.parse_args().data, load_encoder(None), Record("retrieval", n=0)
    curves: Curves = {}
    for name, (tune, *_) in SPLITS.items():
        loaded = load_set(data / tune)
        questions = tuned_on(name, loaded, data)
        record.n += len(questions)
        for settings in VARIANTS:
            found = scored(indexed(name, settings, loaded, encoder), questions, encoder)
            curves[f"{name}, {named(settings)}"] = {str(weight): figures(found, weight) for weight in WEIGHTS}
    means = means_of(curves)
    prefix, shipped = IndexSettings().prefix_weight, RetrievalSettings().dense_weight
    best = max(means, key=means.__getitem__)
    if means[best] > means[prefix, shipped]:
        raise SystemExit(
            f"Best: prefix_weight {best[0]}, dense_weight {best[1]}, mean nDCG@10 {means[best]:.4f}; with the defaults "
            f"{means[prefix, shipped]:.4f}. Make these the defaults, then run again."
        )
    _, test = SPLITS["scifact"]
    loaded = load_set(data / test)
    report = {"shipped": evaluated(data / test)}
    for settings in (IndexSettings(), NO_PREFIX):
        found = scored(indexed("scifact", settings, loaded, encoder), loaded.questions, encoder)
        for kind, weight in {"": shipped, ", dense alone": 1.0, ", keywords alone": 0.0}.items():
            report[named(settings) + kind] = figures(found, weight)
    chosen = {
        "chosen_prefix_weight": prefix,
        "chosen_dense_weight": shipped,
        "mean_ndcg@10": {str(weight): round(means[prefix, weight], 4) for weight in WEIGHTS},
        "best": {"prefix_weight": best[0], "dense_weight": best[1], "mean_ndcg@10": round(means[best], 4)},
    }
    record.write(chosen | {"curves": curves, "scifact_test": report})


if __name__ == "__main__":
    main()
