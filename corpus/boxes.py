"""Character boxes: packed small for storage, and merged to one box per line when a quote is painted.

A row is x0, y0, x1, y1 in points, origin at the top left of the page as it is shown. A row of zeros is a
character that shows nothing (a space, a line break); a row of NaN is one that shows something whose place is
unknown. A quote that touches a NaN is not painted at all: a box in the wrong place is worse than none.
"""

import zlib
from collections.abc import Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from corpus.documents import PageBoxes

Boxes: TypeAlias = NDArray[np.float32]
Box: TypeAlias = tuple[float, float, float, float]

STEPS_PER_POINT = 20  # 0.05 points is a tenth of a pixel at 150 dpi
EMPTY, KNOWN, UNKNOWN = range(3)  # kinds of rows
SAME_LINE = 0.4  # share of the lower box's height: superscripts overlap by more, neighbouring lines by less
WIDEST_GAP = 2.0  # line heights: justified words stay together, columns stay apart
TALLER = 2.5  # times; a brace or initial over several lines has a box of its own


def pack(boxes: Boxes) -> bytes:
    """The boxes `(n, 4)` as compressed bytes: quantised, each told from the one before, equal bytes together.

    First one byte a row, its kind; then for the known rows the bytes of the gap to the box before, of the step
    down, the width and the change of height, as 32-bit numbers.
    """
    kinds = np.where(np.isnan(boxes).any(axis=1), UNKNOWN, np.where(boxes.any(axis=1), KNOWN, EMPTY)).astype(np.uint8)
    x0, y0, x1, y1 = np.rint(boxes[kinds == KNOWN].astype(np.float64) * STEPS_PER_POINT).astype(np.int64).T
    told = (x0 - np.append(0, x1)[:-1], np.diff(y0, prepend=0), x1 - x0, np.diff(y1 - y0, prepend=0))
    planes = np.stack(told).astype("<i4").view(np.uint8).reshape(-1, 4).T
    return len(kinds).to_bytes(4, "little") + zlib.compress(kinds.tobytes() + planes.tobytes(), 9)


def unpack(page: PageBoxes) -> Boxes:
    """The boxes `(n, 4)` of a page; row `i` belongs to character `page.start + i`."""
    count = int.from_bytes(page.packed[:4], "little")
    plain = np.frombuffer(zlib.decompress(page.packed[4:]), np.uint8)
    kinds, planes = plain[:count], plain[count:].reshape(4, -1)
    gap, down, width, taller = np.ascontiguousarray(planes.T).view("<i4").reshape(4, -1).astype(np.int64)
    x1, y0 = np.cumsum(gap + width), np.cumsum(down)
    boxes = np.zeros((count, 4), np.float32)
    boxes[kinds == KNOWN] = np.stack([x1 - width, y0, x1, y0 + np.cumsum(taller)], axis=1) / STEPS_PER_POINT
    boxes[kinds == UNKNOWN] = np.nan
    return boxes


def boxes_of(pages: Sequence[PageBoxes], start: int, end: int) -> tuple[tuple[int, float, float, float, float], ...]:
    """What to paint for the characters `start:end`: page number and box, one for each line and column.

    Empty where any of the characters has an unknown place or lies on no page: it cannot be proven.
    """
    painted: list[tuple[int, float, float, float, float]] = []
    reached = start
    for page in sorted(pages, key=lambda page: page.start):
        if page.start >= end or reached >= end:
            break
        rows = unpack(page)
        if page.start + len(rows) <= reached:
            continue
        if page.start > reached:
            return ()
        rows = rows[reached - page.start : end - page.start]
        if np.isnan(rows).any():
            return ()
        painted += [(page.number, *box) for box in lines(rows)]
        reached += len(rows)
    return tuple(painted) if reached >= end else ()


def lines(rows: Boxes) -> Iterator[Box]:
    """The characters' boxes in reading order, merged where they stand on one line of one column."""
    line: Box | None = None
    last: Box | None = None
    for row in rows[rows.any(axis=1)].astype(float).round(2).tolist():
        box: Box = (row[0], row[1], row[2], row[3])
        if line is None or last is None:
            line = box
        elif follows(line, last, box):
            line = (min(line[0], box[0]), min(line[1], box[1]), max(line[2], box[2]), max(line[3], box[3]))
        else:
            yield line
            line = box
        last = box
    if line is not None:
        yield line


def follows(line: Box, last: Box, box: Box) -> bool:
    """Whether `box` stands on the line (or in the upright column of characters) that ends with `last`."""
    widths, heights = sorted((last[2] - last[0], box[2] - box[0])), sorted((last[3] - last[1], box[3] - box[1]))
    width, height = widths[0], heights[0]
    across = max(box[0] - line[2], line[0] - box[2])
    down = max(box[1] - line[3], line[1] - box[3])
    level = min(last[3], box[3]) - max(last[1], box[1])
    if level >= SAME_LINE * height:
        return across <= WIDEST_GAP * heights[1] <= WIDEST_GAP * TALLER * height
    stacked = min(last[2], box[2]) - max(last[0], box[0]) >= SAME_LINE * width
    upright = line[2] - line[0] <= WIDEST_GAP * width
    return stacked and upright and down <= WIDEST_GAP * widths[1]
