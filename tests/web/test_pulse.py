"""How an open page learns that there is something new: one small question, and a look only where the answer changed."""

import pytest
from playwright.sync_api import Page, expect

from assistant.web.pulse import Pulse
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


def test_signs_are_those_of_the_conversation() -> None:
    pulse, turns = Pulse(), {"one": "1 Searching …"}
    pulse.add("thread", lambda key: turns.get(key, "0 "))
    pulse.add("job", lambda _key: "none")
    assert pulse.signs("one") == {"thread": "1 Searching …", "job": "none"}
    assert pulse.signs("guessed") == {"thread": "0 ", "job": "none"}


def test_a_page_on_which_nothing_happens_asks_for_nothing_but_the_signs(
    tab: Page, address: str, watched: Watched
) -> None:
    tab.goto(address)
    expect(tab.locator("#thread-ready")).to_be_attached()
    ask(tab, "About fat.")
    expect(tab.locator("#turn-1 blockquote")).to_be_visible()
    tab.wait_for_timeout(4000)  # each sign is passed on twice
    watched.requests.clear()
    tab.wait_for_timeout(3500)
    assert events(watched) == []
    assert 2 <= sum("/pulse?" in url for url in watched.requests) <= 5


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


def test_an_answer_that_was_lost_on_its_way_is_asked_for_again(tab: Page, address: str, watched: Watched) -> None:
    tab.goto(address)
    expect(tab.locator("#thread-ready")).to_be_attached()
    lost: list[str] = []

    def lose(route) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
        if len(lost) == 1:  # the first is the question itself, the second the look for its answer
            route.abort()
        else:
            route.continue_()
        lost.append(route.request.url)

    tab.wait_for_timeout(2500)
    tab.route("**/gradio_api/run/predict*", lose)
    ask(tab, "About fat.")
    expect(tab.locator("#turn-1 blockquote")).to_be_visible()
    assert len(lost) >= 3
    watched.errors.clear()  # the browser reports the lost request
