"""Forgetting, excluding and settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.errors import IndexNotFound, UsageError
from index.change import exclude, forget, include, set_setting
from index.keywords import terms

if TYPE_CHECKING:
    from tests.index.conftest import Place

NONCE = b"quagfrobber"


def holds_nonce(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file() and NONCE in path.read_bytes().lower()]


def test_a_forgotten_document_leaves_nothing_anywhere(built: Place) -> None:
    built.write("secret.txt", "The quagfrobber dose was seven zorkmids.")
    built.write("copy/secret2.txt", "The quagfrobber dose was seven zorkmids.")
    built.write("long.txt", *(f"Filler sentence number {n} about nothing much." for n in range(200)))
    built.build()
    assert holds_nonce(built.index)
    done = forget(built.index, "secret.txt")
    assert (done.documents, done.passages, len(done.paths), len(done.excluded)) == (1, 1, 2, 2)
    assert done.log_wiped
    assert "Backups are not covered." in list(done)
    assert holds_nonce(built.index) == []
    with built.open() as index, index.snapshot() as store:
        assert len(store.keywords(terms("quagfrobber"), 5)) == 0
        assert store.document_frequencies(terms("quagfrobber")) == [0]
        assert store.documents == 7
        assert all("secret" not in row.relative for row in store.status().files)
        assert str(built.documents / "secret.txt") in store.status().exclusions
    assert built.build().unchanged == 7
    assert holds_nonce(built.index) == []
    include(built.index, str(built.documents / "secret.txt"))
    assert built.build().added == 1
    assert holds_nonce(built.index)


def test_a_forgotten_upload_does_not_answer_again(built: Place) -> None:
    uploads = built.index / "uploads"
    uploads.mkdir()
    upload, copy = uploads / "secret.txt", built.write("copy.txt", "The quagfrobber dose was seven zorkmids.")
    upload.write_bytes(copy.read_bytes())
    (uploads / "other.txt").write_text("Another upload, about nothing.")
    built.build(uploads)
    done = forget(built.index, "secret.txt")
    assert (done.deleted, done.excluded) == ((str(upload),), (str(copy),))
    assert f"{upload} was an upload and is deleted." in list(done)
    assert [path.name for path in uploads.iterdir()] == ["other.txt"]
    assert copy.exists()
    assert built.build().unchanged == 7
    assert holds_nonce(built.index) == []
    with built.open() as index, index.snapshot() as store:
        assert str(upload) not in store.status().exclusions


def test_forgetting_waits_for_no_reader_but_says_so(built: Place) -> None:
    with built.open() as index, index.snapshot() as held:
        done = forget(built.index, "0.txt")
        assert len(held.keywords(terms("ketamine"), 5)) == 1
        assert not done.log_wiped


def test_forgetting_what_is_not_there(built: Place, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no document nowhere"):
        forget(built.index, "nowhere.txt")
    with pytest.raises(IndexNotFound):
        forget(tmp_path / "none", "0.txt")


def test_an_exclusion_is_visible_and_reversible(built: Place) -> None:
    exclude(built.index, "[01].txt")
    assert built.build().removed == 2
    include(built.index, "[01].txt")
    assert built.build().added == 2


def test_a_file_is_included_again_by_its_path_or_the_end_of_it(built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    built.write("inner/0.txt", "A file below the folder.")
    exclude(built.index, "drafts/1.txt")
    built.build()
    for name in ("inner/0.txt", str(built.documents / "0.txt"), "1.txt"):
        forget(built.index, name)
    monkeypatch.chdir(built.documents / "inner")
    include(built.index, "../0.txt")
    monkeypatch.chdir("/")
    include(built.index, "inner/0.txt")
    include(built.index, "1.txt")
    assert built.build().added == 3
    with built.open() as index, index.snapshot() as store:
        assert store.status().exclusions == ("drafts/1.txt",)


def test_including_what_is_not_kept_out_or_not_alone_says_what_is(built: Place) -> None:
    with pytest.raises(UsageError, match=r"Nothing that is kept out is called 0.txt\. Nothing is kept out\."):
        include(built.index, "0.txt")
    other = built.write("other/0.txt", "Another file of the same name.")
    built.build()
    for path in (built.documents / "0.txt", other):
        forget(built.index, str(path))
    with pytest.raises(UsageError, match=r"Several files that are kept out are called 0\.txt") as raised:
        include(built.index, "0.txt")
    assert str(other) in str(raised.value)
    assert built.build().added == 0


def test_settings_are_remembered(built: Place) -> None:
    set_setting(built.index, "threshold", 0.0)
    set_setting(built.index, "reader", "similarity")
    set_setting(built.index, "reader", None)
    with built.open() as index, index.snapshot() as store:
        assert store.settings == {"threshold": 0.0}
        assert store.status().settings == {"threshold": 0.0}
