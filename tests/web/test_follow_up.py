"""Follow-ups on the page: how they were understood, edited or undone with one click."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Server
from tests.web.scripted import ScriptedAssistant
from tests.web.test_ask import ask


@pytest.fixture(scope="module")
def scripted() -> ScriptedAssistant:
    text = "Brexanolone is given by infusion.\nIt is dear."
    return ScriptedAssistant({"a.txt": text}, follow_ups={"And how?": "And infusion."})


@pytest.fixture
def followed(tab: Page, serve_page: Server, scripted: ScriptedAssistant) -> Page:
    tab.goto(serve_page(lambda: scripted))
    ask(tab, "What is Brexanolone")
    ask(tab, "And how?")
    expect(tab.locator("#turn-2 .understood q")).to_have_text("And infusion.")
    return tab


def test_follow_up_is_edited_or_undone_with_one_click(followed: Page, scripted: ScriptedAssistant) -> None:
    followed.get_by_role("button", name="Edit").click()
    expect(followed.locator("#question textarea")).to_have_value("And infusion.")
    followed.fill("#question textarea", "")
    followed.get_by_role("button", name="Undo").click()
    expect(followed.locator("#turn-3 .question")).to_have_text("And how?")
    expect(followed.locator("#turn-3 .verdict")).to_have_text("Not in these documents")
    expect(followed.locator("#turn-3 .understood")).to_have_count(0)
    assert scripted.asked[-1] == ("And how?", ())
    ask(followed, "What is dear.")
    assert scripted.asked[-1] == ("What is dear.", ("And how?",))
