"""A page's characters as lines and paragraphs, in the order in which the file writes them.

PDFium ends a line wherever the writing jumps: pieces that stand side by side are put together again, and the gap to
the next line says whether a paragraph ends.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import numpy as np

from corpus.boxes import Boxes
from corpus.formats.pdf_areas import type_areas
from corpus.formats.pdf_characters import HYPHEN, Characters

SAME_LINE = 0.5  # share of the lower piece's height that both pieces have in common
WORD_GAP, WIDEST_GAP = 0.2, 1.5  # font sizes between two pieces: a space is missing; they belong to different columns
PARAGRAPH_GAP = 1.3  # of the page's usual distance from line to line
INDENT = 0.8  # font sizes
SIZE_STEP = 1.15  # a line this much larger or smaller than its neighbour is a block of its own
_ITEM = re.compile(r"[^\w\s(\"'“‘„«]|\(?\w{1,4}[.)]\s")
_FINAL = re.compile(r"[.!?:;…。！？][”’\"')\]]*\s*$")


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line's characters (numbers in the page; -1 is a missing space), the box around them, and where most stand."""

    indexes: tuple[int, ...]
    box: tuple[float, float, float, float]
    bottom: float
    size: float
    text: str


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line in its page's text; `gap` is true if a paragraph starts here, `top` is its place in page heights."""

    start: int
    end: int
    text: str
    size: float
    bold: bool
    gap: bool
    top: float


@dataclass(frozen=True, slots=True)
class PageText:
    """A page's text, one box row a character, and its lines."""

    text: str
    boxes: Boxes
    lines: tuple[TextLine, ...]


def page_text(characters: Characters) -> PageText:
    """The text of the page with a newline between lines and an empty line between paragraphs."""
    lines = _side_by_side(_pieces(characters))
    pitch = _pitch(lines)
    text = ""
    placed: list[TextLine] = []
    for number, line in enumerate(lines):
        gap = _between(lines[number - 1], line, lines[number + 1 : number + 2], pitch) if number else ""
        start = len(text) + len(gap)
        text += gap + line.text.replace(HYPHEN, "-")
        bold = _is_bold(characters, line)
        top = line.box[1] / max(1.0, characters.height)
        placed.append(TextLine(start, len(text), line.text, line.size, bold, gap != "\n", top))
    return PageText(text, _rows(characters, lines, text, tuple(placed)), tuple(placed))


def _pieces(characters: Characters) -> Iterator[PageLine]:
    """The lines as PDFium ends them, without the white space at their ends."""
    start = 0
    for end, character in enumerate([*characters.text, "\n"], 1):
        if character in "\r\n" or character == HYPHEN:
            inner = range(start, min(end, len(characters.text)))
            filled = [index for index in inner if not characters.text[index].isspace()]
            if filled:
                yield _line(characters, range(filled[0], filled[-1] + 1))
            start = end


def _line(characters: Characters, indexes: Sequence[int]) -> PageLine:
    placed = [index for index in indexes if characters.placed[index]]
    text = "".join(characters.text[index] for index in indexes)
    if not placed:
        return PageLine(tuple(indexes), (0.0, 0.0, 0.0, 0.0), 0.0, 0.0, text)
    loose = characters.loose[placed]
    sizes = characters.size[placed][characters.size[placed] > 0]
    high = np.maximum(loose[:, 2] - loose[:, 0], loose[:, 3] - loose[:, 1])
    size = float(np.median(sizes if len(sizes) else high))
    x0, y0 = loose[:, :2].min(axis=0).tolist()
    x1, y1 = loose[:, 2:].max(axis=0).tolist()
    return PageLine(tuple(indexes), (x0, y0, x1, y1), float(np.median(loose[:, 3])), size, text)


def _side_by_side(pieces: Iterator[PageLine]) -> list[PageLine]:
    """The pieces, joined where one goes on at the height and near the end of the other."""
    lines: list[PageLine] = []
    for piece in pieces:
        above = lines[-1] if lines else None
        if above is None or not _goes_on(above, piece):
            lines.append(piece)
            continue
        space = piece.box[0] - above.box[2] > WORD_GAP * above.size
        box = (above.box[0], min(above.box[1], piece.box[1]), piece.box[2], max(above.box[3], piece.box[3]))
        indexes = above.indexes + (-1,) * space + piece.indexes
        most = max(above, piece, key=lambda part: len(part.indexes))
        lines[-1] = PageLine(indexes, box, most.bottom, most.size, above.text + " " * space + piece.text)
    return lines


def _goes_on(above: PageLine, piece: PageLine) -> bool:
    heights = min(above.box[3] - above.box[1], piece.box[3] - piece.box[1])
    common = min(above.box[3], piece.box[3]) - max(above.box[1], piece.box[1])
    size = max(above.size, piece.size)
    return common > SAME_LINE * heights and -WORD_GAP * size <= piece.box[0] - above.box[2] <= WIDEST_GAP * size


def _pitch(lines: Sequence[PageLine]) -> float:
    """The usual distance from a line to the one below, in font sizes."""
    steps = [
        (below.bottom - above.bottom) / below.size
        for above, below in pairwise(lines)
        if _is_below(above, below) and below.bottom - above.bottom < 3 * below.size
    ]
    return median(steps) if steps else PARAGRAPH_GAP


def _is_below(above: PageLine, below: PageLine) -> bool:
    """Whether `below` stands under `above` in the same column."""
    return below.bottom > above.bottom and below.box[0] < above.box[2] and above.box[0] < below.box[2]


def _between(above: PageLine, below: PageLine, after: Sequence[PageLine], pitch: float) -> str:
    if not _is_below(above, below):
        return "\n\n" if _FINAL.search(above.text) else "\n"
    larger, smaller = max(above.size, below.size), min(above.size, below.size)
    far = below.bottom - above.bottom > PARAGRAPH_GAP * pitch * smaller
    return "\n\n" if far or larger > SIZE_STEP * smaller or _is_indented(above, below, after) else "\n"


def _is_indented(above: PageLine, below: PageLine, after: Sequence[PageLine]) -> bool:
    """Whether `below` alone stands further right; under a list item that is the item's own text."""
    if _ITEM.match(above.text) or below.box[0] - above.box[0] <= INDENT * below.size:
        return False
    return any(_is_below(below, line) and abs(line.box[0] - above.box[0]) < INDENT * below.size / 2 for line in after)


def _is_bold(characters: Characters, line: PageLine) -> bool:
    words = [index for index in line.indexes if index >= 0 and characters.size[index] > 0]
    return bool(words) and bool(characters.bold[words].all())


def _rows(characters: Characters, lines: Sequence[PageLine], text: str, placed: Sequence[TextLine]) -> Boxes:
    """The boxes (n, 4) of the text: zeros for white space, NaN for what PDFium gives no place."""
    rows = np.zeros((len(text), 4), np.float32)
    for line, where in zip(lines, placed, strict=True):
        visible = np.array([not character.isspace() for character in line.text])
        rows[where.start : where.end][visible] = type_areas(characters, line.indexes, line.size)[visible]
    return rows
