"""Documents given in memory, and everything of a document that is stored."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Document, Heading, Page, PageBoxes, Problem, Run
from index import codec
from index.build import index_documents
from index.hashed import HashedEncoder
from index.open import Index

DOCUMENT = Document(
    sha256="a" * 64,
    text="One. \ud800 Two. 😀\n\nThree stands here.",
    title="Titel \udcff",
    format="pdf",
    language="en",
    pages=(Page(1, "i", 0), Page(2, "ii", 9), Page(3, "1", 17)),
    headings=(Heading(0, 4, 1),),
    metadata=(("author", "Ä"),),
    problems=(Problem("x.pdf", "No text.", "Scan it.", 2),),
    runs=(Run(0, 3, 5), Run(5, 9, 20)),
    boxes=(PageBoxes(1, 0, 10.5, 20.0, b"1"), PageBoxes(2, 9, 10.5, 20.0, b"2"), PageBoxes(3, 17, 10.5, 20.0, b"3")),
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "set"


def test_a_document_comes_back_as_it_was(folder: Path) -> None:
    index_documents(folder, HashedEncoder(), [("x.pdf", DOCUMENT)])
    with Index.open(folder) as index, index.snapshot() as store:
        assert store.document("a" * 64) == replace(DOCUMENT, runs=(), boxes=())
        assert store.stored_text_sha256("a" * 64) == DOCUMENT.text_sha256
        assert store.find_documents(["x.pdf"]) == {"a" * 64}
        assert [row.path for row in store.files("a" * 64)] == [None]
        (row,) = store.status().files
        assert (row.pages, row.problems, row.title) == (3, DOCUMENT.problems, DOCUMENT.title)


@pytest.mark.parametrize(
    ("start", "end", "pages"),
    [(0, 1, [1]), (0, 9, [1]), (8, 10, [1, 2]), (9, 17, [2]), (20, 25, [3]), (3, 30, [1, 2, 3])],
)
def test_boxes_of_a_range(folder: Path, start: int, end: int, pages: list[int]) -> None:
    index_documents(folder, HashedEncoder(), [("x.pdf", DOCUMENT)])
    with Index.open(folder) as index, index.snapshot() as store:
        assert [page.number for page in store.boxes("a" * 64, start, end)] == pages
        assert store.boxes("a" * 64, 0, 99) == DOCUMENT.boxes


def test_a_set_is_exactly_what_was_given_last(folder: Path) -> None:
    first = replace(DOCUMENT, sha256="b" * 64, text="Another text.", pages=(), headings=(), boxes=(), runs=())
    report = index_documents(folder, HashedEncoder(), [("x", DOCUMENT), ("y", first), ("z", first)])
    assert (report.documents, report.added) == (2, 3)
    assert index_documents(folder, HashedEncoder(), [("x", DOCUMENT), ("y", first), ("z", first)]).generation == 1
    changed = replace(first, text="Another text, changed under the same hash.")
    report = index_documents(folder, HashedEncoder(), [("y", changed)])
    assert (report.generation, report.documents, report.removed) == (2, 1, 2)
    with Index.open(folder) as index, index.snapshot() as store:
        assert store.document("b" * 64) == changed


def test_an_encoder_change_keeps_runs_and_boxes(folder: Path) -> None:
    index_documents(folder, HashedEncoder(), [("x.pdf", DOCUMENT)])
    index_documents(folder, HashedEncoder(32), [("x.pdf", DOCUMENT)])
    with Index.open(folder, HashedEncoder(32)) as index, index.snapshot() as store:
        assert store.boxes("a" * 64, 0, 99) == DOCUMENT.boxes


texts = st.text(alphabet=st.characters(), max_size=30)


@settings(max_examples=100, deadline=None)
@given(text=texts, title=texts, value=texts, numbers=st.lists(st.integers(0, 2**40), max_size=5))
def test_the_stored_columns_are_read_back(text: str, title: str, value: str, numbers: list[int]) -> None:
    runs = tuple(Run(number, number + 1, 2) for number in numbers)
    document = replace(DOCUMENT, text=text, title=title, metadata=(("key", value),), runs=runs, boxes=())
    *head, packed = codec.document_row(document)
    assert isinstance(packed, bytes)
    assert replace(codec.document(tuple(head)), runs=codec.runs(packed)) == document
