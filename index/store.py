"""What everything above the index may ask of it: another engine that offers these can stand in its place."""

from collections.abc import Collection, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Document, PageBoxes, Passage
from index.records import Candidates, FileRow, Status


class Store(Protocol):
    """One generation of an index, unchanging while it is held."""

    @property
    def generation(self) -> int:
        """The number of the generation."""

    @property
    def documents(self) -> int:
        """How many documents it holds."""

    @property
    def passages(self) -> int:
        """How many passages it holds."""

    @property
    def settings(self) -> dict[str, object]:
        """What a user changed, by key."""

    def dense(self, vector: NDArray[np.float32], top_k: int, documents: Collection[str] | None = None) -> Candidates:
        """The passages nearest to a unit vector, by inner product; `documents` restricts them to these SHA-256."""

    def keywords(self, terms: Sequence[str], top_k: int, documents: Collection[str] | None = None) -> Candidates:
        """The passages with any of the terms, by BM25; `documents` restricts them to these SHA-256."""

    def keyword_scores(self, terms: Sequence[str], ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The BM25 of each of the ids, which are sorted; 0 where none of the terms stands."""

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """In how many passages each term stands."""

    def passages_by_id(self, ids: Sequence[int] | NDArray[np.int64]) -> list[Passage]:
        """The passages in the order of the ids."""

    def vectors_by_id(self, ids: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        """The vectors in the order of the ids, `(n, dimension)`."""

    def document(self, sha256: str) -> Document:
        """A document without runs and boxes."""

    def stored_text_sha256(self, sha256: str) -> str:
        """The hash of the document's text as it was when it was loaded."""

    def boxes(self, sha256: str, start: int, end: int) -> tuple[PageBoxes, ...]:
        """The boxes of the pages that hold the characters from `start` to `end`."""

    def files(self, sha256: str) -> list[FileRow]:
        """The files with these bytes, by root and path."""

    def find_documents(self, names: Sequence[str]) -> set[str]:
        """The SHA-256 of documents named by relative path or unique file name. Raises: UsageError."""

    def status(self) -> Status:
        """All that is known without asking it anything."""
