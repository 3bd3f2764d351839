"""Markdown: the text that a reader sees, with its headings; marks of emphasis and targets of links are gone."""

import re

import lxml.html
from markdown_it import MarkdownIt

from corpus.documents import Extracted
from corpus.errors import DocumentUnreadable
from corpus.formats.blocks import BlockWriter
from corpus.formats.decode import decode
from corpus.formats.tree import write

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<fields>(?:[^\n]*\n)*?)(?:---|\.\.\.)[ \t]*\n")
_FIELD = re.compile(r"^(?P<name>[A-Za-z][\w-]*):[ \t]*[\"']?(?P<value>[^\n]*?)[\"']?[ \t]*$", re.MULTILINE)
_NEVER_TEXT = ("script", "style", "template")


def extract(data: bytes, name: str) -> Extracted:
    """The text of a Markdown file; the title is the front matter's, else the first heading of level 1.

    Raises: DocumentUnreadable for an empty file and for bytes that are not text.
    """
    text, problems = decode(data, name)
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text)
    metadata = [(field["name"].lower(), field["value"]) for field in _FIELD.finditer(front["fields"])] if front else []
    writer = BlockWriter()
    write(_page(text[front.end() if front else 0 :]), writer)
    title = dict(metadata).get("title") or _first_heading(writer.extracted(""))
    return writer.extracted(title, metadata, problems)


def _page(text: str) -> lxml.html.HtmlElement:
    """The file as an element tree, without scripts that were written into it."""
    rendered = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)
    if not rendered.strip():
        raise DocumentUnreadable("The file holds no text.", "Check that it is the file you meant.")
    page = lxml.html.fragment_fromstring(rendered, create_parent="body")
    for element in list(page.iter(*_NEVER_TEXT)):
        element.drop_tree()
    return page


def _first_heading(extracted: Extracted) -> str:
    first = next((heading for heading in extracted.headings if heading.level == 1), None)
    return extracted.text[first.start : first.end] if first else ""
