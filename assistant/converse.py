"""Follow-up questions, understood without a generative model.

"How is it given?" after "What is brexanolone?" lacks a word that the earlier question has. Every way to fill the
gap with a word of the earlier question is tried against the index; the best is kept where it retrieves clearly
better than the question as it stands.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from index.encoder import Encoder
from index.keywords import terms
from index.store import Store

_PRONOUN = re.compile(
    r"\b(?:it|its|they|them|their|theirs|this|that|these|those|he|she|him|his|her|one)\b", re.IGNORECASE
)
_INSTEAD = re.compile(
    r"^(?:and|or|but|so)?\s*(?:what about|how about|and|or)\s+(?P<topic>[^?]{1,80}?)\s*\??$", re.IGNORECASE
)
_WORD = re.compile(r"[\w'’-]+")
_HOW = re.compile(r"\bhow\s+\w+", re.IGNORECASE)  # "how much" and its like ask; they are no topic
_FEW_TERMS = 1  # a question with no more content words than this is an ellipsis: "How long?", "Why?"
_MOST_WORDS = 12  # of the earlier question that are tried; each costs one encoding of a short text


def understood(store: Store, encoder: Encoder, question: str, history: Sequence[str], *, gain: float) -> str:
    """The question with what it leaves to the earlier ones (oldest first) filled in; itself where nothing helps.

    `gain`: how much nearer (cosine) the best passage must come for a filled question to be kept.
    """

    def filled(earlier: str, later: str) -> str:
        return _filled(store, encoder, later, fillings(later, earlier), gain)

    return reduce(filled, [*history, question])


def _filled(store: Store, encoder: Encoder, question: str, possible: Sequence[str], gain: float) -> str:
    if not possible:
        return question
    bare, *filled = (_nearness(store, vector) for vector in encoder.encode([question, *possible]))
    best = max(range(len(possible)), key=lambda n: filled[n])
    return possible[best] if filled[best] >= bare + gain else question


def _nearness(store: Store, vector: NDArray[np.float32]) -> float:
    found = store.dense(vector, 1)
    return float(found.scores[0]) if len(found) else 0.0


def fillings(question: str, earlier: str) -> list[str]:
    """Each way to fill the gap of the question with a word of the earlier one, without repetition."""
    return list(dict.fromkeys(_fillings(question, earlier)))


def _fillings(question: str, earlier: str) -> Iterator[str]:
    """The question with each missing word in the place of its gap; none for a question that stands by itself."""
    missing = list(_missing(question, earlier))
    instead = _INSTEAD.match(question)
    if instead:
        for word in missing:
            yield re.sub(rf"\b{re.escape(word)}\b", lambda _: instead["topic"], earlier, count=1)
    elif (gap := _PRONOUN.search(question)) is not None:
        yield from (question[: gap.start()] + word + question[gap.end() :] for word in missing)
    elif len(set(terms(question))) <= _FEW_TERMS:
        bare = question.rstrip("? ")
        yield from (f"{bare}, {words}?" for words in (*missing, " ".join(missing)) if words)


def _missing(question: str, earlier: str) -> Iterable[str]:
    """Content words of the earlier question that the question has not."""
    held = set(terms(question))
    words = [word for word in _WORD.findall(_HOW.sub("", earlier)) if terms(word) and not held.issuperset(terms(word))]
    return list(dict.fromkeys(words))[:_MOST_WORDS]
