"""Documents and passages as the catalog's columns, and back."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import astuple

import numpy as np
from numpy.typing import NDArray

from corpus.documents import Document, Heading, Page, PageBoxes, Passage, Problem, Run
from corpus.errors import IndexDamaged
from index.catalog import REMEDY, Row, Value
from index.damage import whole

HEAD = "sha256, text_sha256, title, format, language, pages, headings, metadata, problems, text"


def packed(text: str) -> bytes:
    """Text or path as bytes, lone surrogates included."""
    return text.encode("utf-8", "surrogatepass")


def unpacked(raw: bytes) -> str:
    """The text of `packed`. Raises: IndexDamaged."""
    with whole("text"):
        return raw.decode("utf-8", "surrogatepass")


def document_row(document: Document) -> tuple[Value, ...]:
    """The values of `HEAD`, then the runs."""
    lists = (document.pages, document.headings, document.metadata, document.problems)
    columns = [json.dumps([item if isinstance(item, tuple) else astuple(item) for item in items]) for items in lists]
    runs = zlib.compress(np.array([astuple(run) for run in document.runs], dtype=np.int64).tobytes())
    head = (document.sha256, document.text_sha256, packed(document.title), document.format, document.language)
    return (*head, *columns, packed(document.text), runs)


def document(row: Row) -> Document:
    """A document of the columns `HEAD`, without runs and boxes."""
    sha256, _, title, form, language, pages, headings, metadata, problems, text = row
    with whole("document"):
        return Document(
            sha256=sha256,
            text=unpacked(text),
            title=unpacked(title),
            format=form,
            language=language,
            pages=tuple(Page(*page) for page in json.loads(pages)),
            headings=tuple(Heading(*heading) for heading in json.loads(headings)),
            metadata=tuple((key, value) for key, value in json.loads(metadata)),
            problems=stored_problems(problems),
        )


def stored_problems(column: str) -> tuple[Problem, ...]:
    """The problems in a document's column."""
    with whole("list of problems"):
        return tuple(Problem(*problem) for problem in json.loads(column))


def runs(raw: bytes) -> tuple[Run, ...]:
    """The runs of a document."""
    with whole("table of runs"):
        table = np.frombuffer(zlib.decompress(raw), dtype=np.int64).reshape(-1, 3)
    return tuple(Run(*map(int, row)) for row in table)


def boxes(rows: Sequence[Row]) -> tuple[PageBoxes, ...]:
    """Boxes of the columns number, start, width, height, packed."""
    return tuple(PageBoxes(*row) for row in rows)


def passage(row: Row) -> Passage:
    """A passage of the columns sha256, start, end, text, title, heading, page."""
    sha256, start, end, text, title, heading, page = row
    with whole("passage"):
        return Passage(sha256, start, end, unpacked(text), unpacked(title), tuple(json.loads(heading)), page)


def passage_row(document: int, passage: Passage, vector: int) -> tuple[Value, ...]:
    """The values of document, start, end, page, vector, heading, text."""
    heading = json.dumps(passage.heading)
    return document, passage.start, passage.end, passage.page, vector, heading, packed(passage.text)


def vector_bytes(vector: NDArray[np.float32]) -> bytes:
    """A vector as float16."""
    return vector.astype(np.float16).tobytes()


def matrix(blobs: Sequence[bytes], dimension: int) -> NDArray[np.float32]:
    """The vectors of float16 bytes, `(n, dimension)`. Raises: IndexDamaged."""
    raw = b"".join(blobs)
    if len(raw) != 2 * dimension * len(blobs):
        raise IndexDamaged(f"Stored vectors have the wrong length. {REMEDY}")
    return np.frombuffer(raw, dtype=np.float16).reshape(len(blobs), dimension).astype(np.float32)
