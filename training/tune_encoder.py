"""Command: tunes the encoder, `python -m training.tune_encoder --data DATA`, and writes `index/tuned.safetensors`.

Question and passage, and question and sentence, are brought together by one network; the word embeddings stay as they
are. It goes on from its last checkpoint in the user's cache folder. What was learned is kept as thin matrices, whose
product is what changed in the weights, but for their smallest singular values.
"""

import argparse
import json
import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from hashlib import sha256
from itertools import islice
from pathlib import Path

import torch
from platformdirs import user_cache_path
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor, nn
from transformers import AutoModel
from transformers.utils import logging

from index.sentences import PUBLISHED, shipped_folder
from index.tuned import ADDED, LEFT, RIGHT
from training import lessons, nearness
from training.gradients import Gradients, quickest_precision
from training.lessons import Lesson, one_pass
from training.nearness import Part, make_part, nearness_loss
from training.prepare import Sets
from training.recipe import Training
from training.state import Progress, RunState
from training.written import WRITTEN

# Hand-set but for STRENGTH and RANK.
SEED = 1
LESSONS = 40  # of a part, which one thread works out
PARTS = 2  # of a step
STEPS = 290  # 80 % of a pass, 42 minutes on two cores
# Of what was learned, so much is kept: between published and tuned weights lies an encoder that is nearly as good for
# questions as the tuned one and for other fields as the published one (M. Wortsman et al., "Robust fine-tuning of
# zero-shot models", 2022). With all of it nDCG@10 is 0.44 on the choose claims and 0.39 on Cranfield, with half 0.485
# and 0.43; of the written questions over documents 0.77 and 0.73 have their passage among the first 12.
STRENGTH = 0.5
# With the whole matrices, four times the size, no figure is better.
RANK = 64
FLOOR = 0.02  # of the learning rate, to which it falls from the first step on
TRAINING = Training(examples=STEPS * PARTS * LESSONS, learning_rate=1e-4, warmup_steps=60)
REPORT_STEPS, CHECKPOINT_STEPS = 25, 40


def encoder_network() -> nn.Module:
    """The published encoder without dropout, its embeddings frozen."""
    logging.set_verbosity_error()
    network = AutoModel.from_pretrained(
        shipped_folder(),
        dtype=torch.float32,
        attn_implementation="eager",  # the fused kernel's backward pass is slow on a CPU
        add_pooling_layer=False,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    network.embeddings.requires_grad_(False)
    trained: nn.Module = network.train()
    return trained


def parts(sets: Sets, tokenizer: Tokenizer, seed: int = SEED) -> Iterator[list[Part]]:
    """The parts of each step, pass after pass, each with other questions and in another order."""
    rng, waiting = random.Random(seed), list[Lesson]()
    while True:
        waiting += one_pass(sets, rng)
        while len(waiting) >= LESSONS * PARTS:
            first, waiting = waiting[: LESSONS * PARTS], waiting[LESSONS * PARTS :]
            made = [make_part(first[n : n + LESSONS], tokenizer) for n in range(0, len(first), LESSONS)]
            yield [part for part in made if len(part)]


def run(state: RunState[nn.Module], steps: Iterator[list[Part]], checkpoint: Path) -> None:
    """Trains to the last step, from the checkpoint if there is one."""
    progress = state.restore(checkpoint) if checkpoint.exists() else Progress()
    if progress.step:
        print(f"resumed at step {progress.step}", flush=True)
    gradients = Gradients(state.network, nearness_loss, torch.device("cpu"), quickest_precision(torch.device("cpu")))
    began, losses = time.time() - progress.seconds, list[float]()
    for number, made in enumerate(islice(steps, progress.step, STEPS), progress.step + 1):
        losses.append(gradients.work_out(made))
        state.step(TRAINING.learning_rate * factor(number - 1), TRAINING.clip)
        progress = Progress(number, progress.seen + sum(map(len, made)), time.time() - began)
        if number % REPORT_STEPS == 0:
            rate = progress.seen / progress.seconds
            print(f"step {number} loss {sum(losses) / len(losses):.3f} {rate:.0f} questions/s", flush=True)
            losses = []
        if number % CHECKPOINT_STEPS == 0 or number == STEPS:
            state.save(checkpoint, progress)


def run_of(written: str) -> str:
    """What tells a run from one that does not go on from it: `written` is the SHA-256 of the written questions."""
    constants = [
        PUBLISHED, written, SEED, LESSONS, PARTS, STEPS, FLOOR, asdict(TRAINING),
        lessons.SQUAD, lessons.CLAIM_COPIES, lessons.BESIDE, lessons.QUESTIONS,
        nearness.TEMPERATURE, nearness.PASSAGE_TOKENS, nearness.SENTENCE_TOKENS, nearness.QUESTION_TOKENS,
    ]  # fmt: skip
    return sha256(json.dumps(constants).encode()).hexdigest()[:12]


def factor(step: int) -> float:
    """What the learning rate is multiplied by in this step, counted from 0: it rises, and falls to the end."""
    return min(1.0, (step + 1) / TRAINING.warmup_steps) * max(FLOOR, 1 - step / STEPS)


def factored(changes: Mapping[str, Tensor], rank: int = RANK) -> dict[str, Tensor]:
    """What changed in each weight as `index.tuned` adds it, in half precision: of matrices the best of this rank."""
    kept = dict[str, Tensor]()
    for name, change in changes.items():
        if change.ndim == 2:
            left, values, right = torch.linalg.svd(change, full_matrices=False)
            root = values[:rank].sqrt()
            kept[name + LEFT], kept[name + RIGHT] = left[:, :rank] * root, root[:, None] * right[:rank]
        else:
            kept[name] = change
    return {name: value.to(torch.float16).contiguous() for name, value in kept.items()}


def main() -> None:
    """Reads the command line, tunes and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the training files")
    parser.add_argument("--output", type=Path, default=ADDED)
    chosen = parser.parse_args()
    torch.set_flush_denormal(True)
    torch.manual_seed(SEED)
    network, tokenizer = encoder_network(), Tokenizer.from_file(str(shipped_folder() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    before = {name: weight.detach().clone() for name, weight in network.named_parameters()}
    written = sha256(WRITTEN.read_bytes()).hexdigest()
    folder = user_cache_path("chapter-and-verse") / "training" / f"encoder-{run_of(written)}"
    print(f"checkpoints: {folder}", flush=True)
    sets = Sets.read(chosen.data, random.Random(SEED), documents=True)
    state = RunState(network, TRAINING)
    run(state, parts(sets, tokenizer), folder / "last.safetensors")
    changes = {name: STRENGTH * (weight.detach() - before[name]) for name, weight in state.trained.items()}
    save_file(factored(changes), chosen.output, metadata={"seed": str(SEED), "written.jsonl.gz": written})


if __name__ == "__main__":
    main()
