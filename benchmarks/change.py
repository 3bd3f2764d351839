"""What a change costs in a small and in a large folder: nothing, one edit, one more, one less, one renamed.

    python benchmarks/change.py [--sizes 10 100 1000 10000] [--hashed-from 10000]

Generated documents of some passages each. Every change is made and built RUNS times, the median counts. From
`--hashed-from` documents on, the hashed encoder stands in for the model, which the record says of each size: a change
costs the same passages then, and the time of everything but encoding them. Writes `benchmarks/results/change.json`.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from record import Record

from index.build import build
from index.encoder import Encoder, load_encoder
from index.open import Index
from index.records import BuildReport

SEED = 5
RUNS = 5
PARAGRAPHS, SENTENCES, WORDS = 6, 6, 14  # in a document, in a paragraph, in a sentence: about two pages
VOCABULARY = 20_000
SETTLED = 2.5  # seconds after which a file's times say for certain that it has not changed since it was read


def sentences(chance: random.Random) -> Iterator[str]:
    """Sentences of made-up words, as rare and as common as words are (Zipf)."""
    words = [f"w{number:x}" for number in range(VOCABULARY)]
    weights = [1 / rank for rank in range(1, VOCABULARY + 1)]
    while True:
        for start in range(0, 10_000 * WORDS, WORDS):
            if not start:
                drawn = chance.choices(words, weights, k=10_000 * WORDS)
            yield " ".join(drawn[start : start + WORDS]).capitalize() + "."


@dataclass
class Folder:
    """Documents that change one at a time."""

    path: Path
    source: Iterator[str]
    count: int = 0

    def add(self) -> None:
        """One document more."""
        path = self.path / f"{self.count // 1000:03}" / f"{self.count:06}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(self._paragraph() for _ in range(PARAGRAPHS)))
        self.count += 1

    def edit(self) -> None:
        """One paragraph of a document in the middle is written anew."""
        path = self._some()
        paragraphs = path.read_text().split("\n\n")
        paragraphs[len(paragraphs) // 2] = self._paragraph()
        path.write_text("\n\n".join(paragraphs))

    def delete(self) -> None:
        """One document less."""
        self._some().unlink()

    def rename(self) -> None:
        """One document under another name."""
        path = self._some()
        path.rename(path.with_name(f"renamed-{path.name}"))

    def _some(self) -> Path:
        paths = sorted(self.path.rglob("*.txt"))
        return paths[len(paths) // 2]

    def _paragraph(self) -> str:
        return " ".join(next(self.source) for _ in range(SENTENCES))


def measured(index: Path, encoder: Encoder, change: Callable[[], None]) -> dict[str, float]:
    """Seconds and passages encoded of a build after a change, the medians of several."""
    reports: list[tuple[BuildReport, float]] = []
    for _ in range(RUNS):
        change()
        began = perf_counter()
        reports.append((build(index, encoder), perf_counter() - began))
    encoded = median(report.passages_encoded for report, _ in reports)
    return {"seconds": median(seconds for _, seconds in reports), "encoded": encoded}


def scan_seconds(index: Path, encoder: Encoder) -> float:
    """Seconds of only looking for what changed, the median of several."""
    with Index.open(index, encoder) as opened:
        opened.changes()
        seconds = []
        for _ in range(RUNS):
            began = perf_counter()
            opened.changes()
            seconds.append(perf_counter() - began)
    return median(seconds)


def size(count: int, encoder: Encoder) -> dict[str, object]:
    """All changes in a folder of so many documents."""
    with tempfile.TemporaryDirectory() as place:
        folder, index = Folder(Path(place) / "documents", sentences(random.Random(SEED))), Path(place) / "index"
        for _ in range(count):
            folder.add()
        time.sleep(SETTLED)
        first = build(index, encoder, roots=[folder.path])
        changes = {
            "no change": lambda: None,
            "one edit": folder.edit,
            "one added": folder.add,
            "one deleted": folder.delete,
            "one renamed": folder.rename,
        }
        return {
            "encoder": encoder.name,
            "passages": first.passages,
            "first_build_seconds": first.seconds,
            "scan_seconds": scan_seconds(index, encoder),
            **{name: measured(index, encoder, change) for name, change in changes.items()},
        }


def main() -> None:
    """Measure and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 1000, 10_000])
    parser.add_argument("--hashed-from", type=int, default=10_000)
    chosen = parser.parse_args()
    record = Record("change", n=max(chosen.sizes), seed=SEED)
    encoders = {count: load_encoder("hashed" if count >= chosen.hashed_from else None) for count in chosen.sizes}
    record.write({str(count): size(count, encoder) for count, encoder in encoders.items()})


if __name__ == "__main__":
    main()
