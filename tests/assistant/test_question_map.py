from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from assistant.question_map import SHIPPED, digest, load, turned
from assistant.retrieve import understand
from corpus.errors import ModelNotFound
from index.encoder import load_encoder
from index.hashed import HashedEncoder


@pytest.fixture
def learned(tmp_path: Path) -> Path:
    """A map for the hashed encoder that adds to every vector its first number in the second place."""
    encoder, path = HashedEncoder(), tmp_path / "map.safetensors"
    numbers = np.zeros((encoder.dimension, encoder.dimension), dtype=np.float16)
    numbers[0, 1] = 1.0
    save_file({"map": numbers}, path, metadata={"encoder": encoder.revision})
    return path


def test_a_question_is_turned_by_what_was_learned_and_stays_a_unit_vector(learned: Path) -> None:
    encoder = HashedEncoder()
    vectors = np.zeros((2, encoder.dimension), dtype=np.float32)
    vectors[0, 0] = vectors[1, 2] = 1.0
    found = turned(vectors, encoder, path=learned)
    assert found[0, :3].tolist() == pytest.approx([0.5**0.5, 0.5**0.5, 0.0])
    assert found[1].tolist() == vectors[1].tolist()
    assert found.dtype == np.float32


def test_another_encoder_is_left_as_it_is() -> None:
    encoder = HashedEncoder()
    vectors = encoder.encode(["the pond froze", "a mill"])
    assert turned(vectors, encoder) is vectors


def test_the_shipped_map_is_for_the_shipped_encoder() -> None:
    encoder = load_encoder()
    learned = load(SHIPPED, encoder.revision)
    assert learned is not None
    assert learned.shape == (encoder.dimension, encoder.dimension)
    questions = ["How much water fits in?", "Who paid for the bridge?", "Can a child take the pill?"]
    answers = ["The tank holds forty litres.", "The town's merchants gave the money.", "It is given from six years on."]
    asked, told = encoder.encode(questions), encoder.encode(answers)
    moved = turned(asked, encoder)
    assert (moved @ told.T).argmax(1).tolist() == [0, 1, 2]
    assert np.allclose(np.linalg.norm(moved, axis=1), 1, atol=1e-5)
    assert np.array_equal(understand(questions[0], encoder).vector, turned(encoder.encode(questions[:1]), encoder)[0])


def test_a_missing_or_damaged_map_says_what_to_do(learned: Path) -> None:
    learned.write_bytes(learned.read_bytes()[:40])
    with pytest.raises(ModelNotFound, match=r"map\.safetensors cannot be loaded.*Install the package again"):
        turned(np.zeros((1, 4), dtype=np.float32), HashedEncoder(), path=learned)
    learned.unlink()
    with pytest.raises(ModelNotFound, match="Install the package again"):
        digest(learned)
    with pytest.raises(ModelNotFound, match="Install the package again"):
        turned(np.zeros((1, 4), dtype=np.float32), HashedEncoder(), path=learned)
    save_file({"other": np.zeros(2)}, learned)
    with pytest.raises(ModelNotFound, match="Install the package again"):
        turned(np.zeros((1, 4), dtype=np.float32), HashedEncoder(), path=learned)
