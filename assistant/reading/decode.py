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
class Decoded:
    """The best valid span of a window, as characters of its text."""

    answer: Span | None
    answer_score: float
    null_score: float

    @property
    def margin(self) -> float:
        """Answer minus null: what windows of one question are compared by."""
        return self.answer_score - self.null_score


def decode(window: Window, scores: WindowScores) -> Decoded:
    """The span with the highest start + end score, start <= end, inside one sentence, at most `ANSWER_TOKENS` long.

    A span over a sentence's end is nearly always a wrong end; without such spans as many answers are right and the
    quotes are shorter (600 questions of squad2.0-dev4-choose: exact match 65.8 either way).
    The null score is that of the span at the first token, less the evidence that the window answers at all.
    """
    null = float(scores.start[0] + scores.end[0]) - scores.answerable
    inside = np.array([offset is not None for offset in window.offsets])
    if not inside.any():
        return Decoded(None, null, null)
    first, last = int(inside.argmax()), len(inside) - int(inside[::-1].argmax())
    size = last - first
    total = scores.start[first:last, None] + scores.end[None, first:last]
    distance = np.arange(size)[None, :] - np.arange(size)[:, None]
    sentences = np.array(window.sentences[first:last])
    allowed = (distance >= 0) & (distance < ANSWER_TOKENS) & (sentences[:, None] == sentences[None, :])
    total = np.where(allowed, total, -np.inf)
    start, end = divmod(int(total.argmax()), size)
    left, right = window.offsets[first + start], window.offsets[first + end]
    answer = Span(left.start, right.end) if left and right else None
    return Decoded(answer, float(total[start, end]), null)


def reading(sentences: Sequence[Span], decoded: Sequence[Decoded], evidence: Sequence[dict[int, float]]) -> Reading:
    """One text's reading from its windows: the surest window's span, each sentence's highest probability."""
    if not decoded:
        return Reading(None, 0.0, 0.0, ())
    best = max(decoded, key=lambda window: window.margin)
    probabilities = [max((seen[n] for seen in evidence if n in seen), default=0.0) for n in range(len(sentences))]
    scored = tuple((s.start, s.end, p) for s, p in zip(sentences, probabilities, strict=True))
    return Reading(best.answer, best.answer_score, best.null_score, scored)
