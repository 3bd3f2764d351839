"""Every failed question: what was expected, what was quoted, and where it was lost."""

from dataclasses import dataclass

from assistant.evaluation.outcomes import reading_note
from assistant.evaluation.results import Run
from assistant.evaluation.rows import Row


@dataclass(frozen=True, slots=True)
class Failure:
    """One failed question in plain words."""

    id: str
    question: str
    expected: str
    quoted: str
    confidence: str
    lost: str


def failures(run: Run) -> list[Failure]:
    """The failed questions in the set's order."""
    return [_failure(row, run.blames[row.id]) for row in run.rows if row.id in run.blames]


def _failure(row: Row, lost: str) -> Failure:
    confidence = "–" if row.confidence is None else f"{row.confidence:.2f}"
    quoted = " · ".join(filter(None, (_quoted(row), reading_note(row))))
    return Failure(row.id, row.question, _expected(row), quoted, confidence, lost)


def _expected(row: Row) -> str:
    if not row.answerable:
        return "silence: not in the documents"
    place = f" ({row.document})" if row.document else ""
    return " / ".join(row.answers) + place


def _quoted(row: Row) -> str:
    """The first quote with its place; where a later one holds the answer, which."""
    if not row.quotes:
        return "nothing"
    first = row.quotes[0]
    page = f", page {first.page}" if first.page is not None else ""
    place = f" ({first.document}{page})" if first.document else ""
    later = row.scores.get("quote_hit@3", 0) > row.scores.get("quote_hit@1", 0)
    return f"{first.text}{place}" + (" · the answer is in a later quote" if later else "")
