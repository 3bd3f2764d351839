"""Word documents (.docx): paragraphs, headings, lists, tables and notes, in the order of the document.

python-docx opens the package and knows the styles. The text is walked here, because its own `paragraph.text`
leaves out tracked insertions, content controls and formulas, which a reader of the document sees.
"""

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from corpus.documents import Extracted
from corpus.errors import DocumentUnreadable
from corpus.formats.blocks import BlockWriter

LARGEST: Final = 1_000_000_000  # bytes once unpacked; a larger "document" is a zip bomb
_MATH_TEXT: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS: Final = {
    qn("w:tab"): "\t",
    qn("w:br"): "\n",
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    qn("w:softHyphen"): "\u00ad",
}
_NO_TEXT: Final = frozenset({qn("w:del"), qn("w:moveFrom"), qn("w:pPr"), qn("w:rPr"), _FALLBACK})
_STYLE_LEVEL = re.compile(r"heading (\d)", re.IGNORECASE)


def extract(data: bytes, name: str) -> Extracted:
    """The text of a Word document; the title is that of its properties.

    Raises: DocumentUnreadable for a damaged or protected file.
    """
    document = _open(data)
    writer = BlockWriter()
    styles = _Styles(document)
    for block in _blocks(document.element.body):
        _write(block, styles, writer)
    for note in _notes(document):
        writer.line(note)
    properties = document.core_properties
    metadata = [(key, value) for key in ("author", "subject", "keywords") if (value := getattr(properties, key))]
    return writer.extracted(_title(properties.title or "", writer), metadata)


def _open(data: bytes) -> Any:  # noqa: ANN401 - python-docx has no types
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentUnreadable(
            "The file is protected by a password, or in Word's old .doc format.",
            "Open it in Word and save it as .docx without a password.",
        )
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            unpacked = sum(part.file_size for part in package.infolist())
        if unpacked > LARGEST:
            raise DocumentUnreadable(f"The file unpacks to {unpacked / 1e9:.1f} GB.", "Check where it comes from.")
        return docx.Document(BytesIO(data))
    except (zipfile.BadZipFile, OpcError, etree.LxmlError, KeyError, ValueError, EOFError, OSError) as error:
        raise DocumentUnreadable(
            "The Word document is damaged.", "Open it in Word, let it repair the file, and save it again."
        ) from error


def _title(title: str, writer: BlockWriter) -> str:
    """The title in the properties, unless it is the placeholder of a template; else the first heading."""
    if title.strip() and title.strip().casefold() not in ("word document", "untitled", "title"):
        return title
    extracted = writer.extracted("")
    return next((extracted.text[heading.start : heading.end] for heading in extracted.headings), "")


class _Styles:
    """Heading levels and list styles, by a paragraph's style id; a style may be based on another."""

    def __init__(self, document: Any) -> None:  # noqa: ANN401
        self.by_id = {style.style_id: style for style in document.styles if hasattr(style, "base_style")}

    def heading_level(self, paragraph: etree._Element) -> int | None:
        """1 for "Title" and "Heading 1", and so on; none for text."""
        for style in self._chain(paragraph):
            found = _STYLE_LEVEL.fullmatch(style.name or "")
            if found or style.name == "Title":
                return int(found[1]) if found else 1
        level = paragraph.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        number = int(level.get(qn("w:val"), "9")) if level is not None else 9
        return number + 1 if number < 9 else None

    def is_item(self, paragraph: etree._Element) -> bool:
        """Whether the paragraph is an item of a list, by its numbering or its style."""
        numbered = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None
        return numbered or any((style.name or "").startswith("List") for style in self._chain(paragraph))

    def _chain(self, paragraph: etree._Element) -> Iterator[Any]:
        named = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        style = self.by_id.get(named.get(qn("w:val"))) if named is not None else None
        for _ in range(10):  # a damaged file may base a style on itself
            if style is None:
                return
            yield style
            style = style.base_style


def _blocks(parent: etree._Element) -> Iterator[etree._Element]:
    """Paragraphs and tables in order, also those inside content controls and tracked insertions."""
    for child in parent:
        if child.tag in (qn("w:p"), qn("w:tbl")):
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml")):
            yield from _blocks(child)


def _write(block: etree._Element, styles: _Styles, writer: BlockWriter) -> None:
    if block.tag == qn("w:tbl"):
        for row in block.iter(qn("w:tr")):
            writer.row([_cell(cell) for cell in row.iterchildren(qn("w:tc"))])
        return
    text = _text(block)
    level = styles.heading_level(block)
    if level is not None:
        writer.heading(" ".join(text.split()), level)
    elif styles.is_item(block):
        writer.line(text)
    else:
        writer.paragraph(text)


def _cell(cell: etree._Element) -> str:
    return " ".join(_text(paragraph) for paragraph in cell.iterchildren(qn("w:p")))


def _text(element: etree._Element) -> str:
    return "".join(_strings(element))


def _strings(element: etree._Element) -> Iterator[str]:
    """The text of a paragraph as it is read with all changes accepted."""
    for child in element:
        if child.tag in (qn("w:t"), _MATH_TEXT):
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == qn("w:txbxContent"):
            yield " " + " ".join(_text(paragraph) for paragraph in child.iter(qn("w:p"))) + " "
        elif child.tag not in _NO_TEXT:
            yield from _strings(child)


def _notes(document: Any) -> Iterator[str]:  # noqa: ANN401
    """Footnotes, then endnotes; the first two of each are the lines that separate them."""
    for kind, tag in ((RELATIONSHIP_TYPE.FOOTNOTES, "w:footnote"), (RELATIONSHIP_TYPE.ENDNOTES, "w:endnote")):
        for relation in document.part.rels.values():
            if relation.reltype == kind and not relation.is_external:
                root = etree.fromstring(relation.target_part.blob, etree.XMLParser(resolve_entities=False))
                for note in root.iter(qn(tag)):
                    if note.get(qn("w:type")) in (None, "normal"):
                        yield " ".join(_text(paragraph) for paragraph in note.iter(qn("w:p")))
