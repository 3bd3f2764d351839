"""All training pairs of a recipe, mixed, tokenised and kept in one file."""

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import cycle, islice, zip_longest
from pathlib import Path

from tokenizers import Tokenizer

from assistant.reading.trained import TrainedReader
from index.encoder import Encoder, load_encoder
from index.sentences import PUBLISHED_NAME
from training.documents import read_documents
from training.encode import PairEncoder
from training.mixed_up import mixed_up
from training.negatives import NAME, LookAlikes, Near, beside, mined, mined_near, near_miss
from training.pairs_file import write_pairs
from training.recipe import DOCUMENTS, Recipe, RecipeError
from training.recipe import Pairs as Kinds
from training.retold import retold
from training.reword import Rewording
from training.sources import Paragraph, Question, is_worded_otherwise, read_nq, read_rationales, read_squad
from training.terse import terse
from training.written import asked_about, read_written

Group = tuple[Question, ...]


def prepare(recipe: Recipe, folder: Path, tokenizer: Tokenizer, target: Path) -> dict[str, int]:
    """Writes the pairs to `target` and returns how many there are of each kind, most first.

    Any beginning of the file has the same mixture of kinds as the whole, so a run may stop anywhere.
    """
    rng = random.Random(recipe.seed)
    streams = _streams(recipe, folder, rng)
    encoder = PairEncoder(tokenizer, rng)
    groups, counts = [], Counter[str]()
    for kind, group in mixed(streams, rng):
        long = rng.random() < recipe.pairs.long_share
        room = recipe.pairs.long_tokens if long else recipe.pairs.short_tokens
        titled = rng.random() < recipe.pairs.titled_share
        made = [e for question in group if (e := encoder.encode(question, room, titled=titled)) is not None]
        if made:
            groups.append(made)
        for example in made:
            counts[f"{kind}, {'answerable' if example.answerable else 'not answerable'}"] += 1
    write_pairs(groups, target)
    return dict(counts.most_common())


@dataclass(frozen=True)
class Sets:
    """What the training files hold."""

    squad: list[Question]
    squad2: list[Question]
    nq: list[Question]
    rationales: list[Question]
    documents: Path | None
    """Where they are, if they are wanted."""

    @classmethod
    def read(cls, folder: Path, rng: random.Random, *, documents: bool) -> "Sets":
        """Those in the folder, with the documents there where they are wanted."""
        return cls(
            squad=spread(read_squad(folder / "squad1.1-train.json.gz", repair=True), rng),
            squad2=list(read_squad(folder / "squad2.0-dev12-train.json.gz", repair=False)),
            nq=list(read_nq(folder / "nq-qed-train.jsonl.gz")),
            rationales=list(read_rationales(folder / "scifact/rationales-train.jsonl.gz")),
            documents=folder / DOCUMENTS if documents else None,
        )

    @cached_property
    def encoder(self) -> Encoder:
        """The published one, loaded when it is first needed; the shipped one has learned from the same questions."""
        return load_encoder(PUBLISHED_NAME)

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """All there are, each once."""
        found = [q.paragraph for q in [*self.squad, *self.squad2, *self.nq, *self.rationales]]
        if self.documents is not None:
            found += read_documents(self.documents, self.encoder, asked_about())
        return unique(found)


