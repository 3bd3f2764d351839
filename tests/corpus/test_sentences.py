"""Sentences: the hand-marked ends, the properties of spans, and time."""

import itertools
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus import sentences

MARKED = Path(__file__).parents[2] / "benchmarks" / "sentences.jsonl"


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences.split(text)]


@given(st.text(alphabet="aA b.?!\n。“”)(1[],:é字 \t\u00a0", max_size=200))
def test_spans_hold_all_that_is_not_white_space(text: str) -> None:
    spans = sentences.split(text)
    assert all(first.end <= second.start for first, second in itertools.pairwise(spans))
    assert "".join("".join(text[span.start : span.end].split()) for span in spans) == "".join(text.split())
    for span in spans:
        inside = text[span.start : span.end]
        assert inside
        assert inside == inside.strip()
        assert "\n" not in inside


def test_the_hand_marked_ends() -> None:
    rows = [json.loads(line) for line in MARKED.read_text(encoding="utf-8").splitlines()]
    wrong = [
        row["sentences"]
        for row in rows
        if split(("" if row["language"] == "zh" else " ").join(row["sentences"])) != row["sentences"]
    ]
    assert sum(len(row["sentences"]) for row in rows) >= 60
    assert len(wrong) <= 2


@pytest.mark.parametrize(
    "sentence",
    [
        "Dr. Jelen, who led the study, warned us.",
        "Murrough et al. compared it with a sedative.",
        "It is rare, e.g. in adults, i.e. over 65.",
        "[5] Carlson, P. J., et al. (2018). The opioid system. Journal of Affective Disorders, 242, 73-84.",
        "The dose of 0.5 mg was given by E. J. Nestler.",
        "1. Stop the pump at once.",
        "• a pregnancy test where relevant",
        "Glutamatergic Modulation via NMDA Antagonism",
        "Item | In stock? | Price",
        "Item | Spent vs. planned. | Is it sold?",
    ],
)
def test_one_sentence_stays_one(sentence: str) -> None:
    assert split(f"{sentence}\nNext line.") == [sentence, "Next line."]


@pytest.mark.parametrize("text", ["a" * 1_000_000, "ab " * 300_000, "Dr. A. B. " * 30_000, "字" * 500_000])
def test_long_lines_take_linear_time(text: str) -> None:
    start = time.process_time()
    assert sentences.split(text)
    assert time.process_time() - start < 20
