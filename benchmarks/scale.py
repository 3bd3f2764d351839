"""How disk, memory, opening, retrieval and a change grow from ten thousand passages to a million.

    python benchmarks/scale.py --data DATA [--real 10000 50000] [--synthetic 200000 1000000]
        [--encoder hashed] [--folder FOLDER]

Real passages are those of the data folder's sets, as many as it has. Above them passages are synthetic, which the
record says: each has the first half of one real paragraph and the second half of a near one, and a vector between
theirs. They are files, built by the product's own build with an encoder that knows the synthetic vectors; the model's
seconds and passages are told apart from the build's. What is opened and asked is measured in a process of its own
(`scale_ask.py`). Writes `benchmarks/results/scale.json`.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from record import Record
from scale_ask import PARAGRAPHS, Figures, recalls
from texts import all_paragraphs, questions

from index.build import build
from index.encoder import Encoder, load_encoder, normalised
from index.open import Index

SEED = 6
QUESTIONS = 200
NEAR = 8  # a synthetic passage is made of a paragraph and one of so many nearest to it
HALF = 55  # words at most: the whole is one passage
MARK = "§"  # stands before the number of a synthetic passage, as its first word

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
        marked = [text.rpartition(MARK)[2].split(maxsplit=1)[0] if MARK in text else "" for text in texts]
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        plain = [row for row, number in enumerate(marked) if not number]
        began = perf_counter()
        if plain:
            vectors[plain] = self._encoder.encode([texts[row] for row in plain], progress)
            self.encoded += len(plain)
            self.seconds += perf_counter() - began
        for row, number in enumerate(marked):
            if number and self.mixture is not None:
                vectors[row] = self.mixture.vector(int(number))
        return vectors


class Mixture:
    """Synthetic passages by number, always the same for the same number."""

    def __init__(self, texts: Sequence[str], encoder: Encoder) -> None:
        self._texts = texts
        self._vectors = encoder.encode(texts)

    def vector(self, number: int) -> Matrix:
        """Between those of its two paragraphs."""
        first, second, share = self._parts(number)
        mixed = share * self._vectors[first] + (1 - share) * self._vectors[second]
        return normalised(mixed.reshape(1, -1))[0]

    def text(self, number: int) -> str:
        """Half of each of its two paragraphs, marked."""
        first, second, _ = self._parts(number)
        start, end = self._texts[first].split(), self._texts[second].split()
        words = (*start[: len(start) // 2][:HALF], *end[len(end) // 2 :][:HALF])
        return f"{MARK}{number} {' '.join(words)}"

    def _parts(self, number: int) -> tuple[int, int, float]:
        chance = np.random.default_rng((SEED, number))
        first = int(chance.integers(len(self._texts)))
        others = chance.integers(len(self._texts), size=NEAR * NEAR)  # the best of a sample stands for a neighbour
        near = others[np.argsort(self._vectors[others] @ self._vectors[first])[-NEAR:]]
        return first, int(chance.choice(near)), float(chance.uniform(0.3, 0.7))


def write(folder: Path, name: str, texts: Sequence[str]) -> None:
    """Files of so many paragraphs."""
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(texts), PARAGRAPHS):
        (folder / f"{name}-{start:07}.txt").write_text("\n\n".join(texts[start : start + PARAGRAPHS]))


def size(folder: Path, index: Path, encoder: Mixing, *, kind: str) -> dict[str, object]:
    """Build, and measure what there is then."""
    encoder.encoded, encoder.seconds = 0, 0.0
    began = perf_counter()
    report = build(index, encoder, roots=[folder])
    seconds = perf_counter() - began
    asked: Figures = json.loads(
        subprocess.run(
            [sys.executable, Path(__file__).with_name("scale_ask.py"), index, index.parent / "queries.npz"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    changed = sorted(folder.rglob("*.txt"))[0]
    changed.write_text(changed.read_text() + "\n\nOne more paragraph says something that was not there before.")
    began = perf_counter()
    change = build(index, encoder)
    change_seconds = perf_counter() - began
    with Index.open(index, encoder) as opened, opened.snapshot() as store:
        status = store.status()
    return {
        "passages": report.passages,
        "vectors": kind,
        "build": {
            "new_passages": report.passages_encoded,
            "seconds": seconds,
            "encoded_by_the_model": encoder.encoded,
            "seconds_of_the_model": encoder.seconds,
        },
        "bytes_a_passage": status.bytes / status.passages,
        "one_change": {"seconds": change_seconds, "encoded": change.passages_encoded},
        **asked,
    }


def main() -> None:
    """Measure and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--real", type=int, nargs="+", default=[10_000, 50_000])
    parser.add_argument("--synthetic", type=int, nargs="*", default=[200_000, 1_000_000])
    parser.add_argument("--encoder", default=None)
    parser.add_argument("--folder", type=Path, default=None, help="where some gigabytes may lie for a while")
    chosen = parser.parse_args()
    encoder = Mixing(load_encoder(chosen.encoder))
    record = Record("scale", n=max(*chosen.real, *chosen.synthetic), seed=SEED)
    real = list(islice(all_paragraphs(chosen.data), max(chosen.real)))
    figures: dict[str, object] = {"encoder": encoder.name}
    with tempfile.TemporaryDirectory(dir=chosen.folder) as place:
        documents, index = Path(place) / "documents", Path(place) / "index"
        asked = questions(chosen.data, QUESTIONS)
        np.savez(Path(place) / "queries.npz", questions=asked, vectors=encoder.encode(asked))
        done = 0
        for count in chosen.real:
            write(documents, f"real-{done:07}", real[done:count])
            figures[str(count)] = size(documents, index, encoder, kind="real")
            done = len(real[:count])
        figures["recall_on_real"] = recalls(index, encoder, Path(place) / "queries.npz")
        if chosen.synthetic:
            encoder.mixture = Mixture(real, load_encoder(chosen.encoder))
        for count in chosen.synthetic:
            write(documents, f"synthetic-{done:07}", [encoder.mixture.text(n) for n in range(done, count)])
            figures[str(count)] = size(documents, index, encoder, kind=f"real to {len(real)}, synthetic above")
            done = count
    record.write(figures)


if __name__ == "__main__":
    main()
