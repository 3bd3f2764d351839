"""What a sentence of a document is, so that headings, references and fragments are quoted only when asked for.

A sentence that cannot be told apart counts as a sentence: a wrong "fragment" would hide an answer.
"""

import re
from typing import Literal

from corpus.documents import Document, Span
from corpus.references import HEADINGS, is_entry
from corpus.tables import BETWEEN_CELLS, names_columns

Kind = Literal["sentence", "heading", "reference", "fragment"]

FEWEST_WORDS = 4
_ITEM_END = re.compile(r"[;,](?:\s(?:and|or|und|oder|y|o))?$")  # an item of a list answers "which" questions
_LABEL = re.compile(r"^(?:[•●▪◦*–—-]|\[\d{1,3}\]|\(?(?:\d{1,3}|[a-zA-Z])[.)]|(?:\d{1,2}\.)+\d{0,2})\s+")
_WORD = re.compile(r"[^\W\d_]{2,}|[^\W\d_]")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FINAL = re.compile(r"[.!?…。！？][”’\"')\]»]*$")


def kind(document: Document, sentence: Span) -> Kind:
    """Whether a sentence of `document` is one, or a heading, an entry of a reference list, or a fragment."""
    text = document.text[sentence.start : sentence.end].strip()
    if any(heading.start <= sentence.start < heading.end for heading in document.headings):
        return "heading"
    if names_columns(document.text, sentence.start) and "\n" not in text:
        return "heading"
    if is_entry(text) or _among_references(document, sentence):
        return "reference"
    return "fragment" if _is_fragment(text) else "sentence"


def _among_references(document: Document, sentence: Span) -> bool:
    """Whether the section is a list of references and the line around the sentence is one of its entries."""
    path = document.heading_path(sentence.start)
    if not path or not HEADINGS.fullmatch(path[-1].strip()):
        return False
    start = document.text.rfind("\n", 0, sentence.start) + 1
    end = document.text.find("\n", sentence.end)
    line = document.text[start : end if end >= 0 else len(document.text)]
    return is_entry(line) or bool(re.search(r"\b(?:1[89]|20)\d\d\b", line)) or line.startswith("[")


def _is_fragment(text: str) -> bool:
    """Too short, or without an end and without enough words to say something, or a row of a table."""
    body = _LABEL.sub("", text)
    if len(_IDEOGRAPH.findall(body)) >= FEWEST_WORDS:
        return not _FINAL.search(body)
    words = _WORD.findall(body)
    figures = re.findall(r"\d+(?:[.,]\d+)*", body)
    if len(words) < FEWEST_WORDS or BETWEEN_CELLS in body or body.endswith((":", "：")):
        return not (_FINAL.search(body) and len(words) + len(figures) >= FEWEST_WORDS and BETWEEN_CELLS not in body)
    if _ITEM_END.search(body):
        return False
    small = sum(word.islower() for word in words)
    if len(figures) > len(words) and not _FINAL.search(body):
        return True
    return not _FINAL.search(body) and (small < 3 or len(words) < 6)
