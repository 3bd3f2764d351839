"""Everybody can use it: axe-core finds nothing serious, and the keyboard alone is enough."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.web.conftest import Server
from tests.web.scripted import ScriptedAssistant

GRAVE = {"serious", "critical"}


@pytest.fixture(scope="module")
def address(serve_page: Server) -> str:
    return serve_page(
        lambda: ScriptedAssistant({"a.txt": "Take 60 mg with fat.", "b.txt": "Doors are locked at nine."})
    )


def grave(tab: Page) -> list[str]:
    """What axe-core finds serious or critical, as rule and element."""
    found = Axe().run(tab).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found if one["impact"] in GRAVE for node in one["nodes"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_tab(tab: Page, address: str, scheme: str) -> None:
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    tab.goto(address)
    expect(tab.locator(".welcome button").first).to_be_visible()
    found = {"empty": grave(tab)}
    tab.fill("#question textarea", "What about fat.")
    tab.press("#question textarea", "Enter")
    tab.click("#turn-1 .marker")
    expect(tab.locator("#source-body mark")).to_be_visible()
    found["answer"] = grave(tab)
    for name, ready in (("Documents", "table.documents"), ("Evaluate", "#run-set"), ("Status", "table.facts")):
        tab.get_by_role("tab", name=name).click()
        expect(tab.locator(ready)).to_be_visible()
        found[name] = grave(tab)
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_question_to_source_and_back_by_keyboard_alone(tab: Page, address: str) -> None:
    tab.goto(address)
    expect(tab.locator("#question textarea")).to_be_focused()
    tab.keyboard.type("What about fat.")
    tab.keyboard.press("Enter")
    expect(tab.locator("#turn-1 blockquote")).to_be_visible()
    press_until_focused(tab, ".marker", "Shift+Tab")
    tab.keyboard.press("Enter")
    expect(tab.locator("#source-body mark")).to_be_visible()
    press_until_focused(tab, "#source-close", "Tab")
    tab.keyboard.press("Enter")
    expect(tab.locator("#source-panel")).to_be_hidden()
    expect(tab.locator("#turn-1 .marker")).to_be_focused()
    press_until_focused(tab, '[role="tab"]', "Shift+Tab", words="Documents")
    tab.keyboard.press("Enter")
    expect(tab.locator("table.documents")).to_be_visible()


def press_until_focused(tab: Page, selector: str, key: str, *, words: str = "") -> None:
    """Walk with the keyboard; at most as many steps as a patient person would take."""
    for _ in range(30):
        tab.keyboard.press(key)
        focused = tab.locator(f"{selector}:focus")
        if focused.count() and words in (focused.text_content() or ""):
            return
    raise AssertionError(f"{selector} was not reached")
