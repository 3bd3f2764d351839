"""Opens an index in a process without models, asks it, and prints what that cost, as JSON. Run by `scale.py`."""

import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from assistant.retrieve import Query, retrieve
from assistant.settings import RetrievalSettings
from index import passages
from index.catalog import CATALOG, Catalog
from index.hashed import HashedEncoder
from index.keywords import terms
from index.open import Index
from index.store import Store

Figures = dict[str, Any]
PARAGRAPHS = 50  # in a file
TOP = 10


def queries(path: Path) -> list[Query]:
    """The questions with their vectors; nothing is encoded here, so that memory and time are the index's alone."""
    kept = np.load(path)
    pairs = zip(kept["questions"].tolist(), kept["vectors"], strict=True)
    return [Query(question, vector, tuple(terms(question)), HashedEncoder()) for question, vector in pairs]


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
        resident = resident_mb()
    p50, p95 = np.percentile(seconds, [50, 95])
    return {
        "open_seconds": opened,
        "retrieval_ms": {"p50": 1000 * p50, "p95": 1000 * p95, "n": len(seconds)},
        "resident_mb": resident,
        "resident_mb_of_the_index": resident - before,
    }


def resident_mb() -> float:
    """What this process holds in memory now, files that are mapped included."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def recall_at_10(store: Store, folder: Path, asked: list[Query], dimension: int) -> float:
    """The share of the ten nearest of all vectors that are among the ten nearest that a question is given."""
    matrix = np.stack([query.vector for query in asked])
    best, ids = np.full((len(asked), TOP), -np.inf, np.float32), np.full((len(asked), TOP), -1, np.int64)
    with Catalog(folder / CATALOG, read_only=True) as catalog:
        numbers, at = passages.live(catalog, store.generation), 0
        for vectors in passages.vector_batches(catalog, numbers, dimension):
            scores = np.hstack([best, matrix @ vectors.T])
            named = np.hstack([ids, np.tile(numbers[at : at + len(vectors)], (len(asked), 1))])
            order = np.argsort(-scores, axis=1)[:, :TOP]
            best, ids = np.take_along_axis(scores, order, 1), np.take_along_axis(named, order, 1)
            at += len(vectors)
    candidates = RetrievalSettings().candidates
    given = [store.dense(query.vector, candidates, None).ids[:TOP].tolist() for query in asked]
    shares = [len(set(exact) & set(found)) / TOP for exact, found in zip(ids.tolist(), given, strict=True)]
    return float(np.mean(shares))


def asked_elsewhere(folder: Path, asked_of: Path) -> Figures:
    """`asked`, in a process of its own, which has loaded nothing else."""
    command = [sys.executable, __file__, str(folder), str(asked_of)]
    figures: Figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return figures


if __name__ == "__main__":
    print(json.dumps(asked(Path(sys.argv[1]), queries(Path(sys.argv[2])))))
