"""The data of an evaluation set: questions, the texts it brings along, and rows that cannot be used."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, Protocol

from corpus.documents import Document

Mode = Literal["retrieval", "reading", "end-to-end", "conversation", "evidence"]
MODES: tuple[Mode, ...] = ("retrieval", "reading", "end-to-end", "conversation", "evidence")


@dataclass(frozen=True, slots=True)
class Question:
    """One question with what is known to be right. No `answers` means: the documents do not answer it.

    `document` is the path (or name) of the document that answers and `page` its physical page, where the set
    says. `passage` is the text to read in reading and evidence mode, `evidence` the spans of it that are right.
    `grades` are (document, relevance) for retrieval. `group` is what a split by document calls it.
    """

    id: str
    question: str
    answers: tuple[str, ...] = ()
    document: str | None = None
    page: int | None = None
    type: str = ""
    kind: str = ""
    group: str = ""
    history: tuple[str, ...] = ()
    passage: str | None = None
    evidence: tuple[tuple[int, int], ...] = ()
    grades: tuple[tuple[str, int], ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the set says that the documents answer it."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was left out: where it stands ("line 12") and why."""

    place: str
    reason: str


class RowError(ValueError):
    """A row of a set cannot be used; caught by the format's reader, which lists it as a `BadRow`."""


class Texts(Protocol):
    """The texts that a set brings along; can be gone through more than once."""

    @property
    def fingerprint(self) -> str:
        """A hash of all texts: the name of their index."""

    def __iter__(self) -> Iterator[tuple[str, Document]]:
        """Each name with its text as a document."""


@dataclass(frozen=True, slots=True)
class EvaluationSet:
    """A loaded set. `mode` is what it is evaluated as unless asked otherwise; `sha256` identifies its questions."""

    name: str
    sha256: str
    mode: Mode
    questions: tuple[Question, ...]
    texts: Texts | None = None
    bad_rows: tuple[BadRow, ...] = ()


def text_document(name: str, text: str, title: str) -> Document:
    """A set's own text as a document. Its identity takes the name in, so equal texts stay two documents."""
    identity = sha256(f"{name}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()
    return Document(sha256=identity, text=text, title=title, format="txt", language="en")
