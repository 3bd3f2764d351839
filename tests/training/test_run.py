"""The loop with a tiny network: schedule, losses, resuming."""

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from assistant.reading.network import ReaderNetwork, ReaderOutput
from tests.training.conftest import tiny_config
from training.batches import Batch, collate
from training.encode import Example
from training.gradients import Gradients
from training.loop import DECAY_FLAG, Loop, dealt_out
from training.losses import ReadingLoss, beside_loss, reading_loss, sentence_scores, sentence_targets, span_loss
from training.pairs_file import Pairs, write_pairs
from training.recipe import DOCUMENTS, Recipe, RecipeError, Training
from training.recipe import Pairs as PairKinds
from training.schedule import Schedule
from training.state import RunState
from training.train_reader import digest_of, new_network

CPU = torch.device("cpu")


def tiny_network() -> ReaderNetwork:
    torch.manual_seed(7)
    config = tiny_config(vocab_size=50, num_hidden_layers=2, max_position_embeddings=40)
    return ReaderNetwork.from_config(config).train()


def some_pairs(path: Path) -> Pairs:
    rng, made = np.random.default_rng(1), []
    for _ in range(40):
        window = rng.integers(5, 50, int(rng.integers(4, 20))).tolist()
        half, answers = len(window) // 2, bool(rng.random() < 0.6)
        numbers = [0] * half + [1] * (len(window) - half)
        marks = [int(answers and n == 1) for n in numbers]
        start = 3 + half if answers else 0
        made.append(
            Example([1, 4, 2, *window, 2], [-1] * 3 + numbers + [-1], [0] * 3 + marks + [0], 3, start, start, answers)
        )
    write_pairs([[example] for example in made], path)
    return Pairs(path)


def make_loop(folder: Path, examples: int) -> Loop:
    training = Training(examples=examples, batch=4, warmup_steps=2, learning_rate=1e-3, decay_share=0.25)
    recipe = Recipe("tiny", 1, "none", (), PairKinds(), training)
    return Loop(recipe, some_pairs(folder / "pairs.npz"), RunState(tiny_network(), training), folder, CPU)


class Interrupted(Loop):
    """Ends after 7 steps, as if it had been stopped there."""

    def _is_over(self) -> bool:
        return self.progress.step == 7


