"""JSON lines over the index, with every figure worked by hand."""

import gc
import json
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.evaluation.asking import ask_row
from assistant.evaluation.figures import figures
from assistant.evaluation.instruments import Options
from assistant.evaluation.outcomes import trusted_right
from assistant.evaluation.questions import Question
from assistant.evaluation.rows import Row
from assistant.evaluation.run import evaluate
from assistant.evaluation.sets import load_set
from assistant.evaluation.shelf import Shelf
from assistant.evaluation.table import render
from corpus.errors import UsageError
from tests.assistant.evaluation.scripted import Script, ScriptedAssistant

TEXTS = {
    "trials/ketamine.txt": "Ketamine is given in 40 minutes. Its half-life is three hours.",
    "trials/zuranolone.txt": "Zuranolone is taken for 14 days. Patients sleep well.",
    "drugs.md": "Ketamine and zuranolone act fast.",
}
ROWS = [
    {"id": "a", "question": "How fast is ketamine given?", "answers": ["40 minutes"], "document": "ketamine.txt"},
    {
        "id": "b",
        "question": "How long is zuranolone taken?",
        "answers": ["14 days"],
        "document": "trials/zuranolone.txt",
    },
    {"id": "c", "question": "What acts fast?", "answers": ["ketamine and zuranolone"]},
    {"id": "d", "question": "Who sleeps well?", "answers": ["the patients"], "document": "trials/ketamine.txt"},
    {"id": "e", "question": "Who paid?", "answers": [], "kind": "on-topic"},
    {"id": "f", "question": "What is the capital of Peru?", "answers": [], "kind": "off-topic"},
]
SCRIPTS = {
    ROWS[0]["question"]: Script([("trials/ketamine.txt", "Ketamine is given in 40 minutes.")], 0.9, "40 minutes"),
    ROWS[1]["question"]: Script(
        [
            ("trials/ketamine.txt", "Its half-life is three hours."),
            ("trials/zuranolone.txt", TEXTS["trials/zuranolone.txt"][:32]),
        ],
        0.6,
        "three hours",
    ),
    ROWS[2]["question"]: Script([("drugs.md", "Ketamine and zuranolone act fast.")], 0.4, "Ketamine"),
    ROWS[3]["question"]: Script([("trials/zuranolone.txt", "Patients sleep well.")], 0.8, "Patients"),
    ROWS[4]["question"]: Script([("drugs.md", "Ketamine and zuranolone act fast.")], 0.7),
    ROWS[5]["question"]: Script([("drugs.md", "Ketamine and zuranolone act fast.")], 0.1),
}


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "questions.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS))
    return path


def test_figures_worked_by_hand(questions: Path) -> None:
    assistant = ScriptedAssistant(TEXTS, SCRIPTS)
    run = evaluate(
        assistant, load_set(questions), options=Options(resamples=20, library=assistant.library(), threshold=0.5)
    )
    value = {name: figure.value for name, figure in run.figures.items()}
    n = {name: figure.n for name, figure in run.figures.items()}
    assert value["quote_hit@1"] == pytest.approx(2 / 4)  # a and c; d's answer stands in another document than named
    assert value["quote_hit@3"] == pytest.approx(3 / 4)
    assert value["exact_match"] == pytest.approx(2 / 4)  # a and d: the span does not look at the document
    assert value["f1"] == pytest.approx((1 + 0 + 2 / 4 + 1) / 4)
    assert value["document_hit@1"] == pytest.approx(1 / 3)
    assert n["document_hit@1"] == 3
    assert value["no_answer_precision"] == pytest.approx(1 / 2)  # silent: c, f
    assert value["no_answer_recall"] == pytest.approx(1 / 2)
    assert value["auroc"] == pytest.approx(6 / 8)  # 0.7 lies above 0.6 and 0.4
    assert value["auroc_on_topic"] == pytest.approx(2 / 4)
    assert value["auroc_off_topic"] == pytest.approx(4 / 4)
    assert value["mean_quote_words"] == pytest.approx((6 + 5 + 5 + 3 + 5 + 5) / 6)
    assert value["right_at_threshold"] == pytest.approx(2 / 6)  # a, f
    assert value["citation_fidelity"] == 1.0
    assert n["citation_fidelity"] == 7
    assert run.timings["total"] == {"p50": 0.03, "p95": 0.03, "p99": 0.03, "n": 6}


