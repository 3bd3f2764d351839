"""Web pages, Markdown and Word documents: what is text, what is a heading, what is lost (nothing)."""

import io
import zipfile

import docx
import pytest

from corpus.documents import Document
from corpus.errors import DocumentUnreadable
from corpus.formats import word
from corpus.read import read

NONCE = "The zorblatt dose of frindle was 5 mg in ward nine."
SITE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Big news | The Courier</title>
<script>var secret = "The script sentence must never be text.";</script><style>p {{color: red}}</style></head><body>
<a class="skip-link" href="#x">Skip to content</a><nav><ul><li>Home</li><li>Log in</li></ul></nav>
<div id="cookie-banner"><p>We use cookies to measure our audiences and partners.</p></div>
<main><article><header><h1>Big news</h1><p>{header}</p></header><div class="share"><a>Share on Facebook</a></div>
<p>The first paragraph has <b>bold</b> words and a <a href="/x">link</a> in it.</p><h2>Dosing</h2>
<ul><li>Take it with food every day.</li><li>{item}</li></ul>
<table><tr><th>Drug</th><th>Dose</th></tr><tr><td>Zuranolone</td><td>50 mg</td></tr></table>
<h2>References</h2><ol><li>Smith J, Jones K. A trial of it. Lancet 2019;12:3-4.</li></ol>
<footer><p>{footer}</p></footer></article></main>
<aside><h3>Read also</h3><a>Seven teas for you</a></aside><footer>© 2024 The Courier</footer></body></html>"""


def headings(document: Document) -> list[tuple[str, int]]:
    return [(document.text[heading.start : heading.end], heading.level) for heading in document.headings]


def page(header: str = "", item: str = "", footer: str = "") -> Document:
    return read(SITE.format(header=header, item=item, footer=footer).encode(), "a.html")


def test_a_web_page_without_its_furniture() -> None:
    document = page()
    assert document.title == "Big news"
    assert headings(document) == [("Big news", 1), ("Dosing", 2), ("References", 2)]
    assert "has bold words and a link in it." in document.text
    assert "Take it with food every day." in document.text.split("\n")
    assert "Drug | Dose\nZuranolone | 50 mg" in document.text
    assert "Smith J, Jones K. A trial of it. Lancet 2019;12:3-4." in document.text.split("\n")
    for noise in ("Skip", "cookies", "Share", "script", "Home", "Courier", "teas", "color"):
        assert noise not in document.text


@pytest.mark.parametrize("place", ["header", "item", "footer"])
def test_a_sentence_planted_in_a_page_stays(place: str) -> None:
    assert NONCE in page(**{place: NONCE}).text.split("\n")


def test_a_plain_page_without_marked_parts_keeps_all_of_it() -> None:
    document = read(f"<title>Old page</title><h1>Old page</h1>{NONCE}<br><br>And <i>more</i> of it.".encode(), "a.htm")
    assert document.text.split("\n\n") == ["Old page", NONCE, "And more of it."]


def test_the_declared_encoding_of_a_page_counts() -> None:
    data = '<html><head><meta charset="windows-1251"></head><body><p>Скорость лечения высокая.</p></body></html>'
    assert read(data.encode("cp1251"), "a.html").text == "Скорость лечения высокая."


def test_a_page_with_an_xml_declaration() -> None:
    data = f'<?xml version="1.0" encoding="utf-8"?><html><body><p>{NONCE}</p></body></html>'
    assert read(data.encode(), "a.html").text == NONCE


def test_markdown_reads_as_it_is_seen() -> None:
    text = (
        '---\ntitle: "From the front"\nauthor: A. B.\n---\n# Title\n\n'
        "Some *emphasis*, a [link](http://x.org) and `code`\n"
        "over two lines.\n\n## Steps\n\n1. First **step**.\n2. Second step.\n\n"
        "| Drug | Dose |\n|---|---|\n| Z | 50 mg |\n\n"
        "```\nx = 1\ny = 2\n```\n\n<script>alert('never text')</script>\n"
    )
    document = read(text.encode(), "a.md")
    assert document.title == "From the front"
    assert ("author", "A. B.") in document.metadata
    assert headings(document) == [("Title", 1), ("Steps", 2)]
    assert document.text == (
        "Title\n\nSome emphasis, a link and code over two lines.\n\nSteps\n\nFirst step.\n"
        "Second step.\n\nDrug | Dose\nZ | 50 mg"
        "\n\nx = 1\ny = 2"
    )


def word_file(document: docx.document.Document) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_in_the_order_of_the_document() -> None:
    document = docx.Document()
    document.core_properties.title = "A guide"
    document.add_heading("Depression", 1)
    document.add_paragraph("First paragraph.")
    table = document.add_table(2, 2)
    for cell, text in zip(
        (cell for row in table.rows for cell in row.cells), ("Drug", "Dose", "Z", "50 mg"), strict=True
    ):
        cell.text = text
    document.add_heading("Care", 2)
    document.add_paragraph("one item;", style="List Bullet")
    document.add_paragraph(NONCE, style="List Bullet")
    document.add_paragraph("Last paragraph.")
    read_back = read(word_file(document), "a.docx")
    assert read_back.title == "A guide"
    assert headings(read_back) == [("Depression", 1), ("Care", 2)]
    assert read_back.text == (
        f"Depression\n\nFirst paragraph.\n\nDrug | Dose\nZ | 50 mg\n\nCare\n\none item;\n{NONCE}\n\nLast paragraph."
    )


def test_word_keeps_tracked_insertions_and_content_controls_and_drops_deletions() -> None:
    document = docx.Document()
    document.add_paragraph("PLACE")
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    paragraph = (
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>It was </w:t></w:r><w:ins><w:r><w:t>never </w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>always </w:delText></w:r></w:del>"
        "<w:r><w:t>safe.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    body = document.element.body
    body.replace(document.paragraphs[0]._p, docx.oxml.parse_xml(paragraph.replace("<w:sdt>", f"<w:sdt {w}>", 1)))
    assert read(word_file(document), "a.docx").text == "It was never safe."


@pytest.mark.parametrize("cut", [100, 5000, -200])
def test_a_truncated_word_document_is_damaged(cut: int) -> None:
    document = docx.Document()
    document.add_paragraph(NONCE)
    with pytest.raises(DocumentUnreadable, match="damaged"):
        read(word_file(document)[:cut], "a.docx")


def test_a_zip_that_is_no_word_document_is_damaged() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("hello.txt", "hello")
    with pytest.raises(DocumentUnreadable, match="damaged"):
        read(stream.getvalue(), "a.docx")


def test_a_zip_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "LARGEST", 1_000_000)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 2_000_000)
    with pytest.raises(DocumentUnreadable, match="unpacks to"):
        read(stream.getvalue(), "a.docx")


def test_a_protected_word_document_says_so() -> None:
    with pytest.raises(DocumentUnreadable, match="password"):
        read(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx")
