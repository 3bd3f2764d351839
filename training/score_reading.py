"""Command: scores a reader folder on questions with their passage, `python -m training.score_reading FOLDER SET…`."""

import argparse
import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from assistant.evaluation.metrics.confidence import auroc
from assistant.evaluation.metrics.spans import exact_match, f1
from assistant.reading.decode import decode
from assistant.reading.trained import TrainedReader
from assistant.reading.windows import windows
from corpus.sentences import split

QUESTIONS_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a SQuAD file with its passage; no `answers` means that the passage does not answer."""

    question: str
    passage: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader made of one question."""

    asked: Asked
    answer: str
    margin: float
    """Answer score minus null score; above the threshold the reader answers."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over questions, 0..1; those of answers alone are over the answerable ones."""

    questions: int
    answerable: int
    answers_exact_match: float
    answers_f1: float
    """The two as if no question were unanswerable: the best span is always given."""
    exact_match: float
    f1: float
    """The two over all questions: silence, below the threshold, is right for the unanswerable and wrong for others."""
    answerable_auroc: float | None


def read_set(path: Path) -> Iterator[Asked]:
    """The questions of a SQuAD file, in its order."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        articles = json.load(file)["data"]
    for paragraph in (p for article in articles for p in article["paragraphs"]):
        for entry in paragraph["qas"]:
            answers = () if entry.get("is_impossible") else tuple(answer["text"] for answer in entry["answers"])
            yield Asked(entry["question"], paragraph["context"], answers)


def sampled(questions: Sequence[Asked], limit: int) -> list[Asked]:
    """At most `limit` questions, spread evenly; all of them where `limit` is 0."""
    step = max(1.0, len(questions) / limit) if limit else 1.0
    return [questions[int(place * step)] for place in range(int(len(questions) / step))]


def read_all(reader: TrainedReader, questions: Sequence[Asked]) -> Iterator[Read]:
    """What the reader finds, question by question, and how sure it is; the same as `reader.read` one by one."""
    for begin in range(0, len(questions), QUESTIONS_AT_ONCE):
        some = questions[begin : begin + QUESTIONS_AT_ONCE]
        cut = [windows(reader._tokenizer, a.question, [a.passage], [split(a.passage)]) for a in some]
        found = [window for own in cut for window in own]
        scores = iter(reader._scores(found))  # windows of many questions in one batch are read several times faster
        for asked, own in zip(some, cut, strict=True):
            best = max((decode(window, next(scores)) for window in own), key=lambda decoded: decoded.margin)
            answer = asked.passage[best.answer.start : best.answer.end] if best.answer else ""
            yield Read(asked, answer, best.margin)


def score(read: Sequence[Read], threshold: float) -> Scores:
    """The figures at a threshold that the margin must exceed for an answer to be given."""
    answers = [(r.answer, r.asked.answers) for r in read if r.asked.answers]
    given = [(r.answer if r.margin > threshold else "", r.asked.answers or ("",)) for r in read]
    right = np.array([float(bool(r.asked.answers)) for r in read])
    area = auroc(np.array([r.margin for r in read]), right) if 0 < right.sum() < len(right) else None
    return Scores(
        questions=len(read),
        answerable=len(answers),
        answers_exact_match=_mean([exact_match(*pair) for pair in answers]),
        answers_f1=_mean([f1(*pair) for pair in answers]),
        exact_match=_mean([exact_match(*pair) for pair in given]),
        f1=_mean([f1(*pair) for pair in given]),
        answerable_auroc=area,
    )


def best_threshold(read: Sequence[Read]) -> float:
    """The margin above which answering gives the highest mean F1 over all questions; the lowest of equals.

    For `choose` sets alone: a threshold fitted where it is reported would flatter.
    """
    ordered = sorted(read, key=lambda r: -r.margin)
    gains = [f1(r.answer, r.asked.answers) if r.asked.answers else -1.0 for r in ordered]
    # Answering only the first k gains their F1 and loses the point that silence earns on an unanswerable one.
    totals = np.concatenate([[0.0], np.cumsum(gains)])
    ends = [sum(1 for _ in same) for _, same in groupby(ordered, key=lambda r: r.margin)]
    cuts = np.concatenate([[0], np.cumsum(ends)]).astype(int)
    best = int(cuts[len(cuts) - 1 - int(np.argmax(totals[cuts][::-1]))])
    if best == len(ordered):
        return ordered[-1].margin - 1.0 if ordered else 0.0
    return (ordered[best - 1].margin + ordered[best].margin) / 2 if best else ordered[0].margin


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def main() -> None:
    """Reads the command line and prints the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader", type=Path)
    parser.add_argument("sets", type=Path, nargs="+", help="SQuAD files, gzipped")
    parser.add_argument("--limit", type=int, default=0, help="questions of each set, spread evenly; 0: all")
    parser.add_argument(
        "--threshold", type=float, help="margin; without it the best of the first set, which must choose"
    )
    arguments = parser.parse_args()
    if arguments.threshold is None and "-choose" not in arguments.sets[0].name:
        parser.error(f"{arguments.sets[0].name} is no choose set: give the threshold that one gave with --threshold.")
    reader, threshold = TrainedReader.load(arguments.reader), arguments.threshold
    for path in arguments.sets:
        read = list(read_all(reader, sampled(list(read_set(path)), arguments.limit)))
        threshold = best_threshold(read) if threshold is None else threshold
        figures = asdict(score(read, threshold))
        print(json.dumps({"set": path.name, "reader": reader.revision, "threshold": threshold, **figures}), flush=True)


if __name__ == "__main__":
    main()
