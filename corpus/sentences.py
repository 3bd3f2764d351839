"""Sentences of a text, as spans.

nupunkt finds the ends, and what it cannot know is corrected here: Chinese full stops, labels of lists, some
abbreviations, entries of reference lists. Of the libraries in benchmarks/results/sentences.json blingfire is as good
alone (F1 0.92 to 0.91), but with these corrections it stays behind, and it is a binary without releases.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import nupunkt

from corpus.documents import Span
from corpus.references import LONGEST_ENTRY, is_entry
from corpus.tables import BETWEEN_CELLS

PIECE = 20_000  # characters searched at a time, so that time stays linear
SEEN = 80  # characters looked at on either side of an end
_BLOCK = re.compile(r"[^\n]*[^\s][^\n]*")
_MARK = re.compile(r"[.!?…]\S{0,20}\s")  # without one, the slower search has nothing to find
_IDEOGRAPHIC = re.compile(r"(?<=[。！？])[”’」』）)\"]*(?=[^。！？”’」』）)\"])")
_LABEL = re.compile(r"(?:\[\d{1,3}\]|\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)]|(?:\d{1,2}\.){2,4}|[•●▪◦‣*–—-])")
_LIST_NUMBER = re.compile(r"(?:\d{1,3}\.){1,4}")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[“\"])(?:e\.\s?g|i\.\s?e|cf|vs|viz|ca|approx|incl|resp|Dr|Drs|Prof|Mr|Mrs|Ms|St|Sr|Sra|Dra"
    r"|z\.\s?B|d\.\s?h|u\.\s?a|bzw|vgl|sog|p\.\s?ej)\.$"
)
_NUMBERED = re.compile(r"(?:^|[\s(\[])(?:Figs?|Eqs?|Refs?|Vol|Nos?|Nr|pp?|Tab|Abb|Sec|Ch|Art|Nº)\.$", re.IGNORECASE)
_ET_AL = re.compile(r"\bet al\.$")
_GERMAN_DAY = re.compile(r"\b(?:am|vom|bis|zum|den|dem|der|und|–)\s\d{1,2}\.$", re.IGNORECASE)
_CLOSING = re.compile(r"[”’\"')\]]+(?:\s|$)")
_LOWER_WORD = re.compile(r"[a-zß-öø-ÿ]{2,}\b|[a-z]\s")
_PLAIN_END = re.compile(r"(?<![^\s(“‘-])([a-zß-öø-ÿ]{4,})[.!?][”“’»\")]*\s+(?=[“‘\"(¿¡]?[^\W\d_a-zß-öø-ÿ])")
_SHORTENED = frozenset(["approx", "chap", "dept", "eqns", "figs", "incl", "prof", "refs", "resp", "suppl", "vols"])


@dataclass(frozen=True, slots=True)
class _Ends:
    """Where a sentence of the text may end, sorted, and those places where one must."""

    places: Sequence[int]
    forced: frozenset[int]


def split(text: str) -> list[Span]:
    """The sentences of `text` in order; together they hold all that is not white space, none holds a newline."""
    cuts = _cuts(text)
    ends = [start + end for start, stop in pairwise(cuts) for end in _ends(text[start:stop])]
    found = _Ends(sorted({*ends, *cuts}), frozenset(cuts))
    return [span for block in _BLOCK.finditer(text) for span in _block(text, block.start(), block.end(), found)]


def _cuts(text: str) -> list[int]:
    """Where a long text is cut before it is searched: after a line, else after a space, else anywhere."""
    cuts = [0]
    while len(text) - cuts[-1] > PIECE:
        start, limit = cuts[-1] + 1, cuts[-1] + PIECE
        cuts.append(text.rfind("\n", start, limit) + 1 or text.rfind(" ", start, limit) + 1 or limit)
    return [*cuts, len(text)]


def _ends(piece: str) -> Iterator[int]:
    """The offsets within a piece at which a new sentence may begin, in no order."""
    if _MARK.search(piece):
        yield from (int(end) for _, end in nupunkt.sent_spans(piece))
    yield from (match.end() for match in _IDEOGRAPHIC.finditer(piece))
    yield from (match.end() for match in _PLAIN_END.finditer(piece) if match[1] not in _SHORTENED)


def _block(text: str, start: int, end: int, ends: _Ends) -> Iterator[Span]:
    """The sentences of one block; `ends` are those of the whole text."""
    last = start
    if end - start > LONGEST_ENTRY or not is_entry(text[start:end].strip()):
        for at in ends.places[bisect_right(ends.places, start) : bisect_left(ends.places, end)]:
            before, after = text[max(last, at - SEEN) : at].strip(), text[at : min(end, at + SEEN)].lstrip()
            if before and after and (at in ends.forced or not _is_false(before, after)):
                yield _trimmed(text, last, at)
                last = at
    yield _trimmed(text, last, end)


def _is_false(before: str, after: str) -> bool:
    """Whether an end between `before` and `after` is none."""
    return (
        _LABEL.fullmatch(before) is not None
        or _LIST_NUMBER.fullmatch(before) is not None
        or _ABBREVIATION.search(before) is not None
        or (_NUMBERED.search(before) is not None and after[0].isdigit())
        or (_ET_AL.search(before) is not None and not after[0].isupper())
        or _GERMAN_DAY.search(before) is not None
        or _CLOSING.match(after) is not None
        or _LOWER_WORD.match(after) is not None
        or after.startswith(BETWEEN_CELLS.strip())  # a cell ends there, and its row goes on
    )


def _trimmed(text: str, start: int, end: int) -> Span:
    inner = text[start:end]
    return Span(start + len(inner) - len(inner.lstrip()), start + len(inner.rstrip()))
