"""Boxes of real PDFs against an oracle: PDFium maps the box back to the page and reads what lies under it."""

from ctypes import byref, c_double
from io import BytesIO

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import pytest
from fpdf import FPDF
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from corpus.boxes import boxes_of, unpack
from corpus.documents import Document, PageBoxes
from corpus.read import read

FIRST = "Brexanolone was infused over sixty hours in a hospital ward."
SECOND = "Zuranolone is swallowed once a day for two weeks with a fatty meal."
LAST = "Both act on the receptor of the main inhibiting transmitter in the brain."


def page_with(pdf: FPDF, lines: list[str], *, x: float = 72, y: float = 150, width: float = 400) -> None:
    pdf.set_font("helvetica", size=11)
    pdf.set_xy(x, y)
    for line in lines:
        pdf.set_x(x)
        pdf.multi_cell(width, 15, line, align="L", new_x="LMARGIN", new_y="NEXT")


def plain_pdf(pages: int = 1) -> bytes:
    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.set_auto_page_break(False)
    for _ in range(pages):
        pdf.add_page()
        page_with(pdf, [FIRST, SECOND, LAST])
    return bytes(pdf.output())


def changed(data: bytes, *, rotation: int = 0, crop: tuple[float, float, float, float] | None = None) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    for page in writer.pages:
        page.rotate(rotation)
        if crop:
            page.cropbox = RectangleObject(crop)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def under(data: bytes, boxes: tuple[tuple[int, float, float, float, float], ...]) -> str:
    """The words under the boxes but for their rims, read back by PDFium in its own page coordinates."""
    found = []
    with pdfium.PdfDocument(data) as document:
        for number, x0, y0, x1, y1 in boxes:
            page = document[number - 1]
            flat = x1 - x0 > y1 - y0
            inset_x, inset_y = (0.6, 0.12 * (y1 - y0)) if flat else (0.12 * (x1 - x0), 0.6)
            corners = [on_page(page, x0 + inset_x, y0 + inset_y), on_page(page, x1 - inset_x, y1 - inset_y)]
            (left, right), (bottom, top) = (sorted(axis) for axis in zip(*corners, strict=True))
            found.append(page.get_textpage().get_text_bounded(left, bottom, right, top))
    return " ".join(" ".join(found).split())


def on_page(page: pdfium.PdfPage, x: float, y: float) -> tuple[float, float]:
    fine, found_x, found_y = 100, c_double(), c_double()
    width, height = (round(side * fine) for side in page.get_size())
    place = (0, 0, width, height, 0, round(x * fine), round(y * fine))
    assert raw.FPDF_DeviceToPage(page.raw, *place, byref(found_x), byref(found_y))
    return found_x.value, found_y.value


def painted(document: Document, quote: str) -> tuple[tuple[int, float, float, float, float], ...]:
    start = document.text.index(quote)
    return boxes_of(document.boxes, start, start + len(quote))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (50, 500, 560, 760)])
def test_the_words_under_the_boxes_are_the_quote(rotation: int, crop: tuple[float, float, float, float] | None) -> None:
    data = changed(plain_pdf(), rotation=rotation, crop=crop)
    document = read(data, "a.pdf")
    width, height = (510, 260) if crop else (595, 842)
    page = document.boxes[0]
    assert (page.width, page.height) == ((height, width) if rotation % 180 else (width, height))
    for quote in (FIRST, SECOND, LAST, "once a day for two weeks"):
        boxes = painted(document, quote)
        assert len(boxes) == 1
        assert under(data, boxes) == quote
        assert all(0 <= box[1] < box[3] <= page.width and 0 <= box[2] < box[4] <= page.height for box in boxes)


def test_boxes_stand_where_the_line_was_written() -> None:
    (box,) = painted(read(plain_pdf(), "a.pdf"), FIRST)
    assert box[1] == pytest.approx(72 + 2.83, abs=0.5)  # the cell's margin
    assert 150 <= box[2] < box[4] <= 167


def test_what_the_crop_box_hides_is_not_read() -> None:
    data = changed(plain_pdf(), crop=(0, 842 - 178, 595, 842))
    text = read(data, "a.pdf").text
    assert FIRST in text
    assert LAST not in text


def test_boxes_cover_every_visible_character_of_the_text() -> None:
    document = read(plain_pdf(3), "a.pdf")
    assert [page.number for page in document.boxes] == [1, 2, 3]
    for page, following in zip(document.boxes, [*document.boxes[1:], None], strict=True):
        rows = unpack(page)
        assert page.start + len(rows) == (following.start if following else len(document.text))
        for character, row in zip(document.text[page.start :], rows, strict=False):
            assert bool(row.any()) != character.isspace()


def test_a_sentence_over_the_page_end_is_painted_on_both_pages() -> None:
    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.set_auto_page_break(False)
    pdf.add_page()
    page_with(pdf, [FIRST, "The effect of one infusion was seen after"], y=700)
    pdf.add_page()
    page_with(pdf, ["three days in most of the women. " + SECOND], y=72)
    data = bytes(pdf.output())
    quote = "The effect of one infusion was seen after three days in most of the women."
    boxes = painted(read(data, "a.pdf"), quote)
    assert [box[0] for box in boxes] == [1, 2]
    assert under(data, boxes) == quote


def test_a_hyphen_at_the_line_end_leaves_the_text_and_both_halves_are_painted() -> None:
    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.add_page()
    lines = [
        "The infusion needs continuous super-",
        "vision by trained staff, because sudden",
        "sleep may occur at night.",
    ]
    page_with(pdf, [*lines, "Supervision lasts sixty hours in all of", "the licensed wards of the country today."])
    data = bytes(pdf.output())
    document = read(data, "a.pdf")
    boxes = painted(document, "The infusion needs continuous supervision by trained staff")
    assert [round(box[2]) for box in boxes] == [round(boxes[0][2]), round(boxes[0][2]) + 15]
    assert under(data, boxes) in {
        f"The infusion needs continuous super{mark}vision by trained staff"
        for mark in ("- ", "-", "\x02", " ", "\ufffe")
    }


def test_two_columns_are_read_one_after_the_other_and_painted_apart() -> None:
    pdf = FPDF(unit="pt", format=(595, 842))
    pdf.add_page()
    page_with(pdf, [" ".join([FIRST, SECOND, LAST])], x=60, width=220)
    page_with(pdf, [" ".join([SECOND, LAST, FIRST])], x=310, width=220)
    data = bytes(pdf.output())
    document = read(data, "a.pdf")
    boxes = painted(document, SECOND)
    assert len(boxes) in (2, 3)
    assert all(box[3] < 300 for box in boxes)
    assert under(data, boxes) == SECOND


def test_every_page_of_boxes_is_small() -> None:
    document = read(plain_pdf(), "a.pdf")
    assert all(len(page.packed) < 3 * len(document.text) + 64 for page in document.boxes)
    assert isinstance(document.boxes[0], PageBoxes)
