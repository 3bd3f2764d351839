from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from assistant.question_map import Maps, load
from index.encoder import normalised
from index.hashed import HashedEncoder
from training.question_map import PASSAGES, SENTENCES, Lesson, Manner, fit, of_sentences, write
from training.sources import Question, make_paragraph

TOLD, WIDTH = 500, 16


def unit(rng: np.random.Generator, *shape: int) -> np.ndarray:
    return normalised(rng.normal(size=shape).astype(np.float32))


@pytest.mark.parametrize("manner", [PASSAGES, replace(SENTENCES, passes=1)])
def test_maps_bring_questions_to_what_answers_them(manner: Manner) -> None:
    rng = np.random.default_rng(1)
    told = unit(rng, TOLD, WIDTH)
    turn = np.linalg.qr(rng.normal(size=(WIDTH, WIDTH)))[0].astype(np.float32)
    own = np.arange(30_000) % TOLD
    asked = normalised(told[own] + told[own] @ turn)
    lesson = Lesson(asked, told, own, np.arange(TOLD) // 5)
    to_told, of_told = fit(lesson, manner, seed=3)

    def first(by: np.ndarray, of: np.ndarray) -> float:
        vectors = normalised(asked[:TOLD] + asked[:TOLD] @ by)
        return float((np.argmax(vectors @ normalised(told + told @ of).T, axis=1) == own[:TOLD]).mean())

    nothing = np.zeros((WIDTH, WIDTH), dtype=np.float32)
    assert first(to_told, of_told) > 1.5 * first(nothing, nothing) > 0
    assert of_told.any() == manner.both
    again = fit(lesson, manner, seed=3)
    assert np.array_equal(again[0], to_told)
    assert np.array_equal(again[1], of_told)


def test_an_answer_is_told_from_its_neighbours() -> None:
    """Two rows of a group are nearly alike, and only the group's loss can tell them apart."""
    rng = np.random.default_rng(2)
    kinds = unit(rng, 40, WIDTH)
    told = normalised(
        np.repeat(kinds, 2, axis=0) + np.tile([0.0, 0.2], 40)[:, None].astype(np.float32) * unit(rng, 1, WIDTH)
    )
    own = np.repeat(np.arange(0, 80, 2), 200)
    asked = normalised(kinds[own // 2] + 0.05 * unit(rng, len(own), WIDTH))
    alone = Manner(others=1, decay=0.0, passes=4, both=True)

    def right(maps: tuple[np.ndarray, np.ndarray]) -> float:
        questions, rows = (normalised(v + v @ by) for v, by in zip((asked, told), maps, strict=True))
        return float(((questions * rows[own]).sum(1) - (questions * rows[own + 1]).sum(1)).mean())

    beside = fit(Lesson(asked, told, own, np.arange(80) // 2), alone)
    assert right(beside) > right(fit(Lesson(asked, told, own), alone)) + 0.01


def test_a_question_is_learned_with_the_first_sentence_of_its_evidence() -> None:
    encoder = HashedEncoder()
    one = make_paragraph("The pond froze. It was deep. Ducks left.", "Pond")
    two = make_paragraph("The mill turned. It was old.", "Mill")
    asked = [Question("Why?", two, (), (1,)), Question("Who left?", one, (), (2,)), Question("How?", two, (), (0, 1))]
    lesson = of_sentences(asked, encoder)
    assert lesson.groups is not None
    assert (lesson.own.tolist(), lesson.groups.tolist()) == ([1, 4, 0], [0, 0, 1, 1, 1])
    assert np.array_equal(lesson.told[4], encoder.encode(["Ducks left."])[0])
    assert np.array_equal(lesson.asked, encoder.encode([question.text for question in asked]))


def test_what_was_learned_is_kept_for_its_encoder(tmp_path: Path) -> None:
    learned = Maps(*(np.full((3, 3), number, dtype=np.float32) / 8 for number in range(3)))
    write(learned, "one", tmp_path / "map.safetensors")
    found = load(tmp_path / "map.safetensors", "one")
    assert found is not None
    for field in fields(Maps):
        assert np.array_equal(getattr(found, field.name), getattr(learned, field.name))
    assert load(tmp_path / "map.safetensors", "another") is None
