"""The first row of the table that a quote is from."""

import pytest

from corpus.tables import names_columns, rows_apart, top_row

ROWS = ("Outcome | Drug | Placebo", "Remission | 40 % | 17 %", "Response | 54 % | 34 %", "Dropped out | 3 %")
TEXT = "Results.\n\n" + "\n".join(ROWS) + "\n\nThe end."


@pytest.mark.parametrize(
    ("words", "top"),
    [
        ("Remission", "Outcome | Drug | Placebo"),
        ("34 %", "Outcome | Drug | Placebo"),
        ("Outcome", ""),
        ("Dropped out", ""),  # a cell is empty: nobody can tell which
        ("Results", ""),
        ("The end", ""),
    ],
)
def test_top_row(words: str, top: str) -> None:
    assert top_row(TEXT, TEXT.index(words)) == top


def test_below_a_row_of_one_cell_nobody_knows_the_top() -> None:
    assert top_row("A | B\nPrimary\nx | 1\ny | 2", 20) == ""


def test_a_table_that_the_text_begins_with() -> None:
    assert top_row("A | B\n1 | 2", 8) == "A | B"
    assert top_row("1 | 2", 0) == ""
    assert top_row("", 0) == ""


def test_rows_are_kept_apart_and_nothing_else_moves() -> None:
    text = "Prices\n\nModel | Day\nHeron | 15\nSwift | 22\nA | b in prose.\nThe end.\n"
    assert rows_apart(text) == "Prices\n;Model | Day;Heron | 15;Swift | 22;A | b in prose.\nThe end.\n"
    assert rows_apart("A line.\nAnother, a|b.") == "A line.\nAnother, a|b."


@pytest.mark.parametrize(
    ("words", "expected"),
    [("Drug", True), ("Remission", False), ("34 %", False), ("Dropped out", False), ("Results", False), ("end", False)],
)
def test_the_row_that_names_the_columns(words: str, expected: bool) -> None:
    assert names_columns(TEXT, TEXT.index(words)) is expected


@pytest.mark.parametrize(
    "text",
    ["Name | Heron\nLength | 9 m", "Heron | 9 m | 1998\nSwift | 7 m | 2004", "A | b | c", "A | b | c\nD | e | f"],
)
def test_a_top_row_that_may_answer_names_no_columns(text: str) -> None:
    assert not names_columns(text, 0)
