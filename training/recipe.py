"""A training run written down: one TOML file, checked when it is read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

# The one list of what weights may be fitted on; the data README gives every other file another role. The documents are
# for anything; `documents.py` keeps some of them apart. The written questions are over paragraphs of these.
DOCUMENTS = "documents"
TRAIN_FILES = (
    "squad1.1-train.json.gz",
    "squad2.0-dev12-train.json.gz",
    "nq-qed-train.jsonl.gz",
    "scifact/rationales-train.jsonl.gz",
    DOCUMENTS,
)


class RecipeError(ValueError):
    """A recipe that cannot be followed: a missing or unknown key, or data with another role than training."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which pairs to make, and how many of each kind; a number of 0 leaves the kind out."""

    squad: int = 45_000
    nq: int = 6_500
    mined: int = 15_000
    near_miss: int = 8_500
    squad2_copies: int = 2
    rationales_copies: int = 1
    worded_otherwise: int = 0
    """So many questions more that share at most one word with the sentences that answer them, some of them often."""
    terse: int = 0
    """So many questions more without most of the plain words that they share with those sentences."""
    mixed_up: int = 0
    """So many that are asked of another name or number that their passage tells of too, and so does not answer."""
    retold: int = 0
    """So many questions more with another paragraph that answers them too, as the reader at `start` finds."""
    other_told: int = 0
    """So many with a paragraph that holds the answer's words and tells of something else."""
    written: int = 0
    """So many of the questions written for this project, answered and not, some of them often."""
    written_near: int = 0
    """So many of them with a paragraph near in meaning that does not answer."""
    mined_near: int = 0
    """So many other questions with such a paragraph."""
    written_from: int = 0
    """The first row of the written questions that is used: an earlier run may have learned from those before it."""
    written_to: int = 0
    """One past the last of them; 0: all. A recipe of which the file has grown since names where it ended."""
    written_beside: int = 0
    """So many of the written questions, those that are answered each read beside several such paragraphs too."""
    marked_beside: int = 0
    """So many other questions read like these."""
    beside: int = 2
    """How many such paragraphs stand beside the right one."""
    reworded: int = 0
    """So many questions more with most of those words replaced by others of like meaning."""
    reworded_share: float = 0.0
    """Share of the mined and near-miss questions that are put in other words too, where they can be."""
    short_tokens: int = 144
    long_tokens: int = 256
    long_share: float = 0.25
    """Share of pairs that may be `long_tokens` long; the rest are cut to `short_tokens`, for speed."""
    titled_share: float = 0.0
    """Share of pairs whose passage is read under the title of its article, as documents' passages are."""

    @property
    def written_rows(self) -> slice:
        """The rows of the written questions that are used."""
        return slice(self.written_from, self.written_to or None)

    @property
    def asks_written(self) -> bool:
        """Whether any of the written questions are wanted."""
        return bool(self.written or self.written_near or self.written_beside)


@dataclass(frozen=True, slots=True)
class Training:
    """How the weights are fitted."""

    examples: int
    """Pairs seen in all, the decay included; more than there are starts a second pass in another order."""
    batch: int = 32
    learning_rate: float = 3e-4
    warmup_steps: int = 100
    decay_share: float = 0.28
    """Last share of the pairs, over which the learning rate falls to 2 %."""
    weight_decay: float = 0.01
    clip: float = 1.0
    average: float = 0.995
    sentence_weight: float = 1.0
    answerable_weight: float = 0.5
    beside_weight: float = 0.0
    """What it counts that the right passage comes before the others that its question is read with."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One run."""

    name: str
    seed: int
    encoder: str
    files: tuple[str, ...]
    pairs: Pairs
    training: Training
    start: Path | None = None
    """Folder of a reader whose weights the run goes on from; None starts from the encoder."""
    start_sha256: str = ""
    """Of its `model.safetensors`: a run from other weights would be another run."""
    results: Mapping[str, object] = field(default_factory=dict)
    """Hardware, wall time and scores, filled in after the run."""


def read_recipe(path: Path) -> Recipe:
    """The recipe of a TOML file.

    Raises: RecipeError, naming the file and what is wrong.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        recipe = Recipe(
            name=path.stem,
            seed=table["seed"],
            encoder=table["encoder"],
            files=tuple(table["data"]["files"]),
            pairs=Pairs(**table["pairs"]),
            training=Training(**table["training"]),
            start=Path(table["start"]) if "start" in table else None,
            start_sha256=table["start_sha256"] if "start" in table else "",
            results=table.get("results", {}),
        )
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise RecipeError(f"{path} is no recipe: {error}. Compare it with those in training/recipes/.") from error
    forbidden = [name for name in recipe.files if name not in TRAIN_FILES]
    if forbidden:
        raise RecipeError(f"{path} trains on {', '.join(forbidden)}; only {', '.join(TRAIN_FILES)} are for training.")
    return recipe
