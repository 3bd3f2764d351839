"""Questions with paragraphs as the word pieces and labels that the network learns from."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tokenizers import Tokenizer

from training.sources import Paragraph, Question

CLS, SEP = 101, 102
IGNORED = -100  # what torch's cross entropy skips: the span of a pair where no short answer is marked
MAX_QUESTION_TOKENS = 48


@dataclass(frozen=True, slots=True)
class Example:
    """One training pair. The lists have one entry per token of `[CLS] question [SEP] window [SEP]`."""

    token_ids: list[int]
    sentence_index: list[int]
    """Sentence of each window token, counted from 0 within the window; -1 elsewhere."""
    evidence: list[int]
    """1 for the tokens of sentences that answer, else 0."""
    passage_start: int
    start: int
    """First token of the answer; 0 ([CLS]) where the window does not answer, `IGNORED` where no span is marked."""
    end: int
    """Last token of the answer, not one past it."""
    answerable: int


@dataclass(frozen=True, slots=True)
class Pieces:
    """A paragraph's word pieces with the sentence of each."""

    ids: list[int]
    offsets: list[tuple[int, int]]
    sentences: list[int]


class PairEncoder:
    """Turns questions into examples that fit a number of tokens."""

    def __init__(self, tokenizer: Tokenizer, rng: random.Random) -> None:
        self._tokenizer, self._rng = tokenizer, rng
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._pieces = lru_cache(maxsize=20_000)(lambda paragraph: pieces_of(paragraph, tokenizer))

    def encode(self, question: Question, max_tokens: int, *, titled: bool = False) -> Example | None:
        """The example, cut to `max_tokens` around the answer or at random whole sentences where there is none.

        With `titled` the article's title stands before the passage as a sentence of its own that answers nothing,
        as when documents are asked. None where the answer alone does not fit, or where no token lies inside it.
        """
        asked = self._tokenizer.encode(question.text, add_special_tokens=False).ids[:MAX_QUESTION_TOKENS]
        title = self._tokenizer.encode(question.paragraph.article, add_special_tokens=False).ids if titled else []
        pieces = self._pieces(question.paragraph)
        span = token_span(pieces, question.answers[0]) if question.answers else None
        if (question.answers and span is None) or not pieces.ids:
            return None
        kept = self._window(pieces, span, question.evidence, max_tokens - len(asked) - len(title) - 3)
        return None if kept is None else _example(asked, title, pieces, kept, span, question.evidence)

    def _window(
        self, pieces: Pieces, span: tuple[int, int] | None, evidence: Sequence[int], room: int
    ) -> tuple[int, int] | None:
        """Half-open token range of the window: whole sentences, unless those of the answer alone are too long."""
        if len(pieces.ids) <= room:
            return 0, len(pieces.ids)
        starts = _sentence_starts(pieces)
        first, last = self._core(pieces, span, evidence, len(starts) - 1)
        if starts[last + 1] - starts[first] > room:
            return self._cut(pieces, span, starts[first], room)
        while True:
            grow = [(first - 1, last)] * (first > 0) + [(first, last + 1)] * (last + 2 < len(starts))
            grow = [(a, b) for a, b in grow if starts[b + 1] - starts[a] <= room]
            if not grow:
                return starts[first], starts[last + 1]
            first, last = self._rng.choice(grow)

    def _core(
        self, pieces: Pieces, span: tuple[int, int] | None, evidence: Sequence[int], count: int
    ) -> tuple[int, int]:
        if span is not None:
            return pieces.sentences[span[0]], pieces.sentences[span[1]]
        chosen = self._rng.choice(evidence) if evidence else self._rng.randrange(count)
        return chosen, chosen

    def _cut(self, pieces: Pieces, span: tuple[int, int] | None, start: int, room: int) -> tuple[int, int] | None:
        if span is None:
            return start, min(start + room, len(pieces.ids))
        if span[1] + 1 - span[0] > room:
            return None
        start = self._rng.randint(max(0, span[1] + 1 - room), min(span[0], len(pieces.ids) - room))
        return start, start + room


def pieces_of(paragraph: Paragraph, tokenizer: Tokenizer) -> Pieces:
    """The paragraph's word pieces; a piece before a sentence's first character belongs to the one before."""
    encoded = tokenizer.encode(paragraph.text, add_special_tokens=False)
    numbers, number = [], 0
    for start, _ in encoded.offsets:
        while number + 1 < len(paragraph.sentences) and start >= paragraph.sentences[number + 1][0]:
            number += 1
        numbers.append(number)
    return Pieces(encoded.ids, encoded.offsets, numbers)


def token_span(pieces: Pieces, span: tuple[int, int]) -> tuple[int, int] | None:
    """First and last token that touch the character span, or None where none does."""
    inside = [n for n, (start, end) in enumerate(pieces.offsets) if start < span[1] and span[0] < end]
    return (inside[0], inside[-1]) if inside else None


def _sentence_starts(pieces: Pieces) -> list[int]:
    """First token of each sentence, and the number of tokens at the end; a sentence without tokens is empty."""
    starts = [0]
    for position, number in enumerate(pieces.sentences):
        while len(starts) <= number:
            starts.append(position)
    return [*starts, len(pieces.ids)]


def _example(
    asked: list[int],
    title: list[int],
    pieces: Pieces,
    kept: tuple[int, int],
    span: tuple[int, int] | None,
    evidence: Sequence[int],
) -> Example:
    lead, (begin, stop) = len(asked) + 2, kept
    numbers = pieces.sentences[begin:stop]
    first = 1 if title else 0
    renumbered = {number: n for n, number in enumerate(dict.fromkeys(numbers), first)}
    wanted = set(evidence) & set(numbers)
    shift = lead + len(title) - begin
    start, end = (shift + span[0], shift + span[1]) if span else (0, 0)
    if wanted and not span:
        start = end = IGNORED
    return Example(
        token_ids=[CLS, *asked, SEP, *title, *pieces.ids[begin:stop], SEP],
        sentence_index=[-1] * lead + [0] * len(title) + [renumbered[number] for number in numbers] + [-1],
        evidence=[0] * (lead + len(title)) + [int(number in wanted) for number in numbers] + [0],
        passage_start=lead,
        start=start,
        end=end,
        answerable=int(bool(wanted)),
    )
