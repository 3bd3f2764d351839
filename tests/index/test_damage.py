"""Disks that are full, read-only or damaged, clocks that go backwards: a clear error, and nothing is lost."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.documents import Problem
from corpus.errors import IndexDamaged, UsageError
from index.catalog import CATALOG
from index.change import exclude
from index.lock import writing
from index.manifest import MANIFEST
from index.views import folder_of
from tests.index.crash import OPTIONS, build_here, write_edition

if TYPE_CHECKING:
    from tests.index.conftest import Place

MB = 1 << 20


def flip(path: Path, place: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[place] ^= 0xFF
    path.write_bytes(raw)


def read_everything(place: Place) -> None:
    with place.open() as index:
        with index.snapshot() as store:
            for row in store.status().files:
                store.document(row.sha256)
            store.passages_by_id(np.arange(1, store.passages + 1))
        index.check()


def repair_told(place: Place) -> str:
    with place.open() as index, index.snapshot() as store:
        return store.status().repair


def test_a_reader_that_makes_damaged_views_again_says_so(built: Place, caplog: pytest.LogCaptureFixture) -> None:
    assert repair_told(built) == ""
    flip(folder_of(built.index, 1) / "vectors.faiss", 100)
    with caplog.at_level(logging.WARNING):
        assert len(built.texts()) == 6
    told = repair_told(built)
    assert "search files of generation 1 were damaged or missing" in told
    assert "made again" in told
    assert "no answer is lost" in caplog.text


@pytest.mark.parametrize("text", ["[]", "{}", '{"generation": 1}', '{"generation": 1, "passages": "x", "files": {}}'])
def test_a_manifest_that_is_none_is_made_again(built: Place, text: str) -> None:
    manifest = folder_of(built.index, 1) / MANIFEST
    manifest.write_text(text)
    assert len(built.texts()) == 6
    assert manifest.read_text() != text


def test_a_build_that_makes_damaged_views_again_says_so(built: Place, caplog: pytest.LogCaptureFixture) -> None:
    flip(folder_of(built.index, 1) / "numbers.npy", 90)
    built.write("new.txt", "Something new altogether.")
    with caplog.at_level(logging.WARNING):
        built.build()
    assert "search files of generation 1" in caplog.text
    assert "search files of generation 1" in repair_told(built)
    assert len(built.texts()) == 7


def test_views_made_in_memory_are_told_of(built: Place, caplog: pytest.LogCaptureFixture) -> None:
    shutil.rmtree(built.index / "views")
    with writing(built.index), caplog.at_level(logging.WARNING):
        assert len(built.texts()) == 6
    assert "in memory only" in caplog.text


def test_a_whole_index_is_found_whole_and_a_changed_text_is_not(built: Place) -> None:
    with built.open() as index:
        index.check()
    catalog = built.index / CATALOG
    catalog.write_bytes(catalog.read_bytes().replace(b"Zuranolone is a pill", b"Zuranolone is a bill"))
    with built.open() as index, pytest.raises(IndexDamaged, match=r"text of document .* move catalog\.sqlite out"):
        index.check()


def test_a_passage_that_is_no_slice_of_its_document_is_found(built: Place) -> None:
    with sqlite3.connect(built.index / CATALOG) as connection:
        connection.execute("UPDATE passages SET start = start + 1 WHERE id = 2")
    connection.close()
    with built.open() as index, pytest.raises(IndexDamaged, match="passage 2 is no slice"):
        index.check()


def test_a_damaged_page_of_the_catalog_is_reported_with_what_to_do(built: Place) -> None:
    catalog = built.index / CATALOG
    size = catalog.stat().st_size
    with catalog.open("r+b") as file:
        file.seek(size // 2 // 4096 * 4096)
        file.write(os.urandom(4096))
    with pytest.raises(IndexDamaged, match="Your documents are untouched"), built.open() as index:
        index.check()


def test_a_stored_hash_that_is_no_text_any_more_is_damage_and_no_crash(built: Place) -> None:
    catalog = built.index / CATALOG
    with built.open() as index, index.snapshot() as store:
        sha256 = store.status().files[0].sha256
        kept = store.stored_text_sha256(sha256).encode()
    catalog.write_bytes(catalog.read_bytes().replace(kept, b"\xbe" + kept[1:]))
    with built.open() as index, index.snapshot() as store, pytest.raises(IndexDamaged, match="build again"):
        store.stored_text_sha256(sha256)


def test_a_table_whose_name_is_damaged_is_damage_and_no_crash(built: Place) -> None:
    catalog = built.index / CATALOG
    catalog.write_bytes(catalog.read_bytes().replace(b"CREATE TABLE meta", b"CREATE TABLE m\xbeta"))
    with pytest.raises(IndexDamaged, match="build again"):
        built.open()


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("skipped", "path"), ("files", "relative"), ("documents", "title"), ("documents", "text"),
        ("documents", "pages"), ("documents", "problems"), ("passages", "text"), ("passages", "heading"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", ["NULL", "7", "'x'"])
def test_a_value_of_another_kind_is_damage_and_no_crash(built: Place, table: str, column: str, value: str) -> None:
    (built.documents / "picture.png").write_bytes(b"p")
    built.build()
    with sqlite3.connect(built.index / CATALOG) as connection:  # a copy of a table has no constraints
        connection.executescript(
            f"CREATE TABLE loose AS SELECT * FROM {table}; DROP TABLE {table}; ALTER TABLE loose RENAME TO {table};"
            f"UPDATE {table} SET {column} = {value}"
        )
    connection.close()
    with pytest.raises(IndexDamaged, match="build again"):
        read_everything(built)


def test_what_the_error_tells_to_do_helps_and_loses_no_upload(built: Place) -> None:
    uploads = built.index / "uploads"
    uploads.mkdir()
    (uploads / "mine.txt").write_text("An upload that is nowhere else.")
    built.build(uploads)
    (built.index / "page.key").write_bytes(b"k")
    (built.index / CATALOG).rename(built.index.with_name("away"))
    built.build(built.documents, uploads)
    assert len(built.texts()) == 7


def test_a_folder_of_somebody_else_is_still_refused(built: Place, tmp_path: Path) -> None:
    foreign = replace(built, index=tmp_path / "foreign")
    (foreign.index / "views").mkdir(parents=True)
    with pytest.raises(UsageError, match="holds other things"):
        foreign.build(foreign.documents)
    assert (foreign.index / "views").exists()


@pytest.fixture
def small_disk(built: Place) -> Iterator[Place]:
    """The same index on a disk of one megabyte and a half."""
    disk = built.index.with_name("disk")
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={3 * MB // 2}", "tmpfs", disk]
    if subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("no disk may be mounted here; test_crash lets every step find the disk full")
    try:
        shutil.copytree(built.index, disk / "index")
        yield replace(built, index=disk / "index", options=OPTIONS)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


@pytest.mark.parametrize("free", [0, 4096, 40_000, 120_000, 400_000])
def test_a_full_disk_is_told_and_loses_nothing(small_disk: Place, free: int) -> None:
    before = small_disk.texts()
    for number in range(120):
        small_disk.write(f"more/{number}.txt", *(f"Sentence {number} and {n} fills the disk." for n in range(60)))
    filler = small_disk.index.parent / "filler"
    fill(filler, free)
    with pytest.raises(UsageError, match="as it was before"):
        small_disk.build()
    assert small_disk.texts() == before
    assert not folder_of(small_disk.index, 2).exists()
    filler.unlink()
    shutil.rmtree(small_disk.documents / "more")
    write_edition(small_disk.documents, 1)
    small_disk.build()
    assert len(small_disk.texts()) == 8


def fill(path: Path, free: int) -> None:
    """Write until so many bytes are left."""
    left = os.statvfs(path.parent)
    path.write_bytes(bytes(max(0, left.f_bavail * left.f_frsize - free)))


@pytest.fixture
def read_only(built: Place) -> Iterator[Place]:
    """The same index where it cannot be written: permissions do for a user, a read-only mount for the administrator."""
    if os.geteuid():
        paths = [built.index, *built.index.rglob("*")]
        modes = {path: path.stat().st_mode for path in paths}
        for path, mode in modes.items():
            path.chmod(mode & ~0o222)
        yield built
        for path, mode in modes.items():
            path.chmod(mode)
        return
    disk = built.index.with_name("disk")
    disk.mkdir()
    if subprocess.run(["mount", "--bind", built.index, disk], check=False, capture_output=True).returncode:
        pytest.skip("no disk may be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", disk], check=True)
        yield replace(built, index=disk)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


REFUSED = "(Read-only file system|Permission denied).* as it was before"


def test_a_read_only_index_answers_and_refuses_to_be_written(read_only: Place) -> None:
    assert len(read_only.texts()) == 6
    with pytest.raises(UsageError, match=REFUSED):
        read_only.build()
    with pytest.raises(UsageError, match=REFUSED):
        exclude(read_only.index, "*.txt")
    assert len(read_only.texts()) == 6


def test_a_clock_that_goes_backwards_hides_no_edit(built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build saw the files a day ahead of the time; each edit after that is older than the look."""
    real = time.time_ns
    with monkeypatch.context() as ahead:
        ahead.setattr(time, "time_ns", lambda: real() + 86_400_000_000_000)
        built.build()
    path = built.documents / "0.txt"
    before = path.stat()
    path.write_text(path.read_text().replace("Ketamine", "Kefamine"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns - 3_600_000_000_000))
    assert path.stat().st_size == before.st_size
    assert built.build().changed == 1
    assert any(text.startswith("Kefamine") for text in built.texts())


def test_a_file_that_changes_while_it_is_read_keeps_its_text_and_is_read_again(built: Place) -> None:
    path = built.documents / "0.txt"
    path.write_text("A first half of")
    torn = Problem(str(path), "The file changed while it was read.", "Build again when it is fully written.")
    options = replace(OPTIONS, load=lambda paths, _: ((path, torn) for path in paths))
    report = replace(built, options=options).build()
    assert [problem.path for problem in report.problems] == [str(path)]
    assert "is kept" in report.problems[0].reason
    assert any(text.startswith("Ketamine") for text in built.texts())
    path.write_text("A first half of and its second half.")
    assert build_here(built.documents, built.index).changed == 1
