import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from corpus.boxes import STEPS_PER_POINT, boxes_of, pack, unpack
from corpus.documents import PageBoxes

NAN = float("nan")


def page(rows: list[tuple[float, float, float, float]], *, number: int = 1, start: int = 0) -> PageBoxes:
    return PageBoxes(number, start, 612, 792, pack(np.array(rows, np.float32).reshape(-1, 4)))


def row(x: float, y: float, *, characters: int) -> list[tuple[float, float, float, float]]:
    return [(x + 5 * i, y, x + 5 * i + 5, y + 10) for i in range(characters)]


coordinates = st.floats(-20_000, 20_000, width=32)


@given(st.lists(st.tuples(coordinates, coordinates, coordinates, coordinates)))
def test_unpacked_boxes_are_the_packed_ones_to_a_twentieth_of_a_point(rows: list[tuple[float, ...]]) -> None:
    boxes = np.array(rows, np.float32).reshape(-1, 4)
    read = unpack(PageBoxes(1, 0, 612, 792, pack(boxes)))
    assert read.shape == boxes.shape
    assert read.dtype == np.float32
    np.testing.assert_allclose(read, boxes, atol=0.5 / STEPS_PER_POINT + 0.002)


def test_an_unknown_place_survives_packing_between_known_ones() -> None:
    rows = unpack(page([(1, 2, 3, 4), (NAN, NAN, NAN, NAN), (0, 0, 0, 0), (5, 6, 7, 8)]))
    assert np.isnan(rows[1]).all()
    assert rows[[0, 2, 3]].tolist() == [[1, 2, 3, 4], [0, 0, 0, 0], [5, 6, 7, 8]]


def test_a_dense_page_packs_to_under_two_bytes_a_character() -> None:
    rows = [box for line in range(50) for box in row(72, 72 + 12 * line, characters=80)]
    assert len(page(rows).packed) < 2 * len(rows)


def test_characters_of_one_line_are_one_box_and_spaces_do_not_split_it() -> None:
    rows = [*row(72, 100, characters=3), (0.0, 0.0, 0.0, 0.0), *row(92, 100, characters=3)]
    assert boxes_of([page(rows)], 0, 7) == ((1, 72.0, 100.0, 107.0, 110.0),)
    assert boxes_of([page(rows)], 1, 3) == ((1, 77.0, 100.0, 87.0, 110.0),)


def test_lines_and_columns_are_boxes_of_their_own() -> None:
    rows = row(72, 100, characters=20) + row(72, 112, characters=4) + row(320, 100, characters=4)
    assert [box[:3] for box in boxes_of([page(rows)], 0, 28)] == [(1, 72.0, 100.0), (1, 72.0, 112.0), (1, 320.0, 100.0)]


def test_columns_on_the_same_height_are_not_joined_over_the_gutter() -> None:
    rows = row(72, 100, characters=4) + row(320, 100, characters=4)
    assert len(boxes_of([page(rows)], 0, 8)) == 2


def test_right_to_left_and_upright_lines_are_one_box_each() -> None:
    assert boxes_of([page(row(72, 100, characters=6)[::-1])], 0, 6) == ((1, 72.0, 100.0, 102.0, 110.0),)
    upright = [(72.0, 100.0 + 5 * i, 82.0, 105.0 + 5 * i) for i in range(6)]
    assert boxes_of([page(upright)], 0, 6) == ((1, 72.0, 100.0, 82.0, 130.0),)


def test_a_raised_character_stays_on_its_line() -> None:
    rows = [*row(72, 100, characters=4), (92.0, 97.0, 95.0, 103.0), *row(95, 100, characters=4)]
    assert boxes_of([page(rows)], 0, 9) == ((1, 72.0, 97.0, 115.0, 110.0),)


def test_a_quote_over_the_page_end_is_painted_on_both_pages() -> None:
    pages = [page(row(72, 700, characters=5), number=3), page(row(72, 60, characters=5), number=4, start=5)]
    assert boxes_of(pages, 2, 8) == ((3, 82.0, 700.0, 97.0, 710.0), (4, 72.0, 60.0, 87.0, 70.0))


def test_nothing_is_painted_where_one_character_has_no_known_place() -> None:
    first, second = page(row(72, 700, characters=5), number=3), page([(NAN,) * 4] * 5, number=4, start=5)
    assert boxes_of([first, second], 2, 8) == ()
    assert len(boxes_of([first, second], 2, 5)) == 1


def test_nothing_is_painted_outside_the_pages_or_without_any() -> None:
    assert boxes_of([page(row(72, 700, characters=5))], 3, 9) == ()
    assert boxes_of([page(row(72, 700, characters=5), start=10)], 8, 12) == ()
    assert boxes_of([], 0, 4) == ()
    assert boxes_of([page([])], 0, 0) == ()
