"""Where a question was lost: each value on a fault planted for it."""

import json
from pathlib import Path

import pytest

from assistant.evaluation.instruments import Options
from assistant.evaluation.results import Run
from assistant.evaluation.run import evaluate
from assistant.evaluation.sets import load_set
from tests.assistant.evaluation.scripted import Script, ScriptedAssistant

QUESTION = "How long is ketamine given?"
TEXTS = {
    "ketamine.txt": "Ketamine is given in 40 minutes.",
    "other.txt": "How long is brexanolone given? For 60 hours.",
    "third.txt": "Long days.",
}
RIGHT = ("ketamine.txt", "Ketamine is given in 40 minutes.")
WRONG = ("other.txt", "For 60 hours.")


def run_one(folder: Path, assistant: ScriptedAssistant, *, answers: list[str], passages_read: int = 20) -> Run:
    path = folder / "one.jsonl"
    row = {"id": "a", "question": QUESTION, "answers": answers, "document": "ketamine.txt" if answers else None}
    path.write_text(json.dumps(row))
    options = Options(library=assistant.library(), threshold=0.5, passages_read=passages_read, resamples=5)
    return evaluate(assistant, load_set(path), options=options)


def test_nothing_is_to_blame_when_it_is_right(tmp_path: Path) -> None:
    run = run_one(tmp_path, ScriptedAssistant(TEXTS, {QUESTION: Script([RIGHT], 0.9)}), answers=["40 minutes"])
    assert run.blames == {}


def test_a_document_without_the_answer_was_not_loaded(tmp_path: Path) -> None:
    texts = {**TEXTS, "ketamine.txt": "This page could not be read."}
    run = run_one(tmp_path, ScriptedAssistant(texts, {QUESTION: Script([WRONG], 0.9)}), answers=["40 minutes"])
    assert run.blames == {"a": "not loaded"}


def test_a_passage_that_retrieval_misses_was_not_retrieved(tmp_path: Path) -> None:
    assistant = ScriptedAssistant(TEXTS, {QUESTION: Script([WRONG], 0.9)}, hide=["ketamine.txt"])
    run = run_one(tmp_path, assistant, answers=["40 minutes"])
    assert run.blames == {"a": "not retrieved"}


def test_a_passage_below_those_that_are_read_was_not_retrieved(tmp_path: Path) -> None:
    texts = {"other.txt": "Question: how long is ketamine given?", **TEXTS}
    assistant = ScriptedAssistant(texts, {QUESTION: Script([("third.txt", "Long days.")], 0.9)})
    run = run_one(tmp_path, assistant, answers=["40 minutes"], passages_read=1)
    assert run.rows[0].right_rank == 2
    assert run.blames == {"a": "not retrieved"}


def test_a_passage_that_was_read_in_vain_was_not_read(tmp_path: Path) -> None:
    run = run_one(tmp_path, ScriptedAssistant(TEXTS, {QUESTION: Script([WRONG, RIGHT], 0.9)}), answers=["40 minutes"])
    assert run.blames == {"a": "not read"}


def test_a_right_quote_below_the_threshold_was_not_trusted(tmp_path: Path) -> None:
    run = run_one(tmp_path, ScriptedAssistant(TEXTS, {QUESTION: Script([RIGHT], 0.4)}), answers=["40 minutes"])
    assert run.blames == {"a": "not trusted"}


def test_an_answer_at_the_threshold_is_shown(tmp_path: Path) -> None:
    run = run_one(tmp_path, ScriptedAssistant(TEXTS, {QUESTION: Script([RIGHT], 0.5)}), answers=["40 minutes"])
    assert run.blames == {}


@pytest.mark.parametrize(("confidence", "blames"), [(0.9, {"a": "answered for nothing"}), (0.1, {})])
def test_a_question_without_answer_fails_when_something_is_quoted(
    tmp_path: Path, confidence: float, blames: dict[str, str]
) -> None:
    run = run_one(tmp_path, ScriptedAssistant(TEXTS, {QUESTION: Script([RIGHT], confidence)}), answers=[])
    assert run.blames == blames


def test_a_quote_that_is_not_the_slice_it_cites_lowers_citation_fidelity(tmp_path: Path) -> None:
    script = Script([RIGHT, ("ketamine.txt", "Ketamine is given in 41 minutes.")], 0.9)
    run = run_one(tmp_path, ScriptedAssistant(TEXTS, {QUESTION: script}), answers=["40 minutes"])
    assert run.figures["citation_fidelity"].value == 0.5
    assert run.figures["citation_fidelity"].n == 2
