"""A reader without training: scores whole sentences by meaning and by shared words.

It stands in where no trained reader is at hand, and is the baseline that a trained one must beat.
"""

from collections.abc import Sequence
from math import exp

import numpy as np

from assistant.answers import Reading
from assistant.reading.reader import log_odds
from corpus.documents import Span
from corpus.sentences import split
from index.encoder import Encoder
from index.keywords import terms

# Hand-set, not fitted: cosines of right sentences lie around 0.55 and of others around 0.25, and half of
# the question's words shared says as much as 0.2 of cosine. The calibration fits what follows from them.
_CENTRE, _STEEPNESS, _OVERLAP = 0.6, 8.0, 0.4


class SimilarityReader:
    """The evidence of a sentence grows with its cosine to the question and the question's words in it."""

    name = "similarity"

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.revision = encoder.revision

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        """One reading per text; the answer is the best whole sentence."""
        spans = [split(text) for text in texts]
        sentences = [text[span.start : span.end] for text, found in zip(texts, spans, strict=True) for span in found]
        if not sentences:
            return [Reading(None, log_odds(0), 0.0, ()) for _ in texts]
        evidence = iter(self._evidence(question, sentences))
        return [_reading([(span, next(evidence)) for span in found]) for found in spans]

    def _evidence(self, question: str, sentences: Sequence[str]) -> list[float]:
        wanted = set(terms(question))
        vectors = self._encoder.encode([question, *sentences])
        cosines: list[float] = np.asarray(vectors[1:] @ vectors[0]).tolist()
        return [
            1 / (1 + exp(-_STEEPNESS * (cosine + _OVERLAP * _share(wanted, sentence) - _CENTRE)))
            for cosine, sentence in zip(cosines, sentences, strict=True)
        ]


def _share(wanted: set[str], sentence: str) -> float:
    """The share of the question's terms that occur in the sentence, 0 for a question without terms."""
    return len(wanted.intersection(terms(sentence))) / len(wanted) if wanted else 0.0


def _reading(scored: Sequence[tuple[Span, float]]) -> Reading:
    if not scored:
        return Reading(None, log_odds(0), 0.0, ())
    (best, probability), *others = sorted(scored, key=lambda pair: -pair[1])
    sentences = tuple((s.start, s.end, p) for s, p in scored)
    spans = tuple((s.start, s.end, log_odds(p)) for s, p in others)
    return Reading(best, log_odds(probability), 0.0, sentences, spans)
