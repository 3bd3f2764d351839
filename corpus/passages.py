"""Passages: what is embedded and retrieved. Together they hold all of a document's text, each piece once."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from corpus import sentences
from corpus.documents import Document, Passage, Span
from corpus.settings import CorpusSettings

Count = Callable[[Sequence[str]], list[int]]
_Counted = tuple[Span, int]  # with its word pieces

ENCODER_TOKENS = 256  # word pieces that the encoder reads
SPECIAL_TOKENS = 2  # it adds one before and one after
PREFIX_TOKENS = 64  # a longer title and heading path is shortened: the text matters more
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of a very long one, with its word pieces and the section and page it starts in."""

    span: Span
    tokens: int
    section: int
    page: int | None


def split(document: Document, count: Count, settings: CorpusSettings) -> list[Passage]:
    """The passages of a document in order; `count` gives the word pieces of each text, without special ones."""
    prefixes = _Prefixes(document, count)
    spans = _counted(document.text, sentences.split(document.text), count)
    room = ENCODER_TOKENS - SPECIAL_TOKENS - PREFIX_TOKENS
    spans = [part for whole in spans for part in _short_enough(document.text, whole, count, room)]
    passages = []
    for group in _packed(list(_pieces(document, spans)), document, prefixes, settings.passage_tokens):
        start, end = group[0].span.start, group[-1].span.end
        empty = prefixes.passage(group[-1].section)
        passages.append(replace(empty, start=start, end=end, text=document.text[start:end], page=group[0].page))
    return passages


class _Prefixes:
    """The title and heading path of each section, short enough to leave room for the text."""

    def __init__(self, document: Document, count: Count) -> None:
        self.document = document
        self.count = count
        self._made: dict[int, tuple[Passage, int]] = {}

    def passage(self, section: int) -> Passage:
        """An empty passage of the section that begins with heading number `section` (-1: before all headings)."""
        return self._of(section)[0]

    def tokens(self, section: int) -> int:
        return self._of(section)[1]

    def _of(self, section: int) -> tuple[Passage, int]:
        if section not in self._made:
            self._made[section] = self._shortened(section)
        return self._made[section]

    def _shortened(self, section: int) -> tuple[Passage, int]:
        document = self.document
        path = document.heading_path(document.headings[section].start) if section >= 0 else ()
        for title, kept in [(document.title, path), *(("", path[drop:]) for drop in range(len(path) + 1))]:
            passage = Passage(document.sha256, 0, 0, "", title, kept)
            tokens = self.count([passage.prefix])[0] if passage.prefix else 0
            if tokens <= PREFIX_TOKENS:
                return passage, tokens
        return Passage(document.sha256, 0, 0, "", ""), 0


def _counted(text: str, spans: Sequence[Span], count: Count) -> list[_Counted]:
    lengths = count([text[span.start : span.end] for span in spans]) if spans else []
    return list(zip(spans, lengths, strict=True))


def _short_enough(text: str, whole: _Counted, count: Count, room: int) -> list[_Counted]:
    """The sentence, or where it does not fit its parts, cut at white space, or anywhere if there is none."""
    span, tokens = whole
    return [whole] if tokens <= room else _counted(text, list(_cut(text, span, count, room)), count)


def _cut(text: str, span: Span, count: Count, room: int) -> Iterator[Span]:
    """Parts of a long sentence, as long as they fit; each word, or each stretch of a very long one, is counted."""
    words = [
        Span(at, min(at + room, span.start + match.end()))
        for match in _WORD.finditer(text[span.start : span.end])
        for at in range(span.start + match.start(), span.start + match.end(), room)
    ]
    lengths = count([text[word.start : word.end] for word in words])
    start, end, tokens = words[0].start, words[0].start, 0
    for word, length in zip(words, lengths, strict=True):
        if end > start and tokens + length > room:
            yield Span(start, end)
            start, tokens = word.start, 0
        end, tokens = word.end, tokens + length
    yield Span(start, end)


def _pieces(document: Document, spans: Sequence[_Counted]) -> Iterator[_Piece]:
    starts = [heading.start for heading in document.headings]
    pages = [page.start for page in document.pages]
    for span, tokens in spans:
        page = bisect_right(pages, span.start)
        number = document.pages[page - 1].number if page else None
        yield _Piece(span, tokens, bisect_right(starts, span.start) - 1, number)


def _packed(pieces: list[_Piece], document: Document, prefixes: _Prefixes, limit: int) -> Iterator[list[_Piece]]:
    """Neighbours of one section, as many as fit; headings alone stay with the section that follows them."""
    ends = [heading.end for heading in document.headings]
    group: list[_Piece] = []
    tokens = 0
    for piece in pieces:
        room = min(limit, ENCODER_TOKENS) - SPECIAL_TOKENS - prefixes.tokens(piece.section)
        if group and not _belongs(group, piece, ends, tokens, room):
            yield group
            group, tokens = [], 0
        group.append(piece)
        tokens += piece.tokens
    if group:
        yield group


def _belongs(group: list[_Piece], piece: _Piece, ends: Sequence[int], tokens: int, room: int) -> bool:
    """Whether `piece` goes on the passage: it fits, and neither a section nor a page turns it into a new one."""
    last = group[-1]
    if tokens + piece.tokens > room:
        return False
    if last.section != piece.section:
        return last.section >= 0 and last.span.end <= ends[last.section] and _only_headings(group, ends)
    return last.page == piece.page or tokens <= room / 2


def _only_headings(group: list[_Piece], ends: Sequence[int]) -> bool:
    return all(piece.section >= 0 and piece.span.end <= ends[piece.section] for piece in group)
