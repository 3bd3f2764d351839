import json
import random
from hashlib import sha256
from pathlib import Path

import pytest
from asked import DIGITS, WRITTEN, WRITTEN_DOCUMENTS, Asked, Context, article_of, chosen, shares_hardly_a_term, written

PLAIN = "Which river runs through the town?"
OTHERWISE = "What flows by the houses?"
TEXT = "The river Lea runs through the town. Its mill was built in 1702."


THIRD = {f"Town {number}-0.txt" for number in range(0, 90, 3)}


def named(number: int) -> str:
    return f"Town {number}-0.txt"


def contexts(count: int) -> list[Context]:
    """As many paragraphs, each with two questions in its own words and one in others."""
    asked = [(f"{PLAIN} ({n})", ("The river Lea",)) for n in range(2)]
    return [(named(n), TEXT, [*asked, (OTHERWISE, ("The river Lea",))]) for n in range(count)]


def is_otherwise(one: Asked) -> bool:
    return one.question == OTHERWISE


@pytest.mark.parametrize("seed", range(5))
def test_half_are_worded_otherwise_of_those_with_an_answer_and_of_those_without(seed: int) -> None:
    found = chosen(contexts(90), THIRD, 90, random.Random(seed), balanced=True)
    assert len({(one.question, one.context) for one in found}) == len(found) == 90, "no question twice"
    assert sum(bool(one.answers) for one in found) == 60
    assert sum(is_otherwise(one) and bool(one.answers) for one in found) == 30
    assert sum(is_otherwise(one) and not one.answers for one in found) == 15


@pytest.mark.parametrize("balanced", [True, False])
def test_questions_of_removed_contexts_have_no_answer_and_all_others_theirs(balanced: bool) -> None:
    for one in chosen(contexts(90), THIRD, 80, random.Random(1), balanced=balanced):
        assert one.answers == (() if one.context in THIRD else ("The river Lea",))


def test_of_questions_that_need_no_balance_two_thirds_have_an_answer_however_many_there_are_without() -> None:
    untold: list[Context] = [(named(n), TEXT, [("Who built the mill?", ())] * 2) for n in range(90, 180)]
    found = chosen([*contexts(90), *untold], THIRD, 90, random.Random(1), balanced=False)
    assert sum(bool(one.answers) for one in found) == 60
    assert 10 < sum(is_otherwise(one) for one in found) < 40, "as they come: a third of those over a town"


def test_where_few_have_no_answer_fewer_are_drawn() -> None:
    found = chosen(contexts(90), {named(0), named(1)}, 90, random.Random(1), balanced=False)
    assert sum(not one.answers for one in found) == 6
    assert len(found) == 18


def test_where_few_are_worded_otherwise_the_rest_is_made_up() -> None:
    few = [(name, text, asked if number < 4 else asked[:2]) for number, (name, text, asked) in enumerate(contexts(60))]
    found = chosen(few, {named(n) for n in (0, *range(4, 30))}, 60, random.Random(1), balanced=True)
    assert len(found) == 60
    assert sum(map(is_otherwise, found)) == 3, "of those without an answer there is one, so two of those with"


def test_a_question_is_worded_otherwise_by_the_sentence_that_answers_alone() -> None:
    def asked(question: str) -> Asked:
        return Asked(question, named(0), ("The river Lea",))

    assert not shares_hardly_a_term(asked(PLAIN), TEXT)
    assert shares_hardly_a_term(asked(OTHERWISE), TEXT)
    assert shares_hardly_a_term(asked("When was the mill built?"), TEXT), "its words stand in another sentence"
    assert not shares_hardly_a_term(Asked(OTHERWISE, named(0), ("The Thames",)), TEXT), "no sentence answers"


def test_an_article_is_told_by_the_name_of_its_contexts() -> None:
    assert article_of("New York-on-Sea 3-12.txt") == article_of("New York-on-Sea 3-0.txt") == "New York-on-Sea 3"


def test_written_questions_stand_over_their_contexts_instead_of_its_own(tmp_path: Path) -> None:
    key = sha256(TEXT.encode()).hexdigest()[:DIGITS]
    rows = [("How old is the mill?", [59, 63]), ("Who built the mill?", [])]
    lines = [json.dumps({"paragraph": key, "question": question, "answer": answer}) for question, answer in rows]
    (tmp_path / "written.jsonl").write_text("\n".join(lines))
    other: Context = ("Pond 1-0.txt", "A pond.", [("How deep?", ())])
    assert written([*contexts(1), other], tmp_path / "written.jsonl") == [
        (named(0), TEXT, [("How old is the mill?", ("1702",)), ("Who built the mill?", ())]),
        ("Pond 1-0.txt", "A pond.", []),
    ]
    with pytest.raises(KeyError, match=key):
        written([other], tmp_path / "written.jsonl")


@pytest.mark.parametrize("path", [WRITTEN, WRITTEN_DOCUMENTS])
def test_every_written_question_is_whole(path: Path) -> None:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert len({(row["paragraph"], row["question"]) for row in rows}) == len(rows) > 400
    for row in rows:
        assert set(row) == {"paragraph", "question", "answer"}
        assert len(row["paragraph"]) == DIGITS
        assert row["question"].strip()
        assert not row["answer"] or 0 <= row["answer"][0] < row["answer"][1]
    assert 0.25 < sum(not row["answer"] for row in rows) / len(rows) < 0.5
