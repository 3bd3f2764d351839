"""Sentences of a text, as spans.

nupunkt finds the ends: best F1 of the libraries compared in benchmarks/results/sentences.json, and fast. What it
cannot know is corrected here: Chinese full stops, labels of lists, abbreviations, entries of reference lists.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import nupunkt

from corpus.documents import Span
from corpus.references import is_entry

PIECE = 20_000  # characters; longer blocks are cut at white space so that time stays linear
_BLOCK = re.compile(r"[^\n]*[^\s][^\n]*")
_IDEOGRAPHIC = re.compile(r"(?<=[。！？])[”’」』）)\"]*(?=[^。！？”’」』）)\"])")
_LABEL = re.compile(r"(?:\[\d{1,3}\]|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)]|(?:\d{1,2}\.){2,4}|[•●▪◦‣*–—-])")
_LIST_NUMBER = re.compile(r"(?:\d{1,3}\.){1,4}")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[“\"])(?:e\.\s?g|i\.\s?e|cf|vs|viz|ca|approx|incl|resp|Dr|Drs|Prof|Mr|Mrs|Ms|St|Sr|Sra|Dra|Fig|Figs|Eq|Eqs"
    r"|Ref|Refs|Vol|No|Nos|Nr|pp|Tab|Abb|Sec|Ch|z\.\s?B|d\.\s?h|u\.\s?a|bzw|vgl|sog|p\.\s?ej)\.$"
)
_ET_AL = re.compile(r"\bet al\.$")
_GERMAN_DAY = re.compile(r"\b(?:am|vom|bis|zum|den|dem|der|und|–)\s\d{1,2}\.$", re.IGNORECASE)
_CLOSING = re.compile(r"[”’\"')\]]+(?:\s|$)")
_LOWER_WORD = re.compile(r"[a-zß-öø-ÿ]{2,}\b|[a-z]\s")
_MISSED = re.compile(r"(?<=[a-zß-öø-ÿ)%”\"][.!?]) (?=[A-ZÄÖÜ¿¡“\"(]\w)")


def split(text: str) -> list[Span]:
    """The sentences of `text` in order; together they hold all that is not white space, none holds a newline."""
    return [span for block in _BLOCK.finditer(text) for span in _block(text, block.start(), block.end())]


def _block(text: str, start: int, end: int) -> Iterator[Span]:
    if is_entry(text[start:end].strip()):
        yield from _trimmed(text, [start, end])
        return
    for first, last in pairwise(_cuts(text, start, end)):
        piece = text[first:last]
        bounds = [first, *(first + at for at in _ends(piece)), last]
        yield from _trimmed(text, bounds)


def _cuts(text: str, start: int, end: int) -> list[int]:
    """Where a very long block is cut: at the last space of each piece, or anywhere if there is none."""
    cuts = [start]
    while end - cuts[-1] > PIECE:
        limit = cuts[-1] + PIECE
        cuts.append(max(text.rfind(" ", cuts[-1] + 1, limit) + 1, 0) or limit)
    return [*cuts, end]


def _ends(piece: str) -> list[int]:
    """The offsets at which a new sentence begins within a piece."""
    found = {int(end) for _, end in nupunkt.sent_spans(piece)} if " " in piece.strip() else set()
    found |= {match.end() for match in _IDEOGRAPHIC.finditer(piece)}
    kept, last = [], 0
    for at in sorted(found):
        if (
            0 < at < len(piece)
            and piece[last:at].strip()
            and not _is_false(piece[last:at].strip(), piece[at:].lstrip())
        ):
            kept.append(at)
            last = at
    return kept


def _is_false(before: str, after: str) -> bool:
    """Whether an end between `before` and `after` is none."""
    return (
        not after
        or _LABEL.fullmatch(before) is not None
        or _LIST_NUMBER.fullmatch(before) is not None
        or _ABBREVIATION.search(before) is not None
        or (_ET_AL.search(before) is not None and not after[0].isupper())
        or _GERMAN_DAY.search(before) is not None
        or _CLOSING.match(after) is not None
        or _LOWER_WORD.match(after) is not None
    )


def _trimmed(text: str, bounds: Iterable[int]) -> Iterator[Span]:
    for first, last in pairwise(bounds):
        inner = text[first:last]
        if inner.strip():
            yield Span(first + len(inner) - len(inner.lstrip()), first + len(inner.rstrip()))
