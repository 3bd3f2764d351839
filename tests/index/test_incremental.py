"""What a build does after each kind of change, counted in files and in encoded passages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.documents import Document, Problem
from corpus.errors import UsageError
from corpus.settings import CorpusSettings
from index.catalog import CATALOG, Catalog
from index.hashed import HashedEncoder
from tests.index.conftest import PARAGRAPHS, load_here

if TYPE_CHECKING:
    from tests.index.conftest import Place

NONCE = "The quagfrobber dose was seven zorkmids."


def counts(report: object) -> dict[str, int]:
    names = ("added", "changed", "removed", "unchanged", "renamed", "passages_encoded")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def test_the_first_build_takes_in_everything(place: Place) -> None:
    report = place.build(place.documents)
    assert counts(report) == {"added": 6, "passages_encoded": 6}
    assert (report.generation, report.documents, report.passages, report.problems) == (1, 6, 6, ())
    assert len(place.texts()) == 6


def test_no_change_makes_no_generation_and_encodes_nothing(built: Place) -> None:
    report = built.build()
    assert counts(report) == {"unchanged": 6}
    assert report.generation == 1


def test_a_touched_file_is_not_a_changed_one(built: Place) -> None:
    for path in built.documents.iterdir():
        os.utime(path, ns=(1, 1))
    report = built.build()
    assert counts(report) == {"unchanged": 6}
    assert report.generation == 1
    with built.open() as index:
        assert len(index.changes()) == 0


def test_an_edit_encodes_only_its_own_passages_and_removes_the_old_text(built: Place) -> None:
    built.write("2.txt", NONCE)
    report = built.build()
    assert counts(report) == {"changed": 1, "unchanged": 5, "passages_encoded": 1}
    texts = built.texts()
    assert NONCE in texts
    assert len(texts) == 6
    assert not any("Brexanolone" in text for text in texts)


def test_unchanged_passages_of_an_edited_file_keep_their_vectors_and_ids(place: Place) -> None:
    sections = [f"SECTION {n}\n\n" + f"Sentence of part {n} with words. " * 40 for n in range(5)]
    place.write("long.txt", *sections)
    first = place.build(place.documents)
    before = passage_ids(place)
    place.write("long.txt", *sections, NONCE)
    report = place.build()
    after = passage_ids(place)
    assert first.passages > 10
    assert report.passages_encoded <= 2
    same = set(before) & set(after)
    assert len(same) >= len(before) - 1
    assert all(before[text] == after[text] for text in same)
    assert NONCE in "".join(place.texts())


def passage_ids(place: Place) -> dict[str, int]:
    with place.open() as index, index.snapshot() as store:
        ids = store.dense(np.ones(64, dtype=np.float32), 1000).ids
        return {passage.text: int(n) for n, passage in zip(ids, store.passages_by_id(ids), strict=True)}


def test_an_added_and_a_deleted_file(built: Place) -> None:
    built.write("new/7.txt", NONCE)
    (built.documents / "0.txt").unlink()
    report = built.build()
    assert counts(report) == {"added": 1, "removed": 1, "unchanged": 5, "passages_encoded": 1}
    texts = built.texts()
    assert NONCE in texts
    assert not any("Ketamine" in text for text in texts)


def test_a_rename_and_a_move_encode_nothing(built: Place) -> None:
    (built.documents / "0.txt").rename(built.documents / "zero.txt")
    (built.documents / "sub").mkdir()
    (built.documents / "1.txt").rename(built.documents / "sub" / "1.txt")
    report = built.build()
    assert counts(report) == {"renamed": 2, "unchanged": 4}
    with built.open() as index, index.snapshot() as store:
        assert {row.relative for row in store.status().files} >= {"zero.txt", "sub/1.txt"}
        assert store.find_documents(["zero.txt"])


def test_the_same_bytes_twice_are_one_document_with_two_paths(built: Place) -> None:
    shutil.copy(built.documents / "0.txt", built.documents / "copy.txt")
    report = built.build()
    assert counts(report) == {"added": 1, "unchanged": 6}
    assert (report.documents, report.passages) == (6, 6)
    with built.open() as index, index.snapshot() as store:
        (sha256,) = store.find_documents(["copy.txt"])
        assert [row.relative for row in store.files(sha256)] == ["0.txt", "copy.txt"]
    (built.documents / "0.txt").unlink()
    assert counts(built.build()) == {"removed": 1, "unchanged": 6}
    assert len(built.texts()) == 6


def test_the_same_name_twice_stays_two_documents(built: Place) -> None:
    built.write("a/readme.txt", NONCE)
    built.write("b/readme.txt", "Another text altogether, about nothing.")
    assert built.build().documents == 8
    with built.open() as index, index.snapshot() as store:
        with pytest.raises(UsageError, match=r"a/readme\.txt.*b/readme\.txt"):
            store.find_documents(["readme.txt"])
        assert len(store.find_documents(["a/readme.txt", "b/readme.txt"])) == 2
        with pytest.raises(UsageError, match="no document nowhere"):
            store.find_documents(["nowhere"])


def test_the_same_path_in_two_folders_is_named_by_its_absolute_path(built: Place, tmp_path: Path) -> None:
    other, alone = tmp_path / "other" / "0.txt", tmp_path / "alone.txt"
    other.parent.mkdir()
    other.write_text(NONCE)
    alone.write_text("Another text altogether, about nothing.")
    built.build(other.parent, alone)
    with built.open() as index, index.snapshot() as store:
        sha256 = {Path(row.root, row.relative): row.sha256 for row in store.status().files}
        assert store.find_documents([str(other)]) == {sha256[other]}
        assert store.find_documents([str(built.documents / "0.txt")]) == {sha256[built.documents / "0.txt"]}
        (found,) = store.find_documents([str(alone)])  # a root that is itself a file
        assert [file.path for file in store.files(found)] == [alone]
        with pytest.raises(UsageError, match=f"0.txt names 2 documents: {built.documents}/0.txt, {other}. Give"):
            store.find_documents(["0.txt"])
        with pytest.raises(UsageError, match="no document"):
            store.find_documents([str(tmp_path / "0.txt")])


def test_a_file_with_a_backslash_in_its_name_is_found_by_it(place: Place) -> None:
    path = place.write("a\\b.txt", NONCE)
    place.build(place.documents)
    with place.open() as index, index.snapshot() as store:
        assert store.find_documents(["a\\b.txt"]) == store.find_documents([str(path)])


def test_a_file_that_became_unreadable_keeps_its_text_and_is_reported_and_not_tried_again(built: Place) -> None:
    path = built.documents / "0.txt"
    path.write_bytes(bytes(range(256)) * 20)
    for _ in range(2):
        report = built.build()
        assert counts(report) == {"unchanged": 6}
        (problem,) = report.problems
        assert problem.path == str(path)
        assert "kept" in problem.reason
    assert any("Ketamine" in text for text in built.texts())
    with built.open() as index, index.snapshot() as store:
        (row,) = (row for row in store.status().files if row.relative == "0.txt")
        (file,) = store.files(row.sha256)
        assert file.size != path.stat().st_size  # which is how a quote is marked as changed
    built.write("0.txt", NONCE)
    assert counts(built.build()) == {"changed": 1, "unchanged": 5, "passages_encoded": 1}


def test_the_same_bytes_stay_one_document_when_one_copy_cannot_be_read_anew(place: Place) -> None:
    def improved(paths: Sequence[Path], settings: CorpusSettings) -> Iterator[tuple[Path, Document | Problem]]:
        for path, loaded in load_here(paths, settings):
            yield (
                path,
                replace(loaded, text=f"Now with a first line.\n\n{loaded.text}")
                if isinstance(loaded, Document)
                else loaded,
            )

    place.write("1.txt", PARAGRAPHS[0])
    place.build(place.documents)
    with Catalog(place.index / CATALOG) as catalog:  # as an earlier version of the program left it
        catalog.run("UPDATE documents SET recipe = 'earlier' || substr(recipe, instr(recipe, '|'))")
    (place.documents / "1.txt").write_bytes(bytes(range(256)) * 20)
    report = place.build(load=improved)
    assert (report.documents, len(report.problems)) == (5, 1)
    assert len(place.texts()) == 5  # each a slice of its document
    with place.open() as index, index.snapshot() as store:
        (sha256,) = store.find_documents(["0.txt", "1.txt"])
        assert [row.relative for row in store.files(sha256)] == ["0.txt", "1.txt"]
        assert store.document(sha256).text.startswith("Now with a first line.")
    with Catalog(place.index / CATALOG) as catalog:
        assert catalog.rows("SELECT sha256 FROM documents GROUP BY sha256 HAVING count(*) > 1") == []


def test_a_missing_root_removes_nothing_until_accepted(built: Place, tmp_path: Path) -> None:
    built.documents.rename(tmp_path / "away")
    report = built.build()
    assert counts(report) == {"unchanged": 6}
    assert "missing" in report.problems[0].reason
    assert len(built.texts()) == 6
    assert counts(built.build(accept_removals=True)) == {"removed": 6}
    assert built.texts() == set()
    (tmp_path / "away").rename(built.documents)
    assert counts(built.build()) == {"added": 6, "passages_encoded": 6}


def test_a_missing_root_inside_another_removes_nothing_until_accepted(built: Place, tmp_path: Path) -> None:
    disk = built.documents / "disk"
    built.write("disk/far.txt", "A file on a disk of its own.")
    assert counts(built.build(disk)) == {"added": 1, "unchanged": 6, "passages_encoded": 1}
    disk.rename(tmp_path / "away")
    report = built.build()
    assert counts(report) == {"unchanged": 7}
    assert [problem.reason for problem in report.problems] == ["The folder is missing. Its 1 documents are kept."]
    disk.mkdir()  # as the place stays where a disk was
    report = built.build()
    assert counts(report) == {"unchanged": 7}
    kept = "1 of the 1 files indexed from this folder are gone. Its 1 documents are kept."
    assert [problem.reason for problem in report.problems] == [kept]
    assert counts(built.build(accept_removals=True)) == {"removed": 1, "unchanged": 6}


def test_a_half_emptied_root_removes_nothing_until_accepted(built: Place) -> None:
    for number in range(4):
        (built.documents / f"{number}.txt").unlink()
    report = built.build()
    assert counts(report) == {"unchanged": 6}
    assert "4 of the 6 files" in report.problems[0].reason
    assert counts(built.build(accept_removals=True)) == {"removed": 4, "unchanged": 2}
    assert len(built.texts()) == 2


def test_moving_most_files_is_no_loss(built: Place) -> None:
    (built.documents / "sub").mkdir()
    for number in range(5):
        (built.documents / f"{number}.txt").rename(built.documents / "sub" / f"{number}.txt")
    report = built.build()
    assert counts(report) == {"renamed": 5, "unchanged": 1}
    assert report.problems == ()


def test_roots_are_remembered_added_and_replaced(built: Place, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.txt").write_text(NONCE)
    assert counts(built.build(other)) == {"added": 1, "unchanged": 6, "passages_encoded": 1}
    assert counts(built.build()) == {"unchanged": 7}
    assert counts(built.build(other, only=True)) == {"removed": 6, "unchanged": 1}
    with built.open() as index, index.snapshot() as store:
        assert store.status().roots == (str(other),)


def test_replacing_the_folders_keeps_the_uploads(built: Place, tmp_path: Path) -> None:
    uploads = built.index / "uploads"
    uploads.mkdir()
    (uploads / "mine.txt").write_text(NONCE)
    built.build(uploads)
    other = tmp_path / "other"
    other.mkdir()
    (other / "x.txt").write_text("Another text altogether, about nothing.")
    assert counts(built.build(other, only=True)) == {"added": 1, "removed": 6, "unchanged": 1, "passages_encoded": 1}
    assert NONCE in built.texts()
    with built.open() as index, index.snapshot() as store:
        assert set(store.status().roots) == {str(other), str(uploads)}


@pytest.mark.parametrize("inner", ["index", "notes/index"])
def test_an_index_inside_a_folder_of_documents_does_not_index_itself(place: Place, inner: str) -> None:
    inside = replace(place, index=place.documents / inner)
    uploads = inside.index / "uploads"
    uploads.mkdir(parents=True)
    (uploads / "mine.txt").write_text(NONCE)
    (inside.index / "sets").mkdir()
    (inside.index / "sets" / "questions.md").write_text("Which questions were asked?")
    assert counts(inside.build(inside.documents)) == {"added": 6, "passages_encoded": 6}
    assert counts(inside.build(uploads)) == {"added": 1, "unchanged": 6, "passages_encoded": 1}
    (inside.index / "sets" / "more.md").write_text("Which other questions were asked?")
    inside.write("index.txt", "A file whose name begins like the folder's.")
    with inside.open() as index:
        assert [Path(path).name for path in index.changes().added] == ["index.txt"]
        with index.snapshot() as store:
            assert (str(inside.index), "the index itself") in store.status().skipped
            assert not any("sets" in path or "catalog" in path for path, _ in store.status().skipped)


def test_a_folder_inside_a_remembered_one_brings_only_what_the_outer_leaves_out(built: Place) -> None:
    inner, hidden = built.documents / "inner", built.documents / ".hidden"
    built.write("inner/one.txt", "A file of both folders.")
    built.write(".hidden/two.txt", "A file that the outer folder leaves out.")
    assert counts(built.build(inner)) == {"added": 1, "unchanged": 6, "passages_encoded": 1}
    with built.open() as index, index.snapshot() as store:
        assert [row.relative for row in store.status().files if "one" in row.relative] == ["inner/one.txt"]
    assert counts(built.build(hidden)) == {"added": 1, "unchanged": 7, "passages_encoded": 1}
    with built.open() as index, index.snapshot() as store:
        assert str(hidden) not in [path for path, _ in store.status().skipped]
    assert counts(built.build(built.documents / ".." / built.documents.name / "inner")) == {"unchanged": 8}
    picture = built.documents / "picture.png"
    picture.write_bytes(b"p")
    assert (str(picture), "files of type .png are not read") in built.build(picture).skipped
    assert counts(built.build(inner, only=True)) == {"removed": 7, "renamed": 1}


def test_the_index_folder_named_as_documents_gives_none_of_its_own_files(built: Place) -> None:
    (built.index / "sets").mkdir()
    (built.index / "sets" / "questions.md").write_text(NONCE)
    assert counts(built.build(built.index)) == {"unchanged": 6}


def test_replacing_the_folders_by_none_is_refused(built: Place) -> None:
    (built.index / "uploads").mkdir()
    with pytest.raises(UsageError, match="No folder"):
        built.build(only=True)


def test_an_exclusion_is_remembered(built: Place) -> None:
    assert counts(built.build(exclude=("0.txt", "1.txt", "2.txt", "3.txt"))) == {"removed": 4, "unchanged": 2}
    assert counts(built.build()) == {"unchanged": 2}
    with built.open() as index, index.snapshot() as store:
        assert "0.txt" in store.status().exclusions


def test_wrong_roots_and_folders_are_refused(place: Place, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No folder is indexed yet"):
        place.build()
    with pytest.raises(UsageError, match="There is no file or folder"):
        place.build(tmp_path / "nowhere")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.doc").write_text("mine")
    full = type(place)(place.documents, tmp_path / "full", place.encoder)
    with pytest.raises(UsageError, match="holds other things"):
        full.build(place.documents)
    (tmp_path / "empty").mkdir()
    assert type(place)(place.documents, tmp_path / "empty", place.encoder).build(place.documents).documents == 6


def test_an_empty_folder_gives_an_empty_index(place: Place, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    report = place.build(tmp_path / "nothing")
    assert (report.generation, report.documents, report.passages) == (1, 0, 0)
    with place.open() as index, index.snapshot() as store:
        assert len(store.dense(np.ones(64, dtype=np.float32), 5)) == 0
        assert len(store.keywords(["dose"], 5)) == 0
        assert store.passages_by_id([]) == []
        assert store.vectors_by_id([]).shape == (0, 64)


def test_another_encoder_encodes_everything_anew_without_reading_files(built: Place) -> None:
    other = type(built)(built.documents, built.index, HashedEncoder(32))
    report = other.build()
    assert report.passages_encoded == 6
    assert report.generation == 2
    with other.open() as index, index.snapshot() as store:
        assert store.vectors_by_id(store.dense(np.ones(32, dtype=np.float32), 5).ids).shape == (5, 32)


def test_an_index_without_documents_takes_another_encoder_too(place: Place, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for dimension in (64, 32):
        other = type(place)(tmp_path / "empty", tmp_path / "emptied", HashedEncoder(dimension))
        other.build(other.documents)
        with other.open() as index, index.snapshot() as store:
            assert store.status().encoder.dimension == dimension


def test_changes_on_the_disk_are_seen_before_a_build(built: Place) -> None:
    built.write("new.txt", NONCE)
    built.write("0.txt", NONCE)
    (built.documents / "1.txt").unlink()
    with built.open() as index:
        changes = index.changes()
        assert [Path(name).name for name in (*changes.added, *changes.changed, *changes.removed)] == [
            "new.txt",
            "0.txt",
            "1.txt",
        ]
        built.build()
        assert len(index.changes()) == 0
