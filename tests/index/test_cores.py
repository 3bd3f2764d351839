import threading
from collections.abc import Iterator

import pytest
import torch

from index import cores
from index.cores import shared_cores


@pytest.fixture(autouse=True)
def four_cores(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = torch.get_num_threads()
    monkeypatch.setattr(cores, "_all", lambda: 4)
    yield
    torch.set_num_threads(before)


def test_a_pass_alone_has_all_cores_and_one_beside_another_its_share() -> None:
    shares: dict[str, int] = {}
    inside, done = threading.Event(), threading.Event()

    def other() -> None:
        with shared_cores():
            shares["beside"] = torch.get_num_threads()
            inside.set()
            done.wait(60)

    thread = threading.Thread(target=other)
    with shared_cores():
        shares["alone"] = torch.get_num_threads()
        thread.start()
        assert inside.wait(60)
        assert torch.get_num_threads() == 4, "a share is not changed under a pass"
    done.set()
    thread.join()
    with shared_cores():
        shares["alone again"] = torch.get_num_threads()
    assert shares == {"alone": 4, "beside": 2, "alone again": 4}


def test_a_pass_that_fails_gives_its_share_back() -> None:
    with pytest.raises(RuntimeError), shared_cores():
        raise RuntimeError
    with shared_cores():
        assert torch.get_num_threads() == 4


def test_more_passes_than_cores_have_one_each() -> None:
    with shared_cores(), shared_cores(), shared_cores(), shared_cores(), shared_cores():
        assert torch.get_num_threads() == 1
