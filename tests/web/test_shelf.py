"""What the Documents tab does, without a browser: a rebuild ends when it is built, and then the chosen set is asked."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.web.desk import Desk
from assistant.web.jobs import Jobs
from assistant.web.render_job import job_html
from assistant.web.seal import Seal
from assistant.web.serve import site_over
from assistant.web.shelf import Shelf
from assistant.web.site_parts import Site
from index.progress import Progress
from tests.web.conftest import PATIENCE
from tests.web.scripted import ScriptedAssistant

LINE = "set.jsonl: quote_hit@1 0.900 over 80 questions"


class Judged(ScriptedAssistant):
    """A set is due after each rebuild; its questions go on until they are let go or stopped."""

    due = "set.jsonl"

    def __post_init__(self) -> None:
        super().__post_init__()
        self.let_go = threading.Event()

    def set_due(self) -> str:
        return self.due

    def ask_set_due(self, *, progress: Progress, should_stop: Callable[[], bool], notice: Callable[[str], None]) -> str:
        notice("1 of 80 answers are not in the index: 7")
        progress.stage("questions", 80)
        while not self.let_go.wait(0.01) and not should_stop():
            pass
        return LINE


@pytest.fixture
def judged() -> Judged:
    return Judged({"a.txt": "One."}, steps=1)


@pytest.fixture
def site(judged: Judged, tmp_path: Path) -> Site:
    return site_over(Desk(lambda: judged), Seal(b"k" * 32), tmp_path)


def told(jobs: Jobs) -> tuple[str, str]:
    """State and message of a job, once it has ended."""
    end = time.monotonic() + PATIENCE / 1000
    while jobs.running:
        assert time.monotonic() < end
        time.sleep(0.01)
    assert jobs.job is not None
    return jobs.job.state, jobs.job.message


def test_a_rebuild_ends_when_it_is_built_and_the_set_is_asked_in_the_evaluate_tab(site: Site, judged: Judged) -> None:
    Shelf(site).rebuild()
    state, message = told(site.builds)
    assert state == "done"
    assert message.endswith(" 1 added. The set chosen for after builds is being asked: see Evaluate.")
    assert site.evaluations.running
    assert site.evaluations.job is not None
    assert site.evaluations.job.name == "Asking set.jsonl"
    assert "<li>1 of 80 answers are not in the index: 7</li>" in job_html(site.evaluations.job)
    judged.let_go.set()
    assert told(site.evaluations) == ("done", LINE)


def test_a_rebuild_while_the_set_is_asked_is_done_and_says_that_it_is_not_asked_anew(
    site: Site, judged: Judged
) -> None:
    for _ in range(2):
        Shelf(site).rebuild()
        state, message = told(site.builds)
    assert state == "done"
    assert message.endswith(" The next Rebuild asks it.")
    assert "is not asked: Asking set.jsonl is still running." in message
    site.evaluations.stop()
    assert told(site.evaluations) == ("stopped", LINE)


def test_nothing_is_asked_where_nothing_is_due(site: Site, judged: Judged) -> None:
    judged.due = ""
    Shelf(site).rebuild()
    assert told(site.builds)[1].endswith(" 1 added.")
    assert site.evaluations.job is None
