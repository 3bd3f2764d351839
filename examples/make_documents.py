"""Build the PDF and DOCX example documents from the texts in `examples/sources`.

Run `python examples/make_documents.py [folder]`; the folder defaults to `examples/documents`. The same sources and
library versions give the same bytes: dates and identifiers are fixed.
Needs reportlab, pypdf and python-docx.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

from docx import Document
from pypdf import PdfWriter
from pypdf.constants import PageLabelStyle
from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

HERE = Path(__file__).parent
FIXED_DATE = datetime(2025, 1, 1)
LINE_MARKS = {"mark": r"\[\[", "heading": "## ", "bullets": "- ", "steps": r"\d+\. ", "table": r"\|"}
ZIP_DATE = (2025, 1, 1, 0, 0, 0)
BODY_MARK = "[[body]]"
SOFT_HYPHEN = "\N{SOFT HYPHEN}"
# Where the hyphenated document may break its longer words.
BREAKS = """allo-preg-nano-lone brex-ano-lone con-tin-u-ous-ly pla-ce-bo an-ti-de-pres-sant de-pres-sion in-fu-sion
    mon-i-tor-ing man-u-fac-tur-er neu-ro-ster-oid ben-zo-di-az-e-pines ex-tra-syn-ap-tic de-riv-a-tive pro-ges-ter-one
    med-i-cine in-di-ca-tion his-tor-i-cal com-pa-ny chil-dren sol-u-bi-lis-ing ac-cu-mu-lates en-rol-ment pre-scrib-er
    cal-cu-lat-ed kil-o-gram gen-er-al-ly tem-per-a-ture ox-im-e-try as-sessed in-ter-rup-tion re-duc-tion sleep-i-ness
    con-scious-ness warn-ing re-cov-ered min-utes phy-si-cian sat-u-ra-tion com-plaints can-nu-la al-low-ance
    none-the-less ad-vis-er ex-pe-ri-ence sep-a-rat-ed pub-lished dif-fi-cul-ty hos-pi-tal re-lieved col-leagues
    re-port-ed to-geth-er ceil-ing sug-gests fol-lowed o-mis-sion two-hour-ly ap-point-ment un-changed com-plete-ly
    tel-e-phone su-per-vised mid-wife post-par-tum nat-u-ral en-hanc-es re-cep-tors in-hi-bi-tion
    pop-u-la-tions ad-mit-ted morn-ing cour-te-sy sud-den-ly fol-low-ing kid-ney"""
HYPHENATED = {word.replace("-", ""): word.replace("-", SOFT_HYPHEN) for word in BREAKS.split()}


@dataclass(frozen=True)
class Block:
    """One heading, paragraph, list or table; `lines` are its items, rows or the single text."""

    kind: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A parsed source file: its heading lines (`title: …`) and its blocks, in reading order."""

    meta: dict[str, str]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Layout:
    """How one PDF looks: number of columns, whether long words may be broken at a line end, and type size in points."""

    columns: int = 1
    hyphenate: bool = False
    size: float = 11


PDFS = {
    "esketamine-programme": ("treatments", Layout()),
    "brexanolone-infusion": ("treatments", Layout(hyphenate=True)),
    "blinding-and-placebo": ("reading-studies", Layout(columns=2, size=12.5)),
}
DOCXS = {"postpartum-depression": "treatments", "funnel-plots": "reading-studies"}


def read_source(path: Path) -> Source:
    """Return the parsed source: a `key: value` head, then blocks separated by blank lines."""
    head, *parts = path.read_text(encoding="utf-8").strip().split("\n\n")
    meta = dict(line.split(": ", 1) for line in head.splitlines())
    return Source(meta, tuple(block for part in parts for block in parse_part(part)))


def parse_part(part: str) -> Iterator[Block]:
    """Yield the blocks of one part; a list may follow its introduction without a blank line."""
    lines = part.splitlines()
    kinds = [line_kind(line) for line in lines]
    start = 0
    for end in range(1, len(lines) + 1):
        if end == len(lines) or kinds[end] != kinds[start]:
            yield Block(kinds[start], tuple(strip_mark(line) for line in lines[start:end]))
            start = end


