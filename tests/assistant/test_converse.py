"""Follow-ups over a real index; the hashed encoder's cosine grows with the words shared."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.converse import understood
from corpus.read import read
from index.build import index_documents
from index.hashed import HashedEncoder
from index.open import Index
from index.store import Store

TEXTS = {
    "brexanolone.txt": "Brexanolone is given by infusion over sixty hours. Brexanolone passes into milk.",
    "zuranolone.txt": "Zuranolone is a capsule. Zuranolone passes into milk less than others do.",
    "doors.txt": "The blue door is locked at nine.",
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    index_documents(tmp_path, HashedEncoder(), [(name, read(text.encode(), name)) for name, text in TEXTS.items()])
    with Index.open(tmp_path, HashedEncoder()) as index, index.snapshot() as held:
        yield held


def meant(store: Store, question: str, *history: str, gain: float = 0.05) -> str:
    return understood(store, HashedEncoder(), question, history, gain=gain)


def test_a_pronoun_is_filled_with_the_earlier_topic(store: Store) -> None:
    assert meant(store, "How is it given?", "What is brexanolone?") == "How is brexanolone given?"


def test_another_topic_takes_the_place_of_the_earlier_one(store: Store) -> None:
    assert meant(store, "And zuranolone?", "How much brexanolone passes into milk?") == (
        "How much zuranolone passes into milk?"
    )


def test_a_chain_of_follow_ups_is_filled_from_the_filled_one(store: Store) -> None:
    history = ("What is brexanolone?", "And zuranolone?")
    assert "zuranolone" in meant(store, "Into what does it pass?", *history)


def test_a_question_that_stands_by_itself_is_left_alone(store: Store) -> None:
    question = "When is the blue door locked?"
    assert meant(store, question, "What is brexanolone?") == question


def test_nothing_is_filled_in_where_it_does_not_retrieve_better(store: Store) -> None:
    question = "When is it locked?"
    assert meant(store, question, "Why do zebras yawn?") == question


def test_without_history_the_question_is_itself(store: Store) -> None:
    assert meant(store, "How is it given?") == "How is it given?"


def test_filling_must_gain_as_much_as_is_asked(store: Store) -> None:
    assert meant(store, "How is it given?", "What is brexanolone?", gain=0.9) == "How is it given?"
