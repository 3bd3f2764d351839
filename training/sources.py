"""Questions with their passages, read from the training files in one shape."""

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from corpus.sentences import split
from training.words import question_words


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One passage of training text and the article that it is from."""

    text: str
    article: str
    """Its title, as a reader would see it."""
    sentences: tuple[tuple[int, int], ...]
    """Half-open character ranges, in order, covering every character that is not white space."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question put to one paragraph; no `answers` means that the paragraph does not answer it."""

    text: str
    paragraph: Paragraph
    answers: tuple[tuple[int, int], ...] = ()
    evidence: tuple[int, ...] = ()
    """Numbers of the sentences that answer it. Given without `answers` where no short answer is marked."""

    @property
    def answer_texts(self) -> tuple[str, ...]:
        """The answers as written in the paragraph."""
        return tuple(self.paragraph.text[start:end] for start, end in self.answers)


def make_paragraph(text: str, article: str) -> Paragraph:
    """The text with its sentences found."""
    return Paragraph(text, article, tuple((span.start, span.end) for span in split(text)))


def touched(sentences: Sequence[tuple[int, int]], span: tuple[int, int]) -> tuple[int, ...]:
    """Numbers of the sentences that share at least one character with the span."""
    return tuple(n for n, (start, end) in enumerate(sentences) if start < span[1] and span[0] < end)


def repair_offset(question: str, paragraph: Paragraph, answer: str) -> tuple[int, int] | None:
    """Where the answer stands, or None if it occurs nowhere as whole words.

    Of several occurrences the one whose sentence shares most words with the question; the first of equals.
    """
    pattern = re.compile(rf"(?<!\w){re.escape(answer)}(?!\w)")
    spans = [match.span() for match in pattern.finditer(paragraph.text)]
    if not answer.strip() or not spans:
        return None
    wanted = question_words(question)
    shared = [sum(len(wanted & _words(paragraph, n)) for n in touched(paragraph.sentences, span)) for span in spans]
    return spans[shared.index(max(shared))]


def is_worded_otherwise(question: Question) -> bool:
    """Whether at most one of the question's words stands in the sentences that answer it."""
    return bool(question.evidence) and len(evidence_words(question) & question_words(question.text)) <= 1


def evidence_words(question: Question) -> frozenset[str]:
    """The words of the sentences that answer it."""
    return frozenset[str]().union(*(_words(question.paragraph, number) for number in question.evidence))


def _words(paragraph: Paragraph, number: int) -> frozenset[str]:
    start, end = paragraph.sentences[number]
    return question_words(paragraph.text[start:end])


def read_squad(path: Path, *, repair: bool) -> Iterator[Question]:
    """Questions of a SQuAD file (1.1 or 2.0); with `repair` offsets are found anew and lost answers dropped."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        articles = json.load(lines)["data"]
    for article in articles:
        for entry in article["paragraphs"]:
            paragraph = make_paragraph(entry["context"], unquote(article["title"]).replace("_", " "))
            for asked in entry["qas"]:
                question = _squad_question(asked, paragraph, repair)
                if question is not None:
                    yield question


def _squad_question(asked: dict[str, object], paragraph: Paragraph, repair: bool) -> Question | None:
    text, answers = str(asked["question"]).strip(), asked["answers"]
    if asked.get("is_impossible"):
        return Question(text, paragraph)
    if not isinstance(answers, list) or not answers:
        return None
    start, answer = answers[0]["answer_start"], answers[0]["text"]
    span = repair_offset(text, paragraph, answer) if repair else (start, start + len(answer))
    if span is None or paragraph.text[slice(*span)] != answer:
        return None
    return Question(text, paragraph, (span,), touched(paragraph.sentences, span))


def read_nq(path: Path) -> Iterator[Question]:
    """Real search questions with their paragraph; an answer whose offset is wrong is dropped."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            paragraph = make_paragraph(row["context"], row["title"])
            spans = [(a["answer_start"], a["answer_start"] + len(a["text"])) for a in row["answers"]]
            written = [paragraph.text[start:end] for start, end in spans]
            if not spans or written != [a["text"] for a in row["answers"]]:
                continue
            evidence = sorted({n for span in spans for n in touched(paragraph.sentences, span)})
            yield Question(row["question"].strip(), paragraph, tuple(spans), tuple(evidence))


def read_rationales(path: Path) -> Iterator[Question]:
    """SciFact claims with the abstract that settles them: evidence sentences without a short answer."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            parts = [sentence.strip().removesuffix("\\n").strip() for sentence in row["sentences"]]
            ends = [sum(len(part) + 1 for part in parts[: n + 1]) - 1 for n in range(len(parts))]
            spans = tuple((end - len(part), end) for end, part in zip(ends, parts, strict=True))
            paragraph = Paragraph(" ".join(parts), row["title"], spans)
            yield Question(row["claim"].strip(), paragraph, (), tuple(row["evidence"]))
