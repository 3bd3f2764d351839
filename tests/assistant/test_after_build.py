"""The set that builds ask: again where something changed, and the last result where nothing did."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Answer
from assistant.assistant import Assistant
from assistant.confidence import UNCALIBRATED
from assistant.evaluation import identity
from assistant.evaluation.after_build import AfterBuild, Manner, ask_default_set, due, sharing
from assistant.evaluation.default_set import DefaultSet, keep_default_set
from assistant.evaluation.identity import Identity, calibration_of, reader_identity
from assistant.evaluation.sets import load_set
from assistant.evaluation.setup import runs_of
from assistant.evaluation.store import RunStore
from assistant.evaluation.table import headline
from assistant.reading.load import SHIPPED, load_calibration, load_reader
from corpus.errors import ModelNotFound, UsageError
from index.build import build
from index.encoder import load_encoder
from index.hashed import HashedEncoder
from index.lock import writing
from index.records import EncoderIdentity


@pytest.fixture
def questions(documents: Path, index: Path) -> Path:
    """A set that was chosen, over an index that is there."""
    rows = [
        {"id": "door", "question": "When is the blue door locked?", "answers": ["nine"], "document": "ward.md"},
        {"id": "dose", "question": "What was the dose?", "answers": ["60 mg"]},
    ]
    path = documents.parent / "set.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    build(index, HashedEncoder(), roots=[documents])
    keep_default_set(index, DefaultSet(path, "similarity"))
    return path


def unheard(line: str) -> None:
    """For tests of what comes after."""


def nobody(folder: Path, reader: str | None) -> Assistant:
    raise UsageError("Models are loaded.")


def asked(index: Path, **how: Any) -> AfterBuild:  # noqa: ANN401 - whatever a manner has
    found = ask_default_set(index, Manner(unheard, **how))
    assert found is not None
    return found


def test_nothing_changed_is_told_with_the_last_result_and_no_model_is_loaded(
    documents: Path, index: Path, questions: Path
) -> None:
    first = asked(index)
    assert (first.state, first.line) == ("asked", "set.jsonl: quote_hit@1 1.000 over 2 questions")
    again = asked(index, open=nobody)
    last = "quote_hit@1 1.000 over 2 questions (run 0001-set-end-to-end)"
    assert again == AfterBuild(f"set.jsonl: nothing has changed; last result: {last}", "not asked", first.run)
    (documents / "new.txt").write_text("Cats purr.")
    build(index, HashedEncoder(), roots=[documents])
    assert asked(index, open=nobody).line == f"problem  {questions}: Models are loaded."


@pytest.mark.parametrize("changed", ["set", "reader", "calibration"])
def test_another_set_reader_or_fit_is_asked_although_the_index_is_the_same(
    index: Path, questions: Path, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(index)
    if changed == "set":
        questions.write_text(questions.read_text().replace("nine", "ten"))
    elif changed == "calibration":
        refitted = replace(UNCALIBRATED, intercept=0.1)  # its threshold is the same
        monkeypatch.setattr(identity, "load_calibration", lambda reader, encoder: refitted)
    else:
        keep_default_set(index, DefaultSet(questions, str(SHIPPED)))
    assert asked(index, open=nobody).failed


def test_what_a_reader_would_be_is_what_it_is_once_loaded() -> None:
    encoder = load_encoder()
    stored = EncoderIdentity(encoder.name, encoder.revision, encoder.dimension)
    for name in (None, str(SHIPPED), "similarity"):
        reader = load_reader(name, encoder=encoder)
        assert reader_identity(name, stored) == Identity(reader.name, reader.revision)
        assert calibration_of(reader, stored) == load_calibration(reader, encoder)


def test_an_assistant_lends_its_models_to_the_set_of_its_own_reader_only(index: Path, questions: Path) -> None:
    assistant = Assistant.open(index, reader="similarity")
    opened = sharing(assistant)
    assert opened(index, "similarity") is assistant
    with pytest.raises(ModelNotFound, match="not on this machine"):
        opened(index, "nowhere")


def test_a_set_that_is_being_asked_by_somebody_else_is_no_failure(index: Path, questions: Path) -> None:
    runs_of(index).mkdir()
    with writing(runs_of(index)):
        found = asked(index)
    assert found.state == "not asked"
    assert "another evaluation" in found.line


def test_a_set_is_due_until_it_was_asked_and_after_each_change(documents: Path, index: Path, questions: Path) -> None:
    assert due(index) == "set.jsonl"
    asked(index)
    assert due(index) == ""
    (documents / "new.txt").write_text("Cats purr.")
    build(index, HashedEncoder(), roots=[documents])
    assert due(index) == "set.jsonl"
    questions.unlink()
    assert due(index) == "set.jsonl"  # asking it tells that it is gone
    keep_default_set(index, None)
    assert due(index) == ""


class Overtaken(Assistant):
    """Somebody rebuilds the index at the first question."""

    rebuild_meanwhile = staticmethod(lambda: None)

    def ask(self, question: str, **how: Any) -> Answer:  # noqa: ANN401 - whatever a question is asked with
        Overtaken.rebuild_meanwhile()
        Overtaken.rebuild_meanwhile = staticmethod(lambda: None)
        return super().ask(question, **how)


def test_a_run_over_two_generations_says_so_and_is_not_taken_for_one_of_the_second(
    documents: Path, index: Path, questions: Path
) -> None:
    def rebuild_meanwhile() -> None:
        (documents / "new.txt").write_text("Cats purr.")
        build(index, HashedEncoder(), roots=[documents])

    Overtaken.rebuild_meanwhile = staticmethod(rebuild_meanwhile)
    mixed = asked(index, open=lambda folder, reader: Overtaken.open(folder, reader=reader))
    said = "index rebuilt while asking, to generation 2"
    assert mixed.line == f"set.jsonl: quote_hit@1 1.000 over 2 questions; {said}"
    store = RunStore(runs_of(index))
    assert headline(store.load(mixed.run)).endswith(said)
    assert said in store.report(mixed.run)
    again = asked(index)
    assert (again.state, store.load(again.run).rebuilt) == ("asked", "")


def stopped(index: Path, path: Path, generation: str) -> Path:
    """The folder of a run of a set that was stopped after a row, over this generation."""
    folder = RunStore(runs_of(index)).start(load_set(path), load_set(path).mode, {"generation": generation})
    (folder / "rows.jsonl").write_text("{}\n")
    return folder


def test_rows_of_a_run_whose_plan_is_gone_are_not_gone_on_with(index: Path, questions: Path) -> None:
    folder = stopped(index, questions, "1")
    (folder / "plan.json").unlink()  # a crash came while the run was removed
    assert RunStore(runs_of(index)).start(load_set(questions), "end-to-end", {"generation": "2"}) == folder
    assert [path.name for path in folder.iterdir()] == ["plan.json"]


def test_only_a_set_over_the_index_is_begun_anew_when_the_index_changed(
    index: Path, questions: Path, tmp_path: Path
) -> None:
    own = tmp_path / "squad.json"
    qas = [{"id": "1", "question": "When?", "answers": [{"text": "at nine", "answer_start": 15}]}]
    paragraph = {"context": "Doors are shut at nine.", "qas": qas}
    own.write_text(json.dumps({"version": "1.1", "data": [{"title": "Doors", "paragraphs": [paragraph]}]}))
    overtaken, kept = stopped(index, questions, "1"), stopped(index, own, "1")
    for path in (questions, own):
        RunStore(runs_of(index)).start(load_set(path), load_set(path).mode, {"generation": "2"})
    assert not (overtaken / "rows.jsonl").exists()
    assert (kept / "rows.jsonl").read_text() == "{}\n"
    assert RunStore(runs_of(index)).start(load_set(own), load_set(own).mode, {"generation": "3"}) == kept
