import random
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from index.encoder import normalised
from training import reword
from training.reword import Rewording, Thesaurus
from training.sources import Question, make_paragraph, touched

TEXT = "The pills were swallowed by forty adults. They cost nothing."
PARAGRAPH = make_paragraph(TEXT, "t")
SPAN = (TEXT.index("forty"), TEXT.index("forty") + 5)
ASKED = Question("How many adults swallowed the pills?", PARAGRAPH, (SPAN,), touched(PARAGRAPH.sentences, SPAN))
MEANINGS = [
    ("pills", "tablets", "pillow"),
    ("adults", "people", "grown"),
    ("swallowed", "ingested", "swallows"),
    ("cost",),
]


class Meanings:
    """An encoder to which words of one row mean the same, and a text what its words mean together."""

    name = revision = "meanings"
    dimension, max_tokens = len(MEANINGS) + 1, 100

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        words = [text.lower().replace("?", "").split() for text in texts]
        rows = [[sum(word in row for word in own) for row in MEANINGS] + [0.1] for own in words]
        return normalised(np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension))

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> Thesaurus:
    monkeypatch.setattr(reword, "FREQUENT", 1)
    monkeypatch.setattr(reword, "PLAINEST", 0)
    return Thesaurus(Meanings(), [PARAGRAPH, make_paragraph("tablets pillow people grown ingested swallows", "u")])


def rewording(known: Thesaurus, seed: int) -> Rewording:
    made = Rewording(Meanings(), [], random.Random(seed))
    made._thesaurus = known
    return made


def test_what_stands_for_a_word_has_its_meaning_and_ending_but_not_its_stem(known: Thesaurus) -> None:
    assert known.others("pills") == ("tablets",)
    assert known.others("swallowed") == ("ingested",)
    assert known.others("adults") == ()  # "people" has no "s"
    assert known.others("unheard") == ()


def test_a_question_is_put_in_other_words_and_is_answered_by_the_same_place(known: Thesaurus) -> None:
    found = [one for seed in range(30) for one in rewording(known, seed).of([ASKED])]
    assert {one.text for one in found if one} == {
        "How many adults swallowed the tablets?",
        "How many adults ingested the pills?",
        "How many adults ingested the tablets?",
    }
    assert {(one.paragraph, one.answers, one.evidence) for one in found if one} == {(PARAGRAPH, (SPAN,), (0,))}


def test_words_that_the_answer_has_not_stay(known: Thesaurus) -> None:
    elsewhere = Question("How many pills were swallowed?", PARAGRAPH, (), (1,))
    assert list(rewording(known, 0).of([elsewhere])) == [None]


def test_what_means_something_else_is_not_taken(known: Thesaurus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "others", lambda word: ("cost",) if word == "pills" else ())
    bare = Question("pills?", PARAGRAPH, (SPAN,), (0,))
    assert [one for seed in range(20) for one in rewording(known, seed).of([bare]) if one] == []


def test_a_share_of_the_questions_is_put_in_other_words_and_none_is_lost(known: Thesaurus) -> None:
    nowhere = Question("Pills", PARAGRAPH)
    mixed = rewording(known, 1).of_share([ASKED, nowhere] * 100, 0.5)
    assert len(mixed) == 200
    assert [one for one in mixed if one.text == "Pills"] == [nowhere] * 100
    assert 25 <= sum(one.text not in (ASKED.text, "Pills") for one in mixed) <= 60
    assert rewording(known, 1).of_share([ASKED], 0.0) == [ASKED]
