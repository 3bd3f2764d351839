"""Two small documents and the place of their index, for tests of the command line."""

from pathlib import Path

import pytest


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
