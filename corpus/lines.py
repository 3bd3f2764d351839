"""The lines of an extractor's text, and which of the breaks between them are only typesetting."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.formats import HARD_BREAK

NARROWEST_TEXT = 45  # characters; narrower lines are verse, addresses, lists
NARROWEST_PAGE = 22  # a column of a PDF is narrower
WIDEST = 130  # nobody wraps later: such lines are whole paragraphs
LONG_ENOUGH = 45  # an unwrapped line this long that stops amid a sentence goes on in the next
HYPHENS = "-\u2010\u00ad\u0002\ufffe"  # the last three are written only where a word is broken
_INVISIBLE = HYPHENS[2:]
LINE_BREAK = re.compile(f"[\n{HARD_BREAK}]")
_FINAL = re.compile(r"[.!?:;…。！？：；][”’\"')\]]*$")
_SURE_ITEM = re.compile(r"[•●▪■◦‣⁃∙]\s|\[\d{1,3}\]\s")
_ITEM = re.compile(r"(?:[-–—*+·o]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,4})[.)])\s+\S")
_COLUMNS = re.compile(r"\S(?: {4,}|\t+| {2,}\S.*\S {2,}| \| )\S")
_FIELD = re.compile(r"[A-Z][^.:;!?]{1,40}:(?:\s|$)")  # "Date of birth: 1970"
_BROKEN = re.compile(rf"(?<![^\W\d_])[^\W\d_]+[{HYPHENS}]\s*\n\s*[^\W\d_]+")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
FREE_PREFIXES = frozenset(
    [
        "self",
        "non",
        "well",
        "low",
        "high",
        "long",
        "short",
        "half",
        "cross",
        "double",
        "single",
        "meta",
        "multi",
        "anti",
        "mid",
        "all",
        "ex",
    ]
)
SUSPENDED = frozenset(["and", "or", "to", "und", "oder", "bis", "y", "o", "et", "ou"])


@dataclass(frozen=True, slots=True)
class Line:
    """One line without the white space around it; `width` counts its indent, `heading` is -1 outside headings."""

    start: int
    end: int
    text: str
    width: int
    page: int
    heading: int
    hard: bool


def cut(text: str) -> list[tuple[int, int, bool]]:
    """The lines of `text`: start, end, and whether the format itself says that the line ends there."""
    found, position = [], 0
    for match in LINE_BREAK.finditer(text):
        found.append((position, match.start(), match.group() == HARD_BREAK))
        position = match.end()
    return [*found, (position, len(text), False)]


def wrap_width(lines: Sequence[Line]) -> int:
    """The width at which the lines were wrapped; 0 if each line is a whole paragraph."""
    widths = sorted(line.width for line in lines if not line.hard)
    if len(widths) < 3:
        return 0
    width = widths[int(0.9 * (len(widths) - 1))]
    narrowest = NARROWEST_TEXT if lines[0].page < 0 else NARROWEST_PAGE
    return width if narrowest <= width <= WIDEST else 0


class Joiner:
    """Decides for neighbouring lines what stands between them once the text is clean."""

    def __init__(self, text: str) -> None:
        self.words = Counter(_WORD.findall(_BROKEN.sub(" ", text).casefold()))

    def between(self, above: Line, below: Line, width: int, *, blank: bool) -> str:
        """A space, nothing (a broken word; the caller asks `drops_hyphen`), a newline, or an empty line."""
        turned = above.page != below.page
        edge = "\n\n" if blank or turned else "\n"
        if above.hard or (blank and not turned and not _crosses_gap(above, below)):
            return edge
        if above.heading != below.heading:
            return edge
        if above.heading >= 0 and not turned:
            return " "
        if self._breaks_word(above.text, below.text):
            return " " if below.text.split()[0].casefold() in SUSPENDED else ""
        if turned:
            return " " if _goes_on(above.text, below.text) and not _is_item(above, below, full=True) else edge
        return " " if _is_soft(above, below, width) else edge

    def drops_hyphen(self, above: str, below: str) -> bool:
        """Whether the hyphen at the end of `above` only marks the broken word, by the document's own words."""
        if above[-1] in _INVISIBLE:
            return True
        first, second = above.rsplit(maxsplit=1)[-1][:-1].casefold(), below.split()[0].casefold()
        match = _WORD.match(second)
        if match is None or not below[0].islower() or "-" in first:
            return False
        second, first = match.group(), first.lstrip("(\"'“‘[")
        whole, parts = self.words[first + second], self.words[f"{first}-{second}"]
        if whole or parts:
            return whole >= parts
        if first in FREE_PREFIXES:
            return False
        return not (len(first) > 3 and len(second) > 3 and self.words[first] and self.words[second])

    def _breaks_word(self, above: str, below: str) -> bool:
        return len(above) > 1 and above[-1] in HYPHENS and above[-2].isalpha() and below[0].isalnum()


def _goes_on(above: str, below: str) -> bool:
    return not _FINAL.search(above) and below[0].islower()


def _crosses_gap(above: Line, below: Line) -> bool:
    """Whether a sentence of a printed page goes on below a gap: the gap was measured, its end was not written."""
    printed = above.page >= 0 and above.width >= LONG_ENOUGH
    return printed and _goes_on(above.text, below.text) and not _is_item(above, below, full=True)


def _is_soft(above: Line, below: Line, width: int) -> bool:
    goes_on = _goes_on(above.text, below.text)
    if _FIELD.match(above.text) and _FIELD.match(below.text):
        return False
    if _COLUMNS.search(above.text) and _COLUMNS.search(below.text):
        return False
    if not width:
        return goes_on and len(above.text) >= LONG_ENOUGH and not _is_item(above, below, full=False)
    slack = 1.0 if above.page < 0 else 0.8  # letters of a printed page differ in width
    full = above.width + 1 + len(below.text.split()[0]) > slack * width
    if _is_item(above, below, full=full):
        return False
    return full or (goes_on and above.width >= 0.5 * width)


def _is_item(above: Line, below: Line, *, full: bool) -> bool:
    """Whether `below` starts a list item or a reference; "- " may also be a dash within a full line's sentence."""
    if _SURE_ITEM.match(below.text):
        return True
    if not _ITEM.match(below.text):
        return False
    return not full or bool(_FINAL.search(above.text)) or bool(_ITEM.match(above.text))
