"""Questions asked end to end over paragraphs of SQuAD files and of documents, with all that was found for each.

What calibrates or tunes the assistant starts from here. A random third of the contexts is left out of the index: their
questions have no answer there although they are on topic, as have SQuAD 2.0's own unanswerable questions and a third of
the written ones. Of the questions drawn from each set two thirds have an answer. Every other question is asked over its
own article alone, as by somebody with a few documents. As many as there are, up to half, are worded otherwise than the
sentence that answers: SQuAD's were written with the paragraph in view, users' are not. They are the same share of those
with an answer and of those without, or a question in strange words would by itself look like one of them.
`written.jsonl` holds more questions over the same contexts, which a large language model wrote for this project: two of
three in other words than their answers, the third of things that their context does not tell. `written-documents.jsonl`
holds such questions over the passages of eight documents, protocols of clinical studies and reports of accidents; each
passage is a document of its own here, under the title alone.
"""

import gzip
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from time import perf_counter

from tqdm import tqdm

from assistant.answers import Reading
from assistant.confidence import rarity
from assistant.evaluation.metrics.spans import contains_any
from assistant.order import Weights, best_first, compared, ordered
from assistant.quotes import Candidate, candidates
from assistant.reading.budget import PORTION, affordable, by_turns
from assistant.reading.headed import read_hits
from assistant.reading.reader import Reader
from assistant.retrieve import Hit, retrieve, understand
from assistant.settings import ReadingSettings, Settings
from corpus.documents import Span
from corpus.passages import split as cut
from corpus.read import read
from corpus.sentences import split
from index.build import index_documents
from index.encoder import Encoder
from index.keywords import terms
from index.open import Index
from index.store import Store

Context = tuple[str, str, list[tuple[str, tuple[str, ...]]]]

CHOOSE = ("squadshifts-new-wiki-choose.json.gz", "squad2.0-dev4-choose.json.gz")  # the files with this role
WRITTEN = Path(__file__).with_name("written.jsonl")
WRITTEN_DOCUMENTS = Path(__file__).with_name("written-documents.jsonl")
DOCUMENTS = (
    "NCT06149832_Prot_000", "NCT06150378_Prot_SAP_000", "NCT06152952_Prot_000", "NCT06155006_Prot_SAP_000",
    "20071229X02007", "20080108X00029", "20080116X00055", "20080124X00100",
)  # fmt: skip
DIGITS = 16  # of a context's SHA-256, which names it there
REMOVED = 1 / 3
ANSWERED = 2 / 3  # of the questions asked: somebody with documents asks mostly of what they tell
SEED = 0


@dataclass(frozen=True)
class Models:
    """What questions are asked with."""

    reader: Reader
    encoder: Encoder
    reading: ReadingSettings
    """How much is read."""


@dataclass(frozen=True)
class Asked:
    """One question and all that was found for it; `answers` is empty where its context was removed or none exists.

    `retrieved` are all passages, best fused score first; `hits` those that may be read, in the order in which they are,
    with their `readings`; `likenesses` are the cosines of the question and each quote, by passage and quote; `seconds`
    is what reading took.
    """

    question: str
    context: str
    answers: tuple[str, ...]
    retrieved: tuple[Hit, ...] = ()
    hits: tuple[Hit, ...] = ()
    readings: tuple[Reading, ...] = ()
    likenesses: Mapping[tuple[int, Span], float] = field(default_factory=dict)
    rarity: tuple[tuple[str, float], ...] = ()
    seconds: float = 0.0

    def candidates(self) -> list[Candidate]:
        """Those of all passages that were read."""
        return candidates(self.hits, self.readings, Settings().quotes)

    def best_first(self, found: Iterable[Candidate], weights: Weights) -> list[Candidate]:
        """The candidates in the order in which a question is answered."""
        return best_first(found, weights, self.compared)

    def compared(self, found: Iterable[Candidate]) -> list[Candidate]:
        """The candidates with the likeness of their own words."""
        return [replace(one, likeness=self.likenesses[one.hit.id, one.quote]) for one in found]

    def until_settled(self, found: Sequence[Candidate], weights: Weights) -> tuple[list[Candidate], int]:
        """The candidates that were found when reading stops, best first, and how many passages were read."""
        ranked = ordered(found, weights)
        for count in range(PORTION, len(self.hits), PORTION):
            ids = {hit.id for hit in self.hits[:count]}
            so_far = [candidate for candidate in ranked if candidate.hit.id in ids]
            if weights.is_settled(so_far, self.hits[count:]):
                return self.best_first(so_far, weights), count
        return self.best_first(ranked, weights), len(self.hits)

    def is_told_by(self, hit: Hit) -> bool:
        """Whether the passage holds a gold answer."""
        return contains_any(hit.passage.text, self.answers)

    def is_right(self, first: Candidate) -> bool:
        """Whether the quote holds a gold answer."""
        return contains_any(first.text, self.answers)


