"""The reader's border: a question and texts in, one `Reading` per text out."""

from collections.abc import Sequence
from math import log
from typing import Protocol

from assistant.answers import Reading


class Reader(Protocol):
    """Finds the answer and its evidence in texts.

    `name` and `revision` (a SHA-256) say which reader it is: a calibration is fitted for one of them.
    """

    name: str
    revision: str

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """One reading per text, in the same order; texts may have any length."""
        ...


def log_odds(probability: float) -> float:
    """ln(p / (1 - p)), with p kept inside [1e-6, 1 - 1e-6] so that it is finite."""
    p = min(max(probability, 1e-6), 1 - 1e-6)
    return log(p / (1 - p))
