"""All training pairs of a recipe, mixed, tokenised and kept in one file."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import cycle, islice, zip_longest
from pathlib import Path

from tokenizers import Tokenizer

from assistant.reading.trained import TrainedReader
from index.encoder import load_encoder
from training.encode import PairEncoder
from training.mixed_up import mixed_up
from training.negatives import NAME, LookAlikes, mined, mined_near, near_miss
from training.pairs_file import write_pairs
from training.recipe import Recipe, RecipeError
from training.retold import retold
from training.reword import Rewording
from training.sources import Paragraph, Question, is_worded_otherwise, read_nq, read_rationales, read_squad
from training.terse import terse
from training.written import read_written


def prepare(recipe: Recipe, folder: Path, tokenizer: Tokenizer, target: Path) -> dict[str, int]:
    """Writes the pairs to `target` and returns how many there are of each kind, most first.

    Any beginning of the file has the same mixture of kinds as the whole, so a run may stop anywhere.
    """
    rng = random.Random(recipe.seed)
    streams = _streams(recipe, folder, rng)
    encoder = PairEncoder(tokenizer, rng)
    pairs, counts = [], Counter[str]()
    for kind, question in mixed(streams, rng):
        long = rng.random() < recipe.pairs.long_share
        room = recipe.pairs.long_tokens if long else recipe.pairs.short_tokens
        example = encoder.encode(question, room, titled=rng.random() < recipe.pairs.titled_share)
        if example is not None:
            pairs.append(example)
            counts[f"{kind}, {'answerable' if example.answerable else 'not answerable'}"] += 1
    write_pairs(pairs, target)
    return dict(counts.most_common())


def _streams(recipe: Recipe, folder: Path, rng: random.Random) -> dict[str, list[Question]]:
    squad = spread(read_squad(folder / "squad1.1-train.json.gz", repair=True), rng)
    squad2 = list(read_squad(folder / "squad2.0-dev12-train.json.gz", repair=False))
    nq, wanted = list(read_nq(folder / "nq-qed-train.jsonl.gz")), recipe.pairs
    streams = {
        "squad": list(islice(cycle(squad), wanted.squad)),
        "squad2": [q for _ in range(wanted.squad2_copies) for q in rng.sample(squad2, len(squad2))],
        "nq": repeated(nq, wanted.nq, rng),
        "worded otherwise": repeated(list(filter(is_worded_otherwise, [*squad, *nq])), wanted.worded_otherwise, rng),
        "rationales": list(read_rationales(folder / "scifact/rationales-train.jsonl.gz")) * wanted.rationales_copies,
    }
    askable = [*streams["squad"], *streams["nq"], *streams["rationales"]]
    if wanted.terse:
        shortened = (terse(q, rng) for q in rng.sample(squad, len(squad)))
        streams["terse"] = list(islice((q for q in shortened if q), wanted.terse))
    marked = [q for q in askable if q.answers]  # of a claim without them nobody knows what else settles it
    look_alikes = LookAlikes(unique(question.paragraph for question in [*askable, *squad2]))
    chosen = rng.sample(marked, min(wanted.mined, len(marked)))
    streams["mined"] = [pair for q in chosen if (pair := mined(q, look_alikes, rng)) is not None]
    names = [match.group() for q in squad for match in NAME.finditer(q.text)]
    # Questions beyond the ones used as they are come first: a fresh wording teaches more than a known one.
    edited = (near_miss(q, names, rng) for q in [*squad[wanted.squad :], *streams["squad"]])
    streams["near miss"] = [pair for pair, _ in zip((e for e in edited if e), range(wanted.near_miss), strict=False)]
    if wanted.mixed_up:
        streams["mixed up"] = list(islice(mixed_up(rng.sample(squad, len(squad)), load_encoder()), wanted.mixed_up))
    if wanted.retold or wanted.other_told:
        if recipe.start is None:
            raise RecipeError(f"{recipe.name} wants answers told twice, which a reader at `start` finds. Name one.")
        answered, other = retold(squad, load_encoder(), TrainedReader.load(recipe.start))
        streams["retold"] = repeated(answered, wanted.retold, rng)
        streams["other told"] = repeated(other, wanted.other_told, rng)
    if wanted.written or wanted.written_near or wanted.mined_near:
        paragraphs = unique(q.paragraph for q in [*squad, *squad2, *nq, *streams["rationales"]])
        written = list(read_written(paragraphs))
        streams["written"] = repeated(written, wanted.written, rng)
        asked = repeated([q for q in written if q.answers], wanted.written_near, rng)
        asked += rng.sample(marked, min(wanted.mined_near, len(marked)))
        near = list(mined_near(asked, paragraphs, load_encoder(), rng))
        streams["mined near"] = rng.sample(near, len(near))
    if wanted.reworded:
        rewording = Rewording(load_encoder(), unique(question.paragraph for question in squad), rng)
        streams["reworded"] = list(islice(filter(None, rewording.of(rng.sample(squad, len(squad)))), wanted.reworded))
        for kind in ("mined", "near miss"):
            streams[kind] = rewording.of_share(streams[kind], wanted.reworded_share)
    return streams


def repeated(questions: Sequence[Question], count: int, rng: random.Random) -> list[Question]:
    """So many of the questions in random order, none a second time before all the others."""
    passes = -(-count // len(questions)) if questions else 0
    return [q for _ in range(passes) for q in rng.sample(questions, len(questions))][:count]


def unique(paragraphs: Iterable[Paragraph]) -> list[Paragraph]:
    """One paragraph for each text, in order of first appearance."""
    return list({paragraph.text: paragraph for paragraph in paragraphs}.values())


def spread(questions: Iterable[Question], rng: random.Random) -> list[Question]:
    """Shuffled, yet one question of every paragraph before a second one of any."""
    grouped: dict[str, list[Question]] = {}
    for question in questions:
        grouped.setdefault(question.paragraph.text, []).append(question)
    for group in grouped.values():
        rng.shuffle(group)
    rounds = [[q for q in layer if q is not None] for layer in zip_longest(*grouped.values())]
    return [q for layer in rounds for q in rng.sample(layer, len(layer))]


def mixed(streams: Mapping[str, Sequence[Question]], rng: random.Random) -> Iterator[tuple[str, Question]]:
    """Every question with its stream's name; each stream keeps its order and is spread evenly over the whole."""
    keyed = [
        ((place + rng.random()) / len(questions), kind, question)
        for kind, questions in streams.items()
        for place, question in enumerate(questions)
    ]
    return ((kind, question) for _, kind, question in sorted(keyed, key=lambda entry: entry[0]))
