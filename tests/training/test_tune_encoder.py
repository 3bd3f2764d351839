"""The command that tunes the encoder: taking a run up again, its rate, and what it keeps."""

from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from torch import nn

from index.tuned import add
from tests.training.test_nearness import LESSONS, tiny
from training import lessons as lessons_of
from training import tune_encoder
from training.nearness import Part, make_part, nearness_loss
from training.prepare import Sets
from training.state import RunState
from training.tune_encoder import TRAINING, encoder_network, factor, factored, parts, run


def test_a_run_taken_up_again_ends_with_the_same_weights_and_they_fit(
    tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = make_part(LESSONS, tokenizer)
    pond, mill = (make_part([lesson], tokenizer) for lesson in LESSONS)
    monkeypatch.setattr(tune_encoder, "CHECKPOINT_STEPS", 4)

    def steps() -> Iterator[list[Part]]:
        return cycle([[part], [pond, part], [mill, part]])

    def trained(name: str, *counts: int) -> RunState[nn.Module]:
        state = RunState(tiny(), TRAINING)
        for count in counts:
            state = RunState(tiny(), TRAINING)
            monkeypatch.setattr(tune_encoder, "STEPS", count)
            run(state, steps(), tmp_path / name)
        return state

    monkeypatch.setattr(tune_encoder, "factor", lambda step: 1.0)
    whole, again = trained("whole", 8), trained("again", 4, 8)
    for name, weight in whole.trained.items():
        assert torch.equal(weight, again.trained[name]), name
    before = tiny()
    assert nearness_loss(whole.network, part) < 0.9 * nearness_loss(before, part)

    old = dict(before.named_parameters())
    changes = {name: weight.detach() - old[name].detach() for name, weight in whole.trained.items()}
    tune_encoder.save_file(factored(changes, rank=16), tmp_path / "added.safetensors")
    add(before, tmp_path / "added.safetensors")
    torch.testing.assert_close(
        nn.utils.parameters_to_vector(before.parameters()),
        nn.utils.parameters_to_vector(whole.network.parameters()),
        atol=1e-4,
        rtol=1e-3,
    )


def test_other_constants_are_another_run(monkeypatch: pytest.MonkeyPatch) -> None:
    before = {tune_encoder.run_of("a"), tune_encoder.run_of("b")}
    monkeypatch.setattr(lessons_of, "QUESTIONS", 4)
    assert len(before | {tune_encoder.run_of("a")}) == 3


def test_of_a_matrix_the_largest_part_is_kept() -> None:
    torch.manual_seed(2)
    change = torch.outer(torch.ones(6), torch.ones(5)) + 0.01 * torch.randn(6, 5)
    kept = factored({"weight": change, "bias": torch.ones(6)}, rank=1)
    assert {name: tuple(value.shape) for name, value in kept.items()} == {
        "weight.left": (6, 1), "weight.right": (1, 5), "bias": (6,)
    }  # fmt: skip
    torch.testing.assert_close(kept["weight.left"].float() @ kept["weight.right"].float(), change, atol=0.05, rtol=0)


def test_the_rate_rises_and_falls() -> None:
    rates = [factor(step) for step in range(tune_encoder.STEPS)]
    top = rates.index(max(rates))
    assert 0 < rates[0] < 0.05
    assert rates[: top + 1] == sorted(rates[: top + 1])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] == tune_encoder.FLOOR


def test_the_embeddings_stay_and_nothing_drops_out() -> None:
    network = encoder_network()
    frozen = {name for name, weight in network.named_parameters() if not weight.requires_grad}
    assert frozen == {name for name, _ in network.named_parameters() if name.startswith("embeddings.")}
    assert not [one for one in network.modules() if isinstance(one, nn.Dropout) and one.p]


def test_every_run_sees_the_same_parts_and_loses_no_lesson(
    tokenizer: Tokenizer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = [LESSONS[0], LESSONS[1], LESSONS[0]]
    monkeypatch.setattr(tune_encoder, "one_pass", lambda sets, rng: rng.sample(given, 3))
    monkeypatch.setattr(tune_encoder, "LESSONS", 1)
    sets = Sets(squad=[], squad2=[], nq=[], rationales=[], documents=None)

    def first(steps: int) -> list[list[Part]]:
        return list(islice(parts(sets, tokenizer), steps))

    found = first(3)  # of two lessons each: two passes
    assert found == first(3)
    questions = [part.questions for step in found for part in step]
    assert len(questions) == 6
    for lesson in LESSONS:
        expected = make_part([lesson], tokenizer).questions
        assert questions.count(expected) == 2 * given.count(lesson)
