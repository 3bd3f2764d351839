"""Questions asked of the wrong one: another name or number that the same passage tells of stands in them.

A passage on Boston and Massachusetts that says how many live in Boston does not say how many live in Massachusetts. The
words are all there, so only what they say of each other tells that there is no answer.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from training.negatives import NAME, NUMBER
from training.sources import Question

ALIKE, THE_SAME = 0.4, 0.9  # cosines between which two names are of one kind and yet two
NUMBERS_ALIKE = 0.5  # what stands for the cosine of two numbers of one length
STEM = 4  # letters by which words of one stem are known: "Feynman" and "Feynman's"
SHORTEST = 3  # letters of a name
TOGETHER = 2000  # questions, so that those that are not needed are not encoded
CALENDAR_TEXT = """
    January February March April May June July August September October November December Monday Tuesday
    Wednesday Thursday Friday Saturday Sunday"""
CALENDAR = frozenset(CALENDAR_TEXT.split())


@dataclass(frozen=True, slots=True)
class Exchange:
    """`question.text[start:end]` and what might stand there instead."""

    start: int
    end: int
    other: str


def mixed_up(questions: Sequence[Question], encoder: Encoder) -> Iterator[Question]:
    """Those that can be mixed up, in order, each with the exchange of the names that are most alike."""
    for first in range(0, len(questions), TOGETHER):
        tried = [(q, found) for q in questions[first : first + TOGETHER] if (found := exchanges(q))]
        names = sorted({name for q, found in tried for e in found for name in (q.text[e.start : e.end], e.other)})
        vectors = dict(zip(names, encoder.encode(names), strict=True))
        for question, found in tried:
            alike = {e: _cosine(question.text[e.start : e.end], e.other, vectors) for e in found}
            best = max(alike, key=lambda e: (alike[e], e.start, e.other))
            if ALIKE <= alike[best] < THE_SAME:
                text = question.text[: best.start] + best.other + question.text[best.end :]
                yield Question(text, question.paragraph)


def exchanges(question: Question) -> list[Exchange]:
    """Every name or number of the question and of its passage, with each that the passage tells of elsewhere."""
    text = question.paragraph.text
    told = " ".join(text[slice(*question.paragraph.sentences[number])] for number in question.evidence)
    said = _stems(" ".join([question.text, *question.answer_texts]))
    found = []
    for pattern in (NAME, NUMBER):
        asked = [m for m in pattern.finditer(question.text) if m.group() in text and not _is_date(m.group())]
        others = {m.group() for m in pattern.finditer(text)} if asked else set[str]()
        for match in asked:
            found += [
                Exchange(*match.span(), other)
                for other in sorted(others)
                if other not in told and _stems(other).isdisjoint(said) and _may_stand_for(other, match.group())
            ]
    return found


def _may_stand_for(other: str, name: str) -> bool:
    """A number for a number of as many digits, a name for one that is about as long."""
    if name[0].isdigit():
        return len(other) == len(name) >= SHORTEST
    lengths = len(other.split()), len(name.split())
    return abs(lengths[0] - lengths[1]) <= 1 and len(other) >= SHORTEST and not _is_date(other)


def _is_date(name: str) -> bool:
    return not CALENDAR.isdisjoint(name.split())


def _stems(text: str) -> set[str]:
    return {word[:STEM] for word in re.findall(r"[\w.,]*\w", text.lower())}


def _cosine(name: str, other: str, vectors: dict[str, NDArray[np.float32]]) -> float:
    return NUMBERS_ALIKE if name[0].isdigit() else float(vectors[name] @ vectors[other])
