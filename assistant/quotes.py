"""From readings to candidates: which sentences to quote, and how good each candidate is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.answers import Reading
from assistant.retrieve import Hit
from assistant.settings import QuoteSettings
from corpus.documents import Span
from corpus.tables import BETWEEN_CELLS


@dataclass(frozen=True, slots=True)
class Candidate:
    """Sentences of a document that may answer; `quote` and `answer` count characters of the document's text.

    `margin` is answer minus null, in log-odds; `evidence` the probability of the sentence; `likeness` the cosine of
    question and quote, and of its passage while they are not compared; `set_back` what a quote that reads badly loses.
    `score` orders the candidates of one question, those that were compared and the rest behind them.
    """

    hit: Hit
    quote: Span
    answer: Span
    margin: float
    evidence: float
    likeness: float = 0.0
    set_back: float = 0.0
    score: float = 0.0

    @property
    def text(self) -> str:
        """The words of the quote."""
        start = self.hit.passage.start
        return self.hit.passage.text[self.quote.start - start : self.quote.end - start]


def candidates(hits: Sequence[Hit], readings: Sequence[Reading], limits: QuoteSettings) -> list[Candidate]:
    """The candidates of all hits that were read, in their order, without a score."""
    return [candidate for hit, read in zip(hits, readings, strict=True) for candidate in _candidates(hit, read, limits)]


def _candidates(hit: Hit, read: Reading, limits: QuoteSettings) -> Iterable[Candidate]:
    """The sentences of the passage's likeliest spans, as far as the limit goes, and any further one that is evidence.

    A question worded otherwise than its answer often has it in a sentence that is the reader's second choice.
    """
    for rank, (answer, margin) in enumerate(read.spans, 1):
        index = next((n for n, (_, end, _) in enumerate(read.sentences) if answer.start < end), None)
        if index is not None and (rank <= limits.spans or read.sentences[index][2] >= limits.evidence):
            start, end, evidence = read.sentences[index]
            # A sentence that is neither the answer's nor evidence would only be hidden by a neighbour that is.
            grows = answer == read.answer or evidence >= limits.evidence
            quote = _grow(hit.passage.text, read, index, answer, limits) if grows else Span(start, end)
            within = _clip(_whole_words(hit.passage.text, answer), quote)
            yield Candidate(hit, _shift(quote, hit), _shift(within, hit), margin, evidence, hit.dense)


def _grow(text: str, read: Reading, index: int, answer: Span, limits: QuoteSettings) -> Span:
    """The sentence at `index` and its neighbours that hold the answer or are evidence, within the limits."""
    start, end, _ = read.sentences[index]
    count = 1
    for step in (1, -1):
        at = index + step
        while 0 <= at < len(read.sentences) and count < limits.sentences:
            left, right, evidence = read.sentences[at]
            holds_answer = left < answer.end and answer.start < right
            grown = (min(start, left), max(end, right))
            apart = _apart(text[slice(*grown)])
            if not (holds_answer or evidence >= limits.evidence) or apart or _words(text, grown) > limits.words:
                break
            (start, end), count, at = grown, count + 1, at + step
    return Span(start, end)


def _apart(words: str) -> bool:
    """Whether a quote of these words would read as if one were what is not.

    Over an empty line another paragraph begins, and on the line beside a table row another row.
    """
    return "\n\n" in words or ("\n" in words and BETWEEN_CELLS in words)


def _whole_words(text: str, span: Span) -> Span:
    """The span with the rest of the words that it begins or ends in: a word piece is not always a word."""
    start, end = span.start, span.end
    while 0 < start < end and _joined(text[start - 1], text[start]):
        start -= 1
    while start < end < len(text) and _joined(text[end - 1], text[end]):
        end += 1
    return Span(start, end)


def _joined(left: str, right: str) -> bool:
    """Whether both are letters that have a case, or digits; scripts without have no gaps between words either."""
    return all(letter.isdigit() or letter.lower() != letter.upper() for letter in (left, right))


def _words(text: str, span: tuple[int, int]) -> int:
    return len(text[span[0] : span[1]].split())


def _shift(span: Span, hit: Hit) -> Span:
    return Span(span.start + hit.passage.start, span.end + hit.passage.start)


def _clip(answer: Span, quote: Span) -> Span:
    return Span(max(answer.start, quote.start), min(answer.end, quote.end))
