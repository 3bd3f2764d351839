import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from index.batches import PASS, batches

LENGTHS = st.lists(st.integers(1, 300), max_size=60)


def seconds(found: list[list[int]], lengths: list[int]) -> int:
    return sum(len(batch) * max(lengths[number] for number in batch) + PASS for batch in found)


@settings(max_examples=50, deadline=None)
@given(LENGTHS, st.integers(1, 2000))
def test_batches_hold_every_text_once_within_the_budget(lengths: list[int], budget: int) -> None:
    found = batches(lengths, budget)
    assert sorted(number for batch in found for number in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) == 1 or len(batch) * max(lengths[number] for number in batch) <= budget


@settings(max_examples=50, deadline=None)
@given(LENGTHS, st.data())
def test_no_other_cut_of_the_order_takes_less_time(lengths: list[int], data: st.DataObject) -> None:
    order = sorted(range(len(lengths)), key=lambda number: -lengths[number])
    cuts = data.draw(st.sets(st.sampled_from(range(1, len(order) + 1)), max_size=9)) if order else set[int]()
    edges = sorted({0, *cuts, len(order)})
    other = [order[first:last] for first, last in itertools.pairwise(edges)]
    assert seconds(batches(lengths, 10**6), lengths) <= seconds([batch for batch in other if batch], lengths)


def test_hand_worked_cases() -> None:
    assert batches([20, 200, 30, 180]) == [[1, 3], [2, 0]]  # 400 + 60 and two passes are less than 800 and one
    assert batches([30, 40, 31, 39]) == [[1, 3, 2, 0]]
    assert batches([]) == []
