"""What the exported Markdown shows, as a program that renders it understands it."""

from html import unescape
from re import sub

import pytest
from markdown_it import MarkdownIt

from assistant.web.export import escaped

LINES = (
    "1. Take 60 mg.", "12) with fat", "10.", "2.5 mg", ".5 mg", "=== Dosing", "===", "a = b", "Words\n===", "Words\n=",
    "Words\n---", "Words\n1. and more", "- item", "+ item", "# Heading", "> 3", "~~~", "|a|b|\n|-|-|",
    "*x* _y_ `z` [l](m) <b> &amp;",
)  # fmt: skip


@pytest.mark.parametrize("words", LINES)
@pytest.mark.parametrize("before", ["", "> "])
def test_escaped_lines_are_one_paragraph_of_the_same_words(words: str, before: str) -> None:
    lines = "\n".join(f"{before}{line}" for line in escaped(words).split("\n"))
    shown = MarkdownIt("commonmark").enable("table").render(lines)
    assert unescape(sub(r"</?(?:p|blockquote)>", "", shown)).strip() == words
