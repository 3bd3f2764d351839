"""Answers that another paragraph of the article tells too."""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from training import retold as module
from training.retold import places_of, retold
from training.score_reading import Asked, Read
from training.sources import Question, make_paragraph, touched

FIRST = make_paragraph("The bridge was opened in 1894. It is red.", "bridge")
TWICE = make_paragraph("Ships pass below. Since 1894 carts have crossed by it.", "bridge")
OTHER = make_paragraph("A baker was born there in 1894. He left.", "bridge")
ELSEWHERE = make_paragraph("The tower was opened in 1894.", "tower")
START = FIRST.text.index("1894")


def question(text: str = "When was the bridge opened?") -> Question:
    return Question(text, FIRST, ((START, START + 4),), touched(FIRST.sentences, (START, START + 4)))


def beside(paragraph: object) -> Question:
    return Question("Who?", paragraph, ())  # type: ignore[arg-type]


ALL = [question(), beside(TWICE), beside(OTHER), beside(ELSEWHERE)]


class Carts:
    """An encoder that finds everything near but bakers."""

    name = revision = "carts"
    dimension, max_tokens = 2, 100

    def encode(self, texts: Sequence[str], progress: object = None) -> NDArray[np.float32]:
        return np.array([[0, 1] if "baker" in text else [1, 0] for text in texts], dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


@pytest.fixture
def margin(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """How sure the reader is of an answer told twice; of bakers it is sure that there is none."""
    sure = {"margin": 2.0}

    def read(_reader: object, asked: Sequence[Asked]) -> Iterator[Read]:
        for one in asked:
            baker = "baker" in one.passage
            yield Read(one, "He" if baker else "1894", -5.0 if baker else sure["margin"])

    monkeypatch.setattr(module, "read_all", read)
    return sure


def test_places_are_in_other_paragraphs_of_the_same_article() -> None:
    found = list(places_of(ALL))
    assert [place.paragraph for place in found] == [TWICE, OTHER]
    assert [place.paragraph.text[slice(*place.span)] for place in found] == ["1894", "1894"]
    assert found[0].sentence == "Since 1894 carts have crossed by it."


def test_an_answer_that_stands_everywhere_is_told_of_many_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PLACES", 1)
    assert list(places_of(ALL)) == []


def test_what_says_the_same_answers_and_what_tells_of_another_does_not(margin: dict[str, float]) -> None:
    answered, other = retold(ALL, Carts(), reader=None)  # type: ignore[arg-type]
    assert [(q.text, q.paragraph, q.answer_texts, q.evidence) for q in answered] == [
        ("When was the bridge opened?", TWICE, ("1894",), (1,))
    ]
    assert [(q.paragraph, q.answers) for q in other] == [(OTHER, ())]
    margin["margin"] = -1.0
    assert retold(ALL, Carts(), reader=None)[0] == []  # type: ignore[arg-type]
