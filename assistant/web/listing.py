"""Which documents the table shows: those that were searched for, sorted, and no more than a browser draws at once."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.web.scope import called_alike
from corpus.phrases import count
from index.records import DocumentRow

ROWS = 200  # shown at first, and so many more at a time: a browser here draws them within a tenth of a second
MOST = 2000  # rows at once; the others are within reach of a search
LONGEST, WORDS = 200, 20  # characters and words of a search
Key = Callable[[DocumentRow], tuple[object, ...]]
COLUMNS: dict[str, Key] = {
    "Document": lambda row: (*natural(row.relative), row.root),
    "Type": lambda row: (row.format,),
    "Pages": lambda row: (row.pages,),
    "Passages": lambda row: (row.passages,),
    "Language": lambda row: (row.language,),
    "Added": lambda row: (row.added,),
    "Status": lambda row: (len(row.problems),),
}
"""The table's columns, and what each is sorted by."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants to see of the table; `column` is empty while it is in the order of the index."""

    find: str = ""
    column: str = ""
    down: bool = False
    rows: int = ROWS


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows to show, how many were found, how many there are, and the names that several of all files have."""

    rows: Sequence[DocumentRow]
    found: int
    total: int
    alike: frozenset[str]


def listing(rows: Sequence[DocumentRow], wanted: Wanted) -> Listing:
    """The wanted rows; a column that there is not sorts nothing."""
    alike = frozenset(called_alike(rows))
    words = list(dict.fromkeys(wanted.find.casefold().split()))[:WORDS]
    found = [row for row in rows if _has(row, words, alike)] if words else list(rows)
    if wanted.column in COLUMNS:
        found.sort(key=COLUMNS[wanted.column], reverse=wanted.down)
    return Listing(found[: min(max(wanted.rows, 1), MOST)], len(found), len(rows), alike)


def natural(name: str) -> tuple[str | int, ...]:
    """What names are sorted by: numbers in them as numbers, letters whatever their case and accents."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    # Words and numbers alternate, so that two keys have the same type at each place.
    return tuple(int(part) if number else part for part, number in _parts(plain))


def _parts(name: str) -> list[tuple[str, bool]]:
    return [(part, place % 2 == 1) for place, part in enumerate(re.split(r"([0-9]+)", name))]


def _has(row: DocumentRow, words: Sequence[str], alike: frozenset[str]) -> bool:
    told = told_of(row, alone=row.relative not in alike)
    return all(word in told for word in words)


def told_of(row: DocumentRow, *, alone: bool) -> str:
    """All that the table says of a document, in small letters; its root where other files are called like it."""
    problems = (f"{problem.reason} {problem.next_step}" for problem in row.problems)
    numbers = (f"{number:,}" for number in (row.pages, row.passages) if number)
    told = [row.relative, row.title, row.format, *numbers, row.language, row.added[:10], state(row), *problems]
    return " ".join(told if alone else [*told, row.root]).casefold()


def state(row: DocumentRow) -> str:
    """Whether it could be read whole."""
    return count(len(row.problems), "problem") if row.problems else "ready"
