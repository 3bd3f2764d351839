"""Uploads: what is refused, and that nothing is left behind."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.web import uploads
from assistant.web.uploads import DOCUMENTS, safe_name, store
from corpus.errors import UsageError


async def sent(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


def put(name: str, folder: Path, *parts: bytes) -> str:
    """Driven by hand: a running browser test may hold this thread's event loop."""
    storing = store(name, sent(*parts), folder, types=DOCUMENTS)
    try:
        storing.send(None)
    except StopIteration as done:
        return str(done.value)
    raise AssertionError("storing waits for nothing")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "empty or hidden"),
        (" ", "empty or hidden"),
        (".txt", "empty or hidden"),
        ("../a.txt", "empty or hidden"),
        ("a/../../b.txt", "holds a path"),
        ("/etc/passwd.txt", "holds a path"),
        ("a\\b.txt", "holds a path"),
        ("C:a.txt", "holds a path"),
        ("a..txt", "holds a path"),
        ("a\x00.txt", "control characters"),
        ("a\n.txt", "control characters"),
        ("a\u202etxt.pdf", "control characters"),
        ("é" * 200 + ".txt", "longer than 200 bytes"),
        ("CON.txt", "some systems cannot store"),
        ("lpt1.pdf", "some systems cannot store"),
        ("a.exe", "only .txt, .md"),
        ("a", "only .txt, .md"),
        ("a.txt.zip", "only .txt, .md"),
    ],
)
def test_names_that_are_refused(tmp_path: Path, name: str, reason: str) -> None:
    with pytest.raises(UsageError, match=reason):
        put(name, tmp_path / "uploads", b"words")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["a.txt", "Grüße (1).PDF", "日本.html", "two words.md", "con-trial.txt"])
def test_plain_names_are_stored(tmp_path: Path, name: str) -> None:
    assert put(name, tmp_path / "uploads", b"one ", b"two") == f"“{name}” was stored."
    assert (tmp_path / "uploads" / name).read_bytes() == b"one two"


def test_same_name_replaces_and_says_so(tmp_path: Path) -> None:
    put("a.txt", tmp_path, b"old")
    assert put("a.txt", tmp_path, b"new") == "“a.txt” was replaced."
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


def test_too_large_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put("a.txt", tmp_path, b"old")
    monkeypatch.setattr(uploads, "MEGABYTES", 1)
    with pytest.raises(UsageError, match="larger than 1 MB"):
        put("a.txt", tmp_path, b"x" * 1024**2, b"x")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]


def test_too_many_are_refused_but_one_of_them_may_be_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "FILES", 1)
    put("a.txt", tmp_path, b"old")
    with pytest.raises(UsageError, match="1 uploads are there already; remove some"):
        put("b.txt", tmp_path, b"more")
    put("a.txt", tmp_path, b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


def test_link_is_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside.txt", tmp_path / "uploads"
    outside.write_text("mine")
    folder.mkdir()
    (folder / "a.txt").symlink_to(outside)
    with pytest.raises(UsageError, match="something else of that name"):
        put("a.txt", folder, b"theirs")
    assert outside.read_text() == "mine"


@given(st.text(max_size=40))
def test_accepted_name_stays_in_its_folder(name: str) -> None:
    try:
        safe = safe_name(name, DOCUMENTS)
    except UsageError:
        return
    assert (Path("/folder") / safe).parent == Path("/folder")
    assert Path("/folder", safe).resolve().parent == Path("/folder").resolve()


def test_interrupted_upload_leaves_nothing(tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"half"
        raise asyncio.CancelledError

    storing = store("a.txt", broken(), tmp_path, types=DOCUMENTS)
    with pytest.raises(asyncio.CancelledError):
        storing.send(None)
    assert list(tmp_path.iterdir()) == []
