import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from assistant.reading.load import SHIPPED
from assistant.reading.trained import TrainedReader
from training.blend import WEIGHTS, blend


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """A reader whose weights are all 4 higher."""
    folder = tmp_path / "other"
    shutil.copytree(SHIPPED, folder)
    for name in WEIGHTS:
        higher = {key: (value.float() + 4).to(value.dtype) for key, value in load_file(folder / name).items()}
        save_file(higher, folder / name, metadata={"format": "pt"})
    return folder


def test_the_blend_lies_between_its_readers_by_their_shares(tmp_path: Path, other: Path) -> None:
    blend(tmp_path / "blended", {SHIPPED: 3.0, other: 1.0})
    for name in WEIGHTS:
        before, after = load_file(SHIPPED / name), load_file(tmp_path / "blended" / name)
        assert before.keys() == after.keys()
        for key, value in before.items():
            assert after[key].dtype == value.dtype
            assert torch.allclose(after[key].float(), value.float() + 1, atol=0.01)
    assert TrainedReader.load(tmp_path / "blended").read("Who?", ["It was Ann."])[0].answer is not None


def test_a_reader_alone_stays_what_it_was(tmp_path: Path) -> None:
    blend(tmp_path / "same", {SHIPPED: 5.0})
    for name in WEIGHTS:
        assert all(torch.equal(load_file(tmp_path / "same" / name)[k], v) for k, v in load_file(SHIPPED / name).items())
