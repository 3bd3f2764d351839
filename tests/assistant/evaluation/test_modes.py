"""Conversation, evidence and retrieval over the user's own documents, and sets that do not fit a mode."""

import json
from pathlib import Path

import pytest

from assistant.evaluation.command import Request, run_evaluate
from assistant.evaluation.instruments import Options
from assistant.evaluation.questions import BadRow, Mode
from assistant.evaluation.run import evaluate
from assistant.evaluation.sets import load_set
from assistant.evaluation.store import RunStore
from assistant.evaluation.table import headline
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
    assert [row.understood_as for row in run.rows] == ["", "What is ketamine? How is it given?"]


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


PLAIN = {"question": "Who?", "answers": ["Ann"]}
GIVEN = {**PLAIN, "passage": "Ann did."}
EVIDENCE = {"question": "Who?", "sentences": ["Ann did.", "Bob slept."], "evidence": [0]}
NOTHING_SAYS_IT = {"question": "Why?", "sentences": ["Ann did."], "evidence": []}


def mixed(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "mixed.jsonl"
    path.write_text("\n".join(json.dumps({"id": str(number), **row}) for number, row in enumerate(rows, start=1)))
    return path


def test_questions_without_a_passage_beside_one_with_are_told_and_not_lost(tmp_path: Path) -> None:
    told: list[str] = []
    loaded = load_set(mixed(tmp_path, GIVEN, *[PLAIN] * 5))
    run = evaluate(None, loaded, options=Options(reader=ScriptedReader({}), resamples=5, notice=told.append))
    need = 'in the mode reading a question needs a "passage"'
    assert [row.id for row in run.rows] == ["1"]
    assert told == [f"5 of 6 questions are left out: {need}"]
    assert run.set.bad_rows == tuple(BadRow(f'the question "{number}"', need) for number in range(2, 7))
    assert headline(run).endswith("5 rows left out")


def test_evidence_is_scored_on_no_question_that_has_none(tmp_path: Path) -> None:
    told: list[str] = []
    loaded = load_set(mixed(tmp_path, EVIDENCE, PLAIN, GIVEN, NOTHING_SAYS_IT))
    options = Options(reader=ScriptedReader({}), resamples=5, notice=told.append)
    run = evaluate(None, loaded, options=options)
    assert run.mode == "evidence"
    assert {row.id: row.scores["evidence_f1"] for row in run.rows} == {"1": 0.0, "4": 1.0}
    assert [row.place for row in run.set.bad_rows] == ['the question "2"', 'the question "3"']
    assert told == ['2 of 4 questions are left out: in the mode evidence a question needs "sentences" and "evidence"']


def test_rows_left_out_by_the_mode_are_kept_with_the_run_and_its_report(tmp_path: Path) -> None:
    request = Request(mixed(tmp_path, GIVEN, PLAIN), tmp_path / "runs")
    outcome = run_evaluate(None, request, Options(reader=ScriptedReader({}), resamples=5))
    store = RunStore(tmp_path / "runs")
    assert outcome.exit_code == 1
    assert store.load("1").set.bad_rows[0].place == 'the question "2"'
    assert "Rows left out: 1" in store.report(store.finished()[0])


def test_retrieval_passes_over_questions_that_nothing_answers_and_says_so(tmp_path: Path) -> None:
    told: list[str] = []
    loaded = load_set(mixed(tmp_path, PLAIN, {"question": "Why?", "answers": []}))
    options = Options(resamples=5, notice=told.append)
    run = evaluate(ScriptedAssistant({"a.txt": "Ann did."}), loaded, mode="retrieval", options=options)
    assert (len(run.rows), run.set.bad_rows) == (1, ())  # it lacks nothing
    assert [line.split(":")[0] for line in told] == ["1 of 2 questions are left out"]


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
