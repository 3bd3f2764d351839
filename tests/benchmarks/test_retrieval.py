import gzip
import json
from pathlib import Path

import pytest
from retrieval import tuned_on

from assistant.evaluation.sets import load_set


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A set of three claims, of which the second has rationales."""
    folder = tmp_path / "scifact"
    (folder / "qrels").mkdir(parents=True)
    claims = ("Ponds freeze.", "Mills turn. ", "Ducks leave.")
    (folder / "corpus.jsonl").write_text(json.dumps({"_id": "1", "title": "Pond", "text": "It froze."}) + "\n")
    rows = [json.dumps({"_id": str(n), "text": claim}) for n, claim in enumerate(claims)]
    (folder / "queries.jsonl").write_text("\n".join(rows) + "\n")
    grades = "".join(f"{n}\t1\t1\n" for n in range(3))
    (folder / "qrels" / "train.tsv").write_text(f"query-id\tcorpus-id\tscore\n{grades}")
    learn(tmp_path, "Mills turn.")
    return tmp_path


def learn(data: Path, claim: str) -> None:
    row = {"claim": claim, "title": "Mill", "sentences": ["It turned."], "evidence": [0]}
    (data / "scifact" / "rationales-train.jsonl.gz").write_bytes(gzip.compress(json.dumps(row).encode()))


def test_nothing_is_chosen_on_claims_that_were_learned_from(data: Path) -> None:
    loaded = load_set(data / "scifact" / "qrels" / "train.tsv")
    assert [question.question for question in tuned_on("scifact", loaded, data)] == ["Ponds freeze.", "Ducks leave."]
    assert tuned_on("cranfield", loaded, data) == list(loaded.questions)


def test_a_claim_in_another_spelling_is_not_passed_over(data: Path) -> None:
    learn(data, "Mills turned.")
    with pytest.raises(ValueError, match=r"1 claims .* such as: Mills turned\."):
        tuned_on("scifact", load_set(data / "scifact" / "qrels" / "train.tsv"), data)
