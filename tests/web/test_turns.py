"""What can be done with an answer: say what is wrong with it, pass it on, step through its quotes, begin anew."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Server, Watched
from tests.web.scripted import ScriptedAssistant
from tests.web.test_ask import ask

FAR = "".join(f"Line {number} of many.\n" for number in range(400))
TEXT = f"Dosing notes\nTake 60 mg with fat.\n{FAR}Take it in the evening with fat."


@pytest.fixture(scope="module")
def address(serve_page: Server) -> str:
    return serve_page(lambda: ScriptedAssistant({"a.txt": TEXT}))


@pytest.fixture
def answered(tab: Page, address: str) -> Page:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(f"{address}/?q=About+fat.")
    expect(tab.locator("#turn-1 blockquote")).to_have_count(2)
    return tab


def test_what_is_wrong_is_said_with_its_reason(answered: Page, tmp_path_factory: pytest.TempPathFactory) -> None:
    answered.locator(".why summary").click()
    answered.get_by_role("button", name="The answer is elsewhere in the documents").click()
    expect(answered.locator("#toast")).to_have_text("Kept; its right answer is to be filled in.")
    kept = Path(tmp_path_factory.getbasetemp()).glob("sets*/to-complete.jsonl")
    rows = [json.loads(line) for path in kept for line in path.read_text().splitlines()]
    said = {(row["question"], row["wrong"]) for row in rows}
    assert ("About fat.", "The answer is elsewhere in the documents") in said


def test_links_are_copied_and_ask_or_open_again(answered: Page) -> None:
    answered.locator(".turn-actions").get_by_role("button", name="Copy link").click()
    expect(answered.locator("#toast")).to_have_text("Link copied.")
    question = answered.evaluate("navigator.clipboard.readText()")
    answered.locator(".marker").nth(1).click()
    expect(answered.locator("#source-body mark")).to_have_text("Take it in the evening with fat.")
    answered.click("#source-link")
    answered.wait_for_function("async () => (await navigator.clipboard.readText()).includes('cite=')")
    place = answered.evaluate("navigator.clipboard.readText()")
    answered.get_by_role("button", name="New conversation").click()
    expect(answered.locator(".welcome")).to_be_visible()
    expect(answered.locator("#thread .turn")).to_have_count(0)
    answered.goto(place)
    expect(answered.locator("#source-body mark")).to_have_text("Take it in the evening with fat.")
    answered.goto(question)
    expect(answered.locator("#turn-1 .question")).to_have_text("About fat.")


def test_open_source_is_scrolled_to_the_quote_and_steps_with_j_and_k(answered: Page) -> None:
    mark = answered.locator("#source-body mark")
    answered.locator(".marker").first.click()
    expect(mark).to_have_text("Take 60 mg with fat.")
    expect(mark).to_be_in_viewport()
    answered.keyboard.press("j")
    expect(mark).to_have_text("Take it in the evening with fat.")
    expect(mark).to_be_in_viewport()  # 400 lines further down
    answered.keyboard.press("j")
    expect(mark).to_have_text("Take 60 mg with fat.")
    answered.keyboard.press("k")
    expect(mark).to_have_text("Take it in the evening with fat.")
    expect(answered.locator('.marker[aria-pressed="true"]')).to_have_text("2")


def test_new_question_comes_to_the_top(answered: Page) -> None:
    ask(answered, "And fat.")
    top = "Math.abs(document.querySelector('#turn-2 .question').getBoundingClientRect().top) < 100"
    answered.wait_for_function(f"() => {top}")


def test_server_that_ended_is_said_where_the_source_would_be(answered: Page, watched: Watched) -> None:
    answered.route("**/source/**", lambda route: route.abort())
    answered.locator(".marker").first.click()
    expect(answered.locator("#source-body")).to_have_text("The assistant did not answer. Is it still running?")
    watched.errors.clear()  # the browser reports the request that failed