def article_of(name: str) -> str:
    """The part of a context's name that all contexts of one article have in common."""
    return name.rpartition("-")[0]


def contexts(path: Path) -> Iterator[Context]:
    """Name (the topic, as a title tells it), text and (question, answers) of each paragraph of a SQuAD file."""
    articles = json.loads(gzip.decompress(path.read_bytes()))["data"]
    for a, article in enumerate(articles):
        for p, paragraph in enumerate(article["paragraphs"]):
            asked = [(qa["question"], tuple({x["text"] for x in qa["answers"]})) for qa in paragraph["qas"]]
            yield f"{article['title'].replace('_', ' ')} {a}-{p}.txt", paragraph["context"], asked


def passages(data: Path, encoder: Encoder) -> Iterator[Context]:
    """Name (the title) and text of each passage of the documents, without questions.

    Raises: FileNotFoundError where one is missing.
    """
    for number, name in enumerate(DOCUMENTS):
        path = next((data / "documents").rglob(f"{name}.pdf"), None)
        if path is None:
            raise FileNotFoundError(f"{data / 'documents'} has no {name}.pdf.")
        document = read(path.read_bytes(), path.name)
        title = document.title.replace("/", " ")[:80]
        for place, passage in enumerate(cut(document, encoder.count_tokens, Settings().corpus)):
            yield f"{title} {number}-{place}.txt", passage.text, []


def choose_sets(data: Path, encoder: Encoder) -> dict[str, list[Context]]:
    """The contexts of each file, those of all with the written questions, and the passages of the documents."""
    sets = {name: list(contexts(data / name)) for name in CHOOSE}
    every = [context for found in sets.values() for context in found]
    sets[WRITTEN.stem] = written(every, WRITTEN)
    sets[WRITTEN_DOCUMENTS.stem] = written(list(passages(data, encoder)), WRITTEN_DOCUMENTS)
    return sets


def written(found: Sequence[Context], path: Path) -> list[Context]:
    """The contexts with the questions that were written over them instead of their own.

    Raises: KeyError for a question over a context that is not there.
    """
    texts = {sha256(text.encode()).hexdigest()[:DIGITS]: text for _, text, _ in found}
    asked = defaultdict[str, list[tuple[str, tuple[str, ...]]]](list)
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        text = texts[row["paragraph"]]
        asked[text].append((row["question"], (text[slice(*row["answer"])],) if row["answer"] else ()))
    return [(name, text, asked[text]) for name, text, _ in found]


def ask_set(name: str, found: Sequence[Context], models: Models, questions: int) -> list[Asked]:
    """The set indexed without a third of its contexts, and up to so many of its questions retrieved and read."""
    with drawn(name, found, models.encoder, questions) as (store, asked):
        alone = articles(store)
        return [
            _read(store, one, models, alone.get(article_of(one.context)) if number % 2 else None)
            for number, one in enumerate(tqdm(asked, desc=name))
        ]


