"""What the page asks of the assistant, over a real index: hashed encoder, a reader that needs no training."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from time import monotonic, sleep

import pytest

from assistant.answers import Answer
from assistant.ask import Asking
from assistant.assistant import Assistant
from assistant.confidence import UNCALIBRATED
from assistant.evaluation.default_set import DefaultSet, keep_default_set
from assistant.reading.similarity import SimilarityReader
from assistant.settings import Settings
from assistant.traces import forget
from assistant.web.conversation import REMOVED, Conversations, Turn
from assistant.web.render_status import repaired, status_html
from assistant.web.served import Served
from corpus.errors import IndexBusy, UsageError
from index.build import build
from index.hashed import HashedEncoder
from index.lock import writing
from index.open import Index
from index.progress import Silent, never
from tests.web.conftest import PATIENCE

DOORS = {"blue": "ward.txt", "green": "mine.txt", "red": "edited.txt"}
TEXT = "The blue door is locked at nine. Cats sleep in the yard."


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "ward.txt").write_text(TEXT)
    return folder


@pytest.fixture
def served(tmp_path: Path, documents: Path) -> Iterator[Served]:
    build(tmp_path / "index", HashedEncoder(), roots=[documents])
    found = opened(tmp_path / "index")
    yield found
    found._watcher.stop()


def opened(index: Path) -> Served:
    """Another one over the same index, as after a restart."""
    encoder = HashedEncoder()
    asking = Asking(SimilarityReader(encoder), UNCALIBRATED, Settings())
    return Served(Index.open(index, encoder), asking)


def names(served: Served) -> list[str]:
    return sorted(row.relative for row in served.status().files)


def until(true: Callable[[], bool]) -> None:
    """Wait for what another thread does."""
    end = monotonic() + PATIENCE / 1000
    while not true():
        assert monotonic() < end
        sleep(0.05)


def test_status_tells_the_size_on_disk_and_what_the_last_build_did(served: Served) -> None:
    shown = status_html(served.status(), served.changes(), {})
    facts = dict(re.findall(r'<th scope="row">([^<]*)</th><td>([^<]*)</td>', shown))
    number, unit = facts["Size on disk"].split()
    files = sum(file.stat().st_size for file in served.folder.rglob("*") if file.is_file())
    assert unit == "MB"
    assert float(number) == pytest.approx(files / 1024**2, abs=0.06)  # one decimal is shown
    done = {name: facts[f"Last build: {name}"] for name in ("added", "removed", "problems", "passages encoded")}
    assert done == {"added": "1", "removed": "0", "problems": "0", "passages encoded": "1"}
    since = datetime.now(UTC) - datetime.fromisoformat(facts["Last build: finished"])
    assert timedelta(seconds=-1) < since < timedelta(minutes=10)


def test_extent_and_reader_are_the_index_s_own(served: Served) -> None:
    status = served.status()
    assert (served.extent().documents, served.extent().passages) == (1, status.passages)
    assert served.reader_identity.name == "similarity"
    assert served.reader_identity.revision == HashedEncoder().revision


def test_quote_is_cited_again_until_its_document_is_gone(served: Served) -> None:
    identity = sha256(TEXT.encode()).hexdigest()
    cite = served.citation(identity, 0, 32)
    assert (cite.path, cite.changed) == ("ward.txt", False)
    assert served.document(identity).text[cite.start : cite.end] == "The blue door is locked at nine."
    served.forget("ward.txt")
    with pytest.raises(UsageError, match="not in the index any more"):
        served.citation(identity, 0, 32)


def test_upload_is_indexed_by_the_next_rebuild_and_deleted_when_forgotten(served: Served) -> None:
    served.uploads.mkdir()
    (served.uploads / "mine.txt").write_text("The garden opens at six.")
    assert served.rebuild().added == 1
    assert names(served) == ["mine.txt", "ward.txt"]
    served.forget("mine.txt")
    assert names(served) == ["ward.txt"]
    assert list(served.uploads.iterdir()) == []


def test_what_another_program_removes_leaves_the_conversations(served: Served, documents: Path) -> None:
    served.uploads.mkdir()
    (served.uploads / "mine.txt").write_text("The green door is locked at six.")
    (documents / "edited.txt").write_text("The red door is locked at ten.")
    served.rebuild()
    kept, answers = Conversations(), dict[str, Answer]()
    for word in ("blue", "green", "red"):
        answers[word] = served.ask(f"When is the {word} door locked?", documents=[DOORS[word]], threshold=0)
        kept.add("key", Turn(word, answers[word]))
    kept.follow(served.status().files)
    kept.follow(served.status().files)
    assert [turn.question for turn in kept.turns("key")] == ["blue", "green", "red"]
    since = kept.forgotten
    (documents / "edited.txt").write_text("The red door is open.")
    served.rebuild()
    for name in ("ward.txt", "mine.txt"):
        forget(served.folder, name)
    kept.follow(served.status().files)
    assert [turn.question for turn in kept.turns("key")] == ["red"]
    late = kept.add("key", Turn("blue", answers["blue"]), since=since)[-1]  # asked before it was removed
    assert (late.answer, late.message) == (None, REMOVED)


def test_file_that_was_left_out_comes_back(served: Served, documents: Path) -> None:
    served.forget("ward.txt")
    served.rebuild()
    assert names(served) == []
    assert (documents / "ward.txt").exists()
    (excluded,) = served.status().exclusions
    served.include(excluded)
    served.rebuild()
    assert names(served) == ["ward.txt"]


def test_folders_are_followed_until_they_are_not(served: Served, documents: Path) -> None:
    assert not served.watching
    served.watch()
    (documents / "new.txt").write_text("The garden opens at six.")
    until(lambda: names(served) == ["new.txt", "ward.txt"])
    until(lambda: served.watch_note != "")
    assert served.watching
    served.unwatch()
    assert not served.watching


def test_following_is_remembered_after_a_restart_until_it_is_switched_off(served: Served) -> None:
    served.watch()
    served._watcher.stop()  # as the end of the process does
    again = opened(served.folder)
    assert not again.watching
    again.resume()
    assert again.watching
    assert again.status().settings == {"follow_folders": True}
    again.unwatch()
    last = opened(served.folder)
    last.resume()
    assert not last.watching
    assert last.status().settings == {}


def test_switch_works_during_a_build_and_says_that_it_is_not_remembered(served: Served) -> None:
    with writing(served.folder):
        with pytest.raises(IndexBusy, match="are followed, but only until the page ends: the index is being written"):
            served.watch()
        assert served.watching
    served.unwatch()
    with writing(served.folder), pytest.raises(IndexBusy, match="not followed any more, but will be"):
        served.unwatch()


def test_view_that_was_made_again_is_told_in_plain_words(served: Served) -> None:
    assert repaired(served.status()) == ""
    for file in (served.folder / "views").rglob("*"):
        if file.is_file():
            file.write_bytes(b"broken")
    again = opened(served.folder)
    again.status()  # the first look finds the damage
    told = repaired(again.status())
    assert "Mended by itself; no document and no answer was lost, and there is nothing to do." in told
    assert "The search files of generation 1 were damaged or missing" in told


def test_set_is_evaluated_and_its_run_kept(served: Served, tmp_path: Path) -> None:
    questions = tmp_path / "set.jsonl"
    questions.write_text('{"id": "1", "question": "When is the blue door locked?", "answers": ["at nine"]}\n')
    assert served.last_run() is None
    run = served.evaluate(questions, progress=Silent())
    kept = served.last_run()
    assert kept is not None
    assert [row.id for row in kept.rows] == [row.id for row in run.rows] == ["1"]
    assert kept.id == run.id


def test_the_set_of_the_builds_is_asked_by_the_page_s_own_models(
    served: Served, documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(Assistant, "open")  # which would load models
    assert served.set_due() == ""
    questions = tmp_path / "set.jsonl"
    questions.write_text('{"id": "1", "question": "When is the blue door locked?", "answers": ["at nine"]}\n')
    keep_default_set(served.folder, DefaultSet(questions, "similarity"))
    assert served.set_due() == "set.jsonl"
    told = served.ask_set_due(progress=Silent(), should_stop=never)
    assert served.set_due() == ""
    assert told == "set.jsonl: quote_hit@1 1.000 over 1 questions"
    (documents / "ward.txt").write_text("Cats sleep in the yard.")
    served.rebuild()
    told = served.ask_set_due(progress=Silent(), should_stop=never)
    assert told.startswith("set.jsonl: no clear difference: -100.0 points")
    questions.unlink()
    assert served.set_due() == "set.jsonl"
    with pytest.raises(UsageError, match="There is no evaluation set"):
        served.ask_set_due(progress=Silent(), should_stop=never)


def test_one_word_of_a_book_s_length_is_refused(served: Served) -> None:
    with pytest.raises(UsageError, match="2,001 characters; at most 2,000"):
        served.ask("x" * 2001)
