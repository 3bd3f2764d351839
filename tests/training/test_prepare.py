import gzip
import json
import random
from collections import Counter
from collections.abc import Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from index.hashed import HashedEncoder
from index.sentences import PUBLISHED_NAME
from training.batches import batch_order, collate
from training.encode import IGNORED, Example
from training.pairs_file import Pairs, write_pairs
from training.prepare import mixed, prepare, spread, unique
from training.recipe import DOCUMENTS, Recipe, RecipeError, Training
from training.recipe import Pairs as PairKinds
from training.sources import Question, make_paragraph
from training.train_reader import encoder_folder
from training.written import key_of, read_written


def questions(prefix: str, sizes: list[int]) -> list[Question]:
    paragraphs = [make_paragraph(f"{prefix} {number}.", "t") for number in range(len(sizes))]
    return [Question(f"{n}?", p) for p, size in zip(paragraphs, sizes, strict=True) for n in range(size)]


def test_every_paragraph_is_asked_once_before_any_twice() -> None:
    ordered = spread(questions("p", [3, 1, 2]), random.Random(1))
    assert len(ordered) == 6
    assert len({q.paragraph.text for q in ordered[:3]}) == 3
    assert len({q.paragraph.text for q in ordered[3:5]}) == 2


def test_every_beginning_has_the_mixture_of_the_whole() -> None:
    streams = {"many": questions("m", [1] * 90), "few": questions("f", [1] * 10), "none": []}
    kinds = [kind for kind, _ in mixed(streams, random.Random(1))]
    assert Counter(kinds) == {"many": 90, "few": 10}
    assert 4 <= Counter(kinds[:50])["few"] <= 6
    kept = [q.paragraph.text for kind, q in mixed(streams, random.Random(1)) if kind == "few"]
    assert kept == [q.paragraph.text for q in streams["few"]]


def test_each_text_is_indexed_once() -> None:
    found = unique(make_paragraph(text, "t") for text in ("same.", "other.", "same."))
    assert [paragraph.text for paragraph in found] == ["same.", "other."]


@pytest.fixture
def pairs(tmp_path: Path) -> Pairs:
    made = [
        Example([101, 5, 102, 7, 8, 102], [-1, -1, -1, 0, 1, -1], [0, 0, 0, 0, 1, 0], 3, 4, 4, 1),
        Example([101, 5, 102, 9, 102], [-1, -1, -1, 0, -1], [0] * 5, 3, 0, 0, 0),
        Example([101, 102, 7, 102], [-1, -1, 0, -1], [0, 0, 1, 0], 2, IGNORED, IGNORED, 1),
    ]
    write_pairs([made[:2], made[2:]], tmp_path / "new" / "pairs.npz")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["pairs.npz"]
    return Pairs(tmp_path / "new" / "pairs.npz")


def test_a_batch_is_what_was_written_and_padded(pairs: Pairs) -> None:
    assert pairs.lengths.tolist() == [6, 5, 4]
    batch = collate(pairs, np.array([0, 2]))
    assert batch.input_ids.tolist() == [[101, 5, 102, 7, 8, 102], [101, 102, 7, 102, 0, 0]]
    assert batch.attention_mask.tolist() == [[1] * 6, [1, 1, 1, 1, 0, 0]]
    assert batch.token_type_ids.tolist() == [[0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 0, 0]]
    assert batch.sentence_index.tolist() == [[-1, -1, -1, 0, 1, -1], [-1, -1, 0, -1, -1, -1]]
    assert batch.evidence.tolist() == [[0, 0, 0, 0, 1, 0], [0, 0, 1, 0, 0, 0]]
    assert batch.spans.tolist() == [[4, 4], [IGNORED, IGNORED]]
    assert batch.answerable.tolist() == [1.0, 1.0]


def written(path: Path, lengths: Sequence[int], groups: Sequence[int]) -> Pairs:
    """Pairs of these lengths, so many in each group."""
    made = iter([Example([101, 102, *[7] * (n - 3), 102], [-1] * n, [0] * n, 2, 0, 0, 0) for n in lengths])
    write_pairs([list(islice(made, size)) for size in groups], path)
    return Pairs(path)


@pytest.mark.parametrize("sizes", [[1] * 700, [3, 1, 1, 2] * 100])
def test_every_pair_comes_once_a_pass_and_a_later_start_meets_the_same_batches(
    tmp_path: Path, sizes: list[int]
) -> None:
    pairs = written(tmp_path / "pairs.npz", np.random.default_rng(3).integers(10, 99, 700).tolist(), sizes)
    whole = [next(order).tolist() for order in [batch_order(pairs, 8, 5)] for _ in range(200)]
    ends = np.cumsum([len(batch) for batch in whole])
    one, two = (int(np.searchsorted(ends, passes * 700)) + 1 for passes in (1, 2))
    assert sorted(n for batch in whole[:one] for n in batch) == list(range(700))
    assert sorted(n for batch in whole[one:two] for n in batch) == list(range(700))
    assert whole[:one] != whole[one:two]
    for skip in (0, 30, one - 1, one, one + 12):
        found = [
            next(order).tolist() for order in [batch_order(pairs, 8, 5, sum(map(len, whole[:skip])))] for _ in range(60)
        ]
        assert found == whole[skip : skip + 60]


