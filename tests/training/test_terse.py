import random

from training.sources import Question, make_paragraph, touched
from training.terse import terse

TEXT = "The company opened its first factory near Lyon in 1871. It sold carpets. The factory closed later."
PARAGRAPH = make_paragraph(TEXT, "t")
SPAN = (TEXT.index("1871"), TEXT.index("1871") + 4)
OPENED = "When was the first factory of the company opened near Lyon?"
ASKED = Question(OPENED, PARAGRAPH, (SPAN,), touched(PARAGRAPH.sentences, SPAN))


def made(question: Question) -> set[Question | None]:
    return {terse(question, random.Random(seed)) for seed in range(60)}


def test_plain_words_of_the_evidence_are_left_out_and_the_answer_stays() -> None:
    found = made(ASKED) - {None}
    texts = {question.text for question in found if question}
    assert "When was the of the Lyon?" in texts
    assert len(texts) > 8
    assert all("Lyon?" in text and text.startswith("When was the ") for text in texts)
    assert {(q.paragraph, q.answers, q.evidence) for q in found if q} == {(PARAGRAPH, (SPAN,), (0,))}


def test_words_that_only_the_question_holds_stay() -> None:
    carpets = Question("What did the firm sell in its first years?", PARAGRAPH, (), (1,))
    assert made(carpets) == {None}


def test_a_name_keeps_its_possessive() -> None:
    owned = make_paragraph("The company's hall is Lyon's oldest.", "t")
    asked = Question("What is Lyon's oldest hall?", owned, ((4, 11),), (0,))
    texts = {question.text for question in made(asked) if question}
    assert "What is Lyon's?" in texts
    assert all("Lyon's" in text.split("?")[0].split() for text in texts)


def test_a_question_of_nothing_but_the_evidence_is_not_emptied() -> None:
    bare = Question("opened near?", PARAGRAPH, (SPAN,), (0,))
    assert {question.text for question in made(bare) if question} <= {"opened?", "near?"}
