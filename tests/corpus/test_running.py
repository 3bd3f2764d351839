"""Running headers and footers: what repeats by its place goes, what only looks alike is text."""

import pytest

from corpus.lines import Line
from corpus.running import running_lines

BODY = (
    "The zorblatt was given at dawn and the ward",
    "Then the frindle was weighed by two of the nurses",
    "Quimble is rare",
)


def kept(*pages: str) -> list[list[str]]:
    """The lines of each page that stay."""
    lines = [
        Line(0, len(text), text, len(text), page, -1, False)
        for page, content in enumerate(pages)
        for text in content.split("\n")
    ]
    gone = running_lines(lines)
    return [
        [line.text for number, line in enumerate(lines) if line.page == page and number not in gone]
        for page in range(len(pages))
    ]


def as_written(*pages: str) -> list[list[str]]:
    return [page.split("\n") for page in pages]


@pytest.mark.parametrize(
    "pages",
    [
        ("1 days: the zorblatt sleeps in ward nine", "6 days: the zorblatt sleeps in ward nine"),
        (f"1 days: zorblatt dose\n{BODY[0]}", f"6 days: zorblatt dose\n{BODY[1]}"),
        (f"{BODY[0]}\nFrindle 5 mg", f"{BODY[1]}\nFrindle 10 mg", f"{BODY[2]} here\nFrindle 20 mg"),
        (f"{BODY[0]}\n5", f"{BODY[1]}\n20", f"{BODY[2]} here\n10"),
        (f"Visit 3 of zorblatt\n{BODY[0]}", f"Visit 7 of zorblatt\n{BODY[1]}", f"Visit 4 of zorblatt\n{BODY[2]}"),
        ("Zorblatt 1:Page 1", "Zorblatt 1:Page 2", "Zorblatt 1:Page 3"),
        ("1", "2"),
        ("Frindle form", "Frindle form", "Frindle form"),
        (f"{BODY[0]}\ncivil", f"{BODY[1]}\nill", f"{BODY[2]}\nmill"),
    ],
)
def test_lines_that_differ_in_figures_are_text(pages: tuple[str, ...]) -> None:
    assert kept(*pages) == as_written(*pages)


def test_pages_of_a_table_that_say_nearly_the_same_are_kept_once_at_least() -> None:
    rows = "\n".join(f"Zorblatt = 0.{row}0 Frindle = 0.{row}5" for row in range(5))
    pages = [f"{rows}\nGamma {gamma}" for gamma in ("1.0", "5.0", "1.7")]
    found = kept(*pages)
    assert found[0] == pages[0].split("\n")
    assert [page[-1] for page in found] == ["Gamma 1.0", "Gamma 5.0", "Gamma 1.7"]


@pytest.mark.parametrize(
    "line", ["Zorblatt Report 2024 {}", "{} Zorblatt et al. 2024", "Zorblatt | Page {} of 99 | Frindle", "- {} -", "{}"]
)
@pytest.mark.parametrize("first", [1, 417])
def test_lines_with_a_number_that_counts_up_with_the_pages_go(line: str, first: int) -> None:
    pages = [f"{body} with more of it\n{line.format(first + page)}" for page, body in enumerate(BODY)]
    assert kept(*pages) == [[f"{body} with more of it"] for body in BODY]


def test_roman_page_numbers_go() -> None:
    pages = [f"{body}\n{number}" for body, number in zip(BODY, ("viii", "ix", "x"), strict=True)]
    assert kept(*pages) == [[body] for body in BODY]


def test_two_pages_lose_the_very_same_line_and_their_own_numbers() -> None:
    assert kept(f"Frindle\n{BODY[0]}\n1", f"Frindle\n{BODY[1]}\n2") == [[BODY[0]], [BODY[1]]]


def test_no_lines_give_nothing() -> None:
    assert running_lines([]) == set()
