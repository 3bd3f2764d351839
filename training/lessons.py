"""What the encoder is tuned with: paragraphs with questions that they answer, in an order that makes them hard."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from training.prepare import Sets
from training.sources import Paragraph, Question
from training.written import read_written

# All hand-set.
SQUAD = 5000  # paragraphs of a pass without written questions: SQuAD's own were written with the paragraph in view
CLAIM_COPIES = 3  # of each abstract with claims, for they are few
BESIDE = 8  # paragraphs of one article that stand together
QUESTIONS = 5  # of a paragraph, at most


@dataclass(frozen=True, slots=True)
class Lesson:
    """A paragraph with questions of one source that it answers, at least one, each with evidence."""

    paragraph: Paragraph
    questions: tuple[Question, ...]


def one_pass(sets: Sets, rng: random.Random) -> list[Lesson]:
    """Every paragraph with written or search questions, those with claims often, and some of SQuAD's others.

    Up to `BESIDE` of one article follow each other: a question is to be told from what is near to its answer.
    """
    written, nq = _lessons(read_written(sets.paragraphs), rng), _lessons(sets.nq, rng)
    known = {lesson.paragraph.text for lesson in written}
    others = [lesson for lesson in _lessons(sets.squad, rng) if lesson.paragraph.text not in known]
    claims = [lesson for _ in range(CLAIM_COPIES) for lesson in _lessons(sets.rationales, rng)]
    groups = [
        group
        for source in (written, nq, claims, rng.sample(others, min(SQUAD, len(others))))
        for group in _by_article(source, rng)
    ]
    rng.shuffle(groups)
    return [lesson for group in groups for lesson in group]


def _lessons(questions: Iterable[Question], rng: random.Random) -> list[Lesson]:
    found = defaultdict[str, list[Question]](list)
    for question in questions:
        if question.evidence:
            found[question.paragraph.text].append(question)
    return [
        Lesson(own[0].paragraph, tuple(rng.sample(own, QUESTIONS) if len(own) > QUESTIONS else own))
        for own in found.values()
    ]


def _by_article(lessons: Sequence[Lesson], rng: random.Random) -> Iterator[list[Lesson]]:
    shuffled = rng.sample(lessons, len(lessons))
    for _, same in groupby(sorted(shuffled, key=_article), key=_article):
        own = list(same)
        yield from (own[first : first + BESIDE] for first in range(0, len(own), BESIDE))


def _article(lesson: Lesson) -> str:
    return lesson.paragraph.article
