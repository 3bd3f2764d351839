"""Headings and title of a PDF: from its outline, or from the size and weight of its letters."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from corpus.documents import Heading
from corpus.formats.pdf_lines import TextLine

ENOUGH = 3  # entries of an outline found in the text; fewer are a cover sheet's
LARGER = 1.15  # than the body: footnotes and table text are smaller, titles and headings larger
LONGEST = 150  # characters
DEEPEST_TITLE = 300  # characters before it: a letterhead, a running header
MOST_LINES = 3
DEEPEST = 4
BOLD_SHARE = 0.25  # of all lines; where more are bold it marks no headings
_NUMBER = re.compile(r"^(?:(?:chapter|section|part|appendix|annex)\s+)?(?:\d+(?:\.\d+)*|[A-Z]|[IVXLC]+)[.:)]?\s+", re.I)
_NO_HEADING = re.compile(
    r"(?:page \d+(?: of \d+)?$|figure|fig\.|table|scheme|box)\s*\d|.*[.,;\x02]$", re.IGNORECASE | re.DOTALL
)
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|excel)|untitled|no ?title|title$|document ?\d*$|layout ?\d*$|powerpoint|slide \d"
    r"|\W*$|[\d\W]+$|.*\.(?:docx?|pdf|tex|dvi|rtf|indd|qxd|odt|odp|ods|xlsx?|pptx?|wpd|e?ps|fm|cdr|ai|html?|txt|pub)$)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the outline; `page` counts from 0, `level` from 1."""

    page: int
    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Block:
    """One or more lines that belong together, by their first and last line's place in the text."""

    start: int
    end: int
    text: str
    size: float
    bold: bool


def find_headings(pages: Sequence[Sequence[TextLine]], outline: Sequence[Entry]) -> tuple[Heading, ...]:
    """The headings in the order of the text; `pages` has each page's lines with offsets in the whole text."""
    found = list(_from_outline(pages, outline))
    if len(found) < ENOUGH:
        found = list(_from_letters(pages))
    return tuple(sorted(found, key=lambda heading: heading.start))


def find_title(named: str, pages: Sequence[Sequence[TextLine]]) -> str:
    """The title that the file names, if it is one; else the largest lines of the first page; else nothing."""
    named = " ".join(named.split())
    if not _NO_TITLE.match(named):
        return named
    body = body_size(pages)
    first = [block for page in pages[:1] for block in _blocks(page) if _could_be_heading(block)]
    large = [block for block in first if block.size >= LARGER * body and block.start <= DEEPEST_TITLE]
    return max(large, key=lambda block: block.size).text if large else ""


def body_size(pages: Sequence[Sequence[TextLine]]) -> float:
    """The font size, to half a point, in which most characters are set."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(2 * line.size) / 2] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def _from_outline(pages: Sequence[Sequence[TextLine]], outline: Sequence[Entry]) -> Iterator[Heading]:
    taken: set[int] = set()
    for entry in outline:
        title = _key(entry.title)
        if not title or not 0 <= entry.page < len(pages):
            continue
        for first, last in _candidates(pages[entry.page], title):
            if first.start not in taken:
                taken.add(first.start)
                yield Heading(first.start, last.end, entry.level)
                break


def _candidates(lines: Sequence[TextLine], title: str) -> Iterator[tuple[TextLine, TextLine]]:
    """The first and last of the lines that read like the title."""
    for number, first in enumerate(lines):
        if not any(map(str.isalpha, first.text)):
            continue
        text = ""
        for last in lines[number : number + MOST_LINES]:
            text = f"{text} {last.text}"
            if _key(text) == title:
                yield first, last


def _key(text: str) -> str:
    words = " ".join(text.replace("\x02 ", "").split())
    return "".join(filter(str.isalnum, _NUMBER.sub("", words, count=1).casefold()))


def _from_letters(pages: Sequence[Sequence[TextLine]]) -> Iterator[Heading]:
    body = body_size(pages)
    every = [line for page in pages for line in page]
    bold_marks = sum(line.bold for line in every) <= BOLD_SHARE * len(every)
    blocks = [block for page in pages for block in _blocks(page) if _could_be_heading(block)]
    large = [block for block in blocks if block.size >= LARGER * body]
    small = [block for block in blocks if bold_marks and block.bold and 0.95 * body < block.size < LARGER * body]
    sizes = sorted({round(2 * block.size) / 2 for block in large}, reverse=True)[: DEEPEST - 1]
    for block in large:
        size = round(2 * block.size) / 2
        yield Heading(block.start, block.end, sizes.index(size) + 1 if size in sizes else DEEPEST)
    for block in small:
        yield Heading(block.start, block.end, min(len(sizes), DEEPEST - 1) + 1)


def _blocks(lines: Sequence[TextLine]) -> Iterator[Block]:
    """Lines of one size and weight that follow each other, where a paragraph starts."""
    group: list[TextLine] = []
    for line, following in pairwise([*lines, None]):
        if line is None:
            continue
        group.append(line)
        if following is not None and _alike(line, following) and not following.gap:
            continue
        if group[0].gap and len(group) <= MOST_LINES:
            text = " ".join(" ".join(part.text for part in group).split())
            yield Block(group[0].start, group[-1].end, text, group[0].size, group[0].bold)
        group = []


def _alike(line: TextLine, other: TextLine) -> bool:
    return line.bold == other.bold and abs(line.size - other.size) < 0.05 * line.size


def _could_be_heading(block: Block) -> bool:
    if len(block.text) > LONGEST or sum(map(str.isalpha, block.text)) < 3 or _NO_HEADING.match(block.text):
        return False
    return not block.text[0].islower()
