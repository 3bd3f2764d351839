"""How fast a build is beside the encoder alone on the same texts, and what one changed file of 1,000 costs.

    python benchmarks/building.py --data DATA [--files N]

The ratio is the median of five pairs of runs over the same N files of three paragraphs, in one process, build and
encoder alternating, so that a noisy machine slows both. Writes `benchmarks/results/building.json`.
"""

import argparse
import resource
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from record import Record
from texts import paragraphs, write_files

from corpus.load import load_files
from corpus.passages import split
from corpus.settings import CorpusSettings
from index.build import BuildOptions, build
from index.encoder import Encoder, load_encoder

RUNS = 5


def encoder_alone(encoder: Encoder, folder: Path) -> tuple[int, float]:
    """Passages and seconds of encoding what the build of this folder encodes, loading and splitting not counted."""
    documents = [document for _, document in load_files(sorted(folder.iterdir()), CorpusSettings())]
    passages = [p for document in documents for p in split(document, encoder.count_tokens, CorpusSettings())]
    texts = [f"{passage.prefix}\n{passage.text}" for passage in passages]
    began = perf_counter()
    encoder.encode(texts)
    return len(texts), perf_counter() - began


def whole_build(encoder: Encoder, folder: Path) -> tuple[int, float]:
    """Passages and seconds of a build of this folder into an empty index."""
    with tempfile.TemporaryDirectory() as index:
        began = perf_counter()
        report = build(Path(index), encoder, roots=[folder], options=BuildOptions())
        return report.passages, perf_counter() - began


def one_change(encoder: Encoder, folder: Path, paths: list[Path]) -> dict[str, float]:
    """Seconds and passages encoded when nothing and when one file has changed."""
    with tempfile.TemporaryDirectory() as index:
        build(Path(index), encoder, roots=[folder], options=BuildOptions())
        began = perf_counter()
        same = build(Path(index), encoder, options=BuildOptions())
        unchanged = perf_counter() - began
        paths[len(paths) // 2].write_text("A file that was changed says something else now. It has two sentences.")
        began = perf_counter()
        changed = build(Path(index), encoder, options=BuildOptions())
        return {
            "files": len(paths),
            "unchanged_seconds": unchanged,
            "unchanged_encoded": same.passages_encoded,
            "one_changed_seconds": perf_counter() - began,
            "one_changed_encoded": changed.passages_encoded,
        }


def main() -> None:
    """Measure and keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--files", type=int, default=1000)
    chosen = parser.parse_args()
    encoder = load_encoder(None)
    record = Record("building", n=chosen.files)
    texts = paragraphs(chosen.data)
    with tempfile.TemporaryDirectory() as folder:
        sample = Path(folder) / "sample"
        write_files(sample, texts, files=chosen.files, paragraphs_each=3)
        pairs = [(encoder_alone(encoder, sample), whole_build(encoder, sample)) for _ in range(RUNS)]
        many = Path(folder) / "many"
        change = one_change(encoder, many, write_files(many, texts, files=chosen.files, paragraphs_each=1))
    record.write(
        {
            "encoder_passages_per_second": median(n / s for (n, s), _ in pairs),
            "build_passages_per_second": median(n / s for _, (n, s) in pairs),
            "ratio": median((b / t) / (a / s) for (a, s), (b, t) in pairs),
            "change": change,
            "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    )


if __name__ == "__main__":
    main()
