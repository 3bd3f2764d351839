"""What may be quoted without being asked for."""

import pytest

from corpus import sentences
from corpus.language import detect
from corpus.quotable import kind
from corpus.read import read


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("The dose is 50 mg every evening.", "sentence"),
        ("1. Stop the pump at once and call.", "sentence"),
        ("- any history of psychosis, because symptoms may be provoked;", "sentence"),
        ("The response fell by about 28 % in the second group", "sentence"),
        ("¿Cómo se administra la infusión aquí?", "sentence"),
        ("这种药物每天服用一次。", "sentence"),
        ("Before the session the team should check:", "fragment"),
        ("Relapse.", "fragment"),
        ("HAM-D 17 52 clinician", "fragment"),
        ("Responders | 55.4 % | 41.2 %", "fragment"),
        ("[3]", "fragment"),
        ("[3] Nestler, E. J. (2015). Molecular mechanisms. Nature Reviews Neuroscience, 16(1), 3-13.", "reference"),
        ("1. Smith J, Jones K. A trial of two arms. Lancet 2019;12:3-4.", "reference"),
        ("Hamilton M. A rating scale for depression. J Neurol 1960;23:56–62.", "reference"),
        ("Smith and Jones found in 2019 that 12 of 40 women slept well.", "sentence"),
        ("Yoon G. was born in 1970 and led the trial.", "sentence"),
    ],
)
def test_kinds(sentence: str, expected: str) -> None:
    document = read(f"An opening sentence stands here first.\n\n{sentence}\n".encode(), "a.txt")
    span = sentences.split(document.text)[-1]
    assert kind(document, span) == expected


def test_headings_and_entries_of_a_list_of_references() -> None:
    text = "# Guide\n\nIt works well for most people.\n\n## References\n\n"
    text += "- World Health Organization: Report on mood, Geneva, 2017.\n"
    document = read(text.encode(), "a.md")
    kinds = [kind(document, span) for span in sentences.split(document.text)]
    assert kinds == ["heading", "sentence", "heading", "reference"]


def test_the_row_that_names_the_columns_is_a_heading() -> None:
    text = "# Prices\n\n| Service | Price | Season |\n|---|---|---|\n| Crane | 35 euros | all year |\n"
    document = read(text.encode(), "a.md")
    kinds = [kind(document, span) for span in sentences.split(document.text)]
    assert kinds == ["heading", "heading", "fragment"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The drug is given once a day.", "en"),
        ("Die Wirkung hält eine Woche an.", "de"),
        ("La ketamina se administra por vía intravenosa.", "es"),
        ("患者在一天内好转。", "zh"),
        ("Le traitement dure deux semaines.", "fr"),
        ("5 mg", "und"),
        ("", "und"),
    ],
)
def test_languages_of_short_texts(text: str, language: str) -> None:
    assert detect(text) == language
