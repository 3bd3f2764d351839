"""Rebuilds that are asked for while one runs, and actions that are refused: both are said on the page."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.web.bench import Bench
from assistant.web.desk import Desk
from assistant.web.render_job import once_more, refused
from assistant.web.seal import Seal
from assistant.web.serve import site_over
from assistant.web.shelf import Shelf
from assistant.web.site_parts import Site
from corpus.errors import IndexBusy, UsageError
from index.progress import Progress
from index.records import BuildReport
from tests.web.conftest import PATIENCE, Server
from tests.web.scripted import ScriptedAssistant


class Held(ScriptedAssistant):
    """Builds that go on until they are let go; each takes in the uploads that are there when it begins."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.go = threading.Event()
        self.taken: list[list[str]] = []
        self.error: Exception | None = None

    def rebuild(
        self, *, progress: Progress | None = None, should_stop: Callable[[], bool] | None = None
    ) -> BuildReport:
        self.taken.append(self._uploaded())
        self.go.wait(PATIENCE / 1000)
        if self.error is not None:
            raise self.error
        return super().rebuild(progress=progress, should_stop=should_stop)

    def watch(self) -> None:
        raise IndexBusy("The index is <being> written.")

    def forget(self, path: str) -> None:
        raise UsageError(f"{path} cannot be deleted.")


@pytest.fixture
def held(tmp_path: Path) -> Held:
    (tmp_path / "uploads").mkdir()
    return Held({"a.txt": "One."}, uploads=tmp_path / "uploads", steps=1)


@pytest.fixture
def site(held: Held, tmp_path: Path) -> Site:
    site = site_over(Desk(lambda: held), Seal(b"k" * 32), tmp_path / "sets")
    site.desk.opened()
    return site


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE / 1000
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.mark.parametrize("error", [None, IndexBusy("Another process writes."), ValueError("a bug")])
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_is_uploaded_during_a_rebuild_is_taken_in_by_the_next(
    site: Site, held: Held, error: Exception | None
) -> None:
    shelf = Shelf(site)
    shelf.rebuild()
    until(lambda: len(held.taken) == 1)
    before = shelf.sign()
    (held.uploads / "late.txt").write_text("Late.")
    for _ in range(2):  # asked for twice, it is done once
        said, panel, *_ = shelf.rebuild()
        assert said == ""
        assert once_more() in panel
    assert shelf.sign() != before
    held.error = error
    held.go.set()
    until(lambda: len(held.taken) == 2 and not site.builds.running)
    assert held.taken == [[], ["late.txt"]]
    assert once_more() not in shelf.look()[0]
    time.sleep(0.1)
    assert len(held.taken) == 2


def test_stop_ends_the_rebuild_and_the_one_that_waits(site: Site, held: Held) -> None:
    shelf = Shelf(site)
    shelf.rebuild()
    shelf.rebuild()
    _, panel, *_ = shelf.stop()
    assert once_more() not in panel
    held.go.set()
    until(lambda: not site.builds.running)
    time.sleep(0.1)
    assert len(held.taken) == 1
    assert site.builds.job is not None
    assert site.builds.job.state == "stopped"


class Event:
    """Stands for Gradio's, which holds what the script gave to `trigger`."""

    name = "a.txt"


def test_what_is_refused_is_said_until_the_next_action_but_not_by_a_tick(site: Site) -> None:
    shelf = Shelf(site)
    said, *look = shelf.follow(True)
    assert said == refused("The index is <being> written.")
    assert "&lt;being&gt;" in said
    assert 'role="alert"' in said
    assert said not in look
    assert shelf.forget(Event())[0] == refused("a.txt cannot be deleted.")  # type: ignore[arg-type]
    assert shelf.follow(False)[0] == ""
    shelf.rebuild()
    assert "Rebuilding is still running" in shelf.include(Event())[0]  # type: ignore[arg-type]
    assert shelf.stop()[0] == ""


def test_a_set_that_cannot_be_run_is_said_in_the_tab(site: Site) -> None:
    bench = Bench(site)
    assert bench.run(None)[0] == refused("Choose a set first, or upload one.")
    assert bench.stop()[0] == ""


def test_refusals_stand_on_the_page_until_the_next_action(tab: Page, serve_page: Server, held: Held) -> None:
    tab.goto(serve_page(lambda: held))
    tab.get_by_role("tab", name="Documents").click()
    tab.get_by_label("Follow the folders").click()  # not `check`: it is refused and unchecked at once
    alert = tab.locator("#build-refused [role=alert]")
    expect(alert).to_have_text("The index is <being> written.")
    expect(tab.get_by_label("Follow the folders")).not_to_be_checked()
    tab.wait_for_timeout(2500)  # some ticks
    expect(alert).to_be_visible()
    tab.click("#rebuild")
    expect(tab.locator("#build-job progress")).to_be_visible()
    expect(alert).to_have_count(0)
    tab.click("#rebuild")
    expect(tab.locator("#build-job")).to_contain_text("it begins once more when this one has ended")
    held.go.set()
    expect(tab.locator("#build-job")).to_contain_text("Rebuilding: done.")
    assert len(held.taken) == 2
