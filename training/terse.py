"""Questions that say less: people who have not read the document seldom use its words, or give only a few of them."""

import random
import re

from training.sources import Question, evidence_words
from training.words import question_words

PLAIN = re.compile(r"(?<![\w'’-])[a-z][a-z'’-]*\b ?")  # not the "s" of "Lyon's"
KEPT_SHARE = 0.4  # of the words that the answer's sentences hold too


def terse(question: Question, rng: random.Random) -> Question | None:
    """The question without most of the plain words that its evidence holds too; None where nothing is to be left out.

    Names, numbers and the words that ask stay, so that the paragraph still answers what is left.
    """
    shared = evidence_words(question)

    def kept(match: re.Match[str]) -> str:
        told_twice = question_words(match.group()) & shared
        return "" if told_twice and rng.random() >= KEPT_SHARE else match.group()

    text = re.sub(r"\s+(?=[?.!]*$)", "", PLAIN.sub(kept, question.text))
    if text == question.text or not question_words(text):
        return None
    return Question(text, question.paragraph, question.answers, question.evidence)
