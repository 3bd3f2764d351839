"""Opens an index in a process without models, asks it, and prints what that cost, as JSON. Run by `scale.py`."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np

from assistant.retrieve import Query, retrieve
from assistant.settings import RetrievalSettings
from index import meta, passages
from index.catalog import CATALOG, Catalog
from index.encoder import Encoder
from index.keywords import terms
from index.open import Index
from index.settings import IndexSettings
from index.vectors import NONE, Vectors, make_base, sampled

Figures = dict[str, object]
PARAGRAPHS = 50  # in a file
TOP = 10


def queries(path: Path) -> list[Query]:
    """The questions with their vectors."""
    kept = np.load(path)
    pairs = zip(kept["questions"].tolist(), kept["vectors"], strict=True)
    return [Query(question, vector, tuple(terms(question))) for question, vector in pairs]


def asked(folder: Path, questions: list[Query]) -> Figures:
    """Seconds to open, milliseconds of a retrieval, and memory of this process."""
    before = resident_mb()
    began = perf_counter()
    with Index.open(folder, None) as index, index.snapshot() as store:
        opened = perf_counter() - began
        seconds = []
        for query in questions:
            began = perf_counter()
            retrieve(store, query, RetrievalSettings())
            seconds.append(perf_counter() - began)
    p50, p95 = np.percentile(seconds, [50, 95])
    return {
        "open_seconds": opened,
        "retrieval_ms": {"p50": 1000 * p50, "p95": 1000 * p95, "n": len(seconds)},
        "resident_mb": resident_mb(),
        "resident_mb_before_opening": before,
    }


def resident_mb() -> float:
    """What this process holds in memory now, files that are mapped included."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def recalls(folder: Path, encoder: Encoder, path: Path) -> Figures:
    """Recall@10 of IVF with scalar quantization, re-scored as the product does, against exact search."""
    settings = replace(IndexSettings(), exact_up_to=0)
    with Catalog(folder / CATALOG, read_only=True) as catalog:
        numbers = passages.live(catalog, meta.generation(catalog).number)
        matrix = passages.vectors(catalog, numbers, encoder.dimension)
    sample = matrix[np.searchsorted(numbers, sampled(numbers, settings))]
    base = make_base(numbers, [matrix], sample, settings)
    search = Vectors(base, added=NONE, delta=matrix[:0], removed=NONE, settings=settings)
    found = []
    for query in queries(path):
        scores = matrix @ query.vector
        exact = set(numbers[np.argsort(-scores)[:TOP]].tolist())
        near, _ = search.search(query.vector, TOP * settings.rescore)
        order = np.argsort(-scores[np.searchsorted(numbers, near)])[:TOP]
        found.append(len(exact & set(near[order].tolist())) / TOP)
    return {"passages": len(numbers), "recall@10": float(np.mean(found)), "n": len(found)}


if __name__ == "__main__":
    print(json.dumps(asked(Path(sys.argv[1]), queries(Path(sys.argv[2])))))
