"""Our JSON lines: questions, conversations (`history` or `turns`) and evidence (`sentences` and `evidence`)."""

from collections.abc import Mapping
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import Any

from assistant.evaluation.formats import fields
from assistant.evaluation.formats.files import Collected, file_sha256, json_object, read_lines
from assistant.evaluation.questions import EvaluationSet, Mode, Question, RowError


def load(path: Path) -> EvaluationSet:
    """The set in a `.jsonl` file, one object a line."""
    collected = Collected()
    for number, line in read_lines(path):
        collected.add(f"line {number}", partial(_questions, line, number))
    questions = tuple(collected.questions.values())
    return EvaluationSet(path.name, file_sha256(path), _mode(questions), questions, None, tuple(collected.bad_rows))


def _mode(questions: tuple[Question, ...]) -> Mode:
    if any(question.passage is not None for question in questions):
        return "evidence" if any(question.evidence for question in questions) else "reading"
    return "conversation" if any(question.history for question in questions) else "end-to-end"


def _questions(line: bytes, number: int) -> list[Question]:
    row = json_object(line)
    if "turns" in row:
        return _conversation(row, number)
    if "sentences" in row and "evidence" in row:
        return [_evidence(row, number)]
    return [_question(row, fields.identity(row, number), fields.texts(row, "history"))]


def _question(row: Mapping[str, Any], identity: str, history: tuple[str, ...]) -> Question:
    return Question(
        id=identity,
        question=fields.text(row, "question"),
        answers=fields.answers(row),
        document=fields.text(row, "document", "") or None,
        page=fields.page(row),
        type=fields.text(row, "type", ""),
        kind=fields.kind(row),
        history=history,
        passage=fields.text(row, "passage", "") or None,
    )


def _conversation(row: Mapping[str, Any], number: int) -> list[Question]:
    turns = row["turns"]
    if not isinstance(turns, list) or not all(isinstance(turn, dict) for turn in turns):
        raise RowError('"turns" is not a list of objects')
    if not turns:
        raise RowError('"turns" is empty')
    identity = fields.identity(row, number)
    shared = {key: row[key] for key in ("document", "kind", "type") if key in row}
    found: list[Question] = []
    for number, turn in enumerate(turns, start=1):
        asked = tuple(question.question for question in found)
        try:
            found.append(_question({**shared, **turn}, f"{identity}/{number}", asked))
        except RowError as error:
            raise RowError(f"turn {number}: {error}") from None
    return found


def _evidence(row: Mapping[str, Any], number: int) -> Question:
    sentences = [sentence.strip() for sentence in fields.texts(row, "sentences")]
    if not any(sentences):
        raise RowError('"sentences" is empty')
    starts = [0, *accumulate(len(sentence) + 1 for sentence in sentences)]
    chosen = row["evidence"]
    if not isinstance(chosen, list) or not all(type(i) is int and 0 <= i < len(sentences) for i in chosen):
        raise RowError(f'"evidence" is not a list of sentence numbers from 0 to {len(sentences) - 1}')
    return Question(
        id=fields.identity(row, number),
        question=fields.text(row, "question" if "question" in row else "claim"),
        answers=tuple(sentences[i] for i in chosen),
        document=fields.text(row, "document", "") or None,
        passage=" ".join(sentences),
        evidence=tuple((starts[i], starts[i] + len(sentences[i])) for i in chosen),
    )
