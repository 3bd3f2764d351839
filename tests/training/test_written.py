import gzip
import json
from pathlib import Path

from training.sources import Question, make_paragraph
from training.written import DIGITS, WRITTEN, key_of, read_written

POND = make_paragraph("The pond froze in 1963. Ducks left it. Skaters came from the town.", "Ponds")


def written(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "written.jsonl.gz"
    path.write_bytes(gzip.compress("\n".join(json.dumps(row) for row in rows).encode()))
    return path


def test_an_answer_an_unanswered_question_and_one_over_a_paragraph_that_is_not_there(tmp_path: Path) -> None:
    key = key_of(POND)
    path = written(
        tmp_path,
        {"paragraph": key, "question": "In what year was there ice?", "answer": [18, 22], "evidence": [[0, 23]]},
        {"paragraph": "0" * DIGITS, "question": "Who is elsewhere?", "answer": [], "evidence": []},
        {"paragraph": key, "question": "How deep is it?", "answer": [], "evidence": []},
        {"paragraph": key, "question": "Who went, who came?", "answer": [24, 29], "evidence": [[24, 38], [39, 67]]},
    )
    found = list(read_written([POND], path=path))
    assert found == [
        Question("In what year was there ice?", POND, ((18, 22),), (0,)),
        Question("How deep is it?", POND),
        Question("Who went, who came?", POND, ((24, 29),), (1, 2)),
    ]
    assert list(read_written([POND], slice(1, 3), path=path)) == found[1:2]
    assert [q.answer_texts for q in found] == [("1963",), (), ("Ducks",)]


def test_every_written_question_is_whole_and_none_is_there_twice() -> None:
    rows = [json.loads(line) for line in gzip.decompress(WRITTEN.read_bytes()).decode().splitlines()]
    assert len({(row["paragraph"], row["question"]) for row in rows}) == len(rows) > 10_000
    for row in rows:
        assert set(row) == {"paragraph", "question", "answer", "evidence"}
        assert len(row["paragraph"]) == DIGITS
        assert row["question"].strip() == row["question"] != ""
        assert bool(row["answer"]) == bool(row["evidence"])
        assert all(0 <= start < end for start, end in row["evidence"])
        if row["answer"]:
            start, end = row["answer"]
            assert any(first <= start < end <= last for first, last in row["evidence"])
    assert 0.25 < sum(not row["answer"] for row in rows) / len(rows) < 0.5


def test_no_paragraph_that_confidence_is_fitted_on_is_trained_on() -> None:
    chosen = Path(__file__).parents[2] / "benchmarks"
    trained = {json.loads(line)["paragraph"] for line in gzip.decompress(WRITTEN.read_bytes()).decode().splitlines()}
    for name in ("written.jsonl", "written-documents.jsonl"):
        assert trained.isdisjoint(json.loads(line)["paragraph"] for line in (chosen / name).read_text().splitlines())
