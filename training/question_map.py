"""Command: learns the map that turns questions to their passages, `python -m training.question_map --data DATA`.

Every question's own passage is to be nearer than thousands of others (softmax over cosines): the written questions,
30,000 of SQuAD's and the search questions, each once. Written to `assistant/question_map.safetensors`.
"""

import argparse
import random
from collections.abc import Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import save_file
from torch.nn import functional

from assistant.question_map import SHIPPED
from index.encoder import load_encoder
from training.prepare import Sets
from training.sources import Question
from training.written import WRITTEN, read_written

SEED = 5
SQUAD = 30_000
BATCH, OTHERS = 512, 6000  # questions of a step, and passages that they are told from beside each other's
# Hand-set; with 3 passes, a temperature of 0.03 and more decay the choose sets' recall moved by less than 0.02.
TEMPERATURE = 0.05
LEARNING_RATE = 1e-3
DECAY = 1e-3  # times the sum of squares: what is not asked for stays as it is


def fit(
    questions: npt.NDArray[np.float32], passages: npt.NDArray[np.float32], own: npt.NDArray[np.int64], seed: int = SEED
) -> npt.NDArray[np.float32]:
    """The map `(dimension, dimension)` for unit vectors `(n, dimension)`; `own` is the passage of each question."""
    generator = torch.Generator().manual_seed(seed)
    asked, told, right = torch.from_numpy(questions), torch.from_numpy(passages), torch.from_numpy(own)
    learned = torch.zeros(asked.shape[1], asked.shape[1], requires_grad=True)
    optimizer = torch.optim.Adam([learned], lr=LEARNING_RATE)
    batches = torch.randperm(len(asked), generator=generator).split(BATCH)
    for number, batch in enumerate(batches):
        others = torch.randint(len(told), (OTHERS,), generator=generator)
        among = torch.cat([right[batch], others]).unique()
        turned = functional.normalize(asked[batch] + asked[batch] @ learned, dim=-1)
        cosines = turned @ told[among].T
        loss = functional.cross_entropy(cosines / TEMPERATURE, torch.searchsorted(among, right[batch]))
        loss += DECAY * learned.square().sum()
        optimizer.param_groups[0]["lr"] = LEARNING_RATE * (1 - number / len(batches))
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    return learned.detach().numpy()


def questions_of(sets: Sets) -> Iterator[Question]:
    """Those with a passage that answers them; not the claims, for retrieval's weights are chosen on these."""
    yield from (question for question in read_written(sets.paragraphs) if question.answers)
    yield from islice(sets.squad, SQUAD)
    yield from sets.nq


def write(learned: npt.NDArray[np.float32], revision: str, questions: int, path: Path) -> None:
    """Keeps the map as half-precision numbers, with the encoder that it is for and what it was learned from."""
    written = sha256(WRITTEN.read_bytes()).hexdigest()
    metadata = {"encoder": revision, "seed": str(SEED), "questions": str(questions), "written.jsonl.gz": written}
    save_file({"map": learned.astype(np.float16)}, path, metadata=metadata)


def main() -> None:
    """Reads the command line, learns and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the training files")
    parser.add_argument("--output", type=Path, default=SHIPPED)
    chosen = parser.parse_args()
    encoder, sets = load_encoder(), Sets.read(chosen.data, random.Random(SEED), documents=True)
    numbers = {paragraph.text: number for number, paragraph in enumerate(sets.paragraphs)}
    asked = list(questions_of(sets))
    own = np.array([numbers[question.paragraph.text] for question in asked])
    passages = encoder.encode([f"{paragraph.article}\n{paragraph.text}" for paragraph in sets.paragraphs])
    write(fit(encoder.encode([q.text for q in asked]), passages, own), encoder.revision, len(asked), chosen.output)
    print(f"{chosen.output}: learned from {len(asked)} questions over {len(passages)} passages")


if __name__ == "__main__":
    main()
