from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from assistant.question_map import SHIPPED, Maps, digest, likenesses, load, turned
from assistant.retrieve import understand
from corpus.errors import ModelNotFound
from index.encoder import load_encoder
from index.hashed import HashedEncoder


def adding(first: int, second: int) -> np.ndarray:
    """A map for the hashed encoder that adds to every vector its number at one place in another."""
    numbers = np.zeros((HashedEncoder().dimension,) * 2, dtype=np.float16)
    numbers[first, second] = 1.0
    return numbers


@pytest.fixture
def learned(tmp_path: Path) -> Path:
    """Maps for the hashed encoder: place 0 to 1 to passages, 0 to 2 to sentences, 3 to 2 of sentences."""
    path = tmp_path / "map.safetensors"
    maps = {"to_passages": adding(0, 1), "to_sentences": adding(0, 2), "sentences": adding(3, 2)}
    save_file(maps, path, metadata={"encoder": HashedEncoder().revision})
    return path


def unit(*places: int) -> np.ndarray:
    """Vectors that are 1 at these places."""
    vectors = np.zeros((len(places), HashedEncoder().dimension), dtype=np.float32)
    vectors[range(len(places)), places] = 1.0
    return vectors


def test_a_question_is_turned_by_what_was_learned_and_stays_a_unit_vector(learned: Path) -> None:
    vectors = unit(0, 2)
    found = turned(vectors, HashedEncoder(), path=learned)
    assert found[0, :3].tolist() == pytest.approx([0.5**0.5, 0.5**0.5, 0.0])
    assert found[1].tolist() == vectors[1].tolist()
    assert found.dtype == np.float32


def test_question_and_sentence_are_turned_to_each_other(learned: Path) -> None:
    question, sentences = unit(0)[0], unit(3, 2, 4, 0)
    found = likenesses(question, sentences, HashedEncoder(), path=learned)
    assert found.tolist() == pytest.approx([0.5, 0.5**0.5, 0.0, 0.5**0.5])


def test_another_encoder_is_left_as_it_is() -> None:
    encoder = HashedEncoder()
    vectors = encoder.encode(["the pond froze", "a mill"])
    assert turned(vectors, encoder) is vectors
    assert likenesses(vectors[0], vectors, encoder).tolist() == pytest.approx((vectors @ vectors[0]).tolist())


def test_the_shipped_maps_are_for_the_shipped_encoder() -> None:
    encoder = load_encoder()
    learned = load(SHIPPED, encoder.revision)
    assert learned is not None
    for field in fields(Maps):
        assert getattr(learned, field.name).shape == (encoder.dimension, encoder.dimension)
    questions = ["How much water fits in?", "Who paid for the bridge?", "Can a child take the pill?"]
    answers = ["The tank holds forty litres.", "The town's merchants gave the money.", "It is given from six years on."]
    asked, told = encoder.encode(questions), encoder.encode(answers)
    moved = turned(asked, encoder)
    assert (moved @ told.T).argmax(1).tolist() == [0, 1, 2]
    assert [int(likenesses(one, told, encoder).argmax()) for one in asked] == [0, 1, 2]
    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)
    query = understand(questions[0], encoder)
    assert np.array_equal(query.vector, turned(query.encoded[None], encoder)[0])


def test_missing_or_damaged_maps_say_what_to_do(learned: Path) -> None:
    def refused() -> None:
        for compare in (
            lambda: turned(unit(0), HashedEncoder(), path=learned),
            lambda: likenesses(unit(0)[0], unit(0), HashedEncoder(), path=learned),
        ):
            with pytest.raises(ModelNotFound, match=r"map\.safetensors cannot be loaded.*Install the package again"):
                compare()

    learned.write_bytes(learned.read_bytes()[:40])
    refused()
    learned.unlink()
    with pytest.raises(ModelNotFound, match="Install the package again"):
        digest(learned)
    refused()
    save_file({"to_passages": np.zeros(2)}, learned, metadata={"encoder": HashedEncoder().revision})
    refused()
