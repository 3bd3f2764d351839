"""Keyword search against BM25 worked out by hand, and every kind of text as a query."""

from collections import Counter
from math import log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.keywords import KeywordRow, Keywords, terms
from index.vectors import NONE

TEXTS = (
    "Ketamine infusion lasts forty minutes",
    "Ketamine, ketamine and again ketamine in a long text about an infusion of forty minutes in a clinic",
    "Esketamine spray in the clinic",
    "Nothing of the kind",
    "Infusion infusion infusion",
)
ROWS: list[KeywordRow] = [(10 + number, "Title of all", text) for number, text in enumerate(TEXTS)]


@pytest.fixture
def view() -> Keywords:
    keywords = Keywords(None)
    keywords.update(ROWS, NONE)
    return keywords


def bm25(query: list[str], texts: list[list[str]], k1: float = 1.2, b: float = 0.75) -> list[float]:
    """Sum over terms of log(1 + (N - n + 0.5) / (n + 0.5)) * f (k1 + 1) / (f + k1 (1 - b + b |d| / avg))."""
    average = sum(map(len, texts)) / len(texts)
    scores = []
    for text in texts:
        counts, score = Counter(text), 0.0
        for term in query:
            n = sum(term in other for other in texts)
            idf = log(1 + (len(texts) - n + 0.5) / (n + 0.5))
            f = counts[term]
            score += idf * f * (k1 + 1) / (f + k1 * (1 - b + b * len(text) / average))
        scores.append(score)
    return scores


@pytest.mark.parametrize("question", ["ketamine", "infusion in the clinic", "ketamine infusions last how long?"])
def test_scores_are_bm25(view: Keywords, question: str) -> None:
    wanted = dict(zip([row[0] for row in ROWS], bm25(terms(question), [terms(text) for text in TEXTS]), strict=True))
    found = view.search(terms(question), 10, prefix_weight=0)
    assert set(found.ids.tolist()) == {number for number, score in wanted.items() if score > 0}
    assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)
    for number, score in zip(found.ids.tolist(), found.scores.tolist(), strict=True):
        assert score == pytest.approx(wanted[number], rel=1e-3)


def test_the_prefix_counts_with_its_weight_only(view: Keywords) -> None:
    assert len(view.search(["titl"], 10, prefix_weight=0)) == 0
    half = view.search(["titl"], 10, prefix_weight=0.5)
    whole = view.search(["titl"], 10, prefix_weight=1.0)
    assert half.ids.tolist() == whole.ids.tolist() == [10, 11, 12, 13, 14]
    np.testing.assert_allclose(2 * half.scores, whole.scores, rtol=1e-5)


def test_restriction_removal_and_frequencies(view: Keywords) -> None:
    assert view.frequencies(["ketamin", "infus", "titl", "unheard"]) == [2, 3, 5, 0]
    assert view.search(["ketamin"], 10, prefix_weight=1, among=np.array([11, 12])).ids.tolist() == [11]
    assert view.search(["ketamin"], 10, prefix_weight=1, among=NONE).ids.tolist() == []
    view.update([(99, "", "Ketamine at last")], np.array([10, 11]))
    assert len(view) == 4
    assert view.search(["ketamin"], 10, prefix_weight=1).ids.tolist() == [99]
    assert view.frequencies(["ketamin"]) == [1]


def test_terms_are_folded_stemmed_and_without_stop_words() -> None:
    assert terms("What ARE the Éclairs’ infusions, and how don't they work?") == [
        "eclair",
        "infus",
        "don",
        "work",
    ]
    assert terms("") == []
    assert terms("42 mg at 3.5%") == ["42", "mg", "3", "5"]


def test_a_view_in_a_folder_is_opened_again(tmp_path: Path) -> None:
    Keywords(tmp_path).update(ROWS, NONE)
    again = Keywords(tmp_path)
    assert len(again) == 5
    assert again.search(["ketamin"], 10, prefix_weight=0).ids.tolist() == [11, 10]


@settings(max_examples=150, deadline=None)
@given(text=st.text(alphabet=st.characters(), max_size=60))
def test_no_text_is_a_query_that_fails(shared_view: Keywords, text: str) -> None:
    found = shared_view.search(terms(text), 10, prefix_weight=0.5)
    assert len(found.ids) == len(found.scores)
    shared_view.search([text], 10, prefix_weight=0.5)  # not even one that no analyzer has seen
    assert len(shared_view.frequencies([text])) == 1


@pytest.fixture(scope="module")
def shared_view() -> Keywords:
    keywords = Keywords(None)
    keywords.update(ROWS, NONE)
    return keywords


@pytest.mark.parametrize(
    "text", ['AND OR NOT "', "a:b", "field:[x TO y]", "(((", "*", "~^", "\ud800", "\0", "'; DROP", "𝔘𝔫𝔦", "北京大学"]
)
def test_query_language_is_plain_text(view: Keywords, text: str) -> None:
    view.search(terms(text), 10, prefix_weight=0.5)


@settings(max_examples=30, deadline=None)
@given(text=st.text(alphabet=st.characters(), min_size=1, max_size=60))
def test_any_text_can_be_indexed_and_is_found_by_its_own_terms(text: str) -> None:
    keywords = Keywords(None)
    keywords.update([(1, "", text)], NONE)
    assert len(keywords.search(terms(text), 10, prefix_weight=0)) == (1 if terms(text) else 0)
