"""The assistant over a real index: what a follow-up leans on, and which file stands for a document."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.ask import Asking
from assistant.assistant import Assistant
from assistant.confidence import UNCALIBRATED
from assistant.settings import Settings
from corpus.errors import IndexMismatch
from index.build import BuildOptions, build
from index.encoder import load_encoder
from index.hashed import HashedEncoder
from index.open import Index
from index.sentences import PUBLISHED_NAME
from tests.assistant.test_ask import ScriptedReader

APPROVED = "In 2023 the pill Zuranolone was approved, and nobody slept.\n"
MAKER = "Sage makes Zuranolone.\n"
QUESTION, EARLIER = "Who makes it?", "Which pill was approved in 2023?"

Opened = Callable[[ScriptedReader], Assistant]


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "approved.txt").write_text(APPROVED)
    (folder / "maker.txt").write_text(MAKER)
    (folder / "rain.txt").write_text("It rained all day long.\n")
    return folder


@pytest.fixture
def opened(tmp_path: Path, documents: Path) -> Opened:
    folder = tmp_path / "index"
    build(folder, HashedEncoder(), roots=[documents], options=BuildOptions())
    return lambda reader: Assistant(Index.open(folder, HashedEncoder()), Asking(reader, UNCALIBRATED, Settings()))


def test_a_follow_up_leans_on_the_answer_before_it(opened: Opened) -> None:
    answer = opened(ScriptedReader("Zuranolone")).ask(QUESTION, history=[EARLIER])
    assert (answer.question, answer.understood_as) == (QUESTION, "Who makes Zuranolone?")
    assert answer.quotes[0].text == MAKER.strip()


@pytest.mark.parametrize("threshold", [None, 0.0])
def test_it_leans_on_no_answer_that_is_unsure(opened: Opened, threshold: float | None) -> None:
    answer = opened(ScriptedReader("Zuranolone", margin=-3.0)).ask(QUESTION, history=[EARLIER], threshold=threshold)
    assert "Zuranolone" not in answer.understood_as


def test_it_leans_on_nothing_outside_the_documents_searched(opened: Opened) -> None:
    assistant = opened(ScriptedReader("Zuranolone"))
    assert assistant.ask(QUESTION, history=[EARLIER], documents=["rain.txt"]).understood_as == QUESTION


def test_earlier_questions_that_cannot_be_asked_are_passed_over(opened: Opened) -> None:
    refused = ["", "  ", "why " * 10_000, "x" * 10_000]
    answer = opened(ScriptedReader("Zuranolone")).ask(QUESTION, history=[EARLIER, *refused])
    assert answer.understood_as == "Who makes Zuranolone?"


def test_the_file_of_a_document_is_the_one_that_its_citation_names(opened: Opened, documents: Path) -> None:
    (documents / "copy.txt").write_text(MAKER)
    assistant = opened(ScriptedReader("Sage"))
    assistant.rebuild()
    (documents / "copy.txt").unlink()
    place = assistant.ask("Who makes Zuranolone?").quotes[0].citation
    assert (place.path, place.changed) == ("maker.txt", False)
    assert assistant.file(place.sha256) == documents / "maker.txt"
    (documents / "maker.txt").unlink()
    assert assistant.file(place.sha256) is None


def test_an_index_of_the_published_encoder_says_what_to_do_and_then_answers(tmp_path: Path, documents: Path) -> None:
    folder = tmp_path / "published"
    build(folder, load_encoder(PUBLISHED_NAME), roots=[documents], options=BuildOptions())
    with pytest.raises(IndexMismatch, match=rf"assistant build --index {folder}` to make it anew"):
        Assistant.open(folder)
    assert Assistant.open(folder, reader="similarity").ask("Who makes Zuranolone?", threshold=0).answered
    build(folder, load_encoder(), options=BuildOptions())
    assert Assistant.open(folder).ask("Who makes Zuranolone?", threshold=0).quotes[0].text == MAKER.strip()
