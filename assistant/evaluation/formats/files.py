"""Reading a set's file: gzip or not, line by line, with every unusable line named."""

import gzip
import json
from collections.abc import Callable, Iterator
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any, BinaryIO, cast

from assistant.evaluation.questions import BadRow, Question, RowError
from corpus.errors import UsageError


def open_bytes(path: Path) -> BinaryIO:
    """The file's bytes, unpacked where its name ends in `.gz`."""
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")


def file_sha256(*paths: Path) -> str:
    """One hash over the bytes of several files, as they lie on disk."""
    whole = sha256()
    for path in paths:
        with path.open("rb") as file:
            whole.update(file_digest(file, "sha256").digest())
    return whole.hexdigest()


def read_lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """The lines that are not empty, with their numbers counted from 1.

    Raises:
        UsageError: the file cannot be read or unpacked.
    """
    try:
        with open_bytes(path) as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError) as error:
        raise UsageError(f"{path} cannot be read: {error}. Check the file.") from error


def json_object(line: bytes) -> dict[str, Any]:
    """One JSON object.

    Raises:
        RowError: not UTF-8, not JSON, not an object, beyond what Python reads, or with half a character in it.
    """
    try:
        row = json.loads(line.decode("utf-8-sig"))
        if b"\\ud" in line.lower():  # only an escape spells half a character
            # The name of a document may hold such halves: so Python spells a name on the disk that is no UTF-8.
            unnamed = json.loads(line, object_hook=lambda part: {**part, "document": ""})
            check_characters(json.dumps(unnamed, ensure_ascii=False))
    except RowError:
        raise
    except UnicodeDecodeError:
        raise RowError("the line is not UTF-8") from None
    except json.JSONDecodeError as error:
        raise RowError(f"not JSON: {error.msg} at character {error.pos + 1}") from None
    except ValueError:  # the only other one that JSON gives
        raise RowError("a number of more than 4,300 digits") from None
    except RecursionError:
        raise RowError("brackets inside brackets, too deep to be read") from None
    if not isinstance(row, dict):
        raise RowError("not an object in braces")
    return row


def check_characters(*texts: str) -> None:
    """Nothing where all are text that can be stored and shown.

    Raises:
        RowError: JSON can spell half a character of two halves.
    """
    try:
        for text in texts:
            text.encode()
    except UnicodeEncodeError:
        raise RowError("half a surrogate pair, which is no character") from None


class Collected:
    """Questions as they are read, with unique ids and whole characters, and the rows that were left out."""

    def __init__(self) -> None:
        self.questions: dict[str, Question] = {}
        self.bad_rows: list[BadRow] = []

    def add(self, place: str, read: Callable[[], list[Question]]) -> None:
        """Take what `read` returns, or note why it failed."""
        try:
            questions = read()
            for question in questions:
                self._check(question)
        except RowError as error:
            self.bad_rows.append(BadRow(place, str(error)))
        else:
            self.questions.update({question.id: question for question in questions})

    def _check(self, question: Question) -> None:
        texts = (question.id, question.question, *question.answers, *question.history, question.passage or "")
        check_characters(*texts)
        if question.id in self.questions:
            raise RowError(f'the id "{question.id}" was used before')
