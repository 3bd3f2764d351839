"""How an open page learns that there is something new: one small question, and a look only where the answer changed."""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from assistant.web.asking import THREADS, Asking
from assistant.web.conversation import Turn
from assistant.web.desk import Desk
from assistant.web.pulse import Pulse
from assistant.web.seal import Seal
from assistant.web.serve import site_over
from assistant.web.waiting import IN_LINE
from tests.web.conftest import Server, Watched
from tests.web.scripted import ScriptedAssistant
from tests.web.test_ask import ask


@pytest.fixture(scope="module")
def scripted() -> ScriptedAssistant:
    return ScriptedAssistant({"a.txt": "Dosing notes\nTake 60 mg with fat."}, step_seconds=0.3, steps=8)


@pytest.fixture(scope="module")
def address(serve_page: Server, scripted: ScriptedAssistant) -> str:
    return serve_page(lambda: scripted)


def events(watched: Watched) -> list[str]:
    """Gradio's own requests: each draws something anew."""
    return [url for url in watched.requests if "gradio_api" in url and "heartbeat" not in url]


def wait_until_quiet(tab: Page, watched: Watched) -> None:
    """Until nothing was drawn anew for some seconds: each sign is passed on twice after the page is opened."""
    for _ in range(40):
        watched.requests.clear()
        tab.wait_for_timeout(3500)
        if not events(watched):
            return
    raise AssertionError(events(watched))


def _run(work: Coroutine[object, object, dict[str, str]]) -> dict[str, str]:
    """In a thread of its own, for the browser's driver keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def test_signs_are_those_of_the_conversation() -> None:
    pulse, turns = Pulse(), {"one": "1 Searching …"}
    pulse.add("thread", lambda key: turns.get(key, "0 "))
    pulse.add("job", lambda _key: "none")
    assert pulse.signs("one") == {"thread": "1 Searching …", "job": "none"}
    assert pulse.signs("guessed") == {"thread": "0 ", "job": "none"}


def test_a_page_that_waits_is_held_until_there_is_something_new_but_not_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pulse, signs = Pulse(), iter(["0  Searching …"] * 3)
    pulse.add("thread", lambda _key: next(signs, "1 id "))
    assert _run(pulse.awaited("one", "0  Searching …")) == {"thread": "1 id "}
    monkeypatch.setattr("assistant.web.pulse.HELD", 0.1)
    still = Pulse()
    still.add("thread", lambda _key: "0  Searching …")
    assert _run(still.awaited("one", "0  Searching …")) == {"thread": "0  Searching …"}


def test_a_page_on_which_nothing_happens_asks_for_nothing_but_the_signs(
    tab: Page, address: str, watched: Watched
) -> None:
    tab.goto(address)
    expect(tab.locator("#thread-ready")).to_be_attached()
    ask(tab, "About fat.")
    expect(tab.locator("#turn-1 blockquote")).to_be_visible()
    wait_until_quiet(tab, watched)
    assert 1 <= sum("/pulse?" in url for url in watched.requests) <= 5


def test_a_question_in_one_tab_is_seen_in_another_of_the_same_browser(tab: Page, address: str) -> None:
    tab.goto(address)
    expect(tab.locator("#thread-ready")).to_be_attached()
    ask(tab, "About fat.")
    expect(tab.locator("#turn-1 blockquote")).to_be_visible()
    second = tab.context.new_page()
    second.goto(address)
    expect(second.locator("#turn-1 blockquote")).to_be_visible()
    ask(tab, "With fat.")
    expect(second.locator("#turn-2 blockquote")).to_be_visible()


def test_a_look_that_failed_is_taken_again(tab: Page, address: str, watched: Watched) -> None:
    tab.goto(address)
    expect(tab.locator("#thread-ready")).to_be_attached()
    wait_until_quiet(tab, watched)
    opened: list[str] = []
    seen: list[dict[str, object]] = []

    def fail_second(route: Route) -> None:
        seen.append(route.request.post_data_json)
        if len(seen) == 2:  # the first is the question itself, the second the look for its answer
            route.fulfill(status=500, content_type="application/json", body='{"error": null}')
        else:
            route.continue_()

    tab.on("load", lambda page: opened.append(page.url))
    tab.route("**/gradio_api/run/predict*", fail_second)
    ask(tab, "About fat.")
    expect(tab.locator("#turn-1 blockquote")).to_be_visible()
    assert [data["fn_index"] for data in seen[1:3]] == [seen[1]["fn_index"]] * 2
    assert opened == [], "Gradio did not load the page anew"
    watched.errors.clear()  # the browser reports the failed request


def test_a_tab_that_is_opened_late_shows_what_happened_before(tab: Page, serve_page: Server) -> None:
    ready = threading.Event()

    def slow() -> ScriptedAssistant:
        ready.wait(60)
        return ScriptedAssistant({"a.txt": "Dosing notes\nTake 60 mg with fat."})

    tab.goto(serve_page(slow))
    expect(tab.locator("#thread-ready")).to_be_attached()
    ready.set()
    tab.wait_for_timeout(4000)  # both tellings are over before the tab is there
    tab.get_by_role("tab", name="Documents").click()
    expect(tab.locator("#documents")).to_contain_text("a.txt")


def test_a_conversation_that_the_server_does_not_know_stays_on_the_screen(tab: Page, address: str) -> None:
    tab.goto(address)
    expect(tab.locator("#thread-ready")).to_be_attached()
    ask(tab, "About fat.")
    expect(tab.locator("#turn-1 blockquote")).to_be_visible()
    tab.route("**/pulse?*", lambda route: route.fulfill(json={"thread": ""}))
    tab.wait_for_timeout(2500)
    expect(tab.locator("#turn-1 blockquote")).to_be_visible()
    tab.unroute("**/pulse?*")
    tab.route("**/pulse?*", lambda route: route.fulfill(json={"thread": "0  "}))
    with tab.expect_request("**/gradio_api/run/predict*"):
        pass  # one that it knows to be empty, since a document was forgotten, is drawn anew


def test_the_sign_of_a_conversation_tells_its_turns_and_is_empty_for_an_unknown_one(tmp_path: Path) -> None:
    site = site_over(Desk(lambda: ScriptedAssistant({"a.txt": "Take 60 mg with fat."})), Seal(b"k" * 32), tmp_path)
    asking = Asking(site)
    assert asking.sign("unknown") == ""
    turn = Turn("About fat.")
    site.conversations.add("known", turn)
    assert asking.sign("known") == f"1 {turn.id} "


def test_a_stopped_question_is_computed_to_its_end_and_others_wait_for_it(tmp_path: Path) -> None:
    slow = ScriptedAssistant({"a.txt": "Take 60 mg with fat."}, delay=1.0)
    site = site_over(Desk(lambda: slow), Seal(b"k" * 32), tmp_path)
    site.desk.opened()
    asking = Asking(site)
    for number in range(THREADS):
        asking.send("About fat.", str(number), [], 50)
        asking.stop(str(number))
    asking.send("About fat.", "last", [], 50)
    assert asking.sign("last").endswith(IN_LINE)
