"""The data of the whole path: a file's extracted text, the frozen document, its sentences and passages.

    bytes --formats.*.extract--> Extracted --clean.clean--> Document --passages.split--> [Passage]

Offsets count Unicode code points; ranges are half-open. In a document's text a newline always ends a
block (paragraph, heading, list item, table row), and an empty line separates paragraphs: soft line
breaks were joined when the text was cleaned, so a sentence never contains a newline.
"""

from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Page:
    """Where a physical page (counted from 1) starts in the text, and the label printed on it ("xii")."""

    number: int
    label: str
    start: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's range in the text; `level` counts from 1, the outermost."""

    start: int
    end: int
    level: int


@dataclass(frozen=True, slots=True)
class Run:
    """`length` characters from `start` in the canonical text stood at `source` in the extractor's text."""

    start: int
    source: int
    length: int


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that could not be read, why, and what its owner can do. `page` is null for the whole file."""

    path: str
    reason: str
    next_step: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class PageBoxes:
    """Character boxes of one page, packed by `boxes.pack`.

    Box `i` belongs to character `start + i` of the document's text: x0, y0, x1, y1 in points, origin at the
    top left of the page as it is shown (crop box and rotation applied). All zero: this character has no box.
    """

    number: int
    start: int
    width: float
    height: float
    packed: bytes


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a format's reader found, before cleaning: all offsets count characters of its own `text`.

    `boxes` has one entry a page, aligned with `pages`; box `i` is that of character `page.start + i`.
    """

    text: str
    title: str
    pages: tuple[Page, ...] = ()
    headings: tuple[Heading, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    boxes: tuple[PageBoxes, ...] = ()
    from_web: bool = False  # whether a format is what a browser saves: only there do lists of links go


@dataclass(frozen=True)
class Document:
    """One file's canonical text and all that is needed to cite it. Identity is the SHA-256 of its bytes."""

    sha256: str
    text: str
    title: str
    format: str
    language: str
    pages: tuple[Page, ...] = ()
    headings: tuple[Heading, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    problems: tuple[Problem, ...] = ()
    runs: tuple[Run, ...] = ()
    boxes: tuple[PageBoxes, ...] = ()

    @cached_property
    def text_sha256(self) -> str:
        """The SHA-256 of the canonical text, checked again before anything is quoted from it."""
        return sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def page_at(self, offset: int) -> Page | None:
        """The page on which the character at `offset` stands; null where the format has no pages."""
        return next((page for page in reversed(self.pages) if page.start <= offset), None)

    def heading_path(self, offset: int) -> tuple[str, ...]:
        """The titles of the headings above `offset`, outermost first; a heading is above its own text."""
        path: list[Heading] = []
        for heading in self.headings:
            if heading.start > offset:
                break
            path = [above for above in path if above.level < heading.level] + [heading]
        return tuple(self.text[heading.start : heading.end] for heading in path)


@dataclass(frozen=True, slots=True)
class Passage:
    """Whole sentences of one section, starting on one page: what is embedded and retrieved.

    `text` is `document.text[start:end]`. `heading` is the path above it and, with the title, the prefix that
    is embedded before the text but is no part of it.
    """

    document: str
    start: int
    end: int
    text: str
    title: str
    heading: tuple[str, ...] = ()
    page: int | None = None

    @property
    def prefix(self) -> str:
        """Title and heading path, as they are embedded and searched before the text."""
        parts = (self.title, *self.heading)
        return " › ".join(dict.fromkeys(part for part in parts if part))
