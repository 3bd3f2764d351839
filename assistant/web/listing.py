"""Which documents the table shows: those that were searched for, sorted, and no more than a browser draws at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.web.scope import place
from index.records import DocumentRow

ROWS = 200  # shown at first, and so many more at a time
Key = Callable[[DocumentRow], tuple[object, ...]]
COLUMNS: dict[str, Key] = {
    "Document": lambda row: (row.relative.casefold(), row.root),
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
    """The rows to show, how many were found, and how many there are."""

    rows: Sequence[DocumentRow]
    found: int
    all: int


def listing(rows: Sequence[DocumentRow], wanted: Wanted) -> Listing:
    """The wanted rows; a column that there is not sorts nothing."""
    words = wanted.find.casefold().split()
    found = [row for row in rows if all(word in told(row) for word in words)] if words else list(rows)
    if wanted.column in COLUMNS:
        found.sort(key=COLUMNS[wanted.column], reverse=wanted.down)
    return Listing(found[: max(wanted.rows, 1)], len(found), len(rows))


def told(row: DocumentRow) -> str:
    """All that the table says of a document, for searching."""
    problems = (f"{problem.reason} {problem.next_step}" for problem in row.problems)
    state = "problem" if row.problems else "ready"
    return " ".join([place(row), row.title, row.format, row.language, row.added, state, *problems]).casefold()
