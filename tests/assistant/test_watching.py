"""`watch` as a command of its own, ended by Ctrl-C, and what `status` says of damage."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from index.catalog import CATALOG
from tests.assistant.command_line import STOPPABLE, run

PATIENCE = 120.0  # seconds on a machine that does other work too


@pytest.fixture
def index(tmp_path: Path) -> Path:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "ward.md").write_text("# The ward\n\nThe blue door is locked at nine.\n")
    built = run("build", documents, "--index", tmp_path / "index", "--encoder", "hashed")
    assert built.exit_code == 0, built.output
    return tmp_path / "index"


@pytest.fixture
def watching(index: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", STOPPABLE, "watch", "--index", str(index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        late = Timer(PATIENCE, process.kill)
        late.start()
        yield process
        late.cancel()
        process.kill()


def test_watch_applies_a_change_and_ends_cleanly_with_ctrl_c(watching: subprocess.Popen[str], tmp_path: Path) -> None:
    assert watching.stdout is not None
    assert watching.stderr is not None
    assert watching.stdout.readline() == f"Watching {tmp_path / 'documents'}. Ctrl-C ends it.\n"
    (tmp_path / "documents" / "new.md").write_text("# New\n\nA quagfrobber arrived.\n")
    assert "1 added" in watching.stdout.readline()
    watching.send_signal(signal.SIGINT)
    assert watching.stdout.read() == "Stopped. The index is complete.\n"
    assert watching.wait() == 0
    assert watching.stderr.read() == ""
    asked = run("ask", "What arrived?", "--index", tmp_path / "index", "--reader", "similarity", "--threshold", "0")
    assert "quagfrobber" in asked.output


def test_watch_without_an_index_says_what_to_do(tmp_path: Path) -> None:
    ended = run("watch", "--index", tmp_path / "none")
    assert ended.exit_code == 2
    assert "assistant build" in ended.stderr


def test_status_reports_a_damaged_catalog_with_what_to_do(index: Path) -> None:
    catalog = index / CATALOG
    catalog.write_bytes(catalog.read_bytes().replace(b"The blue door is locked", b"The blue door is barred"))
    ended = run("status", "--index", index)
    assert ended.exit_code == 2
    assert "does not have its hash" in ended.stderr
    assert "Your documents are untouched" in ended.stderr


def test_status_tells_of_views_that_were_made_again(index: Path) -> None:
    (index / "views" / "1" / "numbers.npy").unlink()
    run("ask", "Which door?", "--index", index, "--reader", "similarity")
    assert "repaired The search files of generation 1" in run("status", "--index", index).output
