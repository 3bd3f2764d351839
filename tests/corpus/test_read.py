"""Reading text files: encodings, bad input, titles and headings, languages."""

import time
from hashlib import sha256

import pytest

from corpus.errors import DocumentUnreadable
from corpus.read import read

GERMAN = "Über die Wirkung\n\nDie Wirkung hält eine Woche an, sagt Dr. Müller. Für ältere Menschen gilt das nicht.\n"
SPANISH = "La infusión\n\n¿Cómo se administra? El señor Núñez recibió la infusión en dos horas y mejoró después.\n"
CHINESE = "这种药物每天服用一次，持续两周。患者在一天内好转。血压会短暂升高。\n"


def test_a_document_carries_the_hash_of_its_bytes() -> None:
    data = b"One sentence is here."
    document = read(data, "folder/notes.txt")
    assert document.sha256 == sha256(data).hexdigest()
    assert (document.text, document.title, document.format) == ("One sentence is here.", "notes", "txt")
    assert document.pages == document.problems == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
@pytest.mark.parametrize(("text", "language"), [(GERMAN, "de"), (SPANISH, "es")])
def test_encodings_and_languages(encoding: str, text: str, language: str) -> None:
    document = read(text.encode(encoding), "a.txt")
    assert (document.text, document.language, document.problems) == (text.strip(), language, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_chinese(encoding: str) -> None:
    document = read((CHINESE * 3).encode(encoding), "a.txt")
    assert document.text == (CHINESE * 3).strip()
    assert document.language == "zh"


def test_latin_1_text() -> None:
    assert "Müller" in read(GERMAN.encode("latin-1"), "a.txt").text


def test_broken_utf8_is_kept_and_reported() -> None:
    data = GERMAN.encode().replace(b"Dr. M", b"Dr.\xff M")
    document = read(data, "a.txt")
    assert "Dr.\ufffd Müller" in document.text
    assert document.problems[0].path == "a.txt"
    assert document.problems[0].reason.startswith("1 characters are not valid UTF-8")


@pytest.mark.parametrize(
    ("data", "name", "reason"),
    [
        (b"", "a.txt", "empty"),
        (b" \n\t", "a.txt", "no text"),
        (bytes(range(256)) * 20, "a.txt", "binary"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "a.txt", "PNG"),
        (b"\x89PNG\r\n\x1a\n" + bytes(500), "a.html", "PNG"),
        (b"%PDF-1.7 ...", "a.md", "PDF"),
        (b"", "a.html", "empty"),
        (b"", "a.md", "empty"),
        (b"", "a.docx", "damaged"),
        (b"PK\x03\x04 broken", "a.docx", "damaged"),
        (b"<html><script>var text = 'hello there';</script></html>", "a.html", "no text"),
        (b"text", "a.odt", "not read"),
    ],
)
def test_unreadable_files_say_why_and_what_to_do(data: bytes, name: str, reason: str) -> None:
    with pytest.raises(DocumentUnreadable) as caught:
        read(data, name)
    assert reason in caught.value.reason
    assert caught.value.next_step.endswith(".")


def test_text_headings_and_title() -> None:
    text = (
        "Rapid relief\n\nIntroduction to it\n\nThis is a sentence of the text and it is long.\n"
        "1. Glutamate and its receptors\nTreatments like esketamine block the NMDA receptor, which starts a cascade.\n"
        "2. Steroids\nTreatments such as brexanolone mimic a neurosteroid, which restores a certain balance.\n"
        "\n- one item\n\nA last sentence without a stop too long to be the heading of anything that might follow it\n"
    )
    document = read(text.encode(), "a.txt")
    headings = [(document.text[heading.start : heading.end], heading.level) for heading in document.headings]
    assert document.title == "Rapid relief"
    assert headings == [
        ("Rapid relief", 1),
        ("Introduction to it", 2),
        ("1. Glutamate and its receptors", 2),
        ("2. Steroids", 2),
    ]


def test_a_numbered_list_has_no_headings() -> None:
    text = "A title\n\nThese are the steps:\n1. Stop the pump\n2. Call for help\n3. Give oxygen\n"
    document = read(text.encode(), "a.txt")
    assert [document.text[heading.start : heading.end] for heading in document.headings] == ["A title"]


@pytest.mark.parametrize("piece", ["a", ".", "a-\n", "a\n\n", "Read also:\nx\n", "[1]\n", "\u2028a"])
def test_reading_takes_linear_time(piece: str) -> None:
    start = time.process_time()
    read((piece * (200_000 // len(piece)) + "The end.").encode(), "a.txt")
    assert time.process_time() - start < 15
