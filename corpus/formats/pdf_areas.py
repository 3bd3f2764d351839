"""What is painted for a letter of a PDF: its place in the line, as high as its font."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpus.formats.pdf_characters import Characters

TALLEST = 1.45  # font sizes; most fonts' type area has 1.1 to 1.3, CJK ones up to 1.45


def type_areas(characters: Characters, line: Sequence[int], size: float) -> NDArray[np.float64]:
    """A line's boxes (n, 4), clipped to the page: its letters' type areas, NaN for a letter without a place.

    `line` has the letters' numbers in the page, -1 for a space that is missing there; `size` is the font size.

    Where a type area does not hold its letter's ink, the ink's box is taken; where it is too high for its font
    size, as some fonts have it, the height of the whole line's ink.
    """
    indexes = np.array(line)
    tight, areas, placed = characters.tight[indexes], characters.loose[indexes].copy(), characters.placed[indexes]
    placed &= indexes >= 0
    middle = (tight[:, :2] + tight[:, 2:]) / 2
    inside = np.all((middle >= areas[:, :2]) & (middle <= areas[:, 2:]), axis=1)
    areas[~inside] = tight[~inside]
    if placed.any():
        low, high = _across(middle[placed])
        tall = areas[:, high] - areas[:, low] > TALLEST * size
        areas[tall, low], areas[tall, high] = tight[placed, low].min(), tight[placed, high].max()
    shown: NDArray[np.float64] = areas.clip(0, [characters.width, characters.height] * 2)
    shown[~placed | (shown[:, 2] <= shown[:, 0]) | (shown[:, 3] <= shown[:, 1])] = np.nan
    return shown


def _across(middles: NDArray[np.float64]) -> tuple[int, int]:
    """The columns of a box that lie across the line: y for a level line, x for an upright one."""
    right, down = np.abs(middles[-1] - middles[0])
    return (0, 2) if down > right else (1, 3)
