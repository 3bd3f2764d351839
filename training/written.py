"""Questions written for this project over training paragraphs, as people ask who have not read the document.

`written.jsonl.gz` holds them, written by a large language model, a question a line, without the paragraphs: `paragraph`
begins the SHA-256 of its text, `answer` and `evidence` are half-open character ranges in it, of the short answer and of
the sentences that tell it. Without them the paragraph does not answer, although it tells of the same things.
"""

import gzip
import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path

from training.sources import Paragraph, Question, touched

WRITTEN = Path(__file__).with_name("written.jsonl.gz")
DIGITS = 16  # of a paragraph's SHA-256


def key_of(paragraph: Paragraph) -> str:
    """What stands for the paragraph in the file."""
    return sha256(paragraph.text.encode()).hexdigest()[:DIGITS]


def asked_about(path: Path = WRITTEN) -> frozenset[str]:
    """The keys of the paragraphs that the questions are over."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return frozenset(json.loads(line)["paragraph"] for line in lines)


def read_written(
    paragraphs: Iterable[Paragraph], rows: slice = slice(None), *, path: Path = WRITTEN
) -> Iterator[Question]:
    """The questions in these rows of the file over these paragraphs, in its order; those over others are left out."""
    known = {key_of(paragraph): paragraph for paragraph in paragraphs}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in islice(lines, rows.start, rows.stop):
            row = json.loads(line)
            paragraph = known.get(row["paragraph"])
            if paragraph is None:
                continue
            answers = ((row["answer"][0], row["answer"][1]),) if row["answer"] else ()
            told = {number for start, end in row["evidence"] for number in touched(paragraph.sentences, (start, end))}
            yield Question(row["question"], paragraph, answers, tuple(sorted(told)))
