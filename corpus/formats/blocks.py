"""Writes the text of formats that know their own blocks: paragraphs, headings, list items and table rows."""

from collections.abc import Sequence

from corpus.documents import Extracted, Heading, Problem
from corpus.formats import HARD_BREAK
from corpus.tables import BETWEEN_CELLS


class BlockWriter:
    """Collects blocks in reading order; an empty line stands between paragraphs, `HARD_BREAK` between lines."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._lines = False
        self._headings: list[Heading] = []

    def paragraph(self, text: str) -> None:
        """A paragraph of its own."""
        if self._add(text, "\n\n"):
            self._lines = False

    def gap(self) -> None:
        """The lines before and after do not belong together: one list ends, another begins."""
        self._lines = False

    def line(self, text: str) -> None:
        """A list item, a table row or a line of code: neighbours stand close together."""
        if self._add(text, HARD_BREAK if self._lines else "\n\n"):
            self._lines = True

    def heading(self, text: str, level: int) -> None:
        """A heading; `level` counts from 1, the outermost."""
        text = text.strip()
        self.paragraph(text)
        if text:
            self._headings.append(Heading(self._length - len(text), self._length, level))

    def row(self, cells: Sequence[str]) -> None:
        """A table row; its cells stay together on one line."""
        filled = [" ".join(cell.split()) for cell in cells]
        if any(filled):
            self.line(BETWEEN_CELLS.join(cell for cell in filled if cell))

    def extracted(
        self, title: str, metadata: Sequence[tuple[str, str]] = (), problems: Sequence[Problem] = ()
    ) -> Extracted:
        """All that was written."""
        return Extracted(
            "".join(self._parts),
            title,
            headings=tuple(self._headings),
            metadata=tuple(metadata),
            problems=tuple(problems),
        )

    def _add(self, text: str, separator: str) -> bool:
        """Whether there was anything to add."""
        text = text.strip()
        if not text:
            return False
        for part in (separator, text) if self._parts else (text,):
            self._parts.append(part)
            self._length += len(part)
        return True
