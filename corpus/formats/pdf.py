"""PDF: text and boxes from one pass of PDFium, with printed page labels, outline and title.

Pages are separated by one newline: whether a sentence runs over the page end is decided when the text is cleaned,
after running headers and footers are gone. PDFium is not thread-safe: one process reads one file at a time.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw

from corpus.boxes import pack
from corpus.documents import Extracted, Page, PageBoxes
from corpus.errors import DocumentUnreadable
from corpus.formats.pdf_characters import read_page
from corpus.formats.pdf_damaged import extract_damaged
from corpus.formats.pdf_headings import Entry, find_headings, find_title
from corpus.formats.pdf_lines import PageText, TextLine, page_text
from corpus.formats.pdf_quality import OCR, UNMAPPED, is_garbage, is_picture, page_problems

UNLOCK = "Open it with its password, save it without one and build again."
LONGEST_OUTLINE = 5_000  # entries: a looping outline ends
KEPT_METADATA = ("Author", "Subject", "Keywords", "CreationDate", "ModDate", "Producer")
_PDFIUM_FAILURES = (pdfium.PdfiumError, ValueError)


@dataclass(frozen=True, slots=True)
class _Page:
    """One page, ready to be put together with the others; `lines` and `boxes` have offsets in the whole text."""

    page: Page
    text: str
    boxes: PageBoxes
    lines: tuple[TextLine, ...]
    picture: bool
    garbled: bool


def extract(data: bytes, name: str) -> Extracted:
    """The PDF's text, page by page, with a box for each character.

    Raises: DocumentUnreadable, if it is locked, damaged, or has no text.
    """
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise DocumentUnreadable("The PDF is protected by a password.", UNLOCK) from error
        return extract_damaged(data, name)
    with document:
        pages = list(_pages(document))
        if not any(page.text.strip() for page in pages):
            return _without_text(pages, data, name)
        return _extracted(document, pages, name)


def _pages(document: pdfium.PdfDocument) -> Iterator[_Page]:
    start = 0
    for index in range(len(document)):
        page = _page(document, index, start)
        yield page
        start += len(page.text) + 1


def _page(document: pdfium.PdfDocument, index: int, start: int) -> _Page:
    """The page's text and boxes; no text where it is garbled or the page cannot be read."""
    label = Page(index + 1, document.get_page_label(index) or str(index + 1), start)
    try:
        page = document[index]
    except pdfium.PdfiumError:
        return _Page(label, "", PageBoxes(index + 1, start, 0, 0, pack(np.zeros((1, 4), np.float32))), (), False, True)
    with closing(page):
        width, height = page.get_size()
        found = page_text(read_page(page))
        picture = is_picture(page, found.text)
    garbled = is_garbage(found.text)
    if garbled:
        found = PageText("", np.zeros((0, 4), np.float32), ())
    rows = np.concatenate([found.boxes, np.zeros((1, 4), np.float32)])
    lines = tuple(replace(line, start=start + line.start, end=start + line.end) for line in found.lines)
    boxes = PageBoxes(index + 1, start, width, height, pack(rows))
    return _Page(label, found.text, boxes, lines, picture, garbled)


def _extracted(document: pdfium.PdfDocument, pages: list[_Page], name: str) -> Extracted:
    lines = [page.lines for page in pages]
    metadata = document.get_metadata_dict(skip_empty=True)
    pictures = [page.page.number for page in pages if page.picture]
    garbled = [page.page.number for page in pages if page.garbled]
    return Extracted(
        text="\n".join(page.text for page in pages) + "\n",
        title=find_title(metadata.get("Title", ""), lines),
        pages=tuple(page.page for page in pages),
        headings=find_headings(lines, list(_outline(document))),
        metadata=tuple((key, metadata[key]) for key in KEPT_METADATA if key in metadata),
        problems=tuple(page_problems(name, pictures, garbled)),
        boxes=tuple(page.boxes for page in pages),
    )


def _outline(document: pdfium.PdfDocument) -> Iterator[Entry]:
    """The outline's entries that lead to a page; what is left of a damaged one."""
    try:
        for bookmark in islice(document.get_toc(), LONGEST_OUTLINE):
            target = bookmark.get_dest()
            page = target.get_index() if target else None
            if page is not None:
                yield Entry(page, bookmark.level + 1, bookmark.get_title())
    except _PDFIUM_FAILURES:
        return


def _without_text(pages: list[_Page], data: bytes, name: str) -> Extracted:
    """What pypdf finds where PDFium found no page.

    Raises: DocumentUnreadable, for pages without text.
    """
    if not pages:
        return extract_damaged(data, name)
    if any(page.garbled for page in pages):
        raise DocumentUnreadable("The PDF's text is font codes instead of letters.", UNMAPPED)
    if any(page.picture for page in pages):
        raise DocumentUnreadable("All pages are images without text.", OCR)
    raise DocumentUnreadable("The PDF has no text.", "Check that it is the file you meant; pictures need OCR first.")
