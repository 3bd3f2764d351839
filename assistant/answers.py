"""What a question gives back: readings of texts, quotes with their places, and the answer."""

from dataclasses import asdict, dataclass, field
from typing import Any

from corpus.documents import Span

SCHEMA = 1
BESIDE_THE_CONTRACT = frozenset({"calibrated", "passages_read", "top_row"})
"""Fields of an answer and its quotes that its JSON leaves out."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One text read for one question. Scores are comparable between the texts of one question only.

    `answer` is a valid span of the text or null where the reader sees none; `sentences` are (start, end,
    probability of being evidence) in the order of the text; `others` are (start, end, score minus null score) of the
    best span in each sentence but the answer's, likeliest first.
    """

    answer: Span | None
    answer_score: float
    null_score: float
    sentences: tuple[tuple[int, int, float], ...]
    others: tuple[tuple[int, int, float], ...] = ()

    @property
    def spans(self) -> list[tuple[Span, float]]:
        """The answer and the others with their score minus null score, best first."""
        first = [] if self.answer is None else [(self.answer, self.answer_score - self.null_score)]
        return first + [(Span(start, end), margin) for start, end, margin in self.others]


@dataclass(frozen=True, slots=True)
class Citation:
    """The place of a quote: `start` and `end` count characters of the document's canonical text.

    `page` is the physical page of the quote's first character, `page_label` what is printed on it; `boxes` are
    (page, x0, y0, x1, y1) in points from the top left. `changed`: the file differs from what was indexed.
    """

    document: str
    path: str
    sha256: str
    title: str
    page: int | None
    page_label: str | None
    heading: tuple[str, ...]
    start: int
    end: int
    boxes: tuple[tuple[int, float, float, float, float], ...] = ()
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """Whole sentences of a document; `text[answer_start:][:len(answer)]` is the short answer in them.

    `top_row` is the top row of the table that the quote is a row of, empty elsewhere. Shown to people, not part of the
    contract.
    """

    text: str
    answer: str
    answer_start: int
    confidence: float
    citation: Citation
    also: tuple[Citation, ...] = ()
    top_row: str = ""


@dataclass(frozen=True, slots=True)
class Nearest:
    """The beginning of a passage that was found but does not answer well enough; `top_row` as of a `Quote`."""

    text: str
    citation: Citation
    top_row: str = ""


@dataclass(frozen=True, slots=True)
class Searched:
    """How much was searched."""

    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes best first, or the reasons why there are none. The shape of its `as_dict` is a contract."""

    question: str
    understood_as: str
    answered: bool
    confidence: float
    reasons: tuple[str, ...]
    quotes: tuple[Quote, ...]
    nearest: tuple[Nearest, ...]
    unknown_words: tuple[str, ...]
    searched: Searched
    generation: int
    seconds: dict[str, float] = field(default_factory=dict)
    calibrated: bool = True
    """Whether the confidence was fitted; else it is the reader's own. Shown to people, not part of the contract."""
    passages_read: int | None = None
    """How many passages were read, best first, before reading stopped; null where nobody counted. Evaluation tells
    from it where a question was lost; not part of the contract."""

    def as_dict(self) -> dict[str, Any]:
        """The JSON form: plain dictionaries and lists, with the schema's number first."""
        return {"schema": SCHEMA, **_plain(asdict(self))}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Tuples as lists, all the way down, so that this is what a JSON reader gives back; the contract's fields alone."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key not in BESIDE_THE_CONTRACT}
    return [_plain(item) for item in value] if isinstance(value, tuple | list) else value
