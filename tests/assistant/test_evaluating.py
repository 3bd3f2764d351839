"""`evaluate`, `compare` and what a build tells of its questions, over a real index with the hashed encoder."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from assistant.commands.progress import Lines
from tests.assistant.command_line import STOPPABLE, build, run


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_progress_that_nobody_watches_tells_rate_and_time_left_now_and_then(
    capsys: pytest.CaptureFixture[str],
) -> None:
    clock = Clock()
    lines = Lines(clock)
    lines.stage("questions", 400)
    for _ in range(70):
        clock.now += 0.5
        lines.advance(1)
    assert capsys.readouterr().err == "questions: 400\nquestions: 60 of 400,  2.00it/s, 02:50 left\n"


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    rows = [
        {"id": "door", "question": "When is the blue door locked?", "answers": ["nine"], "document": "ward.md"},
        {"id": "dose", "question": "What was the dose?", "answers": ["60 mg"]},
    ]
    path = tmp_path / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def test_the_set_chosen_for_builds_prints_its_line_after_each(documents: Path, index: Path, questions: Path) -> None:
    build(documents, index)
    chosen = run("evaluate", questions, "--after-build", "--index", index, "--reader", "similarity")
    assert chosen.exit_code == 0, chosen.output
    assert f"asked after each build: {questions}" in run("status", "--index", index).output
    (documents / "ward.md").write_text("# The ward\n\nNobody slept.\n")
    line = build(documents, index).stdout.splitlines()[-1]
    assert line.startswith("set.jsonl: no clear difference: -50.0 points of quote_hit@1 (1.000 to 0.500), p = 1; ")
    assert line.endswith("1 question lost: door")
    told = json.loads(build(documents, index, "--json").stdout)["evaluation"]
    assert told["failed"] is False
    assert told["line"].startswith("set.jsonl: ")


def test_a_build_that_changes_nothing_asks_nothing(documents: Path, index: Path, questions: Path) -> None:
    build(documents, index)
    run("evaluate", questions, "--after-build", "--index", index, "--reader", "similarity")
    again = build(documents, index).stdout.splitlines()
    last = "quote_hit@1 1.000 over 2 questions (run 0001-set-end-to-end)"
    assert again[-1] == f"set.jsonl: nothing has changed; last result: {last}"
    assert len(list((index / "runs").glob("0*"))) == 1


def test_evaluate_without_a_set_asks_the_one_of_the_builds(documents: Path, index: Path, questions: Path) -> None:
    build(documents, index)
    none = run("evaluate", "--index", index)
    assert none.exit_code == 2
    assert "--after-build" in none.output
    run("evaluate", questions, "--after-build", "--index", index, "--reader", "similarity")
    assert "set.jsonl · end-to-end · 2 questions" in run("evaluate", "--index", index).output
    assert run("evaluate", "--not-after-build", "--index", index).exit_code == 0
    assert "set.jsonl" not in build(documents, index).output
    assert "asked after" not in run("status", "--index", index).output


def test_a_set_that_is_gone_is_a_problem_of_the_build_and_the_index_is_built(
    documents: Path, index: Path, questions: Path
) -> None:
    build(documents, index)
    run("evaluate", questions, "--after-build", "--index", index, "--reader", "similarity")
    questions.unlink()
    (documents / "new.txt").write_text("Cats purr.")
    built = build(documents, index)
    assert built.exit_code == 1
    assert "3 documents" in built.output
    assert f"problem  {questions}: There is no evaluation set at {questions}." in built.output


def test_names_that_are_not_utf8_are_evaluated_and_printed_escaped(documents: Path, index: Path) -> None:
    (documents / "caf\udce9").mkdir()
    (documents / "caf\udce9" / "gate.txt").write_text("The red gate is shut at ten.")
    build(documents, index)
    questions = documents.parent / "caf\udce9.jsonl"
    row = {"id": "gate", "question": "When is the red gate shut?", "answers": ["ten"], "document": "caf\udce9/gate.txt"}
    lost = {"id": "lost", "question": "Who purrs?", "answers": ["cats"], "document": "ward.md"}
    questions.write_text("\n".join(map(json.dumps, (row, lost))))
    done = run("evaluate", questions, "--index", index, "--reader", "similarity")
    assert done.exit_code == 0, done.exception
    assert "caf\\udce9.jsonl · end-to-end · 2 questions" in done.output
    (kept,) = (index / "runs").glob("0001-*")
    assert "caf\\udce9/gate.txt" in (kept / "report.html").read_text()
    told = json.loads(run("evaluate", questions, "--index", index, "--reader", "similarity", "--json").stdout)
    assert told["missing"] == ["gate", "lost"]
    assert set(told["splits"]["document"]) == {"caf\udce9/gate.txt", "ward.md"}
    assert "no clear difference" in run("compare", "1", "2", "--index", index).output


def test_ctrl_c_keeps_what_was_asked_and_the_same_command_goes_on(documents: Path, index: Path, tmp_path: Path) -> None:
    build(documents, index)
    questions, rows = tmp_path / "long.jsonl", index / "runs" / "0001-long-end-to-end" / "rows.jsonl"
    texts = [json.dumps({"id": f"q{i}", "question": f"What was dose {i}?", "answers": ["60 mg"]}) for i in range(300)]
    questions.write_text("\n".join(texts))
    command = ["evaluate", str(questions), "--index", str(index), "--reader", "similarity"]
    program = [sys.executable, "-c", STOPPABLE, *command]
    with subprocess.Popen(program, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not (rows.exists() and rows.read_bytes().count(b"\n") >= 5):
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGINT)
        assert process.stderr is not None
        told = process.stderr.read()
    assert (process.returncode, told.splitlines()[-1]) == (1, "Stopped. The same command goes on where it was.")
    kept = rows.read_bytes()
    assert 5 <= kept.count(b"\n") < 300
    assert "300 questions" in run(*command).output
    assert rows.read_bytes().startswith(kept[: kept.rfind(b"\n") + 1])
    assert [json.loads(line)["id"] for line in rows.read_bytes().splitlines()] == [f"q{i}" for i in range(300)]


def test_fail_if_worse_without_a_run_to_compare_with_is_refused(index: Path, questions: Path) -> None:
    refused = run("evaluate", questions, "--fail-if-worse", "--index", index)
    assert refused.exit_code == 2
    assert "--against last" in refused.output


def test_each_stage_at_which_a_question_is_lost_over_a_real_index(documents: Path, index: Path) -> None:
    for number in range(25):
        (documents / f"moon{number}.txt").write_text(f"The moon is full tonight {number} times.")
    (documents / "zebra.txt").write_text("Zebras graze.")
    (documents / "cats.zip").write_bytes(b"PK cats purr")
    build(documents, index)
    rows = {
        "not loaded": {"question": "Who purrs?", "answers": ["cats"]},
        "not retrieved": {"question": "How full is the moon tonight?", "answers": ["zebras"], "document": "zebra.txt"},
        "not read": {"question": "When is the blue door locked?", "answers": ["slept"], "document": "ward.md"},
        "not trusted": {"question": "Which amount went into the mouth of that poor patient?", "answers": ["60 mg"]},
    }
    questions = documents.parent / "faults.jsonl"
    questions.write_text("\n".join(json.dumps({"id": stage, **row}) for stage, row in rows.items()))
    done = run("evaluate", questions, "--index", index, "--reader", "similarity", "--json")
    assert json.loads(done.stdout)["blame"]["questions"] == {stage: stage for stage in rows}


def test_a_fall_beyond_chance_fails_where_it_is_asked_to(documents: Path, index: Path) -> None:
    for number in range(8):
        (documents / f"gate{number}.txt").write_text(f"Gate{number} is shut at {number} sharp.")
    build(documents, index)
    questions = documents.parent / "gates.jsonl"
    rows = [{"id": f"g{i}", "question": f"When is gate{i} shut?", "answers": [f"{i} sharp"]} for i in range(8)]
    questions.write_text("\n".join(map(json.dumps, rows)))
    command = ["evaluate", questions, "--index", index, "--reader", "similarity"]
    assert run(*command).exit_code == 0
    same = run(*command, "--against", "last", "--fail-if-worse")
    assert (same.exit_code, "no clear difference: +0.0 points" in same.output) == (0, True)
    for number in range(8):
        (documents / f"gate{number}.txt").write_text(f"Gate{number} is never shut.")
    build(documents, index)
    assert run(*command, "--against", "last").exit_code == 0
    worse = run(*command, "--against", "1", "--fail-if-worse")
    assert (worse.exit_code, "worse: -100.0 points" in worse.output) == (1, True)
    assert run("compare", "1", "3", "--fail-if-worse", "--index", index).exit_code == 1
    assert run("compare", "3", "1", "--fail-if-worse", "--index", index).exit_code == 0


def test_the_same_index_and_set_give_the_same_run_but_for_the_seconds(
    documents: Path, index: Path, questions: Path
) -> None:
    build(documents, index)
    kept = []
    for number in (1, 2):
        run("evaluate", questions, "--index", index, "--reader", "similarity")
        (folder,) = (index / "runs").glob(f"000{number}-*")
        told = json.loads((folder / "run.json").read_text())
        rows = [json.loads(line) for line in (folder / "rows.jsonl").read_text().splitlines()]
        kept.append(({**told, "id": "", "timings": ""}, [{**row, "seconds": ""} for row in rows]))
    assert kept[0] == kept[1]


def test_bad_rows_and_answers_that_are_not_loaded_are_told_and_the_rest_is_run(documents: Path, index: Path) -> None:
    build(documents, index)
    table = documents.parent / "table.csv"
    table.write_text("question,answer,document\nWhen is the blue door locked?,nine,ward.md\n,ten,\nWho purrs?,cats,\n")
    done = run("evaluate", table, "--index", index, "--reader", "similarity")
    assert done.exit_code == 1
    assert done.stderr.splitlines()[:2] == [
        "1 of 2 answers are not in the index: line-4",
        'table.csv, line 3: "question" is missing; left out',
    ]
    assert "table.csv · end-to-end · 2 questions" in done.stdout
