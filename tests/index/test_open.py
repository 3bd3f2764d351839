"""Opening and reading: what is refused, what is repaired, and what readers see while others write."""

from __future__ import annotations

import json
import shutil
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from corpus.errors import IndexDamaged, IndexMismatch, IndexNotFound
from index import catalog
from index.catalog import CATALOG
from index.hashed import HashedEncoder
from index.keywords import terms
from index.lock import writing
from index.manifest import MANIFEST
from index.open import Index
from index.settings import IndexSettings
from index.views import folder_of

if TYPE_CHECKING:
    from tests.index.conftest import Place


def test_no_index_says_what_to_run(place: Place, tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound, match="assistant build"):
        Index.open(tmp_path / "none", place.encoder)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_index_deleted_while_it_is_opened_is_not_found(
    built: Place, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    connect = sqlite3.connect

    def deleted(*where: object, **how: object) -> sqlite3.Connection:
        if moment == "before":
            (built.index / CATALOG).unlink()
        connection: sqlite3.Connection = connect(*where, **how)  # type: ignore[call-overload]
        if moment == "after":
            (built.index / CATALOG).unlink()
        return connection

    monkeypatch.setattr(sqlite3, "connect", deleted)
    with pytest.raises(IndexNotFound, match="deleted"):
        Index.open(built.index, built.encoder)


def test_another_encoder_is_refused_with_the_command(built: Place) -> None:
    with pytest.raises(IndexMismatch, match=r"assistant build --index .* --encoder hashed"):
        Index.open(built.index, HashedEncoder(32))


def test_the_encoder_is_found_by_its_stored_name(built: Place) -> None:
    with Index.open(built.index) as index:
        assert index.encoder.name == "hashed"


def view_files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return sorted(found, key=lambda path: (path.suffix, path.name))


def test_the_view_files_are_checked_and_made_again_without_encoding(built: Place) -> None:
    texts = built.texts()
    folder = folder_of(built.index, 1)
    for number in range(len(view_files(folder))):
        path = view_files(folder)[number]
        raw = bytearray(path.read_bytes())
        raw[len(raw) // 2] ^= 0xFF
        path.write_bytes(raw)
        assert built.texts() == texts, path
        view_files(folder)[number].unlink()
        assert built.texts() == texts, path
    shutil.rmtree(folder)
    assert built.texts() == texts
    assert (folder / MANIFEST).exists()


def test_views_are_made_in_memory_while_another_writes(built: Place) -> None:
    texts = built.texts()
    shutil.rmtree(folder_of(built.index, 1))
    with writing(built.index):
        assert built.texts() == texts
    assert not folder_of(built.index, 1).exists()


def test_views_of_another_generation_are_not_used(built: Place) -> None:
    texts = built.texts()
    manifest = folder_of(built.index, 1) / MANIFEST
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "generation": 7}))
    assert built.texts() == texts


def test_a_flipped_byte_in_a_stored_text_is_seen(built: Place) -> None:
    catalog = built.index / CATALOG
    raw = catalog.read_bytes()
    texts = [place for place in range(len(raw)) if raw.startswith(b"Zuranolone is a pill", place)]
    assert len(texts) == 2  # the document's text and its passage's
    catalog.write_bytes(raw.replace(b"Zuranolone is a pill", b"Zuranolone is a bill"))
    with built.open() as index, index.snapshot() as store:
        (sha256,) = store.find_documents(["3.txt"])
        assert store.document(sha256).text_sha256 != store.stored_text_sha256(sha256)


def test_a_damaged_catalog_says_what_to_do(built: Place) -> None:
    catalog = built.index / CATALOG
    catalog.write_bytes(b"not a database at all" * 1000)
    with pytest.raises(IndexDamaged, match="build again"), built.open() as index, index.snapshot() as store:
        store.status()


def test_a_rebuild_is_noticed_without_opening_again_and_a_held_snapshot_stays_as_it_was(built: Place) -> None:
    with built.open() as index:
        with index.snapshot() as before:
            built.write("0.txt", "Something else entirely.")
            built.build()
            assert before.generation == 1
            assert len(before.keywords(terms("ketamine"), 5)) == 1
            assert "Ketamine" in before.passages_by_id(before.keywords(terms("ketamine"), 5).ids)[0].text
        with index.snapshot() as after:
            assert after.generation == 2
            assert len(after.keywords(terms("ketamine"), 5)) == 0


def test_an_index_that_was_deleted_and_built_again_is_the_one_that_answers(built: Place) -> None:
    with built.open() as index:
        with index.snapshot() as store:
            assert store.documents == 6
        built.index.rename(built.index.with_name("gone"))  # at once: files may still come and go in its folders
        with pytest.raises(IndexNotFound), index.snapshot():
            pass
        (built.documents / "0.txt").unlink()
        built.build(built.documents)
        with index.snapshot() as store:
            assert store.documents == 5
            assert len(store.keywords(terms("ketamine"), 5)) == 0


def test_a_copy_in_a_folder_without_a_log_is_read(built: Place, tmp_path: Path) -> None:
    shutil.copytree(built.index, tmp_path / "copy")
    copy = type(built)(built.documents, tmp_path / "copy", built.encoder)
    assert copy.texts() == built.texts()


def test_restricting_to_documents(built: Place) -> None:
    with built.open() as index, index.snapshot() as store:
        chosen = store.find_documents(["0.txt", "3.txt"])
        vector = built.encoder.encode(["infusion of a pill"])[0]
        for found in (store.dense(vector, 10, chosen), store.keywords(terms("infusion pill trial"), 10, chosen)):
            assert {passage.document for passage in store.passages_by_id(found.ids)} == chosen
        assert len(store.dense(vector, 10, set())) == 0


