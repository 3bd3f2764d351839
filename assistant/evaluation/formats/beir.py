"""A BEIR folder: corpus.jsonl, queries*.jsonl (each may be .gz) and qrels/*.tsv.

Source: Thakur et al. 2021, "BEIR: A Heterogeneous Benchmark for Zero-shot Evaluation of Information Retrieval
Models", https://arxiv.org/abs/2104.08663.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant.evaluation.formats import fields
from assistant.evaluation.formats.files import Collected, file_sha256, json_object, read_lines
from assistant.evaluation.questions import BadRow, EvaluationSet, Question, RowError, text_document
from corpus.documents import Document
from corpus.errors import UsageError

Grades = dict[str, list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """The texts of a BEIR corpus, read from the file each time they are gone through."""

    path: Path

    @property
    def fingerprint(self) -> str:
        """A hash of the file."""
        return file_sha256(self.path)

    def __iter__(self) -> Iterator[tuple[str, Document]]:
        for number, line in read_lines(self.path):
            try:
                row = json_object(line)
                name = fields.text(row, "_id")
                text, title = fields.text(row, "text", ""), fields.text(row, "title", "")
            except RowError as error:
                raise UsageError(
                    f"{self.path}, line {number}: {error}. A corpus with holes measures nothing."
                ) from None
            yield name, text_document(name, text or title, title)


def load(path: Path) -> EvaluationSet:
    """The set in a BEIR folder; a path to one `qrels/*.tsv` chooses that split, a folder its `test` split.

    Queries without a judgment are left out, as is usual.

    Raises:
        UsageError: a part of the folder is missing.
    """
    folder, judged = _parts(path)
    bad_rows: list[BadRow] = []
    grades = _grades(judged, bad_rows)
    files = sorted([*folder.glob("queries*.jsonl"), *folder.glob("queries*.jsonl.gz")])
    if not files:
        raise UsageError(f"{folder} has no queries.jsonl, so it is no BEIR folder.")
    questions = _questions(files, grades, bad_rows)
    unseen = sorted(set(grades) - {question.id for question in questions})
    bad_rows += [BadRow(judged.name, f'the query "{name}" is judged but is in no queries file') for name in unseen]
    name, corpus = f"{folder.resolve().name}/{judged.stem}", CorpusFile(_corpus(folder))
    sha256 = file_sha256(judged, *files, corpus.path)  # with other texts the same questions are another set
    return EvaluationSet(name, sha256, "retrieval", questions, corpus, tuple(bad_rows))


def _parts(path: Path) -> tuple[Path, Path]:
    if path.is_file():
        return path.parent.parent, path
    splits = {file.stem: file for file in sorted((path / "qrels").glob("*.tsv"))}
    if not splits:
        raise UsageError(f"{path} has no qrels/*.tsv, so it is no BEIR folder.")
    return path, splits.get("test", next(iter(splits.values())))


def _corpus(folder: Path) -> Path:
    for name in ("corpus.jsonl", "corpus.jsonl.gz"):
        if (folder / name).exists():
            return folder / name
    raise UsageError(f"{folder} has no corpus.jsonl, so it is no BEIR folder.")


def _grades(path: Path, bad_rows: list[BadRow]) -> Grades:
    grades: Grades = defaultdict(list)
    for number, line in read_lines(path):
        parts = line.decode("utf-8", "replace").rstrip("\r\n").split("\t")
        if number == 1 and parts[0] == "query-id":
            continue
        grade = fields.whole_number(parts[2]) if len(parts) == 3 else None
        if grade is None:
            bad_rows.append(BadRow(f"{path.name}, line {number}", "not query-id, corpus-id, score between tabs"))
            continue
        grades[parts[0]].append((parts[1], grade))
    return grades


def _questions(files: list[Path], grades: Grades, bad_rows: list[BadRow]) -> tuple[Question, ...]:
    collected = Collected()
    for file in files:
        for number, line in read_lines(file):
            collected.add(f"{file.name}, line {number}", partial(_judged, line, grades))
    bad_rows += collected.bad_rows
    return tuple(collected.questions.values())


def _judged(line: bytes, grades: Grades) -> list[Question]:
    row = json_object(line)
    name = fields.text(row, "_id")
    if name not in grades:
        return []
    return [Question(id=name, question=fields.text(row, "text"), grades=tuple(grades[name]))]
