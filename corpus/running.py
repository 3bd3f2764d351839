"""Running headers, footers and page numbers: lines that repeat at the edges of pages."""

import re
from collections import Counter
from collections.abc import Sequence

from corpus.lines import Line

EDGE = 3  # lines from the top or bottom in which a running line is looked for
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]+", re.IGNORECASE)
_PAGE_NUMBER = re.compile(r"\W*(?:(?:page|seite|página|p\.)\s*)?#(?:\s*(?:/|of|von|de)\s*#)?\W*", re.IGNORECASE)
_FINAL = re.compile(r"[.!?。][”\"')]*$")


def running_lines(lines: Sequence[Line]) -> set[int]:
    """The numbers of the lines to drop. A whole sentence goes only where the same words were kept before."""
    pages = _by_page(lines)
    dropped: set[int] = set()
    for edge in (slice(None, EDGE), slice(None, -EDGE - 1, -1)):
        dropped |= _at_edge(lines, [page[edge] for page in pages], len(pages))
    return _spare_first_sentences(lines, dropped)


def _by_page(lines: Sequence[Line]) -> list[list[int]]:
    pages: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        pages.setdefault(line.page, []).append(number)
    return list(pages.values())


def _at_edge(lines: Sequence[Line], edges: Sequence[Sequence[int]], pages: int) -> set[int]:
    """Lines whose wording, digits aside, stands at this edge of several pages; numbers only outermost."""
    counts = Counter(key for edge in edges for key in {_key(lines[number].text) for number in edge})
    needed = 3 if pages > 4 else 2
    dropped: set[int] = set()
    for edge in edges:
        outermost = True
        for number in edge:
            key = _key(lines[number].text)
            repeated = counts[key] >= needed
            if repeated and (outermost or not _PAGE_NUMBER.fullmatch(key)):
                dropped.add(number)
            else:
                outermost = False
    return dropped


def _key(text: str) -> str:
    if _ROMAN.fullmatch(text):
        return "#"
    return " ".join(_NUMBER.sub("#", text).casefold().split())


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
