import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.sources import (
    Question,
    is_worded_otherwise,
    make_paragraph,
    read_nq,
    read_rationales,
    read_squad,
    repair_offset,
    touched,
)

KING = "William was crowned in London. In 1066 he beat Harold at Hastings. William died in Rouen in 1087."


def write_json(path: Path, content: object) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        json.dump(content, file)
    return path


def squad_file(path: Path, context: str, questions: list[dict[str, object]]) -> Path:
    return write_json(path, {"data": [{"title": "Kings", "paragraphs": [{"context": context, "qas": questions}]}]})


@pytest.mark.parametrize(
    ("question", "answer", "start"),
    [
        ("Who died in Rouen?", "William", KING.index("William died")),
        ("Who was crowned in London?", "William", 0),
        ("When did he beat Harold?", "1066", KING.index("1066")),
        ("Whose name is not here?", "William", 0),  # no sentence is better, so the first
    ],
)
def test_of_several_occurrences_the_one_whose_sentence_shares_the_question_is_taken(
    question: str, answer: str, start: int
) -> None:
    assert repair_offset(question, make_paragraph(KING, "Kings"), answer) == (start, start + len(answer))


@pytest.mark.parametrize("answer", ["Will", "Paris", "", " "])
def test_an_answer_that_is_not_there_as_whole_words_is_dropped(answer: str) -> None:
    assert repair_offset("Who died in Rouen?", make_paragraph(KING, "Kings"), answer) is None


def test_an_answer_that_ends_in_a_sign_is_found() -> None:
    paragraph = make_paragraph("It costs $5 (five dollars). It grew by 3%.", "Prices")
    assert repair_offset("How much did it grow?", paragraph, "3%") == (39, 41)
    assert repair_offset("What does it cost?", paragraph, "$5") == (9, 11)


def test_squad_offsets_are_found_anew_and_lost_answers_dropped(tmp_path: Path) -> None:
    questions = [
        {"question": "Who died in Rouen?", "answers": [{"text": "William", "answer_start": 0}]},
        {"question": "Who sang?", "answers": [{"text": "Ella", "answer_start": 0}]},
    ]
    found = list(read_squad(squad_file(tmp_path / "a.gz", KING, questions), repair=True))
    assert [(q.text, q.answers, q.evidence) for q in found] == [("Who died in Rouen?", ((67, 74),), (2,))]


def test_squad2_keeps_its_offsets_and_its_questions_without_an_answer(tmp_path: Path) -> None:
    questions = [
        {"question": "Who?", "answers": [{"text": "William", "answer_start": 67}], "is_impossible": False},
        {"question": "Who lost in 1087?", "answers": [], "is_impossible": True},
        {"question": "Wrong offset?", "answers": [{"text": "William", "answer_start": 1}], "is_impossible": False},
    ]
    found = list(read_squad(squad_file(tmp_path / "a.gz", KING, questions), repair=False))
    assert [(q.answer_texts, q.evidence) for q in found] == [(("William",), (2,)), ((), ())]


def test_search_questions_with_a_wrong_offset_are_dropped(tmp_path: Path) -> None:
    path = tmp_path / "nq.gz"
    rows = [
        {"title": "t", "question": "who died", "context": KING, "answers": [{"text": "William", "answer_start": 67}]},
        {"title": "t", "question": "who died", "context": KING, "answers": [{"text": "William", "answer_start": 3}]},
    ]
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    assert [q.answers for q in read_nq(path)] == [((67, 74),)]


def test_rationales_keep_the_publishers_sentences(tmp_path: Path) -> None:
    row = {"claim": "Iron helps.", "title": "t", "sentences": ["We asked.  \\n", "Iron helped."], "evidence": [1]}
    (question,) = read_rationales(write_json(tmp_path / "r.gz", row))
    start, end = question.paragraph.sentences[1]
    assert question.paragraph.text[start:end] == "Iron helped."
    assert (question.evidence, question.answers) == ((1,), ())


@pytest.mark.parametrize(
    ("question", "evidence", "expected"),
    [
        ("Where did the ruler lose his life?", (2,), True),
        ("Where did William lose his life?", (2,), True),  # one word is shared
        ("Where did William die in 1087?", (2,), False),
        ("Where did William die in 1087?", (), False),  # nothing answers it
        ("Was Harold seen in Rouen?", (1, 2), False),  # one word with each of two sentences
    ],
)
def test_a_question_is_worded_otherwise_where_it_shares_one_word_at_most(
    question: str, evidence: tuple[int, ...], expected: bool
) -> None:
    assert is_worded_otherwise(Question(question, make_paragraph(KING, "Kings"), (), evidence)) is expected


def test_a_span_over_two_sentences_touches_both() -> None:
    assert touched([(0, 5), (6, 10), (11, 15)], (4, 7)) == (0, 1)
    assert touched([(0, 5), (6, 10)], (5, 6)) == ()


@given(st.text(alphabet="ab .?\n", max_size=60))
def test_sentences_cover_all_that_is_not_white_space(text: str) -> None:
    covered = {n for start, end in make_paragraph(text, "t").sentences for n in range(start, end)}
    assert {n for n, letter in enumerate(text) if letter.strip()} <= covered
