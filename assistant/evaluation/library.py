"""The documents of the user's own index as a library."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from corpus.documents import Document
from index.records import Status


class Documented(Protocol):
    """An assistant that shows its documents."""

    def status(self) -> Status:
        """What is indexed."""

    def document(self, sha256: str) -> Document:
        """A document by its identity."""


class IndexLibrary:
    """Reads one document at a time, so that memory stays flat."""

    def __init__(self, assistant: Documented) -> None:
        self._assistant = assistant
        self._text = lru_cache(maxsize=64)(self._read)  # the quotes of one question come from few documents

    def documents(self) -> Iterable[tuple[str, Document]]:
        """Each path, relative to its root, with its document."""
        for row in self._assistant.status().files:
            yield row.relative, self._assistant.document(row.sha256)

    def text_of(self, sha256: str) -> str | None:
        """The canonical text of a document that the index holds."""
        return self._text(sha256)

    def _read(self, sha256: str) -> str:
        return self._assistant.document(sha256).text
