"""One generation of the index, held for one question: a read transaction and the views of the same number."""

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Document, PageBoxes, Passage
from index import meta, passages, repairs, stored
from index.catalog import CATALOG, Catalog
from index.meta import Generation
from index.records import Candidates, FileRow, Status
from index.settings import IndexSettings
from index.views import Views

Ids = Sequence[int] | NDArray[np.int64]


class Snapshot:
    """A `Store` over SQLite, FAISS and Tantivy."""

    def __init__(self, catalog: Catalog, views: Views, generation: Generation, settings: IndexSettings) -> None:
        self._catalog = catalog
        self._views = views
        self._settings = settings
        self._dimension = meta.encoder(catalog).dimension
        self.generation = generation.number
        self.documents = generation.documents
        self.passages = generation.passages

    @property
    def settings(self) -> dict[str, object]:
        """What a user changed, by key."""
        return meta.settings(self._catalog)

    def dense(self, vector: NDArray[np.float32], top_k: int, documents: Collection[str] | None = None) -> Candidates:
        """The passages nearest to a unit vector, by inner product; `documents` restricts them to these SHA-256."""
        among, vectors = self._among(documents), self._views.vectors
        if vectors.exact:
            return Candidates(*vectors.search(vector, top_k, among))
        ids, _ = vectors.search(vector, top_k * self._settings.rescore, among)
        scores = self.vectors_by_id(ids) @ vector
        order = np.lexsort((ids, -scores))[:top_k]
        return Candidates(ids[order], scores[order])

    def keywords(self, terms: Sequence[str], top_k: int, documents: Collection[str] | None = None) -> Candidates:
        """The passages with any of the terms, by BM25; `documents` restricts them to these SHA-256."""
        among, weight = self._among(documents), self._settings.prefix_weight
        return self._views.keywords.search(terms, top_k, prefix_weight=weight, among=among)

    def keyword_scores(self, terms: Sequence[str], ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """The BM25 of each of the ids, which are sorted; 0 where none of the terms stands."""
        weight = self._settings.prefix_weight
        found = self._views.keywords.search(terms, len(ids), prefix_weight=weight, among=ids)
        scores = np.zeros(len(ids), dtype=np.float32)
        scores[np.searchsorted(ids, found.ids)] = found.scores
        return scores

    def document_frequencies(self, terms: Sequence[str]) -> list[int]:
        """In how many passages each term stands."""
        return self._views.keywords.frequencies(terms)

    def passages_by_id(self, ids: Ids) -> list[Passage]:
        """The passages in the order of the ids."""
        return passages.by_id(self._catalog, np.asarray(ids, dtype=np.int64))

    def vectors_by_id(self, ids: Ids) -> NDArray[np.float32]:
        """The vectors in the order of the ids, `(n, dimension)`."""
        return passages.vectors(self._catalog, np.asarray(ids, dtype=np.int64), self._dimension)

    def document(self, sha256: str) -> Document:
        """A document without runs and boxes."""
        return stored.document(self._catalog, sha256)

    def stored_text_sha256(self, sha256: str) -> str:
        """The hash of the document's text as it was when it was loaded."""
        return stored.text_sha256(self._catalog, sha256)

    def boxes(self, sha256: str, start: int, end: int) -> tuple[PageBoxes, ...]:
        """The boxes of the pages that hold the characters from `start` to `end`."""
        return stored.boxes(self._catalog, sha256, start, end)

    def files(self, sha256: str) -> list[FileRow]:
        """The files with these bytes, by root and path."""
        return stored.files(self._catalog, sha256)

    def find_documents(self, names: Sequence[str]) -> set[str]:
        """The SHA-256 of documents named by relative path or unique file name. Raises: UsageError."""
        return stored.find(self._catalog, names)

    def status(self) -> Status:
        """All that is known without asking it anything."""
        last_build = meta.read(self._catalog, "last_build")
        return Status(
            generation=self.generation,
            documents=self.documents,
            passages=self.passages,
            files=stored.document_rows(self._catalog),
            problems=stored.problems(self._catalog),
            skipped=stored.skipped(self._catalog),
            roots=stored.roots(self._catalog),
            exclusions=stored.exclusions(self._catalog, "glob") + stored.exclusions(self._catalog, "file"),
            encoder=meta.encoder(self._catalog),
            settings=self.settings,
            last_build=last_build if isinstance(last_build, dict) else {},
            bytes=_size(self._catalog.path.parent),
            repair=repairs.last(self._catalog),
        )

    def _among(self, documents: Collection[str] | None) -> NDArray[np.int64] | None:
        if documents is None:
            return None
        return passages.of_documents(self._catalog, stored.ids(self._catalog, documents))


def _size(folder: Path) -> int:
    """Bytes of the catalog and the views, links once; what else lies in the folder (runs, sets) is not the index."""
    paths = [*folder.glob(f"{CATALOG}*"), *(folder / "views").rglob("*")]
    files = {(stat.st_dev, stat.st_ino): stat.st_size for path in paths if path.is_file() for stat in [path.stat()]}
    return sum(files.values())
