from pathlib import Path

import numpy as np

from assistant.question_map import load
from index.encoder import normalised
from training.question_map import fit, write


def test_a_map_brings_questions_to_their_passages() -> None:
    rng = np.random.default_rng(1)
    passages = normalised(rng.normal(size=(500, 16)).astype(np.float32))
    turn = np.linalg.qr(rng.normal(size=(16, 16)))[0].astype(np.float32)
    own = np.arange(30_000) % 500
    questions = normalised(passages[own] + passages[own] @ turn)
    learned = fit(questions, passages, own, seed=3)
    seen = np.arange(500)

    def first(vectors: np.ndarray) -> float:
        return float((np.argmax(vectors @ passages.T, axis=1) == seen).mean())

    before, after = first(questions[:500]), first(questions[:500] + questions[:500] @ learned)
    assert after > 1.5 * before > 0
    assert np.array_equal(learned, fit(questions, passages, own, seed=3))


def test_what_was_learned_is_kept_for_its_encoder(tmp_path: Path) -> None:
    learned = np.arange(9, dtype=np.float32).reshape(3, 3) / 8
    write(learned, "one", 7, tmp_path / "map.safetensors")
    found = load(tmp_path / "map.safetensors", "one")
    assert found is not None
    assert np.array_equal(found, learned)
    assert load(tmp_path / "map.safetensors", "another") is None
