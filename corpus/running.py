"""Running headers, footers and page numbers: lines that repeat at the edges of pages.

Careful by rule: lines are the same if they are so letter for letter, or but for a number that counts up with the
pages. Figures of a form or a table that only look alike are text, and no page loses all that it says.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from corpus.lines import Line

EDGE = 3  # lines from the top or bottom in which a running line is looked for
FEWEST = 3  # pages that show what repeats; in a document of up to four pages two must do for the very same words
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"(?=.)(c{0,3})(xc|xl|l?x{0,3})(ix|iv|v?i{0,3})", re.IGNORECASE)
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}
_PAGE_NUMBER = re.compile(r"\W*(?:(?:page|seite|página|p\.)\s*)?#(?:\s*(?:/|of|von|de)\s*#)?\W*", re.IGNORECASE)
_COUNTER = re.compile(  # where a running line has its page number: first, last or after the word
    r"^\W*(?P<first>\d{1,5})\b|\b(?P<last>\d{1,5})(?:\s*(?:/|of|von|de)\s*\d{1,5})?\W*$"
    r"|(?:page|seite|página|p\.)\s*(?P<named>\d{1,5})\b"
)
_FINAL = re.compile(r"[.!?。][”\"')]*$")

Key = tuple[str, int | None]  # the words, and how far the page number is ahead of the page


def running_lines(lines: Sequence[Line]) -> set[int]:
    """The numbers of the lines to drop. A whole sentence goes only where the same words were kept before."""
    pages = _by_page(lines)
    dropped: set[int] = set()
    for edge in (slice(None, EDGE), slice(None, -EDGE - 1, -1)):
        dropped |= _at_edge(lines, [page[edge] for page in pages], len(pages))
    return _spare_full_pages(lines, pages, _spare_first_sentences(lines, dropped))


def _by_page(lines: Sequence[Line]) -> list[list[int]]:
    pages: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        pages.setdefault(line.page, []).append(number)
    return list(pages.values())


def _at_edge(lines: Sequence[Line], edges: Sequence[Sequence[int]], pages: int) -> set[int]:
    """Lines that stand at this edge of several pages; numbers only outermost."""
    counts = Counter(key for edge in edges for key in {key for number in edge for key in _keys(lines[number])})
    dropped: set[int] = set()
    for edge in edges:
        outermost = True
        for number in edge:
            line = lines[number]
            repeated = any(counts[key] >= _needed(line, key, pages) for key in _keys(line))
            if repeated and (outermost or not _is_page_number(line.text)):
                dropped.add(number)
            else:
                outermost = False
    return dropped


def _keys(line: Line) -> Iterator[Key]:
    """What a line shares with its like on other pages: all its words, or all but a page number."""
    text = " ".join(line.text.casefold().split())
    if _ROMAN.fullmatch(text):
        yield "#", _roman(text) - line.page
        return
    if not _is_page_number(text):
        yield text, None
    for match in _COUNTER.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        yield f"{text[:start]}#{text[end:]}", int(text[start:end]) - line.page


def _needed(line: Line, key: Key, pages: int) -> int:
    """The pages on which this must stand; a page's own number, alone on its line, is proof enough on two."""
    _, ahead = key
    if ahead is None:
        return FEWEST if pages > 4 else 2
    return 2 if ahead == 1 and _is_page_number(line.text) else FEWEST


def _is_page_number(text: str) -> bool:
    return bool(_ROMAN.fullmatch(text) or _PAGE_NUMBER.fullmatch(_NUMBER.sub("#", text)))


def _roman(text: str) -> int:
    values = [_ROMAN_VALUES[letter] for letter in text]
    return sum(-value if value < max(values[place:]) else value for place, value in enumerate(values))


def _spare_full_pages(lines: Sequence[Line], pages: Sequence[Sequence[int]], dropped: set[int]) -> set[int]:
    """Without the lines that are all of a page, or the first of their words on a page that is mostly such lines."""
    gone = set(dropped)
    seen: set[Key] = set()
    for page in pages:
        going = [number for number in page if number in dropped]
        if len(going) == len(page):
            gone.difference_update(page)
        elif 2 * _letters(lines, going) > _letters(lines, page):
            first = (number for number in going if seen.isdisjoint(_keys(lines[number])))
            gone.difference_update(number for number in first if not _is_page_number(lines[number].text))
        seen.update(key for number in page for key in _keys(lines[number]))
    return gone


def _letters(lines: Sequence[Line], numbers: Sequence[int]) -> int:
    return sum(len(lines[number].text) for number in numbers)


def _spare_first_sentences(lines: Sequence[Line], dropped: set[int]) -> set[int]:
    seen: set[str] = set()
    gone = set()
    for number in sorted(dropped):
        text = lines[number].text
        if not _is_sentence(text) or text in seen:
            gone.add(number)
        seen.add(text)
    return gone


def _is_sentence(text: str) -> bool:
    return len(text.split()) > 3 and _FINAL.search(text) is not None
