"""The order of what the encoder is tuned with."""

import random
from itertools import groupby

import pytest

from training import lessons as lessons_of
from training.lessons import one_pass
from training.prepare import Sets
from training.sources import Question, make_paragraph


def test_paragraphs_of_one_article_stand_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def made(source: str, articles: int, each: int) -> list[Question]:
        found = []
        for article in range(articles):
            for number in range(each):
                paragraph = make_paragraph(f"{source} {article} {number}. More.", f"{source} {article}")
                found += [Question(f"{n}?", paragraph, (), (0,)) for n in range(7)]
                found.append(Question("unanswered?", paragraph))
        return found

    written, squad = made("written", 3, 10), made("squad", 4, 3)
    claims = made("claim", 2, 1)
    monkeypatch.setattr(lessons_of, "read_written", lambda paragraphs: iter(written))
    monkeypatch.setattr(lessons_of, "SQUAD", 5)
    sets = Sets(squad=[*squad, *written], squad2=[], nq=[], rationales=claims, documents=None)
    found = one_pass(sets, random.Random(1))
    articles = [lesson.paragraph.article for lesson in found]
    assert {source: sum(one.startswith(source) for one in articles) for source in ("written", "squad", "claim")} == {
        "written": 30, "squad": 5, "claim": 2 * lessons_of.CLAIM_COPIES
    }  # fmt: skip
    runs = [len(list(run)) for name, run in groupby(articles) if name.startswith("written")]
    assert min(runs) >= 2
    assert all(len(lesson.questions) == lessons_of.QUESTIONS for lesson in found)
    assert all(question.evidence for lesson in found for question in lesson.questions)
    assert [lesson.paragraph.text for lesson in one_pass(sets, random.Random(1))] == [
        lesson.paragraph.text for lesson in found
    ]
