"""What an evaluation needs from the rest: something that answers, something that reads, the documents."""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from assistant.answers import Answer, Reading
from corpus.documents import Document, Passage


class Found(Protocol):
    """A retrieved passage with its fused score."""

    @property
    def passage(self) -> Passage:
        """The passage."""

    @property
    def score(self) -> float:
        """The fused score; it orders the hits of one question."""


class Answering(Protocol):
    """What is evaluated: `assistant.Assistant`, or a scripted one in tests."""

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        documents: Sequence[str] | None = None,
        threshold: float | None = None,
    ) -> Answer:
        """The answer to a question; threshold 0 always quotes the best candidates."""

    def retrieve(
        self, question: str, *, documents: Sequence[str] | None = None, top_k: int | None = None
    ) -> Sequence[Found]:
        """The hits of a question, best first."""


class Identified(Protocol):
    """A model, or what is known of it: its name, and the SHA-256 of what it computes with."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def revision(self) -> str:
        """The same for the same answers."""


class PassageReader(Protocol):
    """A reader: one reading per text, in the order of the texts."""

    def read(self, question: str, texts: Sequence[str]) -> Sequence[Reading]:
        """Read each text for one question."""


class Library(Protocol):
    """The documents that an index holds."""

    def documents(self) -> Iterable[tuple[str, Document]]:
        """Each path with its document; a document with two paths comes twice."""

    def text_of(self, sha256: str) -> str | None:
        """The canonical text of the document with this identity; null if the index does not hold it."""


OpenTexts = Callable[[str, Iterable[tuple[str, Document]]], Answering]
"""Index a set's own texts apart, under the name given (a hash of the texts), and open that index."""
