"""How disk, memory, opening, retrieval and a change grow from ten thousand passages to a million.

    python benchmarks/scale.py --data DATA [--real 10000 50000] [--synthetic 250000 1250000]
        [--encoder hashed] [--folder FOLDER] [--keep FOLDER]

Sizes are given in paragraphs, of which some short ones make one passage. Real ones are those of the data folder's sets,
as many as it has (some 33,000). Above them they are synthetic, which the record says: each has the first half of one
real passage and the second half of a near one, and a vector between theirs. They are files, built by the product's own
build with an encoder that knows the synthetic vectors; the model's seconds and passages are told apart from the
build's. What is opened and asked is measured in a process of its own (`scale_ask.py`); recall@10 is that of what a
question is given, against every vector in the catalog.
The bars are for a million passages. Writes `benchmarks/results/scale.json`.
"""

import argparse
import re
import resource
import shutil
import tempfile
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from probes import of_real
from record import Record
from scale_ask import PARAGRAPHS, Figures, asked_elsewhere, queries, recall_at_10
from texts import all_paragraphs, questions

from index import meta, passages
from index.build import build
from index.catalog import CATALOG, Catalog
from index.encoder import Encoder, load_encoder, normalised
from index.open import Index
from index.settings import IndexSettings

SEED = 6
QUESTIONS = 200
NEAR = 8  # a synthetic passage is made of a real one and one of so many nearest to it
HALF = 55  # words at most: the whole is one passage
MARK = re.compile(r"\bzzmixed(\d+)\b")  # the first word of a synthetic passage, with its number
BARS = {"retrieval_ms_p95": 50, "resident_mb": 1500, "open_seconds": 5}

Matrix = NDArray[np.float32]


