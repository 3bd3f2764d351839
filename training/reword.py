"""Questions in other words: people who have not read the document ask of "pills" where it says "capsules".

The other words are those that the shipped encoder finds nearest, so that no list of synonyms is needed.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from index.encoder import Encoder
from training.negatives import SWAP
from training.sources import Paragraph, Question, evidence_words
from training.words import COMMON, question_words

PLAIN = re.compile(r"(?<![\w'’-])[a-z]{3,}(?![\w'’-])")  # no name, no number, no part of a compound
FREQUENT = 10  # paragraphs that hold a word at least, or its vector says little
PLAINEST = 150  # so many of the most frequent words are "each", "but" and their like: nothing stands for them
NEAREST, LEAST_LIKE = 6, 0.55  # other words for each word, and the cosine from which they may stand for it
CHANGED_SHARE = 0.8  # of the words that question and passage share
TOGETHER = 1000  # questions, so that those that are not needed are not encoded
TRIES = 4  # rewordings of a question, of which the nearest in meaning is taken
SAME_MEANING = 0.75  # cosine of the question and the reworded one at least
ENDINGS = ("ing", "ed", "ly", "est", "er", "s", "")


class Thesaurus:
    """Words that may stand for a word: near in meaning, of another stem, and with the same ending."""

    def __init__(self, encoder: Encoder, paragraphs: Iterable[Paragraph]) -> None:
        counts = Counter(word for p in paragraphs for word in set(PLAIN.findall(p.text)))
        rest = counts.most_common()[PLAINEST:]
        self._words = [word for word, count in rest if count >= FREQUENT and word not in COMMON]
        self._numbers = {word: number for number, word in enumerate(self._words)}
        self._vectors = encoder.encode(self._words)
        self._found: dict[str, tuple[str, ...]] = {}

    def others(self, word: str) -> tuple[str, ...]:
        """The nearest first; none for a word that it does not know."""
        if word not in self._found:
            self._found[word] = self._look_up(word) if word in self._numbers else ()
        return self._found[word]

    def _look_up(self, word: str) -> tuple[str, ...]:
        cosines = self._vectors @ self._vectors[self._numbers[word]]
        ranked = (self._words[n] for n in np.argsort(-cosines) if cosines[n] >= LEAST_LIKE)
        return tuple(islice((other for other in ranked if _may_stand_for(other, word)), NEAREST))


def _may_stand_for(other: str, word: str) -> bool:
    return other[:4] != word[:4] and _ending(other) == _ending(word) and SWAP.get(word) != other


def _ending(word: str) -> str:
    return next(ending for ending in ENDINGS if word.endswith(ending))


class Rewording:
    """Puts questions in other words than the sentences that answer them (without any: than the paragraph)."""

    def __init__(self, encoder: Encoder, paragraphs: Iterable[Paragraph], rng: random.Random) -> None:
        self._encoder, self._rng = encoder, rng
        self._thesaurus = Thesaurus(encoder, paragraphs)

    def of(self, questions: Sequence[Question]) -> Iterator[Question | None]:
        """Each question in other words, in order; None where it cannot be."""
        for first in range(0, len(questions), TOGETHER):
            part = questions[first : first + TOGETHER]
            yield from self._nearest(part, [self._tried(question) for question in part])

    def of_share(self, questions: Sequence[Question], share: float) -> list[Question]:
        """The questions, a random share of them in other words where that can be."""
        chosen = {number for number in range(len(questions)) if self._rng.random() < share}
        made = self.of([question for number, question in enumerate(questions) if number in chosen])
        return [next(made) or question if number in chosen else question for number, question in enumerate(questions)]

    def _nearest(self, questions: Sequence[Question], tried: Sequence[Sequence[str]]) -> Iterator[Question | None]:
        before = self._encoder.encode([question.text for question in questions])
        after = iter(self._encoder.encode([text for own in tried for text in own]))
        for question, vector, own in zip(questions, before, tried, strict=True):
            alike = [float(next(after) @ vector) for _ in own]
            best = max(alike, default=0.0)
            yield replace(question, text=own[alike.index(best)]) if best >= SAME_MEANING else None

    def _tried(self, question: Question) -> list[str]:
        """Different rewordings, all of the same words of the question."""
        told = evidence_words(question) if question.evidence else question_words(question.paragraph.text)
        others = {word: self._thesaurus.others(word) for word in PLAIN.findall(question.text)}
        changed = {w for w, found in others.items() if found and question_words(w) & told and self._is_chosen()}

        def other(match: re.Match[str]) -> str:
            return self._rng.choice(others[match.group()]) if match.group() in changed else match.group()

        made = dict.fromkeys(PLAIN.sub(other, question.text) for _ in range(TRIES))
        return list(made) if changed else []

    def _is_chosen(self) -> bool:
        return self._rng.random() < CHANGED_SHARE
