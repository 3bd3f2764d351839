"""Compares sentence splitters on the hand-marked ends of sentences.jsonl; writes results/sentences.json.

    python benchmarks/sentences.py            (pip install pysbd syntok blingfire)

Each line of sentences.jsonl is one block with its sentences in order; a splitter gets them joined by a space (by
nothing in Chinese). Scored are the ends inside and at the end of a block. An entry of a reference list counts as
one sentence, because it is quoted whole. Libraries that are not installed are left out.
"""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from importlib import import_module, metadata
from pathlib import Path

from record import Record

from corpus import sentences

HERE = Path(__file__).parent
Splitter = Callable[[str], list[str]]


def blocks() -> list[tuple[str, list[str]]]:
    """The joined text of each block and its sentences."""
    lines = (HERE / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [(("" if row["language"] == "zh" else " ").join(row["sentences"]), row["sentences"]) for row in rows]


def ends(parts: list[str]) -> set[int]:
    """The ends of sentences, counted in characters that are not white space: splitters differ in spaces only."""
    found, position = set(), 0
    for part in parts:
        position += len("".join(part.split()))
        found.add(position)
    return found - {0}


def splitters() -> Iterator[tuple[str, Splitter]]:
    """Ours and those libraries that are installed."""
    yield "corpus.sentences", lambda text: [text[span.start : span.end] for span in sentences.split(text)]
    for name in ("nupunkt", "blingfire", "syntok", "pysbd"):
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
        yield f"{name} {version}", library(name)


def library(name: str) -> Splitter:
    """A library's default for English."""
    if name == "nupunkt":
        return lambda text: list(import_module("nupunkt").sent_tokenize(text))
    if name == "blingfire":
        return lambda text: str(import_module("blingfire").text_to_sentences(text)).split("\n")
    if name == "syntok":
        return syntok
    segmenter = import_module("pysbd").Segmenter(language="en", clean=False)
    return lambda text: list(segmenter.segment(text))


def syntok(text: str) -> list[str]:
    """One string a sentence, from syntok's tokens."""
    paragraphs = import_module("syntok.segmenter").analyze(text)
    return ["".join(token.value for token in sentence) for paragraph in paragraphs for sentence in paragraph]


def score(split: Splitter) -> dict[str, float]:
    """Precision, recall and F1 of the ends, and characters per second (median of 5)."""
    right = found = wanted = 0
    for text, gold in blocks():
        there, here = ends(gold), ends(split(text))
        right, found, wanted = right + len(there & here), found + len(here), wanted + len(there)
    precision, recall = right / found, right / wanted
    f1 = 2 * precision * recall / (precision + recall)
    return {"precision": precision, "recall": recall, "f1": f1, "characters_per_second": speed(split)}


def speed(split: Splitter) -> float:
    """Over all blocks, ten times over, line by line as the documents have them."""
    text = "\n".join(text for text, _ in blocks() for _ in range(10))
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        split(text)
        seconds.append(time.perf_counter() - start)
    return len(text) / statistics.median(seconds)


def main() -> None:
    """Measure, print, and keep the table."""
    record = Record("sentences", n=sum(len(gold) for _, gold in blocks()))
    record.write({name: {key: round(value, 4) for key, value in score(split).items()} for name, split in splitters()})


if __name__ == "__main__":
    main()
