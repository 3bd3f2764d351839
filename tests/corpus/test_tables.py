"""The first row of the table that a quote is from."""

import pytest

from corpus.tables import rows_apart, top_row

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
