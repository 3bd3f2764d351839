"""One row per question: what was expected, what came back, how long it took; as it is kept on disk."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote as it was shown with threshold 0. `exact`: it is the slice it cites; null where nobody could check."""

    text: str
    answer: str
    document: str
    page: int | None
    exact: bool | None


@dataclass(frozen=True, slots=True)
class Row:
    """One question's outcome. `scores` has only the figures for which this question counts.

    `confidence` is that of the best candidate, null where the mode has none. `right_rank` is the rank, from 1, of
    the first passage that holds a gold answer; `loaded`: some document of the index holds one; `passages_read`: so
    many of the first passages were read, null where nobody counted. `words` are, in evidence mode, the words (right
    and chosen, chosen, right). `understood_as` is a follow-up's whole question; empty where it was asked as it stands.
    """

    id: str
    question: str
    answers: tuple[str, ...]
    document: str | None
    kind: str
    type: str
    group: str
    format: str
    scores: dict[str, float]
    confidence: float | None = None
    quotes: tuple[Quoted, ...] = ()
    loaded: bool = True
    right_rank: int | None = None
    passages_read: int | None = None
    words: tuple[int, int, int] | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    understood_as: str = ""

    @property
    def answerable(self) -> bool:
        """Whether the set says that the documents answer it."""
        return bool(self.answers)

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionaries and lists."""
        return asdict(self)


def row_from(saved: Mapping[str, Any]) -> Row:
    """The row that `as_dict` gave."""
    words = saved["words"]
    return Row(
        **{
            **saved,
            "answers": tuple(saved["answers"]),
            "quotes": tuple(Quoted(**quote) for quote in saved["quotes"]),
            "words": None if words is None else (words[0], words[1], words[2]),
        }
    )
