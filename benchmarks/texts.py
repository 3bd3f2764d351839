"""Real texts for the benchmarks: SQuAD paragraphs, read from the data folder, written out as files."""

import gzip
import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path


def paragraphs(data: Path) -> Iterator[str]:
    """The paragraphs of SQuAD 1.1 train, in the order of the file."""
    articles = json.loads(gzip.decompress((data / "squad1.1-train.json.gz").read_bytes()))["data"]
    for article in articles:
        yield from (paragraph["context"] for paragraph in article["paragraphs"])


def all_paragraphs(data: Path) -> Iterator[str]:
    """The paragraphs of SQuAD, Natural Questions, SciFact and Cranfield, some 33,000, each once."""
    yield from paragraphs(data)
    seen = set()
    for line in gzip.decompress((data / "nq-qed-train.jsonl.gz").read_bytes()).splitlines():
        context = json.loads(line)["context"]
        if context not in seen:
            seen.add(context)
            yield context
    for name in ("scifact", "cranfield"):
        for line in gzip.decompress((data / name / "corpus.jsonl.gz").read_bytes()).splitlines():
            yield json.loads(line)["text"]


def questions(data: Path, count: int) -> list[str]:
    """So many questions of SQuADShifts new-wiki, spread over the file."""
    articles = json.loads(gzip.decompress((data / "squadshifts-new-wiki-choose.json.gz").read_bytes()))["data"]
    found = [qa["question"] for article in articles for paragraph in article["paragraphs"] for qa in paragraph["qas"]]
    return found[:: max(len(found) // count, 1)][:count]


def write_files(folder: Path, texts: Iterator[str], *, files: int, paragraphs_each: int) -> list[Path]:
    """So many text files of so many paragraphs."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number in range(files):
        path = folder / f"{number:05}.txt"
        path.write_text("\n\n".join(islice(texts, paragraphs_each)))
        paths.append(path)
    return paths
