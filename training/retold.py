"""Answers told twice: another paragraph of the article says the same, in words that the question was not made of.

Found where it holds the answer, in a sentence that the encoder finds near the question, and a reader that was trained
before answers the same from it. What holds the answer's words and tells of something else is found on the way.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.evaluation.metrics.spans import f1
from assistant.reading.trained import TrainedReader
from index.encoder import Encoder
from training.score_reading import Asked, read_all
from training.sources import Paragraph, Question, touched

MOST_PLACES = 4  # paragraphs that hold the answer; what stands in more is told of many things
IN_ONE = 2  # places of a paragraph
NEAR, FAR = 0.3, 0.25  # cosine of question and sentence: the least for the same, the most for another thing
SAME_ANSWER = 0.5  # F1 of the reader's answer, more than
SURE_OF_NONE = -3.0  # the reader's margin, less than: the passage says something else


@dataclass(frozen=True, slots=True)
class Place:
    """The answer's words in another paragraph of its article."""

    question: Question
    paragraph: Paragraph
    span: tuple[int, int]

    @property
    def sentence(self) -> str:
        """The whole sentences around it."""
        own = [self.paragraph.sentences[number] for number in touched(self.paragraph.sentences, self.span)]
        return self.paragraph.text[own[0][0] : own[-1][1]]


def retold(
    questions: Sequence[Question], encoder: Encoder, reader: TrainedReader
) -> tuple[list[Question], list[Question]]:
    """Questions with another paragraph that answers them, and with one that holds the answer's words but does not."""
    places = list(places_of(questions))
    asked, told = _vectors(encoder, [p.question.text for p in places]), _vectors(encoder, [p.sentence for p in places])
    read = read_all(reader, [Asked(p.question.text, p.paragraph.text, p.question.answer_texts) for p in places])
    answered, other = list[Question](), list[Question]()
    for place, found in zip(places, read, strict=True):
        question, paragraph = place.question, place.paragraph
        cosine = float(asked[question.text] @ told[place.sentence])
        same = f1(found.answer, question.answer_texts) > SAME_ANSWER
        if same and cosine >= NEAR and found.margin > 0:
            evidence = touched(paragraph.sentences, place.span)
            answered.append(Question(question.text, paragraph, (place.span,), evidence))
        elif not same and cosine < FAR and found.margin < SURE_OF_NONE:
            other.append(Question(question.text, paragraph))
    return answered, other


def places_of(questions: Sequence[Question]) -> Iterator[Place]:
    """Where else in its article each question's answer stands as whole words, whatever their case."""
    articles: dict[str, dict[str, Paragraph]] = defaultdict(dict)
    for question in questions:
        articles[question.paragraph.article].setdefault(question.paragraph.text, question.paragraph)
    for question in questions:
        answer = question.answer_texts[0].strip() if question.answers else ""
        if len(answer) < 2:
            continue
        pattern = re.compile(rf"(?<!\w){re.escape(answer)}(?!\w)", re.IGNORECASE)
        others = [p for p in articles[question.paragraph.article].values() if p.text != question.paragraph.text]
        found = [(p, spans) for p in others if (spans := [m.span() for m in pattern.finditer(p.text)])]
        if len(found) <= MOST_PLACES:
            yield from (Place(question, p, span) for p, spans in found for span in spans[:IN_ONE])


def _vectors(encoder: Encoder, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    unique = list(dict.fromkeys(texts))
    return dict(zip(unique, encoder.encode(unique), strict=True))
