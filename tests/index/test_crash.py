"""Killed or stopped at any moment: the last complete generation is there, and what was encoded is kept."""

from __future__ import annotations

import ast
import random
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

from corpus.errors import IndexBusy, IndexNotFound, UsageError
from index.build import build
from index.change import exclude, forget
from index.durable import Step
from index.hashed import HashedEncoder
from index.lock import writing
from index.progress import BuildCancelled
from index.settings import IndexSettings
from tests.index.crash import ANY, TASKS, Order, Victims, build_here, write_edition

if TYPE_CHECKING:
    from tests.index.conftest import Place

INDEX = Path(__file__).parents[2] / "index"
KILLS = 8
SECRET = "The quagfrobber dose was seven zorkmids."
# Which task, over which state, passes each moment.
PASSES = {
    "commit tables": "first build",
    "commit vectors": "build",
    "commit documents": "build",
    "commit generation": "build",
    "commit look": "look",
    "commit exclusion": "exclude",
    "commit inclusion": "include",
    "commit setting": "set",
    "commit repair": "repair",
    "commit keywords": "build",
    "sync file": "build",
    "sync manifest": "build",
    "sync folder": "build",
    "empty log": "build",
    "close catalog": "build",
    "delete upload": "forget",
}
MOMENTS = [(step, when, "kill") for step in get_args(Step) for when in ("before", "after")]
FAILURES = [(step, "before", "full") for step in get_args(Step)]
ENDS = {"kill": -signal.SIGKILL, "full": UsageError.exit_code}
CALLS = {"os.fsync", "os.rename", "os.replace", "writer.commit", "upload.unlink", "self._connection.close"}
SQL = ("COMMIT", "wal_checkpoint")
EDITION = {"Edition 1 of a.txt.", "Edition 1 of b.txt."}
STRIDE = 7  # of the uses of files, so that a build takes few kills; `make soak` takes every one


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    with Victims() as program:
        yield program


@pytest.fixture
def uploaded(built: Place) -> Place:
    """Six files and one upload, generation 2; edition 1 is written but not built yet."""
    uploads = built.index / "uploads"
    uploads.mkdir()
    (uploads / "secret.txt").write_text(SECRET)
    built.build(uploads)
    write_edition(built.documents, 1)
    return built


def texts(place: Place) -> set[str]:
    """What the index holds; nothing where its first build has not finished."""
    try:
        return place.texts()
    except IndexNotFound:
        return set()


def prepare(place: Place, state: str) -> str:
    """Bring the index into the state in which a task passes a moment; the task."""
    if state in ("first build", "repair"):
        shutil.rmtree(place.index if state == "first build" else place.index / "views")
    elif state == "look":
        build_here(place.documents, place.index)
    elif state == "include":
        exclude(place.index, "5.txt")
    return state if state in TASKS else "build"


@pytest.mark.parametrize(("step", "when", "end"), MOMENTS + FAILURES, ids=[" ".join(m) for m in MOMENTS + FAILURES])
def test_ended_at_a_named_moment(uploaded: Place, victims: Victims, step: str, when: str, end: str) -> None:
    state, old = PASSES[step], uploaded.texts()
    task, new = prepare(uploaded, state), old | EDITION
    before = {"first build": set(), "look": new}.get(state, old)
    after = {"first build": new - {SECRET}, "forget": old - {SECRET}}.get(state, new if task == "build" else old)
    order = Order(task, str(uploaded.documents), str(uploaded.index), f"{step} {when}", end=end)
    assert victims.run(order) == ENDS[end]
    found = texts(uploaded)
    assert found in (before, after)
    if step == "commit generation":
        assert found == (before if when == "before" else after)
    TASKS[task](uploaded.documents, uploaded.index)
    report = uploaded.build()
    left_out = {"exclude": {text for text in old if "Scopolamine" in text}, "forget": {SECRET}, "first build": {SECRET}}
    assert texts(uploaded) == new - left_out.get(state, set())
    assert {path.name for path in (uploaded.index / "views").iterdir()} <= {
        str(report.generation - 1),
        str(report.generation),
    }


