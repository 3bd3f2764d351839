"""Plain text: its encoding, its title and the lines that stand as headings."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from corpus.documents import Extracted, Heading
from corpus.formats.decode import decode
from corpus.noise import link_lines, noise_lines

LONGEST_HEADING = 100  # characters; longer lines without a full stop are sentences that lost it
NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,3})\.?\s+(?=[^\W\d_])")
_NO_HEADING = re.compile(r"^\s*(?:[-*•·–—>|+=#\[(]|https?:)|\s{3,}\S|\t|\|")
_ENDS_OPEN = re.compile(r"[.!:;,…。！，；：]$")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text: its range without the white space around it, and whether it stands alone."""

    start: int
    end: int
    text: str
    alone_before: bool
    alone_after: bool


def extract(data: bytes, name: str) -> Extracted:
    """The decoded text with the headings that its layout shows; the title is the first of them, at the top."""
    text, problems = decode(data, name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    lines = [line for line in _lines(text)]
    plain = [line.text for line in lines]
    dropped = noise_lines(plain) | link_lines(plain)
    lines = [line for number, line in enumerate(lines) if line.text and number not in dropped]
    headings = _headings(lines)
    top = headings[0] if headings and lines[0].start == headings[0].start else None
    title = text[top.start : top.end] if top else ""
    return Extracted(text, title, headings=tuple(headings), problems=problems, from_web=True)


def _lines(text: str) -> Iterator[Line]:
    raw = text.split("\n")
    position = 0
    for number, line in enumerate(raw):
        before = number == 0 or not raw[number - 1].strip()
        after = number + 1 == len(raw) or not raw[number + 1].strip()
        start = position + len(line) - len(line.lstrip())
        stripped = line.strip()
        yield Line(start, start + len(stripped), stripped, before, after)
        position += len(line) + 1


def _headings(lines: list[Line]) -> list[Heading]:
    """Headings in order: the first line of the text is level 1, all others below it."""
    found = []
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else None
        if _is_heading(line, following):
            found.append(Heading(line.start, line.end, 1 if number == 0 else _level(line.text)))
    return found


def _level(text: str) -> int:
    numbered = NUMBERED.match(text)
    return 2 + (numbered["number"].count(".") if numbered else 0)


def _is_heading(line: Line, following: Line | None) -> bool:
    """A short line without a final mark that stands alone, or a numbered one over a longer paragraph."""
    if following is None or not _short_title(line.text):
        return False
    if line.alone_before and line.alone_after:
        return not line.text.endswith("?") or len(following.text) > len(line.text)
    return bool(NUMBERED.match(line.text)) and len(following.text) > 2 * len(line.text) and not _is_item(following)


def _is_item(line: Line) -> bool:
    return bool(NUMBERED.match(line.text))


def _short_title(text: str) -> bool:
    words = text.split()
    starts = NUMBERED.sub("", text)[:1]
    return (
        len(text) <= LONGEST_HEADING
        and (len(words) <= 14)
        and not _NO_HEADING.search(text)
        and not _ENDS_OPEN.search(text)
        and (starts.isupper() or starts.isdigit() or not starts.isascii() or starts in "“\"'‘")
        and any(character.isalpha() for character in text)
    )
