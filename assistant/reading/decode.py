"""From a window's scores to a valid answer span and the evidence of its sentences."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from assistant.answers import Reading
from assistant.reading.windows import Window
from corpus.documents import Span

ANSWER_TOKENS = 40  # the longest short answer; 99 % of the training answers have at most 25

Scores: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WindowScores:
    """The network's output for one window: per token `(tokens,)`, and a probability per sentence number."""

    start: Scores
    end: Scores
    evidence: dict[int, float]
    answerable: float


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """The best valid span of one sentence, as characters of the window's text."""

    sentence: int
    span: Span
    score: float


@dataclass(frozen=True, slots=True)
class Decoded:
    """What a window's scores say: the best span of each sentence, best first."""

    spans: tuple[SentenceSpan, ...]
    null_score: float

    @property
    def answer(self) -> Span | None:
        """The best span of all."""
        return self.spans[0].span if self.spans else None

    @property
    def answer_score(self) -> float:
        """The score of the best span; the null score where there is none."""
        return self.spans[0].score if self.spans else self.null_score

    @property
    def margin(self) -> float:
        """Answer minus null: what windows of one question are compared by."""
        return self.answer_score - self.null_score


def decode(window: Window, scores: WindowScores) -> Decoded:
    """For each sentence the span with the highest start + end score, start <= end, at most `ANSWER_TOKENS` long.

    A span over a sentence's end is nearly always a wrong end; without such spans as many answers are right and the
    quotes are shorter (600 questions of squad2.0-dev4-choose: exact match 65.8 either way).
    The null score is that of the span at the first token, less the evidence that the window answers at all.
    """
    null = float(scores.start[0] + scores.end[0]) - scores.answerable
    tokens: dict[int, list[int]] = {}
    for token, number in enumerate(window.sentences):
        if number >= 0:
            tokens.setdefault(number, []).append(token)
    found = [_best(window, scores, number, own[0], own[-1] + 1) for number, own in tokens.items()]
    return Decoded(tuple(sorted(found, key=lambda one: -one.score)), null)


def _best(window: Window, scores: WindowScores, sentence: int, first: int, last: int) -> SentenceSpan:
    """The best span of the sentence that has the tokens from `first` up to `last`."""
    total = scores.start[first:last, None] + scores.end[None, first:last]
    length = np.arange(last - first)[None, :] - np.arange(last - first)[:, None]
    total = np.where((length >= 0) & (length < ANSWER_TOKENS), total, -np.inf)
    start, end = divmod(int(total.argmax()), last - first)
    span = Span(_offset(window, first + start).start, _offset(window, first + end).end)
    return SentenceSpan(sentence, span, float(total[start, end]))


def _offset(window: Window, token: int) -> Span:
    offset = window.offsets[token]
    if offset is None:
        raise ValueError(f"Token {token} has a sentence but is not the text's.")
    return offset


def reading(sentences: Sequence[Span], decoded: Sequence[Decoded], evidence: Sequence[dict[int, float]]) -> Reading:
    """One text's reading from its windows: the surest window's span, each sentence's surest span and evidence."""
    if not decoded:
        return Reading(None, 0.0, 0.0, ())
    best = max(decoded, key=lambda window: window.margin)
    probabilities = [max((seen[n] for seen in evidence if n in seen), default=0.0) for n in range(len(sentences))]
    scored = tuple((s.start, s.end, p) for s, p in zip(sentences, probabilities, strict=True))
    return Reading(best.answer, best.answer_score, best.null_score, scored, _others(best, decoded))


def _others(best: Decoded, decoded: Sequence[Decoded]) -> tuple[tuple[int, int, float], ...]:
    """The surest span of every sentence but the best answer's: a sentence on two windows' border is in both."""
    answered = {one.sentence for one in best.spans[:1]}
    margins = [(one, one.score - window.null_score) for window in decoded for one in window.spans]
    surest: dict[int, tuple[int, int, float]] = {}
    for one, margin in sorted(margins, key=lambda pair: -pair[1]):
        if one.sentence not in answered:
            surest.setdefault(one.sentence, (one.span.start, one.span.end, margin))
    return tuple(surest.values())
