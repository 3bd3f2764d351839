"""How many lists of a large index a question visits: recall@10 and milliseconds of a search, by the number of probes.

    python benchmarks/probes.py KEPT [--real N]

KEPT is the folder that `scale.py --keep KEPT` leaves. Recall is measured against every vector in the catalog, the
candidates re-scored as the product does. `--real` says how many of its first passages are real: an index of these alone
is trained too, with as many vectors a list, and the same share of its lists is visited. The default of
`IndexSettings.probes` is picked on this. Writes `benchmarks/results/probes.json`.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from record import Record
from scale_ask import TOP, Figures, asked_elsewhere, queries

from assistant.retrieve import Query
from assistant.settings import RetrievalSettings
from index import meta, passages
from index.catalog import CATALOG, Catalog
from index.settings import IndexSettings
from index.vectors import NONE, TRAINING, Base, Vectors, make_base, read_base
from index.views import VIEWS

PROBES = (32, 128, 256, 384, 512, 1024, 1536)

Matrix = NDArray[np.float32]
Rows = NDArray[np.int64]


def nearest(matrix: Matrix, asked: list[Query]) -> list[set[int]]:
    """The rows of the ten vectors that are nearest to each question, `matrix` being all of them."""
    scores = (matrix @ query.vector for query in asked)
    return [set(np.argpartition(-found, TOP)[:TOP].tolist()) for found in scores]


def searched(base: Base, matrix: Matrix, asked: list[Query], settings: IndexSettings) -> Figures:
    """Recall@10 and milliseconds of a search; `base` numbers the rows of `matrix`."""
    search = Vectors(base, added=NONE, delta=matrix[:0], removed=NONE, settings=settings)
    candidates = RetrievalSettings().candidates * settings.rescore
    shares, seconds = [], []
    for query, exact in zip(asked, nearest(matrix, asked), strict=True):
        began = perf_counter()
        numbers, _ = search.search(query.vector, candidates)
        seconds.append(perf_counter() - began)
        rows = np.searchsorted(base.numbers, numbers)
        best = rows[np.argsort(-(matrix[rows] @ query.vector))[:TOP]]
        shares.append(len(exact & set(best.tolist())) / TOP)
    p50, p95 = (1000 * float(np.percentile(seconds, percent)) for percent in (50, 95))
    return {"recall@10": float(np.mean(shares)), "search_ms": {"p50": p50, "p95": p95}}


def of_real(matrix: Matrix, asked: list[Query], settings: IndexSettings) -> Figures:
    """The same for an index of fewer passages, which the product would search exactly."""
    lists = len(matrix) // TRAINING
    share = replace(settings, exact_up_to=0, lists=lists, probes=max(1, settings.probes * lists // settings.lists))
    base = make_base(np.arange(len(matrix)), [matrix], matrix, share)
    return {"passages": len(matrix), "lists": lists, "probes": share.probes, **searched(base, matrix, asked, share)}


def main() -> None:
    """Measure and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kept", type=Path)
    parser.add_argument("--real", type=int, default=0)
    chosen = parser.parse_args()
    asked, settings = queries(chosen.kept / "queries.npz"), IndexSettings()
    with Catalog(chosen.kept / "index" / CATALOG, read_only=True) as catalog:
        generation = meta.generation(catalog).number
        numbers = passages.live(catalog, generation)
        matrix = passages.vectors(catalog, numbers, len(asked[0].vector))
    record = Record("probes", n=len(asked))
    base = read_base(chosen.kept / "index" / VIEWS / str(generation))
    found = {probes: searched(base, matrix, asked, replace(settings, probes=probes)) for probes in PROBES}
    real = of_real(matrix[: chosen.real], asked, settings) if chosen.real else None
    record.write(
        {
            "passages": len(numbers),
            "lists": settings.lists,
            "chosen": {
                "probes": settings.probes,
                "recall@10": found[settings.probes]["recall@10"],
                **asked_elsewhere(chosen.kept / "index", chosen.kept / "queries.npz"),
            },
            "by_probes": found,
            "real": real,
        }
    )


if __name__ == "__main__":
    main()
