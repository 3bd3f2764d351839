import random
from io import BytesIO
from pathlib import Path

import pytest
from fpdf import FPDF
from fpdf.enums import AccessPermission, EncryptionMethod
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from corpus.boxes import boxes_of
from corpus.documents import Document, Problem
from corpus.errors import DocumentUnreadable
from corpus.formats.pdf import extract
from corpus.formats.pdf_quality import is_garbage
from corpus.load import load_files
from corpus.read import read

SENTENCE = "Brexanolone was infused over sixty hours in a hospital ward, and most women felt better within three days."

TWO = [SENTENCE, "Zuranolone is swallowed once a day for two weeks, each time with a meal that has fat."]


def pdf_of(pages: list[str], *, title: str = "") -> FPDF:
    pdf = FPDF()
    pdf.set_title(title)
    for text in pages:
        pdf.add_page()
        pdf.set_font("helvetica", size=11)
        if text:
            pdf.multi_cell(0, 6, text)
    return pdf


def written(pdf: FPDF) -> bytes:
    return bytes(pdf.output())


def scan(pages: int, *, text_on: tuple[int, ...] = ()) -> bytes:
    noise = random.Random(3).randbytes(60 * 80)
    picture = BytesIO()
    Image.frombytes("L", (60, 80), noise).save(picture, "PNG")
    pdf = FPDF()
    for number in range(1, pages + 1):
        pdf.add_page()
        pdf.set_font("helvetica", size=11)
        if number in text_on:
            pdf.multi_cell(0, 6, TWO[number > 1])
        else:
            pdf.image(picture, x=0, y=0, w=pdf.w, h=pdf.h)
    return written(pdf)


def test_pages_carry_the_labels_printed_on_them() -> None:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(written(pdf_of([f"Page {n}. {SENTENCE}" for n in range(5)])))))
    writer.set_page_label(0, 2, style="/r")
    writer.set_page_label(3, 4, style="/D", prefix="A-", start=7)
    out = BytesIO()
    writer.write(out)
    found = extract(out.getvalue(), "a.pdf")
    assert [(page.number, page.label) for page in found.pages] == [
        (1, "i"),
        (2, "ii"),
        (3, "iii"),
        (4, "A-7"),
        (5, "A-8"),
    ]
    assert all(found.text[page.start :].startswith(f"Page {page.number - 1}.") for page in found.pages)


def test_pages_without_labels_have_their_numbers() -> None:
    assert [page.label for page in extract(written(pdf_of([SENTENCE] * 2)), "a.pdf").pages] == ["1", "2"]


def test_headings_come_from_the_outline_with_its_levels() -> None:
    pdf = FPDF()
    pdf.add_page()
    pdf.set_font("helvetica", size=11)
    for level, title in [(0, "1 Methods"), (1, "Dosing"), (1, "Adverse events"), (0, "2 Results")]:
        pdf.start_section(title, level)
        pdf.cell(0, 8, title, new_x="LMARGIN", new_y="NEXT")
        pdf.multi_cell(0, 6, f"{SENTENCE} The Methods and Results are told below.", new_x="LMARGIN", new_y="NEXT")
    found = extract(written(pdf), "a.pdf")
    headings = [(heading.level, found.text[heading.start : heading.end]) for heading in found.headings]
    assert headings == [(1, "1 Methods"), (2, "Dosing"), (2, "Adverse events"), (1, "2 Results")]


