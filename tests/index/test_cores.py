import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import torch

from index import cores
from index.cores import spread


@pytest.fixture(autouse=True)
def four_cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = torch.get_num_threads()
    monkeypatch.setattr(cores, "all_cores", lambda: 4)
    yield
    torch.set_num_threads(before)


def together(passes: int) -> Callable[[int], int]:
    """Work that ends when so many passes are computed at a time; it makes the threads that each has."""
    barrier = threading.Barrier(passes)

    def work(_: int) -> int:
        barrier.wait(60)
        return torch.get_num_threads()

    return work


@contextmanager
def another() -> Iterator[list[int]]:
    """A pass of somebody else's meanwhile; the threads that it had at its end, once it is over."""
    begun, over, had = threading.Event(), threading.Event(), list[int]()

    def work(_: int) -> None:
        begun.set()
        assert over.wait(60)
        had.append(torch.get_num_threads())

    thread = threading.Thread(target=lambda: list(spread(work, [1])))
    thread.start()
    assert begun.wait(60)
    yield had
    over.set()
    thread.join()


@pytest.mark.parametrize(("passes", "threads"), [(1, 4), (2, 2), (3, 1), (4, 1)])
def test_passes_share_the_cores(passes: int, threads: int) -> None:
    assert [made for _, made in spread(together(passes), range(passes))] == [threads] * passes


def test_a_pass_beside_another_has_its_share_and_the_other_keeps_its_own() -> None:
    with another() as had:
        assert list(spread(together(1), [7])) == [(7, 2)]
    assert had == [4]


def test_as_many_passes_as_cores_and_one_less_for_each_of_somebody_else() -> None:
    now, most, lock = 0, 0, threading.Lock()

    def work(part: int) -> int:
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        sum(range(10_000))
        with lock:
            now -= 1
        return part

    assert {part for part, _ in spread(together(4), range(40))} == set(range(40))
    with another(), another():
        assert sorted(made for _, made in spread(work, range(200))) == list(range(200))
    assert 1 <= most <= 2


def test_one_pass_is_computed_however_many_others_are() -> None:
    with another(), another(), another(), another(), another():
        assert list(spread(together(1), [1, 2])) == [(1, 1), (2, 1)]


def test_nothing_is_made_of_nothing() -> None:
    assert list(spread(together(1), [])) == []


@pytest.mark.parametrize("parts", [1, 9])
def test_a_pass_that_fails_is_told_and_gives_its_core_back(parts: int) -> None:
    def fail(part: int) -> None:
        raise RuntimeError(str(part))

    with pytest.raises(RuntimeError):
        list(spread(fail, range(parts)))
    assert list(spread(together(1), [1])) == [(1, 4)]


def test_whoever_listens_no_longer_stops_what_has_not_begun() -> None:
    done: list[int] = []
    for _ in spread(done.append, range(50)):
        break
    assert len(done) <= 8
    assert list(spread(together(1), [1])) == [(1, 4)]
