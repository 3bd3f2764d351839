"""Cleaning, done once: the extractor's text becomes the canonical text, and every character keeps its origin.

Goes: invisible characters, ligatures, repeated spaces, soft line breaks, hyphens at line ends, running headers
and footers of pages, labels of a saved web page. Nothing is added: a space or newline that was not in the
extractor's text stands for a line break that was.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from corpus import boxes
from corpus.documents import Extracted, Heading, Page, PageBoxes, Run
from corpus.lines import LINE_BREAK, Joiner, Line, cut, wrap_width
from corpus.noise import glued_labels, link_lines, noise_lines
from corpus.running import running_lines
from corpus.traced import Edit, Traced

_SPECIAL = re.compile(
    r"(?P<newline>\r\n|[\r\v\f\x85\u2029])"
    r"|(?P<nothing>[\u200b\u200e\u200f\u2060\ufeff]|(?<=[\0-\u024f])[\u200c\u200d]|\u00ad(?![ \t]*[\r\n])"
    r"|[\0\1\3-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]|[\2\ufffe](?![ \t]*[\r\n]))"
    r"|(?P<space>[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000])"
    r"|(?P<ligature>[\ufb00-\ufb06])"
)
_SPACES = re.compile(r"[ \t]{2,}|\t")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The canonical text with all that refers to it, offsets remapped, and the map back to the extractor's text."""

    text: str
    runs: tuple[Run, ...] = ()
    pages: tuple[Page, ...] = ()
    headings: tuple[Heading, ...] = ()
    boxes: tuple[PageBoxes, ...] = ()


def clean(extracted: Extracted) -> Cleaned:
    """The canonical text of what a format's reader found."""
    traced = _plain_characters(Traced.of(extracted.text))
    if not extracted.pages:
        traced = _without_glued_labels(traced)
    traced = _joined(traced, extracted)
    traced = traced.edited(Edit(m.start(), m.end(), " ", m.start()) for m in _SPACES.finditer(traced.text))
    pages = tuple(Page(page.number, page.label, traced.place(page.start)) for page in extracted.pages)
    headings = tuple(heading for old in extracted.headings if (heading := _heading(old, traced)))
    return Cleaned(traced.text, traced.runs(), pages, headings, _boxes(extracted, traced))


def _plain_characters(traced: Traced) -> Traced:
    def edits() -> Iterator[Edit]:
        for match in _SPECIAL.finditer(traced.text):
            kind = match.lastgroup
            plain = {"newline": "\n", "space": " ", "nothing": ""}.get(kind or "")
            text = unicodedata.normalize("NFKC", match.group()) if plain is None else plain
            yield Edit(match.start(), match.end(), text, match.start())

    return traced.edited(edits())


def _without_glued_labels(traced: Traced) -> Traced:
    ranges = glued_labels(traced.text)
    return traced.edited(Edit(start, end, "\n", traced.text.index(" ", start)) for start, end in ranges)


def _joined(traced: Traced, extracted: Extracted) -> Traced:
    every = list(_lines(traced, extracted))
    filled = [line for line in every if line.text]
    if extracted.pages:
        gone = running_lines(filled)
        kept = [line for number, line in enumerate(filled) if number not in gone]
    else:
        plain = [line.text for line in every]
        noise = noise_lines(plain) | (link_lines(plain) if extracted.from_web else set())
        kept = [line for number, line in enumerate(every) if line.text and number not in noise]
    return traced.edited(_separators(traced.text, kept))


def _lines(traced: Traced, extracted: Extracted) -> Iterator[Line]:
    """All lines, empty ones too, with the page and the heading that each lies on."""
    pages = [traced.place(page.start) for page in extracted.pages]
    headings = [(traced.place(heading.start), traced.place(heading.end)) for heading in extracted.headings]
    page, heading = -1, 0
    for start, end, hard in cut(traced.text):
        raw = traced.text[start:end]
        text = raw.strip()
        first = start + len(raw) - len(raw.lstrip())
        while page + 1 < len(pages) and pages[page + 1] <= first:
            page += 1
        while heading < len(headings) and headings[heading][1] <= first:
            heading += 1
        inside = heading < len(headings) and headings[heading][0] < first + len(text)
        yield Line(first, first + len(text), text, len(raw.rstrip()), page, heading if inside else -1, hard)


def _separators(text: str, lines: Sequence[Line]) -> Iterator[Edit]:
    """The edits that put between two kept lines what belongs there, and drop all else."""
    if not lines:
        yield Edit(0, len(text), "", 0)
        return
    yield Edit(0, lines[0].start, "", 0)
    joiner, widths = Joiner(text), _widths(lines)
    for above, below in pairwise(lines):
        origin = next(LINE_BREAK.finditer(text, above.end)).start()
        blank = len(LINE_BREAK.findall(text, above.end, below.start)) > 1
        between = joiner.between(above, below, widths[above.page], blank=blank)
        broken = not between and joiner.drops_hyphen(above.text, below.text)
        yield Edit(above.end - broken, below.start, between, origin)
    yield Edit(lines[-1].end, len(text), "", 0)


def _widths(lines: Sequence[Line]) -> dict[int, int]:
    pages: dict[int, list[Line]] = {}
    for line in lines:
        pages.setdefault(line.page, []).append(line)
    return {page: wrap_width(on_page) for page, on_page in pages.items()}


def _heading(old: Heading, traced: Traced) -> Heading | None:
    start, end = traced.place(old.start), traced.place(old.end)
    text = traced.text[start:end]
    start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
    return Heading(start, end, old.level) if start < end else None


def _boxes(extracted: Extracted, traced: Traced) -> tuple[PageBoxes, ...]:
    """Each kept character's box, page by page."""
    found = []
    for page in extracted.boxes:
        rows = boxes.unpack(page)
        first, last = traced.place(page.start), traced.place(page.start + len(rows))
        kept = rows[traced.source[first:last] - page.start] if last > first else np.empty((0, 4), np.float32)
        found.append(PageBoxes(page.number, first, page.width, page.height, boxes.pack(kept)))
    return tuple(found)