@pytest.mark.parametrize("moment", ["commit generation after", "empty log before", "empty log after"])
def test_forgetting_again_after_a_kill_leaves_no_word(uploaded: Place, victims: Victims, moment: str) -> None:
    nth = 2 if moment.startswith("empty") else 1  # the log is emptied first, of what a killed one left
    order = Order("forget", str(uploaded.documents), str(uploaded.index), moment, nth=nth)
    assert victims.run(order) == ENDS["kill"]
    assert SECRET not in uploaded.texts()
    with pytest.raises(UsageError, match=r"no document secret\.txt"):
        forget(uploaded.index, "secret.txt")
    assert [path for path in uploaded.index.rglob("*") if path.is_file() and b"quagfrobber" in path.read_bytes()] == []


def test_every_commit_fsync_and_deletion_is_a_named_moment() -> None:
    assert set(PASSES) == set(get_args(Step))
    found = set()
    for path in INDEX.glob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef) and writes(function):
                assert "durable(" in ast.unparse(function), f"{path.name}: {function.name}"
                found.add(path.name)
    assert found == {"catalog.py", "keywords.py", "manifest.py", "change.py"}


def writes(function: ast.FunctionDef) -> bool:
    """Whether a function commits, waits for the disk, renames or deletes a file."""
    nodes = list(ast.walk(function))
    calls = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
    words = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return bool(calls & CALLS) or any(marked in word for word in words for marked in SQL)


def test_killed_at_any_use_of_a_file(built: Place, victims: Victims) -> None:
    old, places = built.texts(), (str(built.documents), str(built.index))
    for nth in range(1, 1000, STRIDE):
        write_edition(built.documents, nth)
        ended = victims.run(Order("build", *places, ANY, nth))
        found = built.texts()
        editions = {text.split()[1] for text in found - old}
        assert len(found) == 6 + 2 * len(editions)
        assert len(editions) <= 1  # both files, or neither: one generation
        if ended == 0:
            break
    assert ended == 0
    assert nth > STRIDE


def test_killed_after_random_times(built: Place, victims: Victims) -> None:
    chance = random.Random(4)
    for _ in range(KILLS):
        order = Order("build on and on", str(built.documents), str(built.index))
        assert victims.run(order, chance.uniform(0, 0.4)) == -signal.SIGKILL
        found = built.texts()
        editions = {text.split()[1] for text in found if text.startswith("Edition")}
        assert len(editions) <= 1
        assert len(found) == 6 + 2 * len(editions)
        built.build()
        assert len(built.texts()) == 8


def test_a_second_writer_is_told_who_writes(built: Place) -> None:
    with writing(built.index), pytest.raises(IndexBusy, match=r"process \d+ \(.*, since \d\d:\d\d:\d\d\)"):
        built.build()
    assert built.build().unchanged == 6


class StoppedAfter:
    """An encoder that counts, and asks for a stop after so many texts."""

    def __init__(self, limit: int) -> None:
        self.encoder = HashedEncoder()
        self.name, self.revision = self.encoder.name, self.encoder.revision
        self.dimension, self.max_tokens = self.encoder.dimension, self.encoder.max_tokens
        self.count_tokens = self.encoder.count_tokens
        self.limit, self.count = limit, 0

    def encode(self, texts, progress=None):  # noqa: ANN001, ANN201 - as the protocol says
        self.count += len(texts)
        return self.encoder.encode(texts, progress)

    def should_stop(self) -> bool:
        return self.count >= self.limit


def test_a_stopped_build_changes_nothing_and_keeps_what_was_encoded(built: Place) -> None:
    options = replace(built.options, index=IndexSettings(commit_passages=2))
    for number in range(10):
        built.write(f"more/{number}.txt", f"Text number {number} is like no other.")
    encoder = StoppedAfter(4)
    with pytest.raises(BuildCancelled, match="as it was"):
        build(built.index, encoder, options=options, should_stop=encoder.should_stop)
    assert encoder.count == 4
    assert len(built.texts()) == 6
    report = built.build()
    assert report.added == 10
    assert report.passages_encoded == 8, "two of the four were not committed when the stop was heard"
    assert len(built.texts()) == 16
