"""Questions that a paragraph does not answer, made as users meet them."""

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import tantivy
from numpy.typing import NDArray

from index.encoder import Encoder
from training.sources import Paragraph, Question
from training.words import question_words

NEAREST, DRAWN_FROM = 16, 8  # paragraphs nearest to a question, and those of them without its answer, at most
TOGETHER = 2000  # questions compared with all paragraphs at once
NAME = re.compile(r"(?<!^)(?<![.?!] )\b[A-Z][\w'’-]+(?: (?:of |the |de )?[A-Z][\w'’-]+)*")
NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w,])")
AUXILIARY = re.compile(r"\b(is|are|was|were|did|does|do|can|could|has|have|had|will|would|should)\b")
OPPOSITES = [
    ("first", "last"), ("largest", "smallest"), ("highest", "lowest"), ("before", "after"), ("more", "less"),
    ("most", "least"), ("oldest", "youngest"), ("best", "worst"), ("north", "south"), ("northern", "southern"),
    ("east", "west"), ("eastern", "western"), ("won", "lost"), ("win", "lose"), ("increase", "decrease"),
    ("increased", "decreased"), ("early", "late"), ("began", "ended"), ("begin", "end"), ("start", "stop"),
    ("started", "stopped"), ("high", "low"), ("long", "short"), ("large", "small"), ("older", "younger"),
    ("major", "minor"), ("male", "female"), ("men", "women"), ("father", "mother"), ("earlier", "later"),
    ("above", "below"), ("inside", "outside"), ("public", "private"), ("allowed", "forbidden"), ("good", "bad"),
    ("support", "oppose"), ("supported", "opposed"), ("left", "right"), ("maximum", "minimum"), ("winter", "summer"),
    ("cause", "prevent"), ("caused", "prevented"), ("ancient", "modern"), ("former", "current"), ("with", "without"),
]  # fmt: skip
SWAP = {a: b for a, b in OPPOSITES} | {b: a for a, b in OPPOSITES}


def answers_nowhere(question: Question, text: str) -> bool:
    """Whether none of the question's answers occurs in the text, whatever the case."""
    lower = text.lower()
    return all(answer.lower() not in lower for answer in question.answer_texts)


class LookAlikes:
    """Finds paragraphs that share a question's words, the way that keyword retrieval ranks them."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        schema = tantivy.SchemaBuilder().add_text_field("text", tokenizer_name="en_stem")
        self._schema = schema.add_unsigned_field("number", stored=True).build()
        self._paragraphs = paragraphs
        self._index = tantivy.Index(self._schema)
        writer = self._index.writer(50_000_000, 1)
        for number, paragraph in enumerate(paragraphs):
            writer.add_document(tantivy.Document(text=f"{paragraph.article} {paragraph.text}", number=number))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def find(self, question: Question, limit: int) -> list[Paragraph]:
        """Paragraphs best first, without the question's own and without any that contains an answer."""
        # Lower-case letters and digits alone hold no operator of the query language.
        terms = " ".join(re.findall(r"[^\W_]+", question.text.lower()))
        for word in ("or", "and", "not"):
            terms = terms.replace(f" {word} ", " ")
        query = self._index.parse_query(terms, ["text"])
        hits = self._searcher.search(query, limit).hits
        found = [self._paragraphs[self._searcher.doc(address)["number"][0]] for _, address in hits]
        return _without_answer(question, found)


def _without_answer(question: Question, found: Iterable[Paragraph]) -> list[Paragraph]:
    return [p for p in found if p.text != question.paragraph.text and answers_nowhere(question, p.text)]


def mined(question: Question, look_alikes: LookAlikes, rng: random.Random) -> Question | None:
    """The question with one of the three best look-alike paragraphs, or None where there is none."""
    found = look_alikes.find(question, 12)[:3]
    return Question(question.text, rng.choice(found)) if found else None


