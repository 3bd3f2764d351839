"""Command: learns the maps that turn questions to what answers them, `python -m training.question_map --data DATA`.

Every question's own passage is to be nearer than thousands of others (softmax over cosines): the written questions,
30,000 of SQuAD's and the search questions, each once, and SciFact's claims with rationales, few and often repeated. The
same for the sentence that answers a written question among those of its paragraph and others. Written to
`assistant/question_map.safetensors`.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from safetensors.numpy import save_file
from torch.nn import functional

from assistant.question_map import SHIPPED, Maps
from index.encoder import Encoder, load_encoder
from training.prepare import Sets
from training.sources import Question
from training.written import WRITTEN, read_written

SEED = 5
SQUAD = 30_000
# Of each claim. By the vectors alone nDCG@10 on the training claims without rationales, from which nothing is learned,
# is 0.411 with no copy, 0.414 with 8, 0.419 with 20, 0.417 with 40; on questions each is as good (0.54 to 0.55 and 0.88
# of the written ones have their passage among the first 12).
CLAIM_COPIES = 20
BATCH = 512  # questions of a step
# Hand-set; with 3 passes, a temperature of 0.03 and more decay the choose sets' recall of passages moved by less than
# 0.02.
TEMPERATURE = 0.05
LEARNING_RATE = 1e-3

Vectors = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Manner:
    """How a map is learned: what a question's own is told from, and how far the map may go.

    `others`: so many drawn at random, beside each other's own. `decay`: times the sum of squares, so that what is not
    asked for stays as it is. `both`: what is told is turned too.
    """

    others: int
    decay: float
    passes: int
    both: bool


PASSAGES = Manner(others=6000, decay=1e-3, passes=1, both=False)
# Over 800 answerable choose questions, order fitted on other folds, the first quote is right for 0.669 if sentences are
# not compared, 0.686 if only the question is turned to them, 0.694 if both are, 0.700 with three passes.
SENTENCES = Manner(others=4000, decay=3e-4, passes=3, both=True)


@dataclass(frozen=True)
class Lesson:
    """What a map is learned from: unit vectors of questions `(n, dimension)` and of what is told `(m, dimension)`.

    `own` is the row of `told` that answers each question. It is to be found among all of its group too, where `groups`
    says in rising numbers which rows belong together.
    """

    asked: Vectors
    told: Vectors
    own: Numbers
    groups: Numbers | None = None

    def beside(self, rows: Numbers) -> Iterator[torch.Tensor]:
        """The rows of each group that one of these is in."""
        if self.groups is not None:
            for group in np.unique(self.groups[rows]):
                first, last = np.searchsorted(self.groups, [group, group + 1])
                yield torch.arange(int(first), int(last))


def fit(lesson: Lesson, manner: Manner, *, seed: int = SEED) -> tuple[Vectors, Vectors]:
    """The maps `(dimension, dimension)` of questions and of what is told."""
    generator = torch.Generator().manual_seed(seed)
    asked, told, own = (torch.from_numpy(part) for part in (lesson.asked, lesson.told, lesson.own))
    maps = [torch.zeros(asked.shape[1], asked.shape[1], requires_grad=used) for used in (True, manner.both)]
    optimizer = torch.optim.Adam([one for one in maps if one.requires_grad], lr=LEARNING_RATE)
    passes = [torch.randperm(len(asked), generator=generator) for _ in range(manner.passes)]
    batches = [batch for one in passes for batch in one.split(BATCH)]
    for number, batch in enumerate(batches):
        others = torch.randint(len(told), (manner.others,), generator=generator)
        among = torch.cat([own[batch], others, *lesson.beside(lesson.own[batch.numpy()])]).unique()
        cosines = _turned(asked[batch], maps[0]) @ _turned(told[among], maps[1]).T
        loss = functional.cross_entropy(cosines / TEMPERATURE, torch.searchsorted(among, own[batch]))
        loss += manner.decay * (maps[0].square().sum() + maps[1].square().sum())
        optimizer.param_groups[0]["lr"] = LEARNING_RATE * (1 - number / len(batches))
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
    return maps[0].detach().numpy(), maps[1].detach().numpy()


def _turned(vectors: torch.Tensor, by: torch.Tensor) -> torch.Tensor:
    return functional.normalize(vectors + vectors @ by, dim=-1)


def questions_of(sets: Sets) -> Iterator[Question]:
    """Those with a passage that answers them, and claims with one that settles them."""
    yield from (question for question in read_written(sets.paragraphs) if question.answers)
    yield from islice(sets.squad, SQUAD)
    yield from sets.nq
    yield from sets.rationales * CLAIM_COPIES


def of_passages(sets: Sets, encoder: Encoder) -> Lesson:
    """Questions and claims with their passages, read under their titles."""
    numbers = {paragraph.text: number for number, paragraph in enumerate(sets.paragraphs)}
    asked = list(questions_of(sets))
    own = np.array([numbers[question.paragraph.text] for question in asked])
    told = encoder.encode([f"{paragraph.article}\n{paragraph.text}" for paragraph in sets.paragraphs])
    return Lesson(encoder.encode([question.text for question in asked]), told, own)


def of_sentences(asked: Sequence[Question], encoder: Encoder) -> Lesson:
    """Questions with the sentence that answers them, the first of several, among all of their paragraphs."""
    paragraphs = list({question.paragraph.text: question.paragraph for question in asked}.values())
    sizes = [len(paragraph.sentences) for paragraph in paragraphs]
    firsts = dict(zip((paragraph.text for paragraph in paragraphs), np.cumsum(sizes) - sizes, strict=True))
    own = np.array([firsts[question.paragraph.text] + question.evidence[0] for question in asked])
    groups = np.repeat(np.arange(len(paragraphs)), sizes)
    told = encoder.encode([paragraph.text[start:end] for paragraph in paragraphs for start, end in paragraph.sentences])
    return Lesson(encoder.encode([question.text for question in asked]), told, own, groups)


def write(learned: Maps, revision: str, path: Path) -> None:
    """Keeps the maps as half-precision numbers, with the encoder that they are for and what they were learned from."""
    written = sha256(WRITTEN.read_bytes()).hexdigest()
    metadata = {"encoder": revision, "seed": str(SEED), "written.jsonl.gz": written}
    save_file({name: one.astype(np.float16) for name, one in asdict(learned).items()}, path, metadata=metadata)


def main() -> None:
    """Reads the command line, learns and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"), help="folder with the training files")
    parser.add_argument("--output", type=Path, default=SHIPPED)
    chosen = parser.parse_args()
    encoder, sets = load_encoder(), Sets.read(chosen.data, random.Random(SEED), documents=True)
    told = [question for question in read_written(sets.paragraphs) if question.evidence]
    passages, sentences = of_passages(sets, encoder), of_sentences(told, encoder)
    for name, lesson in (("passages", passages), ("sentences", sentences)):
        print(f"{len(lesson.asked)} questions over {len(lesson.told)} {name}", flush=True)
    to_passages, _ = fit(passages, PASSAGES)
    write(Maps(to_passages, *fit(sentences, SENTENCES)), encoder.revision, chosen.output)


if __name__ == "__main__":
    main()
