"""The place of a quote as HTML: the page of a PDF with the quote painted, or the document with the quote marked."""

import json
from dataclasses import dataclass
from itertools import pairwise

from assistant.answers import Citation
from assistant.web.pictures import SCALE
from assistant.web.render import changed, place_html, text
from corpus.documents import Document

REACH = 100_000  # characters of the document before and after the quote: about 60 pages, drawn at once


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of a source. `same`: the file's bytes are the indexed ones, so its pages may be drawn."""

    cite: Citation
    document: Document
    address: str
    same: bool


def source(view: View) -> str:
    """The whole panel."""
    page = view.cite.page
    drawn = pages(view, page) if view.same and view.document.format == "pdf" and page is not None else ""
    return f"{header(view)}{warning(view)}{drawn}{words(view)}"


def header(view: View) -> str:
    """The place, and the way to the original."""
    name = text(view.address)
    original = f'<a class="original" href="original/{name}" download>Download the original</a>' if view.same else ""
    return f'<header class="source-place">{place_html(view.cite)}{original}</header>'


def warning(view: View) -> str:
    """That the file is another one now, or gone."""
    if view.same:
        return ""
    gone = "The file has changed or is gone; this is its text as it was indexed. Rebuild to bring it up to date."
    return changed(view.cite) or f'<p class="warning">{gone}</p>'


def pages(view: View, page: int) -> str:
    """The pages on which the quote stands, to be turned and zoomed."""
    cite = view.cite
    numbers = sorted({box[0] for box in cite.boxes}) or [page]
    sheets = "".join(sheet(view, number) for number in numbers)
    doubt = '<p class="note">The exact place on the page is not certain, so nothing is painted.</p>'
    labels = text(json.dumps({known.number: known.label for known in view.document.pages}))
    sheets = f'<div class="sheets" tabindex="0" data-address="{text(view.address)}">{sheets}</div>'
    return f"{tools(labels)}{sheets}{'' if cite.boxes else doubt}"


def sheet(view: View, number: int) -> str:
    """The picture of a page; `data-top` says how far down in it the first painted line stands, in pixels."""
    first, cite = min(box[0] for box in view.cite.boxes) if view.cite.boxes else 0, view.cite
    painted = [box[2] for box in cite.boxes if box[0] == number == first]
    top = f' data-top="{round(min(painted) * SCALE)}"' if painted else ""
    return (
        f'<img class="sheet" src="picture/{text(view.address)}/{number}.png" data-page="{number}"{top} '
        f'alt="PDF page {number} of {text(cite.document)}; its text is below" width="900" height="1200">'
    )


def tools(labels: str) -> str:
    """Turn and zoom."""
    return (
        f'<div class="page-tools" data-labels="{labels}"><button type="button" data-turn-page="-1" '
        'aria-label="Page before">‹</button><output class="page-number"></output>'
        '<button type="button" data-turn-page="1" aria-label="Page after">›</button>'
        '<button type="button" data-zoom="-1" aria-label="Smaller">−</button>'
        '<button type="button" data-zoom="1" aria-label="Larger">+</button></div>'
    )


def words(view: View) -> str:
    """The document's text around the quote with its headings, the quote marked."""
    document, start, end = view.document, view.cite.start, view.cite.end
    first, last = max(0, start - REACH), min(len(document.text), end + REACH)
    before, quote, after = (with_headings(document, *edges) for edges in pairwise((first, start, end, last)))
    cut = '<p class="note">The document is long; this is the part around the quote.</p>'
    note = cut if (first, last) != (0, len(document.text)) else ""
    return f'{note}<div class="passage" tabindex="0">{before}<mark>{quote}</mark>{after}</div>'


def with_headings(document: Document, start: int, end: int) -> str:
    """A range of the text, its headings or the parts of headings in it set apart."""
    parts, reached = list[str](), start
    for heading in document.headings:
        first, last = max(heading.start, reached), min(heading.end, end)
        if first < last:
            title = f'<b class="title-{min(heading.level, 6)}">{text(document.text[first:last])}</b>'
            parts += [text(document.text[reached:first]), title]
            reached = last
    return "".join([*parts, text(document.text[reached:end])])


def nothing(message: str) -> str:
    """Why there is nothing to show."""
    return f'<p class="warning">{text(message)}</p>'
