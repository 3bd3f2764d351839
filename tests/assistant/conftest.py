"""Two small documents and the place of their index; and a ward of which more passages are found than a portion."""

from pathlib import Path

import pytest

from assistant.reading.budget import PORTION
from index.build import BuildOptions, build
from index.hashed import HashedEncoder


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "ward.md").write_text("# The ward\n\nThe blue door is locked at nine. Nobody slept.\n")
    (folder / "dose.txt").write_text("The dose was 60 mg by mouth. It rained all day long.\n")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def ward(tmp_path: Path) -> Path:
    """The index of three portions of passages about a ward, and of the one that tells the dose."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for n in range(3 * PORTION):
        (folder / f"{n}.txt").write_text(f"The ward has {n} beds.\n")
    (folder / "dose.txt").write_text("What was the dose on the ward? The dose was 60 mg.\n")
    build(tmp_path / "index", HashedEncoder(), roots=[folder], options=BuildOptions())
    return tmp_path / "index"
