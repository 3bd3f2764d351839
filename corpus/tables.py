"""Table rows in the canonical text: one row a line, its cells with a bar between them."""

import re

BETWEEN_CELLS = " | "
_BEFORE_ROW = re.compile(rf"\n(?=[^\n]*{re.escape(BETWEEN_CELLS)})")


def rows_apart(text: str) -> str:
    """The text, as long as before, with a semicolon for the end of line before each table row.

    To a network that takes an end of line for a space, a row's last cell stands before the next row's first one, as if
    it were said of it: of 14 questions on four small tables it found the right row for 2 so, for 13 with semicolons.
    """
    return _BEFORE_ROW.sub(";", text)


def top_row(text: str, at: int) -> str:
    """The first row of the table that the character `at` is in; empty in the first row itself, and outside tables.

    Empty too where that row has another number of cells: it would seem to name columns that it does not.
    """
    row = _line(text, at)
    top, start = row, _line_start(text, at)
    while start and BETWEEN_CELLS in (above := _line(text, start - 1)):
        top, start = above, _line_start(text, start - 1)
    if start and _line(text, start - 1).strip():
        return ""  # a row of one cell stands above, so this one may not be the top
    return top if top != row and top.count(BETWEEN_CELLS) == row.count(BETWEEN_CELLS) > 0 else ""


def names_columns(text: str, at: int) -> bool:
    """Whether the character `at` is in a row that only says what the columns below hold.

    That is the top row of three cells or more, without a figure, over a row of as many cells with one. Of two cells the
    first may name what the second says, so such a row is kept to be quoted.
    """
    row, end = _line(text, at), text.find("\n", at)
    if row.count(BETWEEN_CELLS) < 2 or _has_figure(row) or end < 0:
        return False
    below = _line(text, end + 1)
    start = _line_start(text, at)
    is_top = not start or BETWEEN_CELLS not in _line(text, start - 1)
    return is_top and below.count(BETWEEN_CELLS) == row.count(BETWEEN_CELLS) and _has_figure(below)


def _has_figure(row: str) -> bool:
    return any(letter.isdigit() for letter in row)


def _line_start(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line(text: str, at: int) -> str:
    """The line that the character `at`, or the end of the line there, belongs to."""
    end = text.find("\n", at)
    return text[_line_start(text, at) : end if end >= 0 else len(text)]