def line_kind(line: str) -> str:
    """Return what kind of block a line belongs to."""
    for kind, pattern in LINE_MARKS.items():
        if re.match(pattern, line):
            return kind
    return "paragraph"


def strip_mark(line: str) -> str:
    """Return the line without its leading list or heading mark."""
    return re.sub(r"^(## |- |\d+\. )", "", line)


def table_rows(block: Block) -> list[list[str]]:
    """Return the cells of a table block, without the dashed line below its head."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.lines]
    return [row for row in rows if not set("".join(row)) <= {"-"}]


def text_style(name: str, size: float) -> ParagraphStyle:
    """Return a style in the standard serif font, which needs no embedding."""
    return ParagraphStyle(name, fontName="Times-Roman", fontSize=size, leading=size * 1.3, spaceAfter=size * 0.5)


def styles(size: float) -> dict[str, ParagraphStyle]:
    """Return the paragraph styles by kind of block."""
    body = text_style("body", size)
    body.alignment = TA_JUSTIFY
    title, heading = text_style("title", size + 9), text_style("heading", size + 2)
    title.fontName = heading.fontName = "Times-Bold"
    heading.spaceBefore, heading.keepWithNext = 8, 1
    item, cell = text_style("item", size), text_style("cell", size - 1)
    return {"paragraph": body, "title": title, "heading": heading, "item": item, "cell": cell}


def markup(text: str, layout: Layout) -> str:
    """Return the text escaped for reportlab, with soft hyphens if the layout asks for them."""
    if layout.hyphenate:
        text = re.sub(r"[^\W\d_]+", lambda found: HYPHENATED.get(found[0], found[0]), text)
    return escape(text, quote=False)


def flowables(block: Block, layout: Layout) -> Iterator[Flowable]:
    """Yield what reportlab needs to set one block."""
    look = styles(layout.size)
    if block.kind == "table":
        rows = [[Paragraph(markup(cell, layout), look["cell"]) for cell in row] for row in table_rows(block)]
        yield Table(rows, style=TableStyle([("GRID", (0, 0), (-1, -1), 0.4, colors.grey)]), hAlign="LEFT")
        yield Spacer(1, 3 * mm)
    elif block.kind in {"bullets", "steps"}:
        for number, item in enumerate(block.lines, start=1):
            bullet = "•" if block.kind == "bullets" else f"{number}."
            yield Paragraph(markup(item, layout), look["item"], bulletText=bullet)
    else:
        yield Paragraph(markup(" ".join(block.lines), layout), look[block.kind])


class Booklet(BaseDocTemplate):  # type: ignore[misc]  # reportlab has no types
    """An A5 booklet that writes an outline entry for each heading."""

    def afterFlowable(self, flowable: Flowable) -> None:
        """Add the heading that was just placed to the outline."""
        if isinstance(flowable, Paragraph) and flowable.style.name == "heading":
            text = flowable.getPlainText().replace(SOFT_HYPHEN, "")
            key = f"heading-{self.seq.nextf('outline')}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(text, key, level=0)


def running_lines(meta: dict[str, str], label: Callable[[int], str]) -> Callable[[Canvas, BaseDocTemplate], None]:
    """Return a drawer of the running header, the footer and the printed page label."""

    def draw(canvas: Canvas, _: BaseDocTemplate) -> None:
        canvas.setFont("Times-Italic", 9)
        canvas.drawString(18 * mm, A5[1] - 12 * mm, meta["header"])
        canvas.drawString(18 * mm, 10 * mm, meta["footer"])
        canvas.drawRightString(A5[0] - 18 * mm, 10 * mm, label(canvas.getPageNumber()))

    return draw


def frames(layout: Layout) -> list[Frame]:
    """Return the text frames of a page, left to right."""
    gap = 6 * mm
    margin = 12 * mm if layout.columns > 1 else 18 * mm
    width = (A5[0] - 2 * margin - gap * (layout.columns - 1)) / layout.columns
    return [
        Frame(margin + column * (width + gap), 16 * mm, width, A5[1] - 32 * mm, 0, 0, 0, 0)
        for column in range(layout.columns)
    ]


def roman(number: int) -> str:
    """Return a number from 1 to 8 in lower-case Roman numerals."""
    return ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")[number - 1]


def build_pdf(source: Source, layout: Layout) -> bytes:
    """Return the PDF of one source; pages before `[[body]]` are numbered i, ii, iii."""
    fronts = front_pages(source)
    story: list[Flowable] = [Paragraph(escape(source.meta["title"], quote=False), styles(layout.size)["title"])]
    story.append(Paragraph(escape(source.meta["subtitle"], quote=False), styles(layout.size)["item"]))
    for block in source.blocks:
        if block.kind == "mark":
            story += [NextPageTemplate("body"), PageBreak()]
        else:
            if fronts and block.kind == "heading" and is_front(source, block):
                story.append(PageBreak())
            story += flowables(block, layout)
    stream = io.BytesIO()
    book = Booklet(stream, pagesize=A5, title=source.meta["title"], author=source.meta["footer"], invariant=1)
    front = PageTemplate("front", frames(Layout()), onPage=running_lines(source.meta, roman))
    body = PageTemplate("body", frames(layout), onPage=running_lines(source.meta, lambda page: str(page - fronts)))
    book.addPageTemplates([front, body] if fronts else [body])
    book.build(story)
    return with_labels(stream.getvalue(), fronts)


def is_front(source: Source, block: Block) -> bool:
    """Return whether the block stands before the body mark."""
    return source.blocks.index(block) < source.blocks.index(Block("mark", (BODY_MARK,)))


def front_pages(source: Source) -> int:
    """Return the number of front pages: the title page and one for each front heading; 0 without a body mark."""
    if Block("mark", (BODY_MARK,)) not in source.blocks:
        return 0
    return 1 + sum(block.kind == "heading" and is_front(source, block) for block in source.blocks)


def with_labels(pdf: bytes, fronts: int) -> bytes:
    """Return the PDF with /PageLabels: lower-case Roman for the front pages, then from 1."""
    if not fronts:
        return pdf
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    writer.set_page_label(0, fronts - 1, style=PageLabelStyle.LOWERCASE_ROMAN)
    writer.set_page_label(fronts, len(writer.pages) - 1, style=PageLabelStyle.DECIMAL, start=1)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def build_docx(source: Source) -> bytes:
    """Return the Word document of one source."""
    document = Document()
    properties = document.core_properties
    properties.title, properties.author = source.meta["title"], "Example texts"
    properties.created = properties.modified = FIXED_DATE
    document.add_heading(source.meta["title"], level=0)
    document.add_paragraph(source.meta["subtitle"], style="Subtitle")
    named = {"bullets": "List Bullet", "steps": "List Number"}
    for block in source.blocks:
        if block.kind == "table":
            rows = table_rows(block)
            table = document.add_table(len(rows), len(rows[0]), style="Table Grid")
            for row, cells in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=True):
                    cell.text = text
        elif block.kind == "heading":
            document.add_heading(block.lines[0], level=1)
        else:
            for line in block.lines:
                document.add_paragraph(line, style=named.get(block.kind))
    stream = io.BytesIO()
    document.save(stream)
    return with_fixed_dates(stream.getvalue())


def with_fixed_dates(package: bytes) -> bytes:
    """Return the same zip package with one date for every member."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, ZIP_DATE)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, old.read(name))
    return stream.getvalue()


def build_all(folder: Path) -> list[Path]:
    """Write every built document below `folder` and return their paths."""
    built = []
    for name, (section, layout) in PDFS.items():
        built.append(folder / section / f"{name}.pdf")
        save(built[-1], build_pdf(read_source(HERE / "sources" / f"{name}.md"), layout))
    for name, section in DOCXS.items():
        built.append(folder / section / f"{name}.docx")
        save(built[-1], build_docx(read_source(HERE / "sources" / f"{name}.md")))
    return built


def save(path: Path, content: bytes) -> None:
    """Write the file, making its folder if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    build_all(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "documents")
