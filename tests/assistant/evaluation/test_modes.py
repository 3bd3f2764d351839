"""Conversation, evidence and retrieval over the user's own documents, and sets that do not fit a mode."""

import json
from pathlib import Path

import pytest

from assistant.evaluation.instruments import Options
from assistant.evaluation.questions import Mode
from assistant.evaluation.run import evaluate
from assistant.evaluation.sets import load_set
from corpus.errors import UsageError
from tests.assistant.evaluation.scripted import Script, ScriptedAssistant, ScriptedReader

FEW = Options(resamples=5)
TURNS = [
    {"question": "What is ketamine?", "answers": ["an anaesthetic"]},
    {"question": "How is it given?", "answers": ["by vein"]},
]
TEXTS = {"a.txt": "Ketamine is an anaesthetic. It is given by vein."}


@pytest.fixture
def conversation(tmp_path: Path) -> Path:
    path = tmp_path / "talk.jsonl"
    path.write_text(json.dumps({"id": "c", "turns": TURNS}))
    return path


def test_a_follow_up_is_asked_with_what_came_before(conversation: Path) -> None:
    scripts = {str(turn["question"]): Script([("a.txt", TEXTS["a.txt"])], 0.9) for turn in TURNS}
    assistant = ScriptedAssistant(TEXTS, scripts)
    run = evaluate(assistant, load_set(conversation), options=FEW)
    assert assistant.asked == [("What is ketamine?", ()), ("How is it given?", ("What is ketamine?",))]
    assert run.mode == "conversation"
    assert run.figures["quote_hit@1"].value == 1.0


def test_end_to_end_leaves_the_history_out(conversation: Path) -> None:
    assistant = ScriptedAssistant(TEXTS)
    evaluate(assistant, load_set(conversation), mode="end-to-end", options=FEW)
    assert assistant.asked[1] == ("How is it given?", ())


def test_questions_that_get_no_quote_count_as_wrong(conversation: Path) -> None:
    run = evaluate(ScriptedAssistant(TEXTS), load_set(conversation), options=FEW)
    zero = ("quote_hit@1", "quote_hit@3", "exact_match", "f1", "right_at_threshold")
    assert [(run.figures[name].value, run.figures[name].n) for name in zero] == [(0.0, 2)] * 5


def test_retrieval_over_the_users_documents_finds_passages_and_asks_nothing(conversation: Path) -> None:
    assistant = ScriptedAssistant({"b.txt": "How is it going?", **TEXTS})
    run = evaluate(assistant, load_set(conversation), mode="retrieval", options=FEW)
    assert assistant.asked == []
    assert [row.right_rank for row in run.rows] == [2, 2]
    assert run.figures["passage_rr@10"].value == 0.5


def test_evidence_is_counted_in_words_over_all_questions(tmp_path: Path) -> None:
    rows = [
        {"id": "1", "question": "q1", "sentences": ["One two.", "Three four five."], "evidence": [0]},
        {"id": "2", "question": "q2", "sentences": ["One two.", "Three four five."], "evidence": [1]},
    ]
    path = tmp_path / "evidence.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    first, second = (0, 8), (9, 25)
    reader = ScriptedReader({}, {"q1": ((*first, 0.9), (*second, 0.6)), "q2": ((*first, 0.7), (*second, 0.4))})
    run = evaluate(None, load_set(path), options=Options(reader=reader, resamples=5))
    value = {name: figure.value for name, figure in run.figures.items()}
    assert value["evidence_precision_micro"] == pytest.approx(2 / 7)
    assert value["evidence_recall_micro"] == pytest.approx(2 / 5)
    assert value["evidence_f1_micro"] == pytest.approx(4 / 12)
    assert value["evidence_f1"] == pytest.approx((2 * 2 / 7 + 0) / 2)
    assert run.blames == {"2": "not read"}


@pytest.mark.parametrize(
    ("mode", "message"),
    [
        ("reading", 'no question for the mode reading: a question needs a "passage"'),
        ("evidence", "no question for the mode evidence"),
        ("guessing", '"guessing" is no mode. Modes: retrieval, reading, end-to-end, conversation, evidence.'),
    ],
)
def test_a_set_that_does_not_fit_the_mode_says_so(conversation: Path, mode: Mode, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        evaluate(ScriptedAssistant(TEXTS), load_set(conversation), mode=mode)


def test_without_an_index_it_says_how_to_build_one(conversation: Path) -> None:
    with pytest.raises(UsageError, match="assistant build FOLDER"):
        evaluate(None, load_set(conversation))


def test_reading_without_a_reader_says_so(tmp_path: Path) -> None:
    path = tmp_path / "set.jsonl"
    path.write_text('{"question": "Who?", "answers": ["Ann"], "passage": "Ann did."}')
    with pytest.raises(UsageError, match="--reader"):
        evaluate(None, load_set(path))
