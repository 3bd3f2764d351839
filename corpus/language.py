"""The language of a text."""

import re
from functools import cache
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

SAMPLE: Final = 5_000  # characters; more text does not change the answer
SHORTEST: Final = 20  # letters below which any answer is a guess
LEAST_PROBABILITY: Final = 0.5  # of all languages; where no language reaches half, a guess would mislead
LANGUAGES: Final = (  # the larger written ones: with all 150, a short Spanish line is lost among its sisters
    *("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da", "no", "fi", "pl", "cs", "sk", "sl", "hr", "hu", "ro", "bg"),
    *("el", "ru", "uk", "tr", "ar", "fa", "he", "hi", "bn", "ur", "ta", "id", "vi", "th", "zh", "ja", "ko", "lt", "lv"),
    *("et", "ca", "sw", "ms"),
)
UNKNOWN: Final = "und"
_NOT_LETTERS = re.compile(r"[\W\d_]+")


def detect(text: str) -> str:
    """The ISO 639-1 code of the language of `text`; "und" if there is too little of it."""
    words = _NOT_LETTERS.sub(" ", text[: 4 * SAMPLE]).strip()[:SAMPLE]
    wide = sum(character > "\u2e80" for character in words)  # a Chinese character says as much as a short word
    if len(words) + 4 * wide < SHORTEST:
        return UNKNOWN
    code, probability = _identifier().classify(words)
    return str(code) if probability >= LEAST_PROBABILITY else UNKNOWN


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier
