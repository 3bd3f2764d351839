"""CSV with columns `question,answer,document` and, where wanted, `id,type,kind,page`."""

import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from assistant.evaluation.formats import fields
from assistant.evaluation.formats.files import Collected, file_sha256, open_bytes
from assistant.evaluation.questions import BadRow, EvaluationSet, Question, RowError
from corpus.errors import UsageError

SHOWN = 200  # characters of a first line that holds no columns


def load(path: Path) -> EvaluationSet:
    """The set in a CSV file; commas, semicolons or tabs. An empty answer means: not in the documents.

    Raises:
        UsageError: no `question` and `answer` columns, or not UTF-8.
    """
    lines = _lines(path)
    header = next(lines, "")
    delimiter = max(",;\t", key=header.count)
    names = _names(header, delimiter)
    if not {"question", "answer"} <= set(names):
        begins = header.strip()[:SHOWN]
        raise UsageError(f'{path} needs the columns "question" and "answer"; its first line is: {begins}')
    collected = Collected()
    for number, values in _rows(lines, delimiter, collected):
        if any(value.strip() for value in values):
            collected.add(f"line {number}", partial(_question, names, values, number))
    questions = tuple(collected.questions.values())
    return EvaluationSet(path.name, file_sha256(path), "end-to-end", questions, None, tuple(collected.bad_rows))


def _names(header: str, delimiter: str) -> list[str]:
    try:
        return [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    except csv.Error:  # no table at all: a name of over 131,072 characters
        return []


def _lines(path: Path) -> Iterator[str]:
    try:
        with open_bytes(path) as file:
            for number, line in enumerate(file, start=1):
                yield line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError:
        raise UsageError(f'{path}, line {number} is not UTF-8. Save the table as "CSV UTF-8".') from None
    except (OSError, EOFError) as error:
        raise UsageError(f"{path} cannot be read: {error}. Check the file.") from error


class _Lines:
    """Lines below the header, as they are handed to the reader: `opened` is where a quotation mark was left open."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = enumerate(lines, start=2)
        self.opened = 0
        self._open = False

    def __iter__(self) -> Iterator[str]:
        for number, line in self._lines:
            marks = line.replace('""', "").count('"')
            self._open ^= marks % 2 == 1
            if self._open and marks:
                self.opened = number
            yield line

    def begin_row(self) -> None:
        """No quotation mark is open."""
        self._open = False


def _rows(below: Iterator[str], delimiter: str, collected: Collected) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header, each with the number of its last line counted from 1."""
    lines = _Lines(below)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)  # else an open quotation mark takes all rows below it
    while True:
        lines.begin_row()
        first = reader.line_num + 2
        try:
            values = next(reader, None)
        except csv.Error as error:
            reason = _reason(error, first, reader.line_num + 1, lines.opened)
            collected.bad_rows.append(BadRow(f"line {first}", reason))
            continue
        if values is None:
            return
        yield reader.line_num + 1, values


def _reason(error: csv.Error, first: int, last: int, opened: int) -> str:
    """Why a row cannot be read, and which lines went with it."""
    never = str(error).startswith("unexpected end")
    told = f"the quotation mark opened in line {opened} is never closed" if never else str(error)
    lost = f"; lines {first} to {last} were not read" if last > first else ""
    return f"{told}{lost} (close every quotation mark, and double those inside a text)"


def _question(names: list[str], values: list[str], number: int) -> list[Question]:
    if len(values) > len(names):
        raise RowError(f"{len(values)} values for {len(names)} columns (put a text with commas in quotation marks)")
    row = {name: value.strip() for name, value in zip(names, values, strict=False) if value.strip()}
    question = Question(
        id=fields.identity(row, number),
        question=fields.text(row, "question"),
        answers=(row["answer"],) if "answer" in row else (),
        document=row.get("document"),
        page=fields.page(row),
        type=row.get("type", ""),
        kind=fields.kind(row),
    )
    return [question]
