"""Saved web pages: their furniture goes, planted sentences stay."""

from io import BytesIO
from pathlib import Path

import docx
import pytest

from corpus import sentences
from corpus.documents import Document
from corpus.read import read

NONCE = "The zorblatt dose of frindle was 5 mg in ward nine."
PAGE = """Skip to content

Ketamine works by another door

Another door may be open

A short teaser of the page says this.
A short teaser of the page says this.

Ketamine works by another door

Home » News » Ketamine
Share  Tweet  Pin  Print

In a recent study twenty-six adults were given an infusion.

[1] Jelen, D., et al. (2022). Opioid receptors. Neuropsychopharmacology, 47(2), 200-210.

[2] Carlson, P. J., et al. (2018). The opioid system. Journal of Affective Disorders, 242, 73-84.

Related topics: sleep, mood

Read also:

    Latest
    Ten lullabies that really work
    Is your pushchair safe?

Accept cookies
© 2024 Family Courier
"""
NOISE = "Skip|Home »|Share|Tweet|Related topics|Read also|Latest|lullabies|pushchair|cookies|Courier"


def document(text: str) -> Document:
    return read(text.encode(), "page.txt")


def test_furniture_goes_and_text_and_references_stay() -> None:
    text = document(PAGE).text
    assert not [noise for noise in NOISE.split("|") if noise in text]
    assert text.count("Ketamine works by another door") == 1
    assert text.count("A short teaser of the page says this.") == 1
    quoted = [text[span.start : span.end] for span in sentences.split(text)]
    assert "In a recent study twenty-six adults were given an infusion." in quoted
    assert "[2] Carlson, P. J., et al. (2018). The opioid system. Journal of Affective Disorders, 242, 73-84." in quoted


@pytest.mark.parametrize("line", range(len(PAGE.splitlines()) + 1))
def test_a_sentence_planted_anywhere_stays(line: int) -> None:
    lines = PAGE.splitlines()
    text = document("\n".join([*lines[:line], NONCE, *lines[line:]])).text
    assert NONCE in text


@pytest.mark.parametrize(
    "line",
    ["Share " + NONCE[0].lower() + NONCE[1:], "Tags: " + NONCE, "- " + NONCE, "Read also: " + NONCE, "© " + NONCE],
)
def test_a_sentence_behind_a_label_stays(line: str) -> None:
    assert NONCE[4:] in document(PAGE + "\n" + line + "\n").text


@pytest.mark.parametrize(
    "glue", ["Skip to content\n", "Skip to content", "Skip to content Ketamine is old.", " Skip to content\n"]
)
def test_a_label_glued_to_a_sentence_is_never_quoted(glue: str) -> None:
    text = document(f"Title of the page\n\nThese are novel therapies.{glue}\n\nIt is safe.").text
    assert "Skip" not in text
    assert "These are novel therapies." in [text[span.start : span.end] for span in sentences.split(text)]


def test_words_of_a_menu_stay_where_no_saved_page_is_proven() -> None:
    text = "Office verbs\n\nPrint\n\nThis command prints the page.\n\nSave\n\nThis command keeps the file.\n"
    assert document(text).text == text.strip()


def test_a_sentence_about_skipping_stays() -> None:
    text = "Readers are told to do this. Skip to content that matters to you."
    assert document(text).text == text


ARMS = ["Related articles", "Quimble arms", "Arm A received 60 mg of zorblatt weekly", "Arm B received frindle only"]
SAVED_PAGE = Path(__file__).parents[2] / "examples/documents/treatments/zuranolone-saved-page.txt"


def word(lines: list[str]) -> bytes:
    file, saved = docx.Document(), BytesIO()
    for line in lines:
        file.add_paragraph(line)
    file.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("above", [[NONCE], ["Skip to content", NONCE]])
@pytest.mark.parametrize("label", ["Related articles", "Read also:"])
@pytest.mark.parametrize("suffix", ["md", "docx", "txt"])
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_lines_without_full_stops_below_a_label_stay(above: list[str], label: str, suffix: str, gap: str) -> None:
    lines = [*above, label, *ARMS[1:]]
    data = word(lines) if suffix == "docx" else gap.join(lines).encode()
    text = read(data, f"page.{suffix}").text
    assert [line for line in ARMS[1:] if line not in text] == []


def test_a_heading_that_is_also_a_label_stays_where_no_saved_page_is_proven() -> None:
    text = "\n".join([NONCE, *ARMS])
    assert document(text).text.splitlines() == text.splitlines()


@pytest.mark.parametrize("below", ["Is it safe?\n\nYes", "Quimble arms\n\nArm A slept", "Quimble\nIt was kept on ice."])
def test_a_heading_below_a_label_in_a_saved_page_stays(below: str) -> None:
    text = document(f"Skip to content\n\n{NONCE}\n\nRead also:\n\n{below}\n").text
    assert text == f"{NONCE}\n\n{below}"


def test_links_right_below_a_label_of_a_saved_page_go_and_the_text_goes_on() -> None:
    text = document(
        f"Skip to content\n\n{NONCE}\n\nRead also:\nTen lullabies\nA safe pushchair\n\nQuimble is rare\n"
    ).text
    assert text == f"{NONCE}\n\nQuimble is rare"


@pytest.mark.parametrize("end", ["Read also:", "Read also:\n\n    Latest", "Related articles\nPrint"])
def test_a_label_that_dangles_at_the_end_goes(end: str) -> None:
    assert document(f"{NONCE}\n\n{end}\n").text == NONCE


def test_the_saved_page_of_the_examples_is_clean() -> None:
    text = read(SAVED_PAGE.read_bytes(), SAVED_PAGE.name).text
    assert not [noise for noise in NOISE.split("|") if noise in text]
    assert text.splitlines()[-1].startswith("[2] Deligiannidis KM")
