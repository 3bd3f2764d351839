"""Tables and paragraphs of the report, escaped."""

from collections.abc import Collection
from html import escape

from assistant.evaluation.cells import Cells


def table(cells: Cells, *, words: Collection[int] = (0,)) -> str:
    """A table that scrolls sideways on a narrow screen; the columns not in `words` are numbers."""
    styles = ["words" if place in words else "number" for place in range(len(cells[0]))]
    heads, *rows = (
        "".join(f'<{tag} class="{style}">{escape(cell)}</{tag}>' for style, cell in zip(styles, row, strict=True))
        for tag, row in [("th", cells[0]), *(("td", row) for row in cells[1:])]
    )
    body = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>\n{body}\n</tbody></table></div>'


def paragraph(text: str) -> str:
    """A paragraph in a soft colour; nothing for an empty text."""
    return f'<p class="soft">{escape(text)}</p>' if text else ""
