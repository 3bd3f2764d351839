"""A forgotten document leaves no word anywhere: index, runs, reports, feedback, uploads and the page's cache."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.evaluation.row_file import RowFile
from assistant.evaluation.store import ROWS, RunStore
from corpus.errors import IndexBusy
from index.lock import writing
from tests.assistant.command_line import run

NONCE = b"quagfrobber"
SECRET = "The quagfrobber dose was seven zorkmids in the first winter. Nobody slept in that night, it is said."
PLAIN = "The blue door of the ward is locked at nine in the evening. The red door is never locked at all."
QUESTIONS = (
    {"id": "named", "question": "What was the quagfrobber dose?", "answers": ["seven zorkmids"], "document": "s.txt"},
    {"id": "unnamed", "question": "Which dose was it?", "answers": ["quagfrobber dose was seven zorkmids"]},
    {"id": "failed", "question": "Who slept?", "answers": ["the quagfrobber herself"], "document": "s.txt"},
    {"id": "other", "question": "When is the blue door locked?", "answers": ["nine"], "document": "plain.txt"},
)


def holders(*folders: Path) -> list[str]:
    files = (path for folder in folders for path in folder.rglob("*") if path.is_file())
    return [path.name for path in files if NONCE in path.read_bytes().lower()]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plain document and a secret upload, which has left its words wherever it can."""
    index, documents = tmp_path / "index", tmp_path / "documents"
    for path, text in ((documents / "plain.txt", PLAIN), (index / "uploads" / "s.txt", SECRET)):
        path.parent.mkdir(parents=True)
        path.write_text(text)
    roots = (documents, index / "uploads")
    assert run("build", *roots, "--index", index, "--encoder", "hashed").exit_code == 0
    questions = tmp_path / "questions.jsonl"
    questions.write_text("".join(f"{json.dumps(row)}\n" for row in QUESTIONS))
    asked = run("evaluate", questions, "--index", index, "--reader", "similarity")
    assert asked.exit_code == 0, asked.output
    feedback = index / "feedback"
    feedback.mkdir()
    (feedback / "feedback.jsonl").write_bytes(questions.read_bytes())
    odd = {"id": "y", "question": "A line\u2028end", "answers": None}
    rows = ({"id": "x", "question": SECRET, "answers": None}, odd)
    (feedback / "to-complete.jsonl").write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows))
    (feedback / "mine.csv").write_text(f"question,answer\nWhat?,{SECRET}\n")
    for name in (".feedback.jsonl.part", "../uploads/.abc.part"):
        (feedback / name).write_text(SECRET)
        os.utime(feedback / name, (1e9, 1e9))
    cache = tmp_path / "cache" / "deep"
    cache.mkdir(parents=True)
    (cache / "s.txt").write_text(SECRET)
    (cache / "other.txt").write_text(PLAIN)
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(cache.parent))
    return index


def test_no_file_holds_a_word_of_it(index: Path) -> None:
    cache = index.parent / "cache"
    found = set(holders(index, cache))
    assert {"s.txt", "rows.jsonl", "report.html", "report.md", "feedback.jsonl", "to-complete.jsonl"} <= found
    done = run("forget", "s.txt", "--index", index)
    assert done.exit_code == 0, done.output
    assert holders(index, cache) == ["mine.csv"]  # the user's own, so it is named and left
    assert "mine.csv is a set of yours that holds sentences of it" in done.output
    left = (index / "feedback" / "to-complete.jsonl").read_text()
    assert json.loads(left)["question"] == "A line\u2028end"
    assert "taken out of the evaluation runs 0001-questions-end-to-end" in done.output
    assert "3 rows about it were taken out of feedback.jsonl" in done.output
    assert "1 rows about it were taken out of to-complete.jsonl" in done.output
    assert "a copy in the page's cache, is deleted" in done.output
    assert (cache / "deep" / "other.txt").read_text() == PLAIN


def test_a_run_keeps_its_figures_and_what_is_of_other_documents(index: Path) -> None:
    before = RunStore(index / "runs").load("1")
    run("forget", "s.txt", "--index", index)
    after = RunStore(index / "runs").load("1")
    assert [row.id for row in after.rows] == ["named", "unnamed", "failed", "other"]
    assert after.figures == before.figures
    assert after.rows[3].question == QUESTIONS[3]["question"]
    assert after.rows[3].answers == ("nine",)
    assert PLAIN.startswith(after.rows[3].quotes[0].text)
    assert after.rows[0].answerable
    kept = json.loads((index / "feedback" / "feedback.jsonl").read_text())
    assert kept == QUESTIONS[3]


def test_a_follow_up_keeps_no_word_that_it_took_over(index: Path) -> None:
    file = RowFile(index / "runs" / "0001-questions-end-to-end" / ROWS)
    *rows, other = file.read()
    file.replace([*rows, replace(other, understood_as="When is the blue door locked? quagfrobber")])
    run("forget", "s.txt", "--index", index)
    assert [row.understood_as for row in file.read()] == ["", "", "", ""]
    assert "rows.jsonl" not in holders(index)


def test_another_document_is_left_alone(index: Path) -> None:
    before = RunStore(index / "runs").load("1").rows[0]
    run("forget", "plain.txt", "--index", index)
    after = RunStore(index / "runs").load("1").rows[0]
    assert (after.question, after.answers) == (before.question, before.answers)
    assert "s.txt" in holders(index)


def test_an_answer_that_only_stands_inside_a_number_is_no_word_of_it(tmp_path: Path) -> None:
    documents, index, questions = tmp_path / "documents", tmp_path / "index", tmp_path / "questions.jsonl"
    for name, text in (
        ("a.txt", "The blue gate was built in 2012 by masons."),
        ("b.txt", "The blue gate has 12 bars."),
    ):
        documents.mkdir(exist_ok=True)
        (documents / name).write_text(text)
    questions.write_text('{"id": "1", "question": "How many bars has the blue gate?", "answers": ["12"]}\n')
    run("build", documents, "--index", index, "--encoder", "hashed")
    run("evaluate", questions, "--index", index, "--reader", "similarity")
    run("forget", "a.txt", "--index", index)
    [row] = RunStore(index / "runs").load("1").rows
    assert (row.question, row.answers) == ("How many bars has the blue gate?", ("12",))


@pytest.mark.parametrize("step", ["row_file.RowFile.replace", "store.RunStore.finish"])
def test_a_crash_at_any_step_leaves_the_rest_to_be_found_again(
    index: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(f"assistant.evaluation.{step}", crash)
        run("forget", "s.txt", "--index", index)
    assert "rows.jsonl" in holders(index)  # the last to go, so that the next try finds it
    done = run("forget", "s.txt", "--index", index)
    assert done.exit_code == 0, done.output
    assert holders(index) == ["mine.csv"]


def test_nothing_is_changed_while_an_evaluation_writes(index: Path) -> None:
    found = holders(index)
    with writing(index / "runs"):
        refused = run("forget", "s.txt", "--index", index)
    assert refused.exit_code == IndexBusy.exit_code
    assert holders(index) == found
