"""Documents on their way into the next generation: split, encoded and stored where readers do not look yet."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from corpus.documents import Document, Passage, Problem
from corpus.load import load_files
from corpus.passages import split
from corpus.settings import CorpusSettings
from index import codec
from index.catalog import Catalog
from index.encoder import Encoder
from index.progress import Meter, check
from index.recipe import recipe, splitter
from index.settings import IndexSettings

Load = Callable[[Sequence[Path], CorpusSettings], Iterable[tuple[Path, Document | Problem]]]


@dataclass(frozen=True)
class Work:
    """What a build works with."""

    catalog: Catalog
    encoder: Encoder
    corpus: CorpusSettings
    settings: IndexSettings
    meter: Meter
    should_stop: Callable[[], bool]
    load: Load = load_files

    @property
    def splitter(self) -> str:
        """The part of a recipe that this build has."""
        return splitter(self.encoder, self.corpus, self.settings)


class Stage:
    """Takes documents one by one and writes them in batches; memory is bounded by the batch.

    What is written is committed at once: a build that is stopped goes on from there.
    """

    def __init__(self, work: Work, generation: int) -> None:
        self._work = work
        self._generation = generation
        self._waiting: list[tuple[Document, str, list[Passage]]] = []
        self._size = 0.0
        self.encoded = 0
        self.ids: dict[tuple[str, str], int] = {}  # (SHA-256, recipe) of what was staged -> document

    def find(self, document_sha256: str, load: str) -> int | None:
        """The id of a document that is stored already, in this generation or for the next."""
        whole = recipe(load, self._work.splitter)
        if (document_sha256, whole) in self.ids:
            return self.ids[document_sha256, whole]
        sql = "SELECT id FROM documents WHERE sha256 = ? AND recipe = ? ORDER BY id"
        row = self._work.catalog.one(sql, (document_sha256, whole))
        return None if row is None else int(row[0])

    def add(self, document: Document, load: str, size: float) -> None:
        """Take a document; its id is known after the next `flush`. `size` is its share of the progress."""
        passages = split(document, self._work.encoder.count_tokens, self._work.corpus)
        self._size += size
        self._waiting.append((document, recipe(load, self._work.splitter), passages))
        if sum(len(held) for _, _, held in self._waiting) >= self._work.settings.batch_passages:
            self.flush()

    def flush(self) -> None:
        """Encode and write what is waiting."""
        waiting, self._waiting = self._waiting, []
        keys = self._encode([passage for _, _, passages in waiting for passage in passages])
        with self._work.catalog.writing("commit documents"):
            for document, whole, passages in waiting:
                number = self._write(document, whole)
                self._write_passages(number, passages, keys)
                self.ids[document.sha256, whole] = number
        self._work.meter.advance(self._size)
        self._size = 0.0

    def _encode(self, passages: Sequence[Passage]) -> dict[bytes, int]:
        """The row of each passage's vector, by key; vectors that are not stored yet are made and committed."""
        texts = {key_of(passage, self._work.encoder): self._embedded(passage) for passage in passages}
        known = self._known(list(texts))
        missing = [key for key in texts if key not in known]
        missing.sort(key=lambda key: len(texts[key]))  # like lengths together: less padding
        share = self._size / max(1, len(missing))
        for batch in _slices(missing, self._work.settings.commit_passages):
            known |= self._encode_batch(batch, [texts[key] for key in batch], share)
        return known

    def _encode_batch(self, keys: Sequence[bytes], texts: Sequence[str], share: float) -> dict[bytes, int]:
        check(self._work.should_stop)
        vectors = self._work.encoder.encode(texts, lambda done: self._advance(done * share))
        rows = [(key, codec.vector_bytes(vector)) for key, vector in zip(keys, vectors, strict=True)]
        with self._work.catalog.writing("commit vectors"):
            sql = "INSERT INTO vectors (key, vector) VALUES (?, ?)"
            self.encoded += len(rows)
            return {row[0]: self._work.catalog.run(sql, row) for row in rows}

    def _advance(self, size: float) -> None:
        check(self._work.should_stop)
        self._size -= size
        self._work.meter.advance(size)

    def _embedded(self, passage: Passage) -> str:
        prefix = passage.prefix if self._work.settings.prefix_in_vectors else ""
        return f"{prefix}\n{passage.text}" if prefix else passage.text

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, int]:
        sql = "SELECT key, id FROM vectors WHERE key IN ({})"
        return {
            key: number
            for batch in _slices(keys, self._work.settings.batch_passages)
            for key, number in self._work.catalog.rows(sql.format(", ".join("?" * len(batch))), batch)
        }

    def _write(self, document: Document, whole: str) -> int:
        columns = f"{codec.HEAD}, runs, recipe, generation"
        values = (*codec.document_row(document), whole, self._generation)
        sql = f"INSERT INTO documents ({columns}) VALUES ({', '.join('?' * len(values))})"
        number = self._work.catalog.run(sql, values)
        rows = ((number, box.number, box.start, box.width, box.height, box.packed) for box in document.boxes)
        self._work.catalog.many("INSERT INTO boxes VALUES (?, ?, ?, ?, ?, ?)", rows)
        return number

    def _write_passages(self, document: int, passages: Sequence[Passage], vectors: dict[bytes, int]) -> None:
        sql = 'INSERT INTO passages (document, start, "end", page, vector, heading, text) VALUES (?, ?, ?, ?, ?, ?, ?)'
        keys = (key_of(passage, self._work.encoder) for passage in passages)
        rows = (codec.passage_row(document, item, vectors[key]) for item, key in zip(passages, keys, strict=True))
        self._work.catalog.many(sql, rows)


def key_of(passage: Passage, encoder: Encoder) -> bytes:
    """The same for passages whose vector and keywords are the same."""
    parts = (encoder.revision, str(encoder.dimension), passage.prefix, passage.text)
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()


def _slices(keys: Sequence[bytes], size: int) -> Iterator[Sequence[bytes]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))
