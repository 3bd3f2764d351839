from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from assistant import question_map
from assistant.question_map import load, turned
from assistant.retrieve import understand
from corpus.errors import ModelNotFound
from index.encoder import load_encoder
from index.hashed import HashedEncoder


@pytest.fixture
def learned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A map for the hashed encoder that adds to every vector its first number in the second place."""
    encoder, path = HashedEncoder(), tmp_path / "map.safetensors"
    numbers = np.zeros((encoder.dimension, encoder.dimension), dtype=np.float16)
    numbers[0, 1] = 1.0
    save_file({"map": numbers}, path, metadata={"encoder": encoder.revision})
    monkeypatch.setattr(question_map, "SHIPPED", path)
    return path


def test_a_question_is_turned_by_what_was_learned_and_stays_a_unit_vector(learned: Path) -> None:
    encoder = HashedEncoder()
    vectors = np.zeros((2, encoder.dimension), dtype=np.float32)
    vectors[0, 0] = vectors[1, 2] = 1.0
    found = turned(vectors, encoder)
    assert found[0, :3].tolist() == pytest.approx([0.5**0.5, 0.5**0.5, 0.0])
    assert found[1].tolist() == vectors[1].tolist()
    assert found.dtype == np.float32
    raw = encoder.encode(["the pond froze"])
    assert np.allclose(understand("the pond froze", encoder).vector, turned(raw, encoder)[0])


def test_another_encoder_is_left_as_it_is() -> None:
    encoder = HashedEncoder()
    vectors = encoder.encode(["the pond froze", "a mill"])
    assert turned(vectors, encoder) is vectors


def test_the_shipped_map_is_for_the_shipped_encoder() -> None:
    encoder = load_encoder()
    learned = load(question_map.SHIPPED, encoder.revision)
    assert learned is not None
    assert learned.shape == (encoder.dimension, encoder.dimension)
    question, answer, other = "How much water fits in?", "The tank holds forty litres.", "How much did the water cost?"
    asked, told, beside = encoder.encode([question, answer, other])
    (moved,) = turned(asked[None], encoder)
    assert moved @ told - moved @ beside > asked @ told - asked @ beside


def test_a_missing_or_damaged_map_says_what_to_do(learned: Path) -> None:
    learned.write_bytes(learned.read_bytes()[:40])
    with pytest.raises(ModelNotFound, match=r"map\.safetensors cannot be loaded.*Install the package again"):
        turned(np.zeros((1, 4), dtype=np.float32), HashedEncoder())
    learned.unlink()
    with pytest.raises(ModelNotFound, match="Install the package again"):
        turned(np.zeros((1, 4), dtype=np.float32), HashedEncoder())
    save_file({"other": np.zeros(2)}, learned)
    with pytest.raises(ModelNotFound, match="Install the package again"):
        turned(np.zeros((1, 4), dtype=np.float32), HashedEncoder())
