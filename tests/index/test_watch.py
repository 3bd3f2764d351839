"""Following the folders: what changes answers within seconds, whole files only, and other writers are waited for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.errors import IndexNotFound
from index.catalog import CATALOG
from index.lock import writing
from index.watch import Watcher, WatchSettings

if TYPE_CHECKING:
    from tests.index.conftest import Place

PATIENCE = 60.0  # seconds on a machine that does other work too
QUICK = WatchSettings(still=0.3, look=1.0, tick=0.05)


class Watched:
    """A watcher at work, and what it told."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.told: list[str] = []
        self.index = place.open()
        self.watcher = Watcher(self.index, self.told.append, options=place.options, settings=QUICK)

    def texts(self) -> set[str]:
        return self.place.texts()

    def until(self, come: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not come():
            assert time.monotonic() < end, self.told
            time.sleep(0.05)

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


def test_a_half_written_file_is_left_until_it_is_still_and_others_are_not(watched: Watched) -> None:
    growing = watched.place.write("growing.txt", "Sentence zero.")
    watched.place.write("whole.txt", "A quagfrobber is whole.")
    seen = []
    number = 0
    while not watched.holds("quagfrobber") or number < 10:
        number += 1
        with growing.open("a") as file:
            file.write(f"Sentence {number}.\n")
        seen += [text for text in watched.texts() if "Sentence" in text]
        time.sleep(QUICK.still / 6)
        assert number < 1000
    last = f"Sentence {number}."
    watched.until(lambda: watched.holds(last))
    assert seen == []


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


def test_an_index_that_vanishes_ends_it_with_its_error(watched: Watched) -> None:
    (watched.place.index / CATALOG).unlink()
    watched.place.write("new.txt", "Something.")
    with pytest.raises(IndexNotFound):
        watched.watcher.wait()
    assert not watched.watcher.running


def test_the_index_in_a_watched_folder_does_not_wake_it(built: Place) -> None:
    watcher = Watcher(built.open(), print)
    assert not watcher._is_foreign(1, str(built.index / "views" / "1" / "added.npy"))
    assert watcher._is_foreign(1, str(built.index / "uploads" / "mine.txt"))
    assert watcher._is_foreign(1, str(Path(built.documents) / "0.txt"))