def _streams(recipe: Recipe, folder: Path, rng: random.Random) -> dict[str, list[Group]]:
    """Groups of each kind: a question that is read with one passage alone, or beside several."""
    sets, wanted = Sets.read(folder, rng, documents=DOCUMENTS in recipe.files), recipe.pairs
    squad, squad2, nq = sets.squad, sets.squad2, sets.nq
    streams = {
        "squad": list(islice(cycle(squad), wanted.squad)),
        "squad2": [q for _ in range(wanted.squad2_copies) for q in rng.sample(squad2, len(squad2))],
        "nq": repeated(nq, wanted.nq, rng),
        "worded otherwise": repeated(list(filter(is_worded_otherwise, [*squad, *nq])), wanted.worded_otherwise, rng),
        "rationales": sets.rationales * wanted.rationales_copies,
    }
    if wanted.terse:
        shortened = (terse(q, rng) for q in rng.sample(squad, len(squad)))
        streams["terse"] = list(islice((q for q in shortened if q), wanted.terse))
    askable = [*streams["squad"], *streams["nq"], *streams["rationales"]]
    streams |= _not_answered(sets, wanted, askable, rng)
    if wanted.retold or wanted.other_told:
        if recipe.start is None:
            raise RecipeError(f"{recipe.name} wants answers told twice, which a reader at `start` finds. Name one.")
        answered, other = retold(squad, sets.encoder, TrainedReader.load(recipe.start))
        streams["retold"] = repeated(answered, wanted.retold, rng)
        streams["other told"] = repeated(other, wanted.other_told, rng)
    if wanted.reworded:
        rewording = Rewording(sets.encoder, unique(question.paragraph for question in squad), rng)
        streams["reworded"] = list(islice(filter(None, rewording.of(rng.sample(squad, len(squad)))), wanted.reworded))
        for kind in ("mined", "near miss"):
            streams[kind] = rewording.of_share(streams[kind], wanted.reworded_share)
    groups: dict[str, list[Group]] = {kind: [(q,) for q in questions] for kind, questions in streams.items()}
    return groups | _written(sets, wanted, askable, rng)


def _not_answered(
    sets: Sets, wanted: Kinds, askable: Sequence[Question], rng: random.Random
) -> dict[str, list[Question]]:
    """Questions that their passage does not answer, made from those that one does."""
    look_alikes = LookAlikes(unique(question.paragraph for question in [*askable, *sets.squad2]))
    chosen = marked(askable)
    chosen = rng.sample(chosen, min(wanted.mined, len(chosen)))
    streams = {"mined": [pair for q in chosen if (pair := mined(q, look_alikes, rng)) is not None]}
    names = [match.group() for q in sets.squad for match in NAME.finditer(q.text)]
    # Questions beyond the ones used as they are come first: a fresh wording teaches more than a known one.
    edited = (near_miss(q, names, rng) for q in [*sets.squad[wanted.squad :], *sets.squad[: wanted.squad]])
    streams["near miss"] = list(islice(filter(None, edited), wanted.near_miss))
    if wanted.mixed_up:
        drawn = rng.sample(sets.squad, len(sets.squad))
        streams["mixed up"] = list(islice(mixed_up(drawn, sets.encoder), wanted.mixed_up))
    return streams


def _written(sets: Sets, wanted: Kinds, askable: Sequence[Question], rng: random.Random) -> dict[str, list[Group]]:
    """The questions that were written for this project, and those that are read beside what retrieval finds near."""
    if not (wanted.asks_written or wanted.mined_near or wanted.marked_beside):
        return {}
    written = list(read_written(sets.paragraphs, wanted.written_rows))
    answered, others = [q for q in written if q.answers], marked(askable)
    near = Near(sets.paragraphs, sets.encoder)
    asked = repeated(answered, wanted.written_near, rng) + rng.sample(others, min(wanted.mined_near, len(others)))
    alone = list(mined_near(asked, near, rng))
    drawn = repeated(written, wanted.written_beside, rng)
    several = [q for q in drawn if q.answers] + rng.sample(others, min(wanted.marked_beside, len(others)))
    groups = list(beside(several, near, rng, wanted.beside))
    groups += [(q,) for q in drawn if not q.answers]
    return {
        "written": [(question,) for question in repeated(written, wanted.written, rng)],
        "mined near": [(question,) for question in rng.sample(alone, len(alone))],
        "beside": rng.sample(groups, len(groups)),
    }


def marked(questions: Iterable[Question]) -> list[Question]:
    """Those with a short answer: of a claim without one nobody knows what else settles it."""
    return [question for question in questions if question.answers]


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


def mixed(streams: Mapping[str, Sequence[Group]], rng: random.Random) -> Iterator[tuple[str, Group]]:
    """Every group with its stream's name; each stream keeps its order and is spread evenly over the whole."""
    keyed = [
        ((place + rng.random()) / len(groups), kind, group)
        for kind, groups in streams.items()
        for place, group in enumerate(groups)
    ]
    return ((kind, group) for _, kind, group in sorted(keyed, key=lambda entry: entry[0]))
