"""A text whose every character knows where it stood in the extractor's text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from corpus.documents import Run

Offsets = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace `start:end` by `text`; all of it comes from the character at `origin`."""

    start: int
    end: int
    text: str
    origin: int


@dataclass(frozen=True, slots=True)
class Traced:
    """`source[i]` is the offset in the extractor's text of character `i` of `text`; it never decreases."""

    text: str
    source: Offsets

    @classmethod
    def of(cls, text: str) -> "Traced":
        """The extractor's text itself."""
        return cls(text, np.arange(len(text), dtype=np.int64))

    def edited(self, edits: Iterable[Edit]) -> "Traced":
        """The text after `edits`, which are in order and do not overlap."""
        texts: list[str] = []
        sources: list[Offsets] = [np.empty(0, dtype=np.int64)]
        position = 0
        for edit in edits:
            texts += self.text[position : edit.start], edit.text
            sources.append(self.source[position : edit.start])
            if edit.text:
                sources.append(np.full(len(edit.text), self.source[edit.origin]))
            position = edit.end
        texts.append(self.text[position:])
        sources.append(self.source[position:])
        return Traced("".join(texts), np.concatenate(sources))

    def place(self, source: int) -> int:
        """Where the first character at or after `source` of the extractor's text stands now."""
        return int(np.searchsorted(self.source, source, side="left"))

    def runs(self) -> tuple[Run, ...]:
        """The map back to the extractor's text, as runs of neighbours."""
        if not len(self.source):
            return ()
        breaks = np.flatnonzero(np.diff(self.source) != 1) + 1
        starts: Sequence[int] = [0, *breaks.tolist(), len(self.source)]
        return tuple(Run(start, int(self.source[start]), end - start) for start, end in pairwise(starts))
