"""What the Documents tab does, without a browser: a rebuild asks the set that builds ask, and gives way to the next."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.web.desk import Desk
from assistant.web.seal import Seal
from assistant.web.serve import site_over
from assistant.web.shelf import Shelf
from assistant.web.site_parts import Site
from tests.web.scripted import ScriptedAssistant


class Judged(ScriptedAssistant):
    """Counts its rebuilds; the set's questions go on until somebody stops them where they are held."""

    rebuilt = 0
    held = False

    def rebuild(self, **how):  # type: ignore[no-untyped-def]  # noqa: ANN003, ANN201
        self.rebuilt += 1
        return super().rebuild(**how)

    def asked_after_build(self, *, progress, should_stop):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        progress.stage("questions", 80)
        while self.held and not should_stop():
            time.sleep(0.01)
        return "set.jsonl: quote_hit@1 0.900 over 80 questions"


@pytest.fixture
def judged() -> Judged:
    return Judged({"a.txt": "One."}, steps=1)


@pytest.fixture
def site(judged: Judged, tmp_path: Path) -> Site:
    return site_over(Desk(lambda: judged), Seal(b"k" * 32), tmp_path)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def at_questions(site: Site) -> bool:
    job = site.builds.job
    return job is not None and job.stage == "questions"


def test_a_rebuild_ends_with_the_line_of_the_set_that_builds_ask(site: Site) -> None:
    Shelf(site).rebuild()
    until(lambda: not site.builds.running)
    assert site.builds.job is not None
    assert site.builds.job.message.endswith(" 1 added. set.jsonl: quote_hit@1 0.900 over 80 questions")


def test_a_rebuild_wished_for_while_questions_are_asked_begins_at_once(site: Site, judged: Judged) -> None:
    shelf, judged.held = Shelf(site), True
    shelf.rebuild()
    until(lambda: at_questions(site))
    shelf.rebuild()
    until(lambda: judged.rebuilt == 2 and at_questions(site))
    assert site.builds.running
    judged.held = False
    until(lambda: not site.builds.running)
    assert judged.rebuilt == 2


def test_stop_ends_the_questions_and_the_index_is_built(site: Site, judged: Judged) -> None:
    shelf, judged.held = Shelf(site), True
    shelf.rebuild()
    until(lambda: at_questions(site))
    shelf.stop()
    until(lambda: not site.builds.running)
    assert site.builds.job is not None
    assert (site.builds.job.state, judged.rebuilt) == ("stopped", 1)
    assert site.builds.job.message.startswith("1 document, 1,204 passages: 1 added.")