@dataclass(frozen=True)
class Near:
    """Finds paragraphs near in meaning to questions: what a reader meets beside the right one."""

    paragraphs: Sequence[Paragraph]
    encoder: Encoder
    together: int = TOGETHER

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """One of each paragraph, made when the first question comes."""
        return self.encoder.encode([f"{paragraph.article} {paragraph.text}" for paragraph in self.paragraphs])

    def find(self, questions: Sequence[Question]) -> Iterator[tuple[Question, list[Paragraph]]]:
        """The questions, each with up to eight paragraphs that `LookAlikes.find` would allow; those without any not."""
        for first in range(0, len(questions), self.together):
            asked = questions[first : first + self.together]
            cosines = self.encoder.encode([question.text for question in asked]) @ self.vectors.T
            for question, row in zip(asked, cosines, strict=True):
                nearest = [self.paragraphs[n] for n in np.argsort(-row, kind="stable")[:NEAREST]]
                if allowed := _without_answer(question, nearest):
                    yield question, allowed[:DRAWN_FROM]


def mined_near(questions: Sequence[Question], near: Near, rng: random.Random) -> Iterator[Question]:
    """The questions, each with one of the paragraphs near to it, which does not answer it."""
    for question, found in near.find(questions):
        yield Question(question.text, rng.choice(found))


def beside(questions: Sequence[Question], near: Near, rng: random.Random, count: int) -> Iterator[tuple[Question, ...]]:
    """The questions, each followed by itself with up to `count` of the paragraphs near to it."""
    for question, found in near.find(questions):
        drawn = rng.sample(found, min(count, len(found)))
        yield question, *(Question(question.text, paragraph) for paragraph in drawn)


def near_miss(question: Question, names: Sequence[str], rng: random.Random) -> Question | None:
    """The question with one fact changed so that its paragraph no longer answers it, or None if none can be.

    Tried in random order: another name, another number, the opposite word; negation only if nothing else can be.
    """
    edits = [_other_number, _opposite]
    rng.shuffle(edits)
    changed = None if rng.random() < 0.35 else _other_name(question, names, rng)
    for edit in [*edits, _negated]:
        changed = changed or edit(question, rng)
    changed = changed or _other_name(question, names, rng)
    return Question(changed, question.paragraph) if changed else None


def _other_name(question: Question, names: Sequence[str], rng: random.Random) -> str | None:
    found = [m for m in NAME.finditer(question.text) if m.group() in question.paragraph.text]
    if not found:
        return None
    match = rng.choice(found)
    for name in rng.sample(names, min(20, len(names))):
        if name not in question.paragraph.text and len(name.split()) == len(match.group().split()):
            return question.text[: match.start()] + name + question.text[match.end() :]
    return None


def _other_number(question: Question, rng: random.Random) -> str | None:
    found = [m for m in NUMBER.finditer(question.text) if m.group() in question.paragraph.text]
    if not found:
        return None
    match = rng.choice(found)
    for _ in range(10):
        old = match.group()
        position = rng.randrange(max(0, len(old) - 2), len(old))
        new = old[:position] + rng.choice("123456789") + old[position + 1 :]
        if new != old and old[position].isdigit() and new not in question.paragraph.text:
            return question.text[: match.start()] + new + question.text[match.end() :]
    return None


def _opposite(question: Question, rng: random.Random) -> str | None:
    found = [m for m in re.finditer(r"\b[a-z]+\b", question.text) if m.group() in SWAP]
    found = [m for m in found if SWAP[m.group()][:6] not in question_words(question.paragraph.text)]
    if not found:
        return None
    match = rng.choice(found)
    return question.text[: match.start()] + SWAP[match.group()] + question.text[match.end() :]


def _negated(question: Question, rng: random.Random) -> str | None:
    match = AUXILIARY.search(question.text)
    # "Was not he" is no English: negation follows the verb only where the question word is the subject,
    # and a third of those is enough, or the word "not" alone would come to mean "unanswerable".
    if match is None or rng.random() > 1 / 3 or not re.match(r"(?i)(what|who|which)\b", question.text):
        return None
    return f"{question.text[: match.end()]} not{question.text[match.end() :]}"
