"""Words of a passage inside chosen sentences, against the words of the right ones.

Source: DeYoung et al. 2020, "ERASER: A Benchmark to Evaluate Rationalized NLP Models", section 4 (token-level
precision, recall and F1 of rationales), https://arxiv.org/abs/1911.03429.
"""

import re
from collections.abc import Iterable

_WORD = re.compile(r"\S+")


def covered_words(passage: str, spans: Iterable[tuple[int, int]]) -> set[int]:
    """The starts of the passage's words (split at white space) that begin inside one of the half-open spans."""
    chosen = list(spans)
    return {m.start() for m in _WORD.finditer(passage) if any(start <= m.start() < end for start, end in chosen)}


def word_f1(shared: int, found: int, right: int) -> float:
    """2 * shared / (found + right); 1 where nothing is right and nothing was found."""
    return 2 * shared / (found + right) if found + right else 1.0
