"""Following the folders: what changes answers within seconds, whole files only, and other writers are waited for."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.errors import IndexMismatch, IndexNotFound
from index.catalog import CATALOG
from index.hashed import HashedEncoder
from index.lock import writing
from index.watch import Watcher, WatchSettings
from tests.index.crash import load_here

if TYPE_CHECKING:
    from corpus.documents import Document, Problem
    from corpus.settings import CorpusSettings
    from tests.index.conftest import Place

PATIENCE = 60.0  # seconds on a machine that does other work too
QUICK = WatchSettings(still=0.3, look=1.0, tick=0.05)
PATIENT = WatchSettings(still=3.0, look=1.0, tick=0.05)  # where a writer must be quicker, on a busy machine too


def wait_until(come: Callable[[], bool], told: Sequence[str]) -> None:
    end = time.monotonic() + PATIENCE
    while not come():
        assert time.monotonic() < end, told
        time.sleep(0.05)


class Watched:
    """A watcher at work, and what it told."""

    def __init__(self, place: Place, settings: WatchSettings = QUICK) -> None:
        self.place = place
        self.told: list[str] = []
        self.index = place.open()
        self.watcher = Watcher(self.index, self.told.append, options=place.options, settings=settings)

    def texts(self) -> set[str]:
        return self.place.texts()

    def until(self, come: Callable[[], bool]) -> None:
        wait_until(come, self.told)

    def holds(self, word: str) -> bool:
        return any(word in text for text in self.texts())


@pytest.fixture
def watched(built: Place) -> Iterator[Watched]:
    watched = Watched(built)
    watched.watcher.start()
    yield watched
    watched.watcher.stop()
    watched.index.close()
    assert not watched.watcher.running


def test_an_added_an_edited_and_a_deleted_file_are_applied(watched: Watched) -> None:
    place = watched.place
    place.write("deep/new.txt", "A quagfrobber arrived.")
    place.write("0.txt", "Ketamine became zorkamine.")
    (place.documents / "1.txt").unlink()
    watched.until(lambda: watched.holds("quagfrobber") and watched.holds("zorkamine") and not watched.holds("nasal"))
    assert len(watched.texts()) == 6
    assert sum("generation" in line for line in watched.told) <= 3  # in batches
    time.sleep(3 * QUICK.look)
    told = len(watched.told)
    time.sleep(3 * QUICK.look)
    assert len(watched.told) == told  # nothing to do, nothing done


def test_what_changed_before_the_start_is_applied(built: Place) -> None:
    built.write("before.txt", "A quagfrobber came early.")
    watched = Watched(built)
    watched.watcher.start()
    watched.until(lambda: watched.holds("quagfrobber"))
    watched.watcher.stop()


def test_a_half_written_file_is_left_until_it_is_still_and_others_are_not(built: Place) -> None:
    watched = Watched(built, PATIENT)
    watched.watcher.start()
    growing = watched.place.write("growing.txt", "Sentence zero.")
    stop = threading.Event()
    writer = threading.Thread(target=grow, args=(growing, stop))
    writer.start()
    try:
        watched.place.write("whole.txt", "A quagfrobber is whole.")
        watched.until(lambda: watched.holds("quagfrobber"))
        assert not watched.holds("Sentence")
    finally:
        stop.set()
        writer.join()
    with growing.open("a") as file:
        file.write("The last sentence.\n")
    watched.until(lambda: watched.holds("The last sentence."))
    watched.watcher.stop()
    watched.index.close()


def grow(path: Path, stop: threading.Event) -> None:
    """Write on, without ever resting as long as a file that is still."""
    while not stop.wait(PATIENT.still / 50):
        with path.open("a") as file:
            file.write("Sentence after sentence.\n")


def test_what_changes_during_a_build_is_applied_by_the_next_one(built: Place) -> None:
    """It was once taken for something that the build had kept as it was."""
    path = built.write("new.txt", "A first text.")

    def load(paths: Sequence[Path], settings: CorpusSettings) -> Iterator[tuple[Path, Document | Problem]]:
        for loaded in load_here(paths, settings):
            yield loaded
            if path.read_text().startswith("A first"):
                path.write_text("A quagfrobber came second.")

    with built.open() as index:
        told: list[str] = []
        watcher = Watcher(index, told.append, options=replace(built.options, load=load), settings=QUICK)
        watcher.start()
        wait_until(lambda: any("quagfrobber" in text for text in built.texts()), told)
        watcher.stop()


def test_an_edited_file_answers_with_its_old_text_while_it_is_written(built: Place) -> None:
    path = built.write("0.txt", "Half of")
    report = built.build(leave=frozenset({str(path)}))
    assert (report.changed, report.removed) == (0, 0)
    assert any("Ketamine" in text for text in built.texts())
    (built.documents / "1.txt").unlink()
    report = built.build(leave=frozenset({str(path), str(built.documents / "1.txt")}))
    assert report.removed == 0
    assert (report := built.build()).changed == report.removed == 1


def test_another_writer_is_waited_for_and_told_of(watched: Watched) -> None:
    with writing(watched.place.index):
        watched.place.write("new.txt", "A quagfrobber arrived.")
        watched.until(lambda: any("is being written by" in line for line in watched.told))
        time.sleep(3 * QUICK.still)
        assert sum("is being written by" in line for line in watched.told) == 1
        assert not watched.holds("quagfrobber")
    watched.until(lambda: watched.holds("quagfrobber"))


def test_many_vanished_files_are_kept_and_told_of_once(watched: Watched) -> None:
    for number in range(5):
        (watched.place.documents / f"{number}.txt").unlink()
    watched.until(lambda: any("are kept" in line for line in watched.told))
    time.sleep(3 * QUICK.look)
    assert sum("are kept" in line for line in watched.told) == 1
    assert len(watched.texts()) == 6


def test_a_missing_folder_is_followed_again_when_it_is_back(watched: Watched) -> None:
    documents = watched.place.documents
    away = documents.rename(documents.with_name("away"))
    watched.until(lambda: any("The folder is missing" in line for line in watched.told))
    (away / "new.txt").write_text("A quagfrobber arrived.")
    away.rename(documents)
    watched.until(lambda: watched.holds("quagfrobber"))
    assert len(watched.texts()) == 7


def test_a_missing_folder_that_is_back_is_missing_no_more_and_what_went_before_it_is_gone(watched: Watched) -> None:
    documents = watched.place.documents
    (documents / "0.txt").unlink()
    away = documents.rename(documents.with_name("away"))
    watched.until(lambda: any("The folder is missing" in line for line in watched.told))
    assert len(watched.texts()) == 6
    away.rename(documents)
    watched.until(lambda: len(watched.texts()) == 5)
    with watched.place.open() as index, index.snapshot() as store:
        assert store.status().problems == ()


def test_a_missing_folder_that_is_back_as_it_was_is_missing_no_more(watched: Watched) -> None:
    documents = watched.place.documents

    def problems() -> int:
        with watched.place.open() as index, index.snapshot() as store:
            return len(store.status().problems)

    away = documents.rename(documents.with_name("away"))
    watched.until(lambda: problems() == 1)
    away.rename(documents)
    watched.until(lambda: problems() == 0)
    assert len(watched.texts()) == 6


def test_an_index_that_vanishes_ends_it_with_its_error(watched: Watched) -> None:
    (watched.place.index / CATALOG).unlink()
    watched.place.write("new.txt", "Something.")
    with pytest.raises(IndexNotFound):
        watched.watcher.wait()
    assert not watched.watcher.running


def test_an_index_made_anew_with_another_encoder_is_left_to_it(watched: Watched) -> None:
    place = watched.place
    other = type(place)(place.documents, place.index, HashedEncoder(32), place.options)
    other.build()
    place.write("new.txt", "Something.")
    with pytest.raises(IndexMismatch, match="start it again"):
        watched.watcher.wait()
    assert not any("Something" in text for text in other.texts())


def test_the_index_and_hidden_files_in_a_watched_folder_do_not_wake_it(built: Place) -> None:
    roots = [built.documents, built.index.parent, built.index / "uploads"]
    with built.open() as index:
        watcher = Watcher(index, print)
        assert not watcher._concerns(built.index / "views" / "1" / "added.npy", roots)
        assert not watcher._concerns(built.documents / ".git" / "index", [built.documents])
        assert watcher._concerns(built.index / "uploads" / "mine.txt", roots)
        assert watcher._concerns(built.documents / "0.txt", roots)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_that_nobody_foresaw_is_not_taken_for_an_end(built: Place) -> None:
    def tell(line: str) -> None:
        raise ZeroDivisionError(line)

    built.write("new.txt", "Something new.")
    with built.open() as index:
        watcher = Watcher(index, tell, options=built.options, settings=QUICK)
        watcher.start()
        with pytest.raises(ZeroDivisionError, match="1 added"):
            watcher.wait()