def test_headings_without_an_outline_are_told_by_size_and_weight() -> None:
    pdf = FPDF()
    pdf.add_page()
    for size, style, text in [(20, "", "A Trial of Zuranolone"), (14, "", "Methods"), (11, "B", "Dosing")]:
        pdf.set_font("helvetica", style=style, size=size)
        pdf.multi_cell(0, size * 0.5, text, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
        pdf.set_font("helvetica", size=11)
        pdf.multi_cell(0, 6, " ".join([SENTENCE] * 4), new_x="LMARGIN", new_y="NEXT")
        pdf.ln(6)
    found = extract(written(pdf), "a.pdf")
    headings = [(heading.level, found.text[heading.start : heading.end]) for heading in found.headings]
    assert headings == [(1, "A Trial of Zuranolone"), (2, "Methods"), (3, "Dosing")]
    assert found.title == "A Trial of Zuranolone"


@pytest.mark.parametrize(
    ("named", "expected"),
    [("Infusions at night", "Infusions at night"), ("Microsoft Word - draft7.doc", ""), ("untitled", ""), ("42", "")],
)
def test_a_title_is_taken_only_if_it_is_one(named: str, expected: str) -> None:
    assert extract(written(pdf_of([SENTENCE], title=named)), "a.pdf").title == expected


def test_paragraphs_are_parted_and_lines_joined() -> None:
    long = " ".join([SENTENCE] * 3)
    assert read(written(pdf_of([f"{long}\n\n{long}"])), "a.pdf").text.split("\n\n") == [long, long]


def test_pages_without_text_are_named_and_the_rest_is_read() -> None:
    found = read(scan(6, text_on=(1, 6)), "a.pdf")
    assert found.text == "\n\n".join(TWO)
    (problem,) = found.problems
    assert (problem.reason, problem.page) == ("Pages 2-5 are images without text.", 2)
    assert "ocrmypdf" in problem.next_step


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("scan", "images without text"), ("locked", "password"), ("blank", "no text"), ("no pdf", "damaged")],
)
def test_files_that_cannot_be_read_say_why(kind: str, reason: str) -> None:
    with pytest.raises(DocumentUnreadable, match=reason) as raised:
        read(bad_file(kind), "a.pdf")
    assert raised.value.next_step


def bad_file(kind: str) -> bytes:
    if kind == "scan":
        return scan(2)
    if kind == "no pdf":
        return b"%PDF-1.7\n" + random.Random(5).randbytes(4000)
    pdf = pdf_of([SENTENCE if kind == "locked" else ""])
    if kind == "locked":
        pdf.set_encryption("owner", "user", EncryptionMethod.RC4, AccessPermission.all())
    return written(pdf)


def test_a_file_that_is_only_protected_against_changes_is_read() -> None:
    pdf = pdf_of([SENTENCE])
    pdf.set_encryption("owner", None, EncryptionMethod.RC4, AccessPermission.none())
    assert SENTENCE in " ".join(read(written(pdf), "a.pdf").text.split())


def test_a_file_that_pdfium_refuses_is_read_without_places() -> None:
    document = read(written(pdf_of([SENTENCE] * 2)).replace(b"%PDF-1.3", b"%XXX-1.3"), "a.pdf")
    assert SENTENCE in document.text
    assert document.boxes == ()
    assert boxes_of(document.boxes, 0, 10) == ()
    assert "places cannot be shown" in document.problems[0].reason


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_read_or_reported_but_never_crashes(tmp_path: Path, share: float) -> None:
    data = written(pdf_of([SENTENCE] * 4))
    path = tmp_path / "cut.pdf"
    path.write_bytes(data[: int(share * len(data))])
    ((_, found),) = load_files([path])
    if isinstance(found, Document):
        assert "sixty hours" in found.text
    else:
        assert isinstance(found, Problem)
        assert "damaged" in found.reason or "no text" in found.reason


def test_letters_that_a_font_does_not_name_are_never_indexed() -> None:
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 700, SENTENCE)
    canvas.showPage()
    canvas.drawString(72, 700, "(cid:31)(cid:44)(cid:12)(cid:9)(cid:77)(cid:31)(cid:44)(cid:12)")
    canvas.drawString(72, 680, "/G21/G22/G45/G67/G21/G22/G45/G67/G21/G22/G45/G67")
    canvas.showPage()
    canvas.save()
    found = extract(out.getvalue(), "a.pdf")
    assert "cid" not in found.text
    assert "/G" not in found.text
    assert [problem.page for problem in found.problems] == [2]


def test_garbage_is_told_from_odd_but_real_text() -> None:
    assert is_garbage("\ue001\ue002\ue003" * 20)
    assert is_garbage("\ufffd" * 30)
    assert is_garbage("Euh{dqrorqh zdv lqixvhg ryhu vl{w| krxuv lq d krvslwdo zdug " * 6)
    assert not is_garbage("p < 0.05, n = 42, 12 (7-19) | 0.83 | 1.2e-3 | 99.9 % " * 6)
    assert not is_garbage("治疗 患者 每天 一次 口服 药物 " * 8)
    assert not is_garbage(SENTENCE + " \uf0b7 one \uf0b7 two")
    assert not is_garbage("")
