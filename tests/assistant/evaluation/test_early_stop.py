"""Where a question was lost when reading stopped before the passage with the answer, over a real index."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant.answers import Reading
from assistant.ask import Asking
from assistant.assistant import Assistant
from assistant.confidence import UNCALIBRATED
from assistant.evaluation.failures import failures
from assistant.evaluation.instruments import Options
from assistant.evaluation.library import IndexLibrary
from assistant.evaluation.outcomes import reading_note
from assistant.evaluation.results import Run
from assistant.evaluation.row_file import RowFile
from assistant.evaluation.run import evaluate
from assistant.evaluation.sets import load_set
from assistant.order import Weights
from assistant.reading.budget import PORTION, by_turns
from assistant.settings import ReadingSettings, Settings
from assistant.web.render_evaluation import run_html
from corpus.documents import Span
from corpus.read import read
from corpus.sentences import split
from index.build import index_documents
from index.hashed import HashedEncoder
from index.open import Index

QUESTION = "What was the dose on the ward?"
RANK = PORTION + 2


class Sure:
    """Sees the words it looks for, and is so sure that nothing else needs to be read."""

    name, revision = "sure", "1"

    def __init__(self, margin: float) -> None:
        self.margin = margin

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        return [self._read(text) for text in texts]

    def _read(self, text: str) -> Reading:
        at = text.find("60 mg")
        answer = Span(at, at + 5) if at >= 0 else None
        sentences = tuple((sentence.start, sentence.end, 0.5) for sentence in split(text))
        return Reading(answer, self.margin if answer else -self.margin, 0.0, sentences)


def opened(folder: Path, margin: float, reading: ReadingSettings) -> Assistant:
    stopping, settings = replace(UNCALIBRATED, order=Weights(reach=20.0)), Settings(reading=reading)
    return Assistant(Index.open(folder, HashedEncoder()), Asking(Sure(margin), stopping, settings))


def run_one(assistant: Assistant, path: Path, *, rank: int) -> Run:
    """Ask for words of the passage at this rank; its quote is never the first."""
    words = assistant.retrieve(QUESTION)[rank - 1].passage.text.removeprefix("The ward has ").rstrip(".\n")
    path.write_text(json.dumps({"id": "a", "question": QUESTION, "answers": [words]}))
    reading = assistant.settings.reading
    options = Options(library=IndexLibrary(assistant), passages_read=reading.passages, resamples=5, threshold=0.0)
    return evaluate(assistant, load_set(path), options=options)


def test_a_passage_before_which_reading_stopped_was_not_read(tmp_path: Path, ward: Path) -> None:
    path = tmp_path / "one.jsonl"
    run = run_one(opened(ward, 50.0, ReadingSettings(passages=2 * PORTION)), path, rank=RANK)
    assert (run.rows[0].right_rank, run.rows[0].passages_read) == (RANK, PORTION)
    assert run.blames == {"a": "not read"}
    assert run.notes == {"a": "found as passage 7; reading stopped after 5"}
    assert failures(run)[0].quoted.endswith(" · found as passage 7; reading stopped after 5")
    assert run.as_dict()["blame"]["notes"] == run.notes
    assert "<dt>the answer</dt><dd>found as passage 7; reading stopped after 5</dd>" in run_html(run)


def test_a_passage_that_the_budget_cut_off_was_not_read(tmp_path: Path, ward: Path) -> None:
    path = tmp_path / "one.jsonl"
    run = run_one(opened(ward, 0.1, ReadingSettings(passages=2 * PORTION, tokens=20)), path, rank=RANK)
    assert run.rows[0].passages_read is not None
    assert run.rows[0].passages_read < PORTION
    assert run.blames == {"a": "not read"}
    assert "reading stopped after" in run.notes["a"]


def test_a_passage_that_was_read_in_vain_has_no_such_note(tmp_path: Path, ward: Path) -> None:
    path = tmp_path / "one.jsonl"
    run = run_one(opened(ward, 0.1, ReadingSettings(passages=2 * PORTION)), path, rank=RANK)
    assert run.rows[0].passages_read == 2 * PORTION
    assert (run.blames, run.notes) == ({"a": "not read"}, {})


def test_a_passage_that_could_never_be_read_was_not_retrieved(tmp_path: Path, ward: Path) -> None:
    path = tmp_path / "one.jsonl"
    run = run_one(opened(ward, 50.0, ReadingSettings(passages=PORTION)), path, rank=RANK)
    assert run.blames == {"a": "not retrieved"}


def test_ranks_are_places_in_the_order_of_reading(tmp_path: Path) -> None:
    """Two hold the rare word and are best by the fused score; the others are nearer by their vectors."""
    listed = "a ward, a clinic, a river, a town, a market, and one dose of many."
    texts = {
        "a.txt": f"Zuranolone, zuranolone and zuranolone: {listed}",
        "b.txt": f"Zuranolone and zuranolone: {listed}",
    }
    texts |= {"c.txt": "The dose is told here.", "d.txt": "The dose was told.", "e.txt": "A dose."}
    index_documents(tmp_path, HashedEncoder(), [(name, read(text.encode(), name)) for name, text in texts.items()])
    found = opened(tmp_path, 0.1, ReadingSettings()).retrieve("the zuranolone dose")
    fused = sorted(found, key=lambda hit: (-hit.score, hit.id))
    assert found == by_turns(fused)
    assert found != fused


def test_how_many_were_read_is_no_part_of_the_answers_json(ward: Path) -> None:
    answer = opened(ward, 50.0, ReadingSettings()).ask(QUESTION, threshold=0.0)
    assert answer.passages_read == PORTION
    assert "passages_read" not in answer.as_dict()


def test_rows_kept_before_reading_was_counted_still_load(tmp_path: Path, ward: Path) -> None:
    run = run_one(opened(ward, 50.0, ReadingSettings()), tmp_path / "one.jsonl", rank=RANK)
    saved = run.rows[0].as_dict()
    del saved["passages_read"]
    (tmp_path / "rows.jsonl").write_text(json.dumps(saved) + "\n")
    (row,) = RowFile(tmp_path / "rows.jsonl").read()
    assert row == replace(run.rows[0], passages_read=None)
    assert reading_note(row) == ""
