"""Questions asked of another name or number of the same passage."""

import pytest

from index.hashed import HashedEncoder
from training import mixed_up as module
from training.mixed_up import exchanges, mixed_up
from training.sources import Question, make_paragraph, touched

TEXT = (
    "In 1880 the town of Lower Ashby had 4120 people. The town of Upper Ashby was founded by Anna Bell in 1795. "
    "Its mayor resigned on 3 May. Nobody asked why Lower Ashby grew."
)
PARAGRAPH = make_paragraph(TEXT, "Ashby")


def asked(text: str, answer: str) -> Question:
    span = (TEXT.index(answer), TEXT.index(answer) + len(answer))
    return Question(text, PARAGRAPH, (span,), touched(PARAGRAPH.sentences, span))


def others(text: str, answer: str) -> set[str]:
    return {exchange.other for exchange in exchanges(asked(text, answer))}


def test_what_the_answering_sentence_or_the_question_tells_never_stands_in() -> None:
    # "Upper Ashby" shares a word with the question, "1880" and "Lower Ashby" stand beside the answer.
    assert others("How many people had Lower Ashby in 1880?", "4120") == {"1795", "Anna Bell"}


def test_a_number_stands_for_one_of_as_many_digits_and_never_a_date() -> None:
    assert others("Who founded a town in 1795?", "Anna Bell") == {"1880", "4120"}
    assert "May" not in others("Which Bell was first?", "Upper Ashby")


def test_nothing_to_exchange() -> None:
    assert exchanges(asked("How many people?", "4120")) == []


def test_the_question_is_of_the_other_and_has_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ALIKE", 0.0)
    first, second = asked("How many people had Lower Ashby in 1880?", "4120"), asked("How many people?", "4120")
    made = list(mixed_up([first, second], HashedEncoder()))
    assert [(one.text, one.answers, one.evidence) for one in made] == [
        ("How many people had Lower Ashby in 1795?", (), ())
    ]
    monkeypatch.setattr(module, "THE_SAME", 0.4)
    assert list(mixed_up([first], HashedEncoder())) == []