def test_keyword_scores_are_those_of_the_search_and_none_without_a_term(built: Place) -> None:
    asked = terms("infusion pill trial")
    with built.open() as index, index.snapshot() as store:
        found = store.keywords(asked, 10)
        ids = np.sort(store.dense(built.encoder.encode(["infusion of a pill"])[0], 10).ids)
        scores = dict(zip(ids.tolist(), store.keyword_scores(asked, ids).tolist(), strict=True))
        searched = dict(zip(found.ids.tolist(), found.scores.tolist(), strict=True))
        assert 0 < len(searched) < len(scores)
        assert scores == {number: searched.get(number, 0.0) for number in scores}
        assert store.keyword_scores([], ids).tolist() == [0.0] * len(ids)
        assert len(store.keyword_scores(asked, ids[:0])) == 0


def test_vectors_are_those_of_the_encoder_with_the_prefix(built: Place) -> None:
    with built.open() as index, index.snapshot() as store:
        ids = store.dense(np.ones(64, dtype=np.float32), 10).ids
        passages = store.passages_by_id(ids)
        wanted = built.encoder.encode([f"{passage.prefix}\n{passage.text}" for passage in passages])
        np.testing.assert_allclose(store.vectors_by_id(ids), wanted, atol=1e-3)


def test_four_readers_during_rebuilds_see_whole_generations(built: Place) -> None:
    """Each build writes the same new number into two files; no reader may ever see two different ones."""
    errors: list[BaseException] = []
    seen: set[int] = set()
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                with index.snapshot() as store:
                    found = store.keywords(["edition"], 10)
                    texts = [passage.text for passage in store.passages_by_id(found.ids)]
                    assert len(texts) in (0, 2)
                    assert len({text.split()[1] for text in texts}) <= 1
                    assert len(store.dense(np.ones(64, dtype=np.float32), 100)) == store.passages
                    for passage in store.passages_by_id(found.ids):
                        assert store.document(passage.document).text_sha256 == store.stored_text_sha256(
                            passage.document
                        )
                    seen.add(store.generation)
        except BaseException as error:
            errors.append(error)

    with built.open() as index:
        readers = [threading.Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        for number in range(8):
            built.write("a.txt", f"Edition {number} of the first part.")
            built.write("b.txt", f"Edition {number} of the second part.")
            built.build()
        done.set()
        for reader in readers:
            reader.join()
    assert not errors
    assert len(seen) > 2


def test_a_large_index_gives_exact_scores_of_its_candidates(place: Place) -> None:
    """Above `exact_up_to` FAISS is approximate, but what it finds is scored from the catalog."""
    options = IndexSettings(exact_up_to=50, lists=4, probes=4)
    place.write("long.txt", *(f"SECTION {n}\n\nSentence about subject {n} and {n * n}. " * 20 for n in range(150)))
    report = place.build(place.documents, index=options)
    assert report.passages > 150
    place.write("0.txt", "Sentence about subject 7 in an edited file.")
    place.build(index=options)
    query = place.encoder.encode(["subject 7 and 49"])[0]
    with Index.open(place.index, place.encoder, settings=options) as index, index.snapshot() as store:
        everything = store.dense(query, 10_000)
        found = store.dense(query, 10)
        np.testing.assert_array_equal(found.scores, np.sort(store.vectors_by_id(everything.ids) @ query)[::-1][:10])
        np.testing.assert_allclose(found.scores, store.vectors_by_id(found.ids) @ query, atol=1e-6)
        assert any("edited" in passage.text for passage in store.passages_by_id(everything.ids))


@pytest.mark.parametrize("floor", [0, 3, 2000])
def test_views_are_the_same_whether_added_to_or_made_anew(built: Place, floor: int) -> None:
    options = IndexSettings(delta_floor=floor, delta_share=0.0)
    for number in range(5):
        built.write(f"{number % 3}.txt", f"Edition {number} of this file.")
        built.write(f"new{number}.txt", f"An added file with the number {number}.")
        built.build(index=options)
        assert f"An added file with the number {number}." in built.texts()
    assert {text for text in built.texts() if "Edition" in text} == {f"Edition {n} of this file." for n in (2, 3, 4)}
    assert len(built.texts()) == 11


def test_an_index_of_an_earlier_format_is_updated_by_a_build(built: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    later = (*catalog.MIGRATIONS, "CREATE TABLE colours (name TEXT);\nINSERT INTO colours VALUES ('blue')")
    before = built.texts()
    with built.open() as opened:
        monkeypatch.setattr(catalog, "MIGRATIONS", later)
        with opened.snapshot() as store:
            assert store.passages == len(before)
    with pytest.raises(IndexMismatch, match="has format 1, from before this version"):
        built.open()
    assert built.build().passages_encoded == 0
    assert built.texts() == before
    with catalog.Catalog(built.index / CATALOG, read_only=True) as read:
        assert (read.version(), read.rows("SELECT name FROM colours")) == (2, [("blue",)])
    monkeypatch.undo()
    with pytest.raises(IndexMismatch, match="reads up to 1"):
        built.open()


def test_what_two_generations_share_on_the_disk_is_counted_once(built: Place) -> None:
    built.write("0.txt", "An edited file.")
    built.build()
    views = [path for path in (built.index / "views").rglob("*") if path.is_file()]
    assert len({path.stat().st_ino for path in views}) < len(views)
    with built.open() as index, index.snapshot() as store:
        sizes = {path.stat().st_ino: path.stat().st_size for path in (*views, *built.index.glob("catalog.sqlite*"))}
        assert store.status().bytes == sum(sizes.values())
