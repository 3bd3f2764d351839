"""SQuAD 1.1 and 2.0 JSON: its contexts are the texts, each context once."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.evaluation.formats.files import Collected, check_characters, file_sha256, open_bytes
from assistant.evaluation.questions import BadRow, EvaluationSet, Question, RowError, text_document
from corpus.documents import Document
from corpus.errors import UsageError


@dataclass(frozen=True, slots=True)
class Contexts:
    """The contexts of a SQuAD file: (name, text, title)."""

    entries: tuple[tuple[str, str, str], ...]

    @property
    def fingerprint(self) -> str:
        """A hash of all names and texts."""
        return sha256(json.dumps(self.entries).encode()).hexdigest()

    def __iter__(self) -> Iterator[tuple[str, Document]]:
        for name, text, title in self.entries:
            yield name, text_document(name, text, title)


class _Reader:
    """Goes through articles and paragraphs; a context seen before keeps its first name."""

    def __init__(self) -> None:
        self.collected = Collected()
        self.names: dict[str, tuple[str, str]] = {}

    def paragraph(self, paragraph: object, title: str, place: str) -> None:
        try:
            context, rows = _context_and_rows(paragraph)
            check_characters(context, title)
        except RowError as error:
            self.collected.bad_rows.append(BadRow(place, str(error)))
            return
        name, _ = self.names.setdefault(context, (f"{title or 'text'}/{len(self.names) + 1}", title))
        for number, row in enumerate(rows):
            self.collected.add(
                f"{place}.qas[{number}]", partial(_question, row, name=name, context=context, group=title)
            )


def _context_and_rows(paragraph: object) -> tuple[str, list[Any]]:
    if not isinstance(paragraph, dict) or not isinstance(paragraph.get("context"), str):
        raise RowError('a paragraph without "context"')
    if not isinstance(paragraph.get("qas"), list):
        raise RowError('a paragraph without "qas"')
    return paragraph["context"], paragraph["qas"]


def load(path: Path) -> EvaluationSet:
    """The set in a SQuAD file.

    Raises:
        UsageError: not JSON, or without SQuAD's `data` list.
    """
    articles = _articles(path)
    reader = _Reader()
    for number, article in enumerate(articles):
        title = str(article.get("title", "")) if isinstance(article, dict) else ""
        paragraphs = article.get("paragraphs") if isinstance(article, dict) else None
        if not isinstance(paragraphs, list):
            reader.collected.bad_rows.append(BadRow(f"data[{number}]", 'an article without "paragraphs"'))
            continue
        for index, paragraph in enumerate(paragraphs):
            reader.paragraph(paragraph, title.replace("_", " "), f"data[{number}].paragraphs[{index}]")
    contexts = Contexts(tuple((name, text, title) for text, (name, title) in reader.names.items()))
    questions = tuple(reader.collected.questions.values())
    bad_rows = tuple(reader.collected.bad_rows)
    return EvaluationSet(path.name, file_sha256(path), "end-to-end", questions, contexts, bad_rows)


def _articles(path: Path) -> list[Any]:
    try:
        with open_bytes(path) as file:
            whole = json.load(file)
    except (OSError, EOFError, ValueError, RecursionError) as error:
        raise UsageError(f"{path} cannot be read as JSON: {error}. Check the file.") from error
    articles = whole.get("data") if isinstance(whole, dict) else None
    if not isinstance(articles, list):
        raise UsageError(f'{path} has no "data" list, so it is not SQuAD. Our own sets are JSON lines (.jsonl).')
    return articles


def _question(row: object, *, name: str, context: str, group: str) -> list[Question]:
    if not isinstance(row, dict) or not isinstance(row.get("question"), str) or not row["question"].strip():
        raise RowError('"question" is missing or empty')
    gold = _gold(row)
    question = Question(
        id=str(row.get("id", "")) or f"{name}: {row['question']}",
        question=row["question"].strip(),
        answers=tuple(dict.fromkeys(gold)),
        document=name,
        kind="" if gold else "on-topic",
        group=group,
        passage=context,
        grades=((name, 1),) if gold else (),
    )
    return [question]


def _gold(row: Mapping[str, Any]) -> list[str]:
    """The gold answers; none where the row says that the question is impossible, or that no answer is right."""
    if row.get("is_impossible"):
        return []
    answers = row.get("answers")
    if not isinstance(answers, list):
        raise RowError('"answers" is missing (an empty list means: not in the context)')
    texts = [answer.get("text") if isinstance(answer, dict) else None for answer in answers]
    if not all(isinstance(text, str) and text.strip() for text in texts):
        raise RowError('an answer without "text"')
    return [str(text) for text in texts]