def test_batches_hold_whole_groups_and_pairs_of_like_length(tmp_path: Path) -> None:
    lengths = np.random.default_rng(3).integers(10, 200, 640)
    pairs = written(tmp_path / "alone.npz", lengths.tolist(), [1] * 640)
    order = batch_order(pairs, 8, 5)
    assert np.mean([float(np.ptp(lengths[next(order)])) for _ in range(60)]) < 12
    pairs = written(tmp_path / "groups.npz", lengths.tolist(), [3, 5] * 80)
    order = batch_order(pairs, 8, 5)
    for batch in (next(order) for _ in range(60)):
        assert 1 <= len(batch) < 8 + 5
        assert np.isin(np.flatnonzero(np.isin(pairs.groups, pairs.groups[batch])), batch).all()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Training files of a dozen paragraphs, with a written question over the first, and vectors made by hashing."""
    texts = [f"Pond {n} lies in the valley. It froze in {1900 + n}. Ducks came to it." for n in range(12)]
    answers = [[{"text": str(1900 + n), "answer_start": text.index("19")}] for n, text in enumerate(texts)]
    asked = [{"question": f"When did pond {n} freeze?", "answers": answers[n]} for n in range(12)]
    paragraphs = [{"context": text, "qas": [qa]} for text, qa in zip(texts, asked, strict=True)]
    squad = json.dumps({"data": [{"title": "Ponds", "paragraphs": paragraphs}]})
    made = {"squad1.1-train.json.gz": squad, "squad2.0-dev12-train.json.gz": '{"data": []}'}
    made |= {"nq-qed-train.jsonl.gz": "", "scifact/rationales-train.jsonl.gz": ""}
    row = {"paragraph": key_of(make_paragraph(texts[0], "Ponds")), "question": "In what year was there ice?"}
    row |= {"answer": [39, 43], "evidence": [[27, 44]]}
    made["written.jsonl.gz"] = json.dumps(row)
    for name, content in made.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(gzip.compress(content.encode()))
    monkeypatch.setattr("training.prepare.load_encoder", {PUBLISHED_NAME: HashedEncoder()}.__getitem__)
    monkeypatch.setattr("training.prepare.read_written", partial(read_written, path=tmp_path / "written.jsonl.gz"))
    return tmp_path


def prepared(data: Path, *files: str, **wanted: int) -> dict[str, int]:
    none = dict.fromkeys(("squad", "nq", "mined", "near_miss", "squad2_copies", "rationales_copies"), 0)
    recipe = Recipe("tiny", 1, "none", files, PairKinds(**(none | wanted)), Training(examples=1))
    return prepare(recipe, data, Tokenizer.from_file(str(encoder_folder() / "tokenizer.json")), data / "pairs.npz")


def test_each_kind_is_made_when_it_alone_is_wanted(data: Path) -> None:
    assert prepared(data, squad=5) == {"squad, answerable": 5}
    assert prepared(data, written=3) == {"written, answerable": 3}
    assert prepared(data, written_near=4) == {"mined near, not answerable": 4}
    assert prepared(data, squad=6, mined_near=5) == {"squad, answerable": 6, "mined near, not answerable": 5}
    assert prepared(data, squad=1, written=3, written_from=1) == {"squad, answerable": 1}
    assert prepared(data, written=3, written_to=1) == {"written, answerable": 3}


def test_a_question_and_the_passages_beside_it_are_one_group(data: Path) -> None:
    assert prepared(data, written_beside=2, beside=3) == {"beside, not answerable": 6, "beside, answerable": 2}
    pairs = Pairs(data / "pairs.npz")
    assert pairs.groups.tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    assert pairs.labels(np.arange(8))[:, 3].tolist() == [1, 0, 0, 0, 1, 0, 0, 0]
    assert len({tuple(pairs.tokens(n)[0].tolist()) for n in range(4)}) == 4
    made = prepared(data, squad=4, marked_beside=3, beside=1)
    assert made == {"squad, answerable": 4, "beside, not answerable": 3, "beside, answerable": 3}


def test_documents_that_are_wanted_must_be_there(data: Path) -> None:
    with pytest.raises(RecipeError, match="has no nih-protocols, no ntsb-reports"):
        prepared(data, DOCUMENTS, written=1)


def test_answers_told_twice_want_a_reader_that_finds_them(data: Path) -> None:
    with pytest.raises(RecipeError, match="tiny wants answers told twice"):
        prepared(data, retold=1)