@contextmanager
def drawn(name: str, found: Sequence[Context], encoder: Encoder, questions: int) -> Iterator[tuple[Store, list[Asked]]]:
    """The set indexed without a random third of its contexts, and up to so many of its questions."""
    rng = random.Random(SEED)
    removed = {name for name, _, _ in found if rng.random() < REMOVED}
    asked = chosen(found, removed, questions, rng, balanced=name in CHOOSE)
    with tempfile.TemporaryDirectory() as folder:
        kept = ((name, read(text.encode(), name)) for name, text, _ in found if name not in removed)
        index_documents(Path(folder), encoder, kept)
        with Index.open(Path(folder), encoder) as index, index.snapshot() as store:
            yield store, asked


def chosen(
    found: Sequence[Context], removed: Collection[str], count: int, rng: random.Random, *, balanced: bool
) -> list[Asked]:
    """Up to so many questions in random order, `ANSWERED` of them with an answer; those of removed contexts have none.

    `balanced` as described above by how they are worded; written questions need not be.
    """
    asked = [(Asked(question, name, answers), text) for name, text, qas in found for question, answers in qas]
    rng.shuffle(asked)
    told = [pair for pair in asked if pair[0].answers and pair[0].context not in removed]
    others = [pair for pair in asked if not pair[0].answers or pair[0].context in removed]
    count = min(count, round(len(told) / ANSWERED), round(len(others) / (1 - ANSWERED)))
    wanted = round(count * ANSWERED)
    groups = [(told, wanted), (others, count - wanted)]
    mixed = _balanced(groups) if balanced else [one for group, size in groups for one, _ in group[:size]]
    rng.shuffle(mixed)
    return [replace(one, answers=()) if one.context in removed else one for one in mixed]


def _balanced(groups: Sequence[tuple[Sequence[tuple[Asked, str]], int]]) -> list[Asked]:
    """So many of each group, the same share of each worded otherwise: a half, or what there is."""
    parted = [(*_parted(group), size) for group, size in groups]
    share = min(0.5, *(len(otherwise) / max(size, 1) for otherwise, _, size in parted))
    drawn = []
    for otherwise, rest, size in parted:
        first = otherwise[: round(share * size)]
        drawn += [*first, *rest[: size - len(first)]]
    return drawn


def _parted(group: Sequence[tuple[Asked, str]]) -> tuple[list[Asked], list[Asked]]:
    """Those that are worded otherwise than their answers, and the rest."""
    otherwise, rest = list[Asked](), list[Asked]()
    for one, text in group:
        (otherwise if shares_hardly_a_term(one, text) else rest).append(one)
    return otherwise, rest


def shares_hardly_a_term(asked: Asked, text: str) -> bool:
    """Whether the question shares at most one term with any sentence of its context that holds an answer."""
    own = set(terms(asked.question))
    sentences = [text[span.start : span.end] for span in split(text)]
    shared = [len(own & set(terms(s))) for s in sentences if any(answer in s for answer in asked.answers)]
    return bool(shared) and max(shared) <= 1


def articles(store: Store) -> dict[str, set[str]]:
    """The documents of each article, by their SHA-256."""
    found = defaultdict(set)
    for file in store.status().files:
        found[article_of(file.relative)].add(file.sha256)
    return found


def _read(store: Store, one: Asked, models: Models, documents: set[str] | None) -> Asked:
    query = understand(one.question, models.encoder)
    retrieved = retrieve(store, query, Settings().retrieval, documents=documents)
    hits = affordable(by_turns(retrieved), models.reading)
    began = perf_counter()
    readings = read_hits(models.reader, one.question, hits)
    seconds = perf_counter() - began
    found = compared(candidates(hits, readings, Settings().quotes), query)
    return replace(
        one,
        retrieved=tuple(retrieved),
        hits=tuple(hits),
        readings=tuple(readings),
        likenesses={(candidate.hit.id, candidate.quote): candidate.likeness for candidate in found},
        rarity=tuple(rarity(store, query.terms).items()),
        seconds=seconds,
    )
