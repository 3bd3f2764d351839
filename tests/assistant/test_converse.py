"""Follow-ups over a real index; the hashed encoder's cosine grows with the words shared."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.converse import Following, fillings, understood
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


class Answers:
    """The answers to earlier questions; says which were asked for."""

    def __init__(self, **known: str) -> None:
        self.known = {question.replace("_", " "): answer for question, answer in known.items()}
        self.asked: list[str] = []

    def __call__(self, question: str) -> str:
        self.asked.append(question)
        return self.known.get(question.rstrip("?"), "")


class CountingEncoder(HashedEncoder):
    """Says how many texts it encoded."""

    encoded = 0

    def encode(self, texts: Sequence[str], progress: object = None) -> NDArray[np.float32]:
        self.encoded += len(texts)
        return super().encode(texts)


def meant(
    store: Store,
    question: str,
    *history: str,
    gain: float = 0.05,
    answers: Answers | None = None,
    documents: Collection[str] | None = None,
) -> str:
    answer_of = answers if answers is not None else Answers()
    return understood(question, history, Following(store, HashedEncoder(), gain, answer_of, documents))


def test_a_pronoun_is_filled_with_the_earlier_topic(store: Store) -> None:
    assert meant(store, "How is it given?", "What is brexanolone?") == "How is brexanolone given?"


def test_a_number_is_no_pronoun(store: Store) -> None:
    earlier = "What is brexanolone?"
    assert fillings("Who makes the cheaper one?", earlier) == ["Who makes the cheaper brexanolone?"]
    assert fillings("How far can I go on one charge of the battery?", earlier) == []


def test_another_topic_takes_the_place_of_the_earlier_one(store: Store) -> None:
    assert meant(store, "And zuranolone?", "How much brexanolone passes into milk?") == (
        "How much zuranolone passes into milk?"
    )


def test_another_topic_takes_the_place_of_one_of_two_words() -> None:
    assert fillings("And amitraz?", "What is oxalic acid for?") == [
        "What is amitraz acid for?",
        "What is oxalic amitraz for?",
        "What is amitraz for?",
    ]
    assert "When does amitraz work?" in fillings("And amitraz?", "When does oxalic acid work?")


def test_a_courtesy_between_two_questions_is_passed_over(store: Store) -> None:
    said = ["What is brexanolone?", "Thanks!", "OK"]
    assert meant(store, "How is it given?", *said) == "How is brexanolone given?"
    answers = Answers(What_is_brexanolone="an infusion")
    meant(store, "How is it given?", *said, answers=answers)
    assert answers.asked == ["What is brexanolone?"]


@pytest.mark.parametrize("said", ["Thanks!", "OK, thank you very much.", "Hello"])
def test_a_courtesy_lacks_nothing(store: Store, said: str) -> None:
    assert fillings(said, "How much brexanolone passes into milk?") == []
    assert meant(store, said, "How much brexanolone passes into milk?") == said


def test_a_preposition_is_not_said_twice() -> None:
    found = fillings("And in spring?", "When does the bakery open in winter?")
    assert "When does the bakery open in spring?" in found
    assert not any("in in" in question for question in found)
    assert "When does the shop open in winter?" in fillings("And the shop?", "When does the bakery open in winter?")
    assert "What is the maximum of the Hamilton scale?" in fillings(
        "And of the Hamilton scale?", "What is the maximum of the MADRS?"
    )


def test_what_is_said_with_a_preposition_may_also_be_added() -> None:
    found = fillings("And for families?", "How much is the adult fee?")
    assert "How much is the adult fee for families?" in found
    assert "How much is the families fee?" in found
    assert not any("the for" in question for question in found)


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


def test_a_name_is_filled_in_whole(store: Store) -> None:
    asked = meant(store, "How long is it?", "Who makes the Blue Door?")
    assert asked == "How long is Blue Door?"


def test_a_pronoun_of_the_earlier_question_fills_no_gap() -> None:
    assert fillings("How is it given?", "Did she take zuranolone?") == [
        "How is take given?",
        "How is zuranolone given?",
    ]


def test_a_word_within_another_is_not_replaced() -> None:
    assert "Which pill is in the pillow?" not in fillings("And the capsule?", "Which pillow is on the pill?")
    assert "Which pillow is on the capsule?" in fillings("And the capsule?", "Which pillow is on the pill?")


def test_a_name_that_only_the_answer_has_fills_the_gap(store: Store) -> None:
    answers = Answers(Which_drug_was_approved_first="Brexanolone")
    asked = meant(store, "How is it given?", "Which drug was approved first?", answers=answers)
    assert asked == "How is Brexanolone given?"
    assert answers.asked == ["Which drug was approved first?"]


def test_an_answer_is_not_filled_in_where_it_does_not_retrieve_better(store: Store) -> None:
    answers = Answers(Which_drug_was_approved_first="Aspirin")
    assert meant(store, "How is it given?", "Which drug was approved first?", answers=answers) == "How is it given?"


@pytest.mark.parametrize("question", ["When is the blue door locked?", "And zuranolone?"])
def test_no_answer_is_asked_for_where_no_gap_is(store: Store, question: str) -> None:
    answers = Answers()
    meant(store, question, "How much brexanolone passes into milk?", answers=answers)
    assert answers.asked == []


def test_of_a_long_history_one_answer_is_asked_for(store: Store) -> None:
    answers = Answers()
    history = ["Who makes it?", "How is it given?"] * 5
    meant(store, "Why is it locked?", *history, answers=answers)
    assert answers.asked == ["How is it given?"]


def test_the_answer_asked_for_is_that_of_the_question_as_it_was_understood(store: Store) -> None:
    answers = Answers()
    meant(store, "How long?", "What is brexanolone?", "How is it given?", answers=answers)
    assert answers.asked == ["How is brexanolone given?"]


def test_only_the_documents_searched_decide_what_is_filled_in(store: Store) -> None:
    brexanolone, doors = (store.find_documents([name]) for name in ("brexanolone.txt", "doors.txt"))
    assert meant(store, "How is it given?", "What is brexanolone?", documents=brexanolone) != "How is it given?"
    assert meant(store, "How is it given?", "What is brexanolone?", documents=doors) == "How is it given?"


def test_cost_does_not_grow_with_the_conversation(store: Store) -> None:
    def texts_encoded(turns: int) -> int:
        encoder = CountingEncoder()
        history = ["What is brexanolone?", *["How is it given?"] * turns]
        understood("How long is it?", history, Following(store, encoder, 2.0, Answers()))
        return encoder.encoded

    assert texts_encoded(10) == texts_encoded(200) > 0
