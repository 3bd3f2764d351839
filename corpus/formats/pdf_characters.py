"""One page's characters as PDFium reads them, with their boxes as the page is shown."""

import re
from collections.abc import Sequence
from contextlib import closing
from ctypes import byref, c_double, c_int, create_string_buffer
from dataclasses import dataclass, replace
from itertools import pairwise
from math import hypot

import numpy as np
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from numpy.typing import NDArray

HYPHEN = "\x02"  # PDFium's mark of a word that is broken at the end of a line; the line break itself is left out
REPLACEMENT = "\ufffd"  # a character that the file draws but does not name
_BOLD = re.compile(r"bold|black|heavy|cmbx|-medi", re.IGNORECASE)  # names of fonts; the last two are TeX's
_HIGH, _LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


@dataclass(frozen=True, slots=True)
class Characters:
    """A page as shown (crop box and rotation applied; points, origin top left) and its characters in reading order.

    `tight` and `loose` are (n, 4): the ink, and the type area (advance width by font size). `placed` (n,) is false
    for the spaces and line breaks that PDFium adds. `size` (n,), in points, and `bold` (n,) are looked up at the
    first character of each word; elsewhere they are 0 and false.
    """

    width: float
    height: float
    text: Sequence[str]
    tight: NDArray[np.float64]
    loose: NDArray[np.float64]
    placed: NDArray[np.bool_]
    size: NDArray[np.float64]
    bold: NDArray[np.bool_]

    def only(self, keep: NDArray[np.bool_]) -> "Characters":
        """The characters at which `keep` (n,) is true."""
        text = [character for character, kept in zip(self.text, keep, strict=True) if kept]
        rows = (self.tight[keep], self.loose[keep], self.placed[keep], self.size[keep], self.bold[keep])
        return Characters(self.width, self.height, text, *rows)


def read_page(page: pdfium.PdfPage) -> Characters:
    """All characters that the page shows; what lies wholly outside the crop box is left out."""
    with closing(page.get_textpage()) as textpage:
        found = _characters(textpage)
    width, height = page.get_size()
    place = _Shown.of(page)
    shown = replace(found, width=width, height=height, tight=place.boxes(found.tight), loose=place.boxes(found.loose))
    outside = (shown.tight[:, 2:] <= 0).any(axis=1) | (shown.tight[:, :2] >= [width, height]).any(axis=1)
    return shown.only(~outside | ~shown.placed)


def _characters(textpage: pdfium.PdfTextPage) -> Characters:
    """The characters in the page's own coordinates; a pair of surrogates is one character."""
    handle = textpage.raw
    count = max(0, raw.FPDFText_CountChars(handle))
    codes = [raw.FPDFText_GetUnicode(handle, index) for index in range(count)]
    tight, loose, placed = _boxes(textpage, count)
    text = [_named(textpage, index, code) if placed[index] else chr(code) for index, code in enumerate(codes)]
    size, bold = np.zeros(count), np.zeros(count, np.bool_)
    for index in range(count):
        if placed[index] and (index == 0 or text[index - 1].isspace()):
            size[index], bold[index] = _size(textpage, index), _is_bold(textpage, index)
    low = np.zeros(count, np.bool_)
    for index, (first, second) in enumerate(pairwise(codes)):
        if first in _HIGH and second in _LOW:
            text[index] = chr(0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00))
            low[index + 1] = True
    text = [REPLACEMENT if "\ud800" <= character <= "\udfff" else character for character in text]
    return Characters(0, 0, text, tight, loose, placed, size, bold).only(~low)


def _boxes(
    textpage: pdfium.PdfTextPage, count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Ink (n, 4), type area (n, 4) and whether there is a place at all (n,)."""
    handle = textpage.raw
    tight, loose, placed = np.zeros((count, 4)), np.zeros((count, 4)), np.zeros(count, np.bool_)
    left, right, bottom, top = (c_double() for _ in range(4))
    ink = (byref(left), byref(right), byref(bottom), byref(top))
    area = raw.FS_RECTF()
    for index in range(count):
        if raw.FPDFText_IsGenerated(handle, index) == 1 or not raw.FPDFText_GetCharBox(handle, index, *ink):
            continue
        placed[index] = True
        tight[index] = left.value, bottom.value, right.value, top.value
        known = raw.FPDFText_GetLooseCharBox(handle, index, byref(area))
        loose[index] = (area.left, area.bottom, area.right, area.top) if known else tight[index]
    return tight, loose, placed


def _named(textpage: pdfium.PdfTextPage, index: int, code: int) -> str:
    """The character; a stand-in where the font does not say which one it draws."""
    if code == 0 or (code < 32 and code != 2 and raw.FPDFText_HasUnicodeMapError(textpage.raw, index) == 1):
        return REPLACEMENT
    return chr(code) if code <= 0x10FFFF else REPLACEMENT


def _size(textpage: pdfium.PdfTextPage, index: int) -> float:
    """The font size as shown: the file may set size 1 and enlarge it by the text matrix."""
    matrix = raw.FS_MATRIX()
    scale = hypot(matrix.c, matrix.d) if raw.FPDFText_GetMatrix(textpage.raw, index, byref(matrix)) else 1.0
    return float(raw.FPDFText_GetFontSize(textpage.raw, index)) * scale


def _is_bold(textpage: pdfium.PdfTextPage, index: int) -> bool:
    name, flags = create_string_buffer(100), c_int()
    length = raw.FPDFText_GetFontInfo(textpage.raw, index, name, len(name), byref(flags))
    return bool(length) and _BOLD.search(name.value.decode("latin-1")) is not None


@dataclass(frozen=True, slots=True)
class _Shown:
    """How the page's coordinates (origin bottom left, not rotated) become those of the page as shown."""

    left: float
    bottom: float
    right: float
    top: float
    quarter_turns: int

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> "_Shown":
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right, top, page.get_rotation() // 90 % 4)

    def boxes(self, boxes: NDArray[np.float64]) -> NDArray[np.float64]:
        """Boxes (n, 4) left, bottom, right, top as x0, y0, x1, y1."""
        x0, y0, x1, y1 = boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 3]
        turned = (
            (x0 - self.left, self.top - y1, x1 - self.left, self.top - y0),
            (y0 - self.bottom, x0 - self.left, y1 - self.bottom, x1 - self.left),
            (self.right - x1, y0 - self.bottom, self.right - x0, y1 - self.bottom),
            (self.top - y1, self.right - x1, self.top - y0, self.right - x0),
        )[self.quarter_turns]
        return np.stack(turned, axis=1)
