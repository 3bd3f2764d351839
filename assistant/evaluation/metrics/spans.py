"""Exact match, F1 and containment after SQuAD's normalisation.

Source: Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text",
https://arxiv.org/abs/1606.05250, and its evaluate-v1.1.py (the same functions as in evaluate-v2.0.py).
"""

import re
import string
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")


def normalise(text: str) -> str:
    """Lower case, without ASCII punctuation, without the articles a, an, the, single spaces."""
    return " ".join(_ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split())


_normalised = lru_cache(maxsize=8192)(normalise)  # passages and quotes come back question after question


def exact_match(answer: str, golds: Iterable[str]) -> float:
    """1 if the normalised answer equals one of the normalised golds, else 0."""
    return float(any(normalise(answer) == normalise(gold) for gold in golds))


def f1(answer: str, golds: Iterable[str]) -> float:
    """The best, over the golds, of 2PR / (P + R) on the bags of normalised tokens; 0..1.

    P: tokens shared / tokens of the answer, R: tokens shared / tokens of the gold. Where one side has no tokens:
    1 if both have none, else 0 (evaluate-v2.0.py).
    """
    return max((_f1(normalise(answer).split(), normalise(gold).split()) for gold in golds), default=0.0)


def _f1(answer: list[str], gold: list[str]) -> float:
    if not answer or not gold:
        return float(answer == gold)
    shared = sum((Counter(answer) & Counter(gold)).values())
    return 2 * shared / (len(answer) + len(gold))


def contains(text: str, gold: str) -> bool:
    """Whether the gold answer is inside the text.

    Either its normalised tokens stand in a row among those of the text, or it stands there as written, whatever the
    case, as whole words: SQuAD's tokens alone would not find "four" in "four-valve" or "1115" in "1115–1234", which
    is about one answer in a hundred of SQuAD's own.
    """
    return holds(text.lower(), _normalised(text), gold)


def holds(lowered: str, normalised: str, gold: str) -> bool:
    """The same for a text in lower case and normalised beforehand."""
    wanted = _normalised(gold)
    return (bool(wanted) and f" {wanted} " in f" {normalised} ") or _as_written(lowered, gold.lower())


def _as_written(text: str, gold: str) -> bool:
    if gold not in text:
        return False
    before, after = (r"(?<!\w)" if gold[:1].isalnum() else "", r"(?!\w)" if gold[-1:].isalnum() else "")
    return re.search(f"{before}{re.escape(gold)}{after}", text) is not None


def contains_any(text: str, golds: Iterable[str]) -> bool:
    """Whether at least one of the gold answers is inside the text."""
    return any(contains(text, gold) for gold in golds)
