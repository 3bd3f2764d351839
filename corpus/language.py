"""The language of a text."""

import re
from typing import Final

import py3langid

SAMPLE: Final = 5_000  # characters; more text does not change the answer
SHORTEST: Final = 20  # letters below which any answer is a guess
UNKNOWN: Final = "und"
_NOT_LETTERS = re.compile(r"[\W\d_]+")


def detect(text: str) -> str:
    """The ISO 639-1 code of the language of `text`; "und" if there is too little of it."""
    words = _NOT_LETTERS.sub(" ", text[: 4 * SAMPLE]).strip()[:SAMPLE]
    wide = sum(character > "\u2e80" for character in words)  # a Chinese character says as much as a short word
    if len(words) + 4 * wide < SHORTEST:
        return UNKNOWN
    return str(py3langid.classify(words)[0])