def test_figures_of_the_confidence_worked_by_hand(questions: Path) -> None:
    run = evaluate(ScriptedAssistant(TEXTS, SCRIPTS), load_set(questions), options=Options(resamples=20))
    value = {name: figure.value for name, figure in run.figures.items()}
    # By confidence, the right ones by name: 0.9 a, 0.8, 0.7, 0.6, 0.4 c, 0.1
    right = {row.id: trusted_right(row) for row in run.rows}
    assert [name for name, is_right in right.items() if is_right] == ["a", "c"]
    assert value["auroc_right"] == pytest.approx(5 / 8)
    assert value["brier"] == pytest.approx((0.01 + 0.36 + 0.36 + 0.64 + 0.49 + 0.01) / 6)
    assert value["ece"] == pytest.approx((0.1 + 0.8 + 0.7 + 0.6 + 0.6 + 0.1) / 6)  # each alone in its bin
    assert value["aurc"] == pytest.approx((0 + 1 / 2 + 2 / 3 + 3 / 4 + 3 / 5 + 4 / 6) / 6)
    assert [value[f"coverage@{share}"] for share in (80, 90, 95)] == pytest.approx([1 / 6] * 3)
    assert {run.figures[name].n for name in ("auroc_right", "brier", "ece", "aurc", "coverage@80")} == {6}


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_the_questions_changes_no_figure_and_all_are_within_bounds(order: list[int]) -> None:
    rows = [asked_row(ROWS[place]) for place in order]
    found = figures(rows, threshold=0.5, resamples=5)
    first = figures([asked_row(row) for row in ROWS], threshold=0.5, resamples=5)
    assert {name: figure.value for name, figure in found.items()} == pytest.approx(
        {name: figure.value for name, figure in first.items()}
    )
    for figure in (of for name, of in found.items() if name != "mean_quote_words"):
        assert all(bound is not None and 0 <= bound <= 1 + 1e-9 for bound in (figure.value, figure.low, figure.high))


def asked_row(row: dict[str, Any]) -> Row:
    question = Question(
        row["id"], row["question"], tuple(row["answers"]), row.get("document"), kind=row.get("kind", "")
    )
    return ask_row(ScriptedAssistant(TEXTS, SCRIPTS), question, Shelf.bare(), Options())


