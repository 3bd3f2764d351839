import json
from io import BytesIO

import pytest
from check_highlights import Row, checked, counted, kinds_of
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, RectangleObject

from corpus.documents import Document, Span

WORDS = "The blue door is locked at nine."


def made(lefts: tuple[int, ...]) -> bytes:
    """A page with eight sentences in each column that begins at one of `lefts`."""
    pdf = FPDF(unit="pt", format=(400, 500))
    pdf.set_font("Helvetica", size=9)
    pdf.add_page()
    for left in lefts:
        for line in range(8):
            pdf.text(left, 100 + 14 * line, WORDS)
    return bytes(pdf.output())


def changed(data: bytes, *, turned: int = 0, crop: tuple[int, int, int, int] | None = None) -> bytes:
    """Turned clockwise; the crop box stands where all pages inherit it, as the media box does already."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    page = writer.pages[0].rotate(turned)
    if crop is not None:
        tree = page["/Parent"].get_object()
        assert isinstance(tree, DictionaryObject)
        tree[NameObject("/CropBox")] = RectangleObject(crop)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def rows_of(data: bytes) -> list[Row]:
    return list(json.loads(checked(data, "a.pdf").text))


@pytest.mark.parametrize(
    ("data", "kinds"),
    [
        (made((40,)), []),
        (made((40, 220)), ["two-column"]),
        (changed(made((40,)), turned=90), ["rotated"]),
        (changed(made((40,)), crop=(10, 20, 390, 480)), ["cropped"]),
        (changed(made((40, 220)), turned=180, crop=(10, 20, 390, 480)), ["rotated", "cropped", "two-column"]),
    ],
    ids=["plain", "columns", "rotated", "cropped", "all"],
)
def test_a_sentence_is_of_the_kinds_of_its_page(data: bytes, kinds: list[str]) -> None:
    rows = rows_of(data)
    assert rows
    assert {row["state"] for row in rows} == {"right"}  # telling the kinds left the page as it was
    assert all(row["kinds"] == kinds for row in rows)


def test_letters_written_from_right_to_left_are_told_without_any_page() -> None:
    document = Document("0" * 64, "Shalom. שלום.", "A", "pdf", "he")
    assert kinds_of(None, document, Span(0, 7)) == []
    assert kinds_of(None, document, Span(8, 13)) == ["right-to-left"]


def test_a_readable_file_without_boxes_counts_as_not_drawn() -> None:
    rows = rows_of(made((40,)).replace(b"%PDF-1", b"%XXX-1"))
    assert {row["state"] for row in rows} == {"not drawn"}


def test_shares_are_told_of_each_kind() -> None:
    rows = [{"state": state, "kinds": kinds} for state, kinds in (("right", []), ("right", ["rotated"]))]
    wrong = [{"state": state, "kinds": ["rotated"]} for state in ("wrong", "not drawn")]
    figures = counted({"a.pdf": rows, "b.pdf": wrong})
    assert (figures["sentences"], figures["right"], figures["not_drawn"]) == (4, 0.6667, 0.25)
    kinds = figures["kinds"]
    assert isinstance(kinds, dict)
    assert kinds["rotated"] == {"files": 2, "sentences": 3, "right": 0.5, "not_drawn": 0.3333}
    assert kinds["cropped"]["sentences"] == 0
