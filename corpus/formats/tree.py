"""Writes the blocks of an element tree: HTML, or the simpler tags that trafilatura makes of it."""

from typing import Final

from lxml import etree

from corpus.formats.blocks import BlockWriter

HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "head"})
LINES: Final = frozenset({"li", "item", "dt", "dd", "option"})
ROWS: Final = frozenset({"tr", "row"})
GROUPS: Final = frozenset({"ul", "ol", "dl", "list", "table"})
BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "center",
        "details",
        "div",
        "dl",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "header",
        "hr",
        "html",
        "list",
        "main",
        "nav",
        "ol",
        "p",
        "quote",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "ul",
        "doc",
        "cell",
    ]
)


def write(element: etree._Element, writer: BlockWriter) -> None:
    """All text below `element`, in reading order."""
    walker = _Walker(writer)
    walker.visit(element)
    walker.flush()


class _Walker:
    """Inline text is gathered until a block begins or ends."""

    def __init__(self, writer: BlockWriter) -> None:
        self.writer = writer
        self.inline: list[str] = []
        self.in_line = 0

    def flush(self) -> None:
        text = " ".join("".join(self.inline).split())
        self.inline = []
        if self.in_line:
            self.writer.line(text)
        else:
            self.writer.paragraph(text)

    def visit(self, element: etree._Element) -> None:
        if not isinstance(element.tag, str):
            return
        tag = element.tag.lower()
        if tag in HEADINGS:
            self._heading(element, tag)
        elif tag in ROWS and not any(True for _ in element.iter("table") if _ is not element):
            self.flush()
            self.writer.row(["".join(_strings(cell)) for cell in element])
        elif tag == "pre" or (tag == "code" and "\n" in "".join(_strings(element))):
            self._verbatim(element)
        elif tag in LINES:
            self.flush()
            self.in_line += 1
            self._inside(element)
            self.flush()
            self.in_line -= 1
        elif tag in GROUPS and not self.in_line:
            self.flush()
            self.writer.gap()
            self._inside(element)
            self.flush()
            self.writer.gap()
        elif tag in BLOCKS:
            self.flush()
            self._inside(element)
            self.flush()
        else:
            if tag in ("br", "lb"):
                self._break(element)
            self._inside(element)

    def _inside(self, element: etree._Element) -> None:
        self.inline.append(element.text or "")
        for child in element:
            self.visit(child)
            self.inline.append(child.tail or "")

    def _heading(self, element: etree._Element, tag: str) -> None:
        self.flush()
        level = (element.get("rend") or tag)[-1]
        self.writer.heading(" ".join("".join(_strings(element)).split()), int(level) if level.isdigit() else 2)

    def _verbatim(self, element: etree._Element) -> None:
        self.flush()
        self.writer.gap()
        for line in "".join(_strings(element)).split("\n"):
            self.writer.line(line)

    def _break(self, element: etree._Element) -> None:
        """A line break ends a line only where a sentence ends or another break follows; else it is typesetting."""
        following = element.getnext()
        double = following is not None and following.tag in ("br", "lb") and not (element.tail or "").strip()
        before = "".join(self.inline).rstrip()
        if double or before.endswith((".", "!", "?", ":", ";", "。", "！", "？")):
            self.flush()
        else:
            self.inline.append(" ")


def _strings(element: etree._Element) -> list[str]:
    """The text below an element; a break between blocks inside a cell becomes a space."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            apart = " " if child.tag in BLOCKS | LINES | {"br", "lb"} else ""
            parts += [apart, *_strings(child), apart]
        parts.append(child.tail or "")
    return parts
