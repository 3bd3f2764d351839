"""The set that builds ask: not where nothing changed, in the quiet after a batch, and never in the way of the next."""

import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest

from assistant.assistant import Assistant
from assistant.evaluation.after_batches import AfterBatches
from assistant.evaluation.after_build import AfterBuild, Manner, ask_default_set, sharing
from assistant.evaluation.default_set import DefaultSet, keep_default_set
from assistant.evaluation.identity import Identity, reader_identity, threshold_of
from assistant.evaluation.setup import runs_of
from assistant.evaluation.store import RunStore
from assistant.reading.load import SHIPPED, load_calibration, load_reader
from corpus.errors import ModelNotFound, UsageError
from index.build import build
from index.encoder import load_encoder
from index.hashed import HashedEncoder
from index.lock import writing
from index.records import EncoderIdentity

QUIET = 0.1
PATIENCE = 120.0  # seconds on a machine that does other work too


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


@pytest.mark.parametrize("changed", ["set", "reader"])
def test_another_set_or_reader_is_asked_although_the_index_is_the_same(
    index: Path, questions: Path, changed: str
) -> None:
    asked(index)
    if changed == "set":
        questions.write_text(questions.read_text().replace("nine", "ten"))
    else:
        keep_default_set(index, DefaultSet(questions, str(SHIPPED)))
    assert asked(index, open=nobody).failed


def test_what_a_reader_would_be_is_what_it_is_once_loaded() -> None:
    encoder = load_encoder()
    stored = EncoderIdentity(encoder.name, encoder.revision, encoder.dimension)
    for name in (None, str(SHIPPED), "similarity"):
        reader = load_reader(name, encoder=encoder)
        assert reader_identity(name, stored) == Identity(reader.name, reader.revision)
        assert threshold_of(reader, stored) == load_calibration(reader, encoder).threshold


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


class Watched:
    """Lines told by what asks after batches, and how to wait for them."""

    def __init__(self, index: Path, **how: Any) -> None:  # noqa: ANN401 - whatever a manner has
        self.lines: list[str] = []
        self.asking = AfterBatches(index, self.lines.append, manner=Manner(unheard, **how), quiet=QUIET)

    def wait(self) -> None:
        end = monotonic() + PATIENCE
        while not self.lines:
            assert monotonic() < end
            sleep(0.02)


@pytest.fixture
def watched(index: Path, questions: Path) -> Iterator[Watched]:
    found = Watched(index, open=lambda folder, reader: Disturbed.open(folder, reader=reader))
    found.asking.start()
    yield found
    found.asking.stop()
    Disturbed.disturb = staticmethod(lambda: None)


class Disturbed(Assistant):
    """Something happens while it is asked."""

    disturb = staticmethod(lambda: None)

    def ask(self, question, **how):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN003, ANN201
        self.disturb()
        return super().ask(question, **how)


def test_a_batch_that_changed_nothing_is_not_told_of(index: Path, watched: Watched) -> None:
    asked(index)
    watched.asking.changed()
    sleep(20 * QUIET)
    assert watched.lines == []


def test_a_change_ends_the_asking_which_begins_anew_when_it_is_quiet(
    documents: Path, index: Path, watched: Watched
) -> None:
    def change() -> None:
        Disturbed.disturb = staticmethod(lambda: None)
        (documents / "ward.md").write_text("# The ward\n\nNobody slept.\n")
        build(index, HashedEncoder(), roots=[documents])
        watched.asking.changed()

    Disturbed.disturb = staticmethod(change)
    watched.asking.changed()
    watched.wait()
    assert watched.lines == ["set.jsonl: quote_hit@1 0.500 over 2 questions"]
    store = RunStore(runs_of(index))
    assert store.names() == store.finished()  # what was overtaken is gone
    assert store.load("last").made_with["generation"] == "2"


def test_stopping_waits_for_one_question_only_and_the_rows_are_kept(index: Path, watched: Watched) -> None:
    stopping = Thread(target=watched.asking.stop)

    def stop() -> None:
        stopping.start()
        sleep(1.0)  # it has asked by then; this question still comes to its end

    Disturbed.disturb = staticmethod(stop)
    watched.asking.changed()
    watched.wait()
    stopping.join()
    assert watched.lines == ["set.jsonl: stopped after 1 of 2 questions; `assistant evaluate` goes on"]
    assert len(list(runs_of(index).glob("*/rows.jsonl"))) == 1