class Steps:
    """Notes what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def stage(self, name: str, total: int) -> None:
        self.told.append((name, total))

    def advance(self, steps: int) -> None:
        self.told.append(steps)


def test_progress_counts_the_questions_that_remain(questions: Path, tmp_path: Path) -> None:
    options, steps, assistant = Options(resamples=5, folder=tmp_path), Steps(), ScriptedAssistant(TEXTS, SCRIPTS)
    stopped = evaluate(
        assistant, load_set(questions), options=options, progress=steps, should_stop=lambda: len(assistant.asked) == 2
    )
    assert not stopped.finished
    assert steps.told == [("questions", 6), 1, 1]
    again = Steps()
    evaluate(assistant, load_set(questions), options=options, progress=again)
    assert again.told == [("remaining questions", 4), 1, 1, 1, 1]


def test_every_question_is_asked_once_without_threshold(questions: Path) -> None:
    assistant = ScriptedAssistant(TEXTS, SCRIPTS)
    evaluate(assistant, load_set(questions), options=Options(resamples=20))
    assert assistant.asked == [(row["question"], ()) for row in ROWS]


def test_answers_that_no_document_holds_are_told_before_the_first_question(questions: Path) -> None:
    assistant = ScriptedAssistant(TEXTS, SCRIPTS)
    told: list[tuple[str, int]] = []
    options = Options(
        resamples=20, library=assistant.library(), notice=lambda line: told.append((line, len(assistant.asked)))
    )
    run = evaluate(assistant, load_set(questions), options=options)
    assert told == [("1 of 4 answers are not in the index: d", 0)]
    assert run.missing == ("d",)


def test_table_shows_every_figure_with_its_n(questions: Path) -> None:
    assistant = ScriptedAssistant(TEXTS, SCRIPTS)
    run = evaluate(assistant, load_set(questions), options=Options(resamples=20, library=assistant.library()))
    table = render(run)
    for name, figure in run.figures.items():
        line = next(line for line in table.splitlines() if line.startswith(f"{name} "))
        assert line.endswith(f" {figure.n}")
    assert "6 questions · 2 of them not answered by the documents · threshold 0.50" in table
    assert all(len(line) <= 120 for line in table.splitlines())


class Strict(ScriptedAssistant):
    """Refuses one question, as the real one refuses those that are too long."""

    def ask(self, question, **how):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201
        if question == ROWS[0]["question"]:
            raise UsageError("The question has 900 words; at most 120 are understood. Shorten it.")
        return super().ask(question, **how)


def test_a_question_that_is_refused_counts_as_unanswered_and_the_rest_is_asked(questions: Path) -> None:
    told: list[str] = []
    options = Options(resamples=20, notice=told.append)
    run = evaluate(Strict(TEXTS, SCRIPTS), load_set(questions), options=options)
    assert len(run.rows) == 6
    assert run.figures["quote_hit@1"].value == pytest.approx(1 / 4)
    assert run.figures["quote_hit@1"].n == 4
    assert any("at most 120 are understood" in line for line in told)


LONG = "Ketamine is slow. " * 3000
SPIKE = 1_000_000  # bytes; a copy of the long text for each of a hundred questions takes five times as many


class Hoarding(ScriptedAssistant):
    """Copies the long text for every question, and lets go of it all after the last: what a spike would look like."""

    def ask(self, question, **how):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201
        self.hoard = [*getattr(self, "hoard", []), LONG.lower()] if len(self.asked) % 100 < 99 else []
        return super().ask(question, **how)


def memory(tmp_path: Path, assistant: ScriptedAssistant) -> tuple[int, int]:
    path = tmp_path / "many.jsonl"
    rows = ({"id": str(i), "question": f"How fast is {i}?", "answers": ["slow"]} for i in range(100))
    path.write_text("\n".join(map(json.dumps, rows)))
    loaded, options = load_set(path), Options(resamples=20, library=assistant.library())
    evaluate(assistant, loaded, options=options)  # what is loaded once, and the cache of normalised texts
    return memory_of(lambda: evaluate(assistant, loaded, options=options))


def test_memory_grows_by_little_more_than_the_rows(tmp_path: Path) -> None:
    kept, spike = memory(tmp_path, ScriptedAssistant(TEXTS | {"long.txt": LONG}))
    assert kept / 100 < 10_000  # bytes a question
    assert spike < SPIKE


def test_a_spike_of_memory_would_be_seen(tmp_path: Path) -> None:
    kept, spike = memory(tmp_path, Hoarding(TEXTS | {"long.txt": LONG}))
    assert kept / 100 < 10_000  # at the end nothing of it is left
    assert spike > SPIKE


def memory_of(work: Callable[[], object]) -> tuple[int, int]:
    """Bytes that are still there after the work, and how much more there was while it went on."""
    gc.collect()
    tracemalloc.start()
    done = work()
    kept, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del done
    return kept, peak - kept


def test_splits_by_type_document_and_format_by_hand(questions: Path) -> None:
    assistant = ScriptedAssistant(TEXTS, SCRIPTS)
    run = evaluate(assistant, load_set(questions), options=Options(resamples=20, library=assistant.library()))

    def hits(split: str) -> dict[str, tuple[float | None, int]]:
        groups = run.splits[split].items()
        return {group: (of["quote_hit@1"].value, of["quote_hit@1"].n) for group, of in groups if "quote_hit@1" in of}

    # a is right; b quotes the wrong document first; c is right and names no document; d is quoted from another one
    assert hits("type") == {"how": (1.0, 1), "how many": (0.0, 1), "what": (1.0, 1), "who": (0.0, 1)}
    assert hits("document") == {
        "trials/ketamine.txt": (0.5, 2),
        "trials/zuranolone.txt": (0.0, 1),
        "not named": (1.0, 1),
    }
    assert hits("format") == {"txt": (1 / 3, 3), "not named": (1.0, 1)}
    assert run.splits["type"]["what"]["right_at_threshold"].n == 2  # c and f: silence counts in every split too


def test_the_page_of_the_first_quote_by_hand(tmp_path: Path) -> None:
    rows = [{**row, "page": page} for row, page in zip(ROWS[:4], (22, 22, None, 22), strict=True)]
    path = tmp_path / "pages.jsonl"
    scripts = {question: replace(script, page=22) for question, script in SCRIPTS.items()}
    scripts[ROWS[0]["question"]] = replace(scripts[ROWS[0]["question"]], page=23)
    rows[1]["document"] = "trials/ketamine.txt"  # where the first quote is from, though not with the answer
    path.write_text("\n".join(map(json.dumps, rows)))
    assistant = ScriptedAssistant(TEXTS, scripts)
    run = evaluate(assistant, load_set(path), options=Options(resamples=20, library=assistant.library()))
    page = run.figures["page_hit@1"]
    assert (page.value, page.n) == (pytest.approx(1 / 3), 3)  # a: another page; b: right; d: another document


class Slow(ScriptedAssistant):
    """Takes one more second for each question."""

    def ask(self, question, **how):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201
        answer = super().ask(question, **how)
        return replace(answer, seconds={"total": float(len(self.asked)), "read": len(self.asked) / 2})


def test_percentiles_of_the_seconds_by_stage(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("\n".join(json.dumps({"question": f"Who is {i}?", "answers": ["I"]}) for i in range(101)))
    run = evaluate(Slow(TEXTS), load_set(path), options=Options(resamples=5))
    assert run.timings["total"] == {"p50": 51.0, "p95": 96.0, "p99": 100.0, "n": 101}
    assert run.timings["read"] == {"p50": 25.5, "p95": 48.0, "p99": 50.0, "n": 101}