def test_a_resumed_run_ends_with_the_same_weights(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    whole = make_loop(tmp_path / "a", 48)
    assert whole.run().step == 12
    cut = make_loop(tmp_path / "b", 48)
    cut = Interrupted(cut.recipe, cut.pairs, cut.state, cut.folder, CPU)
    assert cut.run().step == 7
    rest = make_loop(tmp_path / "b", 48)
    assert rest.run().step == 12
    assert rest.progress.decay_from == whole.progress.decay_from == 36
    for name, parameter in whole.state.trained.items():
        assert torch.equal(parameter, rest.state.trained[name]), name
        assert torch.equal(whole.state.averaged[name], rest.state.averaged[name]), name
    assert not torch.equal(parameter, dict(tiny_network().named_parameters())[name])


def test_the_loss_falls_and_the_weights_before_the_decay_are_kept(tmp_path: Path) -> None:
    loop = make_loop(tmp_path, 48)
    gradients = Gradients(loop.state.network, ReadingLoss(loop.recipe.training, CPU), CPU, torch.float32)
    held_out = [collate(loop.pairs, np.arange(40))]
    before = gradients.work_out(held_out)
    loop.run()
    assert gradients.work_out(held_out) < 0.97 * before
    kept = RunState(tiny_network(), loop.recipe.training)
    assert kept.restore(tmp_path / "before-decay.safetensors").seen == 36


def test_gradients_of_parts_are_those_of_the_whole(tmp_path: Path) -> None:
    loop = make_loop(tmp_path, 48)
    parameters = loop.state.trained
    gradients = Gradients(
        loop.state.network, ReadingLoss(Training(examples=1, sentence_weight=0.0), CPU), CPU, torch.float32
    )
    gradients.work_out([collate(loop.pairs, np.arange(12))])
    whole = {name: parameter.grad for name, parameter in parameters.items()}
    gradients.work_out([collate(loop.pairs, part) for part in (np.arange(5), np.arange(5, 7), np.arange(7, 12))])
    for name, parameter in parameters.items():
        torch.testing.assert_close(parameter.grad, whole[name], msg=name)


def test_gradients_in_bfloat16_are_nearly_those_in_float32_and_leave_the_weights_alone(tmp_path: Path) -> None:
    loop = make_loop(tmp_path, 48)
    batch, found = collate(loop.pairs, np.arange(12)), []
    for precision in (torch.float32, torch.bfloat16):
        Gradients(loop.state.network, ReadingLoss(loop.recipe.training, CPU), CPU, precision).work_out([batch])
        found.append(torch.cat([parameter.grad.flatten() for parameter in loop.state.trained.values()]))
    assert torch.cosine_similarity(*found, dim=0) > 0.99
    assert all(p.dtype == p.grad.dtype == torch.float32 for p in loop.state.trained.values())
    assert torch.equal(parameter_vector(loop.state.network), parameter_vector(tiny_network()))


def parameter_vector(network: ReaderNetwork) -> torch.Tensor:
    return torch.nn.utils.parameters_to_vector(network.parameters())


def test_a_run_starts_from_the_reader_that_its_recipe_names(tmp_path: Path) -> None:
    kept = tiny_network().half().float()
    kept.spans.config.hidden_dropout_prob = 0.1
    kept.save(tmp_path / "reader")
    sha256 = hashlib.sha256((tmp_path / "reader" / "model.safetensors").read_bytes()).hexdigest()
    recipe = Recipe("tiny", 7, "none", (), PairKinds(), Training(examples=1), tmp_path / "reader", sha256)
    started = new_network(recipe, CPU)
    assert not [m for m in started.modules() if isinstance(m, torch.nn.Dropout) and m.p]
    assert torch.equal(parameter_vector(started), parameter_vector(tiny_network().half().float()))
    frozen = {name for name, p in started.named_parameters() if not p.requires_grad}
    assert frozen == {f"spans.bert.embeddings.{kind}_embeddings.weight" for kind in ("word", "position", "token_type")}


def test_a_run_from_other_weights_than_the_recipe_means_is_refused(tmp_path: Path) -> None:
    recipe = Recipe("tiny", 7, "none", (), PairKinds(), Training(examples=1), tmp_path / "reader", "0" * 64)
    with pytest.raises(RecipeError, match="missing"):
        new_network(recipe, CPU)
    tiny_network().save(tmp_path / "reader")
    with pytest.raises(RecipeError, match="000000000000"):
        new_network(recipe, CPU)


def test_a_file_brings_the_decay_forward(tmp_path: Path) -> None:
    (tmp_path / DECAY_FLAG).touch()
    assert make_loop(tmp_path, 8).run().decay_from == 0


@pytest.mark.parametrize(("step", "seen", "expected"), [(0, 0, 0.5), (1, 10, 1.0), (9, 74, 1.0)])
def test_the_rate_rises_then_holds(step: int, seen: int, expected: float) -> None:
    assert Schedule(Training(examples=100, warmup_steps=2, decay_share=0.25)).factor(step, seen, 0.0) == expected


def test_the_rate_falls_to_a_fiftieth_over_the_last_share() -> None:
    schedule = Schedule(Training(examples=100, warmup_steps=2, decay_share=0.25))
    assert not schedule.is_time_to_fall(74, 0.0, 1.0)
    assert schedule.is_time_to_fall(75, 0.0, 1.0)
    schedule.decay_from = 75
    assert not schedule.is_time_to_fall(80, 0.0, 1.0)
    assert schedule.factor(50, 75, 0.0) == 1.0
    assert schedule.factor(50, 100, 0.0) == pytest.approx(0.02)
    assert schedule.share_fallen(85, 0.0) == pytest.approx(0.4)


def test_a_deadline_leaves_time_for_the_decay_and_ends_it() -> None:
    schedule = Schedule(Training(examples=10_000, warmup_steps=2, decay_share=0.25), deadline=100.0)
    # 60 pairs seen at one a second: a quarter of 80 is 20 pairs, or 20 seconds.
    assert not schedule.is_time_to_fall(60, 79.0, 1.0)
    assert schedule.is_time_to_fall(60, 80.0, 1.0)
    schedule.decay_from, schedule.decay_since = 60, 80.0
    assert schedule.share_fallen(61, 90.0) == pytest.approx(0.5)
    assert schedule.share_fallen(61, 100.0) == 1.0
    resumed = Schedule(schedule.training, 110.0, 60, 100.0, 0.5)
    assert resumed.share_fallen(61, 105.0) == pytest.approx(0.75)


def test_pairs_without_a_marked_span_leave_the_span_loss_alone() -> None:
    start = torch.tensor([[2.0, 0.0, 1.0], [0.0, 5.0, 0.0]], requires_grad=True)
    output = ReaderOutput(start, start, torch.zeros(2, 1), torch.zeros(2))
    alone = ReaderOutput(start[:1], start[:1], torch.zeros(1, 1), torch.zeros(1))
    both = span_loss(output, torch.tensor([[2, 2], [-100, -100]]))
    assert both.item() == pytest.approx(span_loss(alone, torch.tensor([[2, 2]])).item())
    assert both.item() == pytest.approx(float(-torch.log_softmax(torch.tensor([2.0, 0.0, 1.0]), 0)[2]))
    assert span_loss(output, torch.full((2, 2), -100)).item() == 0.0


def beside(groups: list[int], answerable: list[float]) -> tuple[ReaderOutput, Batch]:
    """Four passages with a title and two sentences; where a passage answers, its last sentence does."""
    spans = torch.tensor([[3, 3] if right else [0, 0] for right in answerable])
    evidence = torch.tensor([[0, 0, 0, int(right)] for right in answerable])
    ones, types = torch.ones(4, 4, dtype=torch.int64), torch.tensor([[0, 0, 1, 1]] * 4)
    index = torch.tensor([[-1, -1, 0, 1]] * 4)
    batch = Batch(ones, ones, types, index, evidence, spans, torch.tensor(answerable), torch.tensor(groups))
    start = torch.tensor([[1.0, 9.0, 0.0, 2.0], [1.0, 9.0, 0.0, 1.0], [1.0, 9.0, 1.0, 1.0], [1.0, 9.0, 0.0, 0.0]])
    sentences = torch.tensor([[1.0, 3.0], [0.0, 0.0], [0.5, 0.0], [0.0, -torch.inf]])
    return ReaderOutput(start, start, sentences, torch.tensor([2.0, 0.0, 0.0, 0.0])), batch


def test_a_sentence_that_answers_is_to_come_before_all_others_of_its_question() -> None:
    output, batch = beside([4, 4, 7, 7], [1.0, 0.0, 0.0, 0.0])  # of the second question none answers
    # Twice start minus null, evidence, answerable: of each passage's two sentences.
    scores = sentence_scores(output, batch.sentence_index)
    assert scores.tolist() == [[1.0, 7.0], [-2.0, 0.0], [0.5, 0.0], [-2.0, -torch.inf]]
    first = -torch.log_softmax(torch.tensor([1.0, 7.0, -2.0, 0.0]), 0)[1]
    assert beside_loss(output, batch).item() == pytest.approx(float(first), abs=1e-5)
    second = -torch.log_softmax(torch.tensor([0.5, 0.0, -2.0]), 0)[1]
    both = beside_loss(*beside([4, 4, 7, 7], [1.0, 0.0, 1.0, 0.0]))
    assert both.item() == pytest.approx(float(first + second) / 2, abs=1e-5)
    assert beside_loss(*beside([0, 1, 2, 3], [1.0, 0.0, 1.0, 0.0])).item() == 0.0


def test_what_stands_beside_counts_as_much_as_the_recipe_says_and_leaves_gradients_finite() -> None:
    output, batch = beside([4, 4, 7, 7], [1.0, 0.0, 1.0, 0.0])
    alone = reading_loss(output, batch, Training(examples=1)).item()
    both = reading_loss(output, batch, Training(examples=1, beside_weight=0.5)).item()
    assert both == pytest.approx(alone + 0.5 * beside_loss(output, batch).item())
    leaves = [logits.requires_grad_() for logits in (output.start_logits, output.sentence_logits)]
    beside_loss(output, batch).backward()
    assert all(bool(torch.isfinite(leaf.grad).all()) and bool(leaf.grad.any()) for leaf in leaves)


def test_a_batch_is_dealt_out_by_whole_groups() -> None:
    numbers = np.array([3, 4, 5, 9, 12, 13])
    parts = dealt_out(numbers, np.array([2, 2, 2, 5, 8, 8]), 2)
    assert [part.tolist() for part in parts] == [[3, 4, 5], [9, 12, 13]]
    assert [part.tolist() for part in dealt_out(numbers[:3], np.array([2, 2, 2]), 2)] == [[3, 4, 5]]


def test_a_sentence_is_evidence_if_any_of_its_tokens_is() -> None:
    index = torch.tensor([[-1, 0, 0, 1, 2, -1], [-1, 0, 1, 1, -1, -1]])
    marks = torch.tensor([[0, 0, 0, 1, 0, 0], [0, 1, 0, 0, 0, 0]])
    batch = Batch(index, index, index, index, marks, index, index, index)
    assert sentence_targets(batch, 3).tolist() == [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]


@pytest.mark.parametrize(
    ("files", "kinds"),
    [((), {"written": 1}), ((), {"written_near": 1}), ((), {"written_beside": 1}), ((DOCUMENTS,), {})],
)
def test_other_written_questions_make_another_run(
    files: tuple[str, ...], kinds: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = Recipe("tiny", 1, "none", files, PairKinds(**kinds), Training(examples=10))
    before = digest_of(recipe)
    (tmp_path / "written.jsonl.gz").write_bytes(b"others")
    monkeypatch.setattr("training.train_reader.WRITTEN", tmp_path / "written.jsonl.gz")
    assert digest_of(recipe) != before


def test_runs_of_one_name_with_other_pairs_do_not_go_on_from_each_other() -> None:
    recipe = Recipe("tiny", 1, "none", (), PairKinds(), Training(examples=10))
    longer = replace(recipe, training=Training(examples=20))
    assert digest_of(longer) == digest_of(recipe), "more of the same goes on"
    others = [
        replace(recipe, pairs=PairKinds(squad=1)), replace(recipe, seed=2), replace(recipe, start_sha256="a" * 64)
    ]  # fmt: skip
    assert len({digest_of(recipe), *map(digest_of, others)}) == 4
