import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from training.encode import IGNORED, PairEncoder
from training.sources import Question, make_paragraph

TEXT = "Anna sells tea. Bruno bakes bread daily. Carla mends old clocks in Ulm. Dora paints."


def tokenizer() -> Tokenizer:
    """One token per letter or sign, so that every window can be read back."""
    letters = {chr(n): n for n in range(33, 127)} | {"[UNK]": 0}
    made = Tokenizer(models.WordLevel(letters, unk_token="[UNK]"))
    made.normalizer = normalizers.Lowercase()
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    made.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.WhitespaceSplit(), made.pre_tokenizer])
    return made


def read_back(ids: list[int]) -> str:
    return "".join(chr(n) for n in ids)


def asked(answer: str, text: str = TEXT) -> Question:
    paragraph = make_paragraph(text, "t")
    start = text.index(answer)
    evidence = [n for n, (a, b) in enumerate(paragraph.sentences) if a < start + len(answer) and start < b]
    return Question("who?", paragraph, ((start, start + len(answer)),), tuple(evidence))


@pytest.mark.parametrize(
    ("answer", "evidence"),
    [
        ("Anna", "annasellstea."),
        ("bread", "brunobakesbreaddaily."),
        ("old clocks", "carlamendsoldclocksinulm."),
        ("Dora", "dorapaints."),
        ("daily. Carla", "brunobakesbreaddaily.carlamendsoldclocksinulm."),
    ],
)
@pytest.mark.parametrize("size", [56, 70, 200])
def test_the_answer_and_its_sentences_stay_in_the_window(answer: str, evidence: str, size: int) -> None:
    example = PairEncoder(tokenizer(), random.Random(1)).encode(asked(answer), size)
    assert len(example.token_ids) <= size
    assert read_back(example.token_ids[example.start : example.end + 1]) == answer.lower().replace(" ", "")
    assert read_back([n for n, mark in zip(example.token_ids, example.evidence, strict=True) if mark]) == evidence
    assert example.answerable == 1


def test_a_window_is_made_of_whole_sentences_numbered_from_zero() -> None:
    example = PairEncoder(tokenizer(), random.Random(1)).encode(asked("clocks"), 40)
    numbers = example.sentence_index
    assert numbers[: example.passage_start] == [-1] * 6
    assert numbers[-1] == -1
    assert set(numbers[example.passage_start : -1]) == {0}
    assert read_back(example.token_ids[example.passage_start : -1]) == "carlamendsoldclocksinulm."


def test_an_answer_longer_than_the_window_is_left_out() -> None:
    assert PairEncoder(tokenizer(), random.Random(1)).encode(asked("mends old clocks in Ulm"), 20) is None


def test_a_pair_without_an_answer_points_at_the_first_token() -> None:
    question = Question("who?", make_paragraph(TEXT, "t"))
    example = PairEncoder(tokenizer(), random.Random(1)).encode(question, 40)
    assert (example.start, example.end, example.answerable) == (0, 0, 0)
    assert not any(example.evidence)


def test_evidence_without_a_short_answer_trains_no_span() -> None:
    question = Question("who?", make_paragraph(TEXT, "t"), (), (1, 3))
    example = PairEncoder(tokenizer(), random.Random(1)).encode(question, 200)
    assert (example.start, example.end, example.answerable) == (IGNORED, IGNORED, 1)
    marked = {n for n, mark in zip(example.sentence_index, example.evidence, strict=True) if mark}
    assert marked == {1, 3}


@pytest.mark.parametrize("size", [44, 60, 200])
def test_a_title_stands_before_the_window_as_a_sentence_that_answers_nothing(size: int) -> None:
    example = PairEncoder(tokenizer(), random.Random(1)).encode(asked("clocks"), size, titled=True)
    first = example.passage_start
    assert len(example.token_ids) <= size
    assert read_back(example.token_ids[first : first + 1]) == "t"
    assert example.sentence_index[first : first + 2] == [0, 1]
    assert read_back(example.token_ids[example.start : example.end + 1]) == "clocks"
    marked = [n for n, mark in zip(example.token_ids, example.evidence, strict=True) if mark]
    assert read_back(marked) == "carlamendsoldclocksinulm."


def test_an_empty_paragraph_makes_no_pair() -> None:
    assert PairEncoder(tokenizer(), random.Random(1)).encode(Question("who?", make_paragraph(" ", "t")), 40) is None


@settings(deadline=None, max_examples=60)
@given(st.data(), st.integers(16, 90), st.integers(0, 9))
def test_any_answer_survives_any_cut_or_makes_no_pair(data: st.DataObject, size: int, seed: int) -> None:
    start = data.draw(st.integers(0, len(TEXT) - 2))
    end = data.draw(st.integers(start + 1, min(len(TEXT), start + 30)))
    answer = TEXT[start:end].strip()
    example = PairEncoder(tokenizer(), random.Random(seed)).encode(asked(answer), size) if answer else None
    if example is not None:
        assert len(example.token_ids) <= size
        assert read_back(example.token_ids[example.start : example.end + 1]) == answer.lower().replace(" ", "")
        assert len(example.token_ids) == len(example.sentence_index) == len(example.evidence)
