from dataclasses import replace

from assistant.reading.budget import PORTION, affordable, by_turns, portions
from assistant.retrieve import Hit
from assistant.settings import ReadingSettings
from corpus.documents import Passage


def hits(*sizes: int) -> list[Hit]:
    return [Hit(n, Passage("d" * 64, 0, size, "x" * size, ""), 0.5, 1.0, 1.0) for n, size in enumerate(sizes)]


def read(*sizes: int, passages: int = 9, tokens: int = 100) -> list[int]:
    return [hit.id for hit in affordable(hits(*sizes), ReadingSettings(passages=passages, tokens=tokens))]


def test_the_first_passages_that_fit_are_read() -> None:
    assert read(100, 100, 100, 100) == [0, 1, 2]
    assert read(100, 400, 4) == [0]


def test_no_more_than_the_count_and_never_nothing() -> None:
    assert read(4, 4, 4, passages=2) == [0, 1]
    assert read(5000) == [0]
    assert read() == []


def test_passages_are_read_by_turns_from_both_orders_and_each_once() -> None:
    scores = [(0.9, 0.1), (0.8, 0.7), (0.7, 0.9), (0.6, 0.8)]  # fused, dense
    found = [
        replace(hit, score=fused, dense=dense) for hit, (fused, dense) in zip(hits(1, 1, 1, 1), scores, strict=True)
    ]
    assert [hit.id for hit in by_turns(found)] == [0, 2, 1, 3]
    assert [hit.id for hit in by_turns(list(reversed(found)))] == [0, 2, 1, 3], "whatever order they come in"
    assert by_turns([]) == []


def test_portions_hold_every_hit_once_in_order() -> None:
    found = hits(*range(2 * PORTION + 1))
    assert [len(portion) for portion in portions(found)] == [PORTION, PORTION, 1]
    assert [hit for portion in portions(found) for hit in portion] == found
    assert list(portions([])) == []