class Mixing:
    """The real encoder, and for passages that are marked as synthetic the vector they were made with."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.name, self.revision = encoder.name, encoder.revision
        self.dimension, self.max_tokens = encoder.dimension, encoder.max_tokens
        self.count_tokens = encoder.count_tokens
        self.mixture: Mixture | None = None
        self.encoded, self.seconds = 0, 0.0

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> Matrix:
        """Unit vectors `(n, dimension)`."""
        marked = [MARK.search(text) for text in texts]
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        plain = [row for row, mark in enumerate(marked) if mark is None]
        began = perf_counter()
        if plain:
            vectors[plain] = self._encoder.encode([texts[row] for row in plain], progress)
            self.encoded += len(plain)
            self.seconds += perf_counter() - began
        for row, mark in enumerate(marked):
            if mark is not None and self.mixture is not None:
                vectors[row] = self.mixture.vector(int(mark[1]))
        return vectors


class Mixture:
    """Synthetic passages by number, always the same for the same number."""

    def __init__(self, texts: Sequence[str], vectors: Matrix) -> None:
        self._texts = texts
        self.vectors = vectors

    def __len__(self) -> int:
        return len(self._texts)

    @classmethod
    def of(cls, index: Path, dimension: int) -> "Mixture":
        """Of all passages of an index, with their vectors."""
        with Catalog(index / CATALOG, read_only=True) as catalog:
            numbers = passages.live(catalog, meta.generation(catalog).number)
            texts = [passage.text for passage in passages.by_id(catalog, numbers)]
            return cls(texts, passages.vectors(catalog, numbers, dimension))

    def vector(self, number: int) -> Matrix:
        """Between those of its two passages."""
        first, second, share = self._parts(number)
        mixed = share * self.vectors[first] + (1 - share) * self.vectors[second]
        return normalised(mixed.reshape(1, -1))[0]

    def text(self, number: int) -> str:
        """Half of each of its two passages, marked."""
        first, second, _ = self._parts(number)
        start, end = self._texts[first].split(), self._texts[second].split()
        words = (*start[: len(start) // 2][:HALF], *end[len(end) // 2 :][:HALF])
        return f"zzmixed{number} {' '.join(words)}"

    def _parts(self, number: int) -> tuple[int, int, float]:
        chance = np.random.default_rng((SEED, number))
        first = int(chance.integers(len(self._texts)))
        others = chance.integers(len(self._texts), size=NEAR * NEAR)  # the best of a sample stands for a neighbour
        near = others[np.argsort(self.vectors[others] @ self.vectors[first])[-NEAR:]]
        return first, int(chance.choice(near)), float(chance.uniform(0.3, 0.7))


def write(folder: Path, name: str, texts: Sequence[str]) -> None:
    """Files of so many paragraphs."""
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(texts), PARAGRAPHS):
        (folder / f"{name}-{start:07}.txt").write_text("\n\n".join(texts[start : start + PARAGRAPHS]))


def size(folder: Path, index: Path, encoder: Mixing, *, kind: str) -> Figures:
    """Build, and measure what there is then."""
    encoder.encoded, encoder.seconds = 0, 0.0
    began = perf_counter()
    report = build(index, encoder, roots=[folder])
    seconds = perf_counter() - began
    asked = asked_elsewhere(index, index.parent / "queries.npz")
    changed = sorted(folder.rglob("*.txt"))[0]
    changed.write_text(changed.read_text() + "\n\nOne more paragraph says something that was not there before.")
    began = perf_counter()
    change = build(index, encoder)
    change_seconds = perf_counter() - began
    with Index.open(index, encoder) as opened, opened.snapshot() as store:
        status = store.status()
        recall = recall_at_10(store, index, queries(index.parent / "queries.npz"), encoder.dimension)
    grown = asked.pop("resident_mb_of_the_index")
    return {
        "passages": report.passages,
        "vectors": kind,
        "build": {
            "new_passages": report.passages_encoded,
            "seconds": seconds,
            "encoded_by_the_model": encoder.encoded,
            "seconds_of_the_model": encoder.seconds,
            "peak_memory_mb_until_now": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        },
        "bytes_a_passage": {"disk": status.bytes / status.passages, "memory": grown * 2**20 / status.passages},
        "recall@10": recall,
        "one_change": {"seconds": change_seconds, "encoded": change.passages_encoded},
        **asked,
    }


def main() -> None:
    """Measure and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--real", type=int, nargs="+", default=[10_000, 50_000])
    parser.add_argument("--synthetic", type=int, nargs="*", default=[250_000, 1_250_000])
    parser.add_argument("--encoder", default=None)
    parser.add_argument("--folder", type=Path, default=None, help="where some gigabytes may lie for a while")
    parser.add_argument("--keep", type=Path, default=None, help="where index and questions are kept, for probes.py")
    chosen = parser.parse_args()
    encoder = Mixing(load_encoder(chosen.encoder))
    record = Record("scale", n=max(*chosen.real, *chosen.synthetic), seed=SEED)
    real = list(islice(all_paragraphs(chosen.data), max(chosen.real)))
    figures: Figures = {"encoder": encoder.name, "bars_at_a_million": BARS}
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        documents, index = Path(place) / "documents", Path(place) / "index"
        asked = questions(chosen.data, QUESTIONS)
        np.savez(Path(place) / "queries.npz", questions=asked, vectors=encoder.encode(asked))
        done = 0
        for count in dict.fromkeys(min(count, len(real)) for count in chosen.real):
            write(documents, f"real-{done:07}", real[done:count])
            figures[f"{count} paragraphs"] = largest = size(documents, index, encoder, kind="real")
            done = count
        rate = largest["build"]["new_passages"] / largest["build"]["seconds"]
        figures["build_seconds_of_a_million_extrapolated"] = 1_000_000 / rate
        encoder.mixture = Mixture.of(index, encoder.dimension)
        figures["recall_on_real"] = of_real(
            encoder.mixture.vectors, queries(Path(place) / "queries.npz"), IndexSettings()
        )
        for count in chosen.synthetic:
            write(documents, f"synthetic-{done:07}", [encoder.mixture.text(n) for n in range(done, count)])
            kind = f"real to {len(encoder.mixture)}, synthetic above"
            figures[f"{count} paragraphs"] = size(documents, index, encoder, kind=kind)
            done = count
        if chosen.keep:
            shutil.copytree(index, chosen.keep / "index")
            shutil.copy(Path(place) / "queries.npz", chosen.keep)
    record.write(figures)


if __name__ == "__main__":
    main()
