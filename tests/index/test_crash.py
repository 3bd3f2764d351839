"""Killed or stopped at any moment: the last complete generation is there, and what was encoded is kept."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from corpus.errors import IndexBusy
from index.build import build
from index.hashed import HashedEncoder
from index.lock import writing
from index.progress import BuildCancelled
from index.settings import IndexSettings

if TYPE_CHECKING:
    from tests.index.conftest import Place

SCRIPT = Path(__file__).parent / "crash.py"
KILLS = 6


@contextmanager
def building(place: Place, number: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, str(SCRIPT), str(place.documents), str(place.index), str(number)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            yield process
        finally:
            process.kill()


def test_killed_at_random_moments(built: Place) -> None:
    chance = random.Random(4)
    for kill in range(KILLS):
        with building(built, kill * 1000):
            time.sleep(chance.uniform(0, 0.4))
        texts = built.texts()
        editions = {text.split()[1] for text in texts if text.startswith("Edition")}
        assert len(editions) <= 1  # both files, or neither: one generation
        assert len(texts) == 6 + 2 * len(editions)
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
    assert report.passages_encoded == 6
    assert len(built.texts()) == 16
