"""Everybody can use it: axe-core finds nothing serious, and the keyboard alone is enough."""

import json
import threading
from collections.abc import Iterator, Sequence
from hashlib import sha256

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from assistant.answers import Answer
from index.progress import Silent, never
from tests.web.conftest import PATIENCE, Server
from tests.web.scripted import ScriptedAssistant
from tests.web.test_ask import ask
from tests.web.test_source import WORDS, WithPdf, make_pdf

GRAVE = {"serious", "critical"}
LOOKS = [(1280, "light"), (1280, "dark"), (390, "dark")]  # a window's width; the last is a phone's
FADED_IN = """async (list) => {
  await new Promise(requestAnimationFrame);
  await Promise.all(list.getAnimations({ subtree: true }).map((animation) => animation.finished));
}"""
HELD = "What takes long."


@pytest.fixture(scope="module")
def address(serve_page: Server) -> str:
    return serve_page(
        lambda: ScriptedAssistant({"a.txt": "Take 60 mg with fat.", "b.txt": "Doors are locked at nine."})
    )


class Held(WithPdf):
    """Answers one question only when it is let go."""

    go = threading.Event()

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        documents: Sequence[str] | None = None,
        threshold: float | None = None,
    ) -> Answer:
        if question == HELD:
            self.go.wait(PATIENCE / 1000)
        return super().ask(question, history=history, documents=documents, threshold=threshold)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Held]:
    folder = tmp_path_factory.mktemp("held")
    assistant = Held({"a.pdf": f"{WORDS}\nTake it with fat."}, follow_ups={"And how?": "How much daily."})
    assistant.pdf = make_pdf(folder / "a.pdf")
    assistant.indexed = sha256(assistant.pdf.read_bytes()).hexdigest()
    rows = [{"id": word, "question": f"About {word}", "answers": [word]} for word in ("fat.", "daily.", "zebras")]
    (folder / "set.jsonl").write_text("\n".join(map(json.dumps, rows)))
    for _ in range(2):
        assistant.evaluate(folder / "set.jsonl", progress=Silent(), should_stop=never)
    yield assistant
    assistant.go.set()


@pytest.fixture(params=LOOKS, ids=str)
def looked_at(tab: Page, request: pytest.FixtureRequest) -> Page:
    width, scheme = request.param
    tab.set_viewport_size({"width": width, "height": 844})
    tab.emulate_media(color_scheme=scheme)
    return tab


def grave(tab: Page) -> list[str]:
    """What axe-core finds serious or critical, as rule and element."""
    found = Axe().run(tab).response["violations"]
    return [f"{one['id']}: {node['html']}" for one in found if one["impact"] in GRAVE for node in one["nodes"]]


@pytest.mark.parametrize("looked_at", LOOKS, indirect=True, ids=str)
def test_axe_finds_nothing_serious_on_any_tab(looked_at: Page, address: str) -> None:
    tab = looked_at
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


def test_axe_finds_nothing_serious_in_any_state(looked_at: Page, serve_page: Server, held: Held) -> None:
    looked_at.goto(serve_page(lambda: held))
    found = {name: grave(looked_at) for name in states(looked_at)}
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_axe_finds_nothing_serious_in_a_run(looked_at: Page, serve_page: Server, held: Held) -> None:
    looked_at.goto(serve_page(lambda: held))
    looked_at.get_by_role("tab", name="Evaluate").click()
    expect(looked_at.locator("#run-table svg").first).to_be_visible()
    assert grave(looked_at) == []


def states(tab: Page) -> Iterator[str]:
    """Brings the page into each state and tells its name."""
    expect(tab.locator(".welcome")).to_be_visible()
    ask(tab, "What about zebras")
    yield "silence"
    ask(tab, "And how?")
    expect(tab.locator("#turn-2 .understood")).to_be_visible()
    yield "understood as"
    tab.locator("#turn-2 .why summary").click()
    expect(tab.locator("#turn-2 .why > div")).to_be_visible()
    yield "what is wrong"
    tab.locator("#turn-2 .marker").first.click()
    expect(tab.locator(".page-number")).to_contain_text("p. ii (PDF page 2)")
    yield "PDF source"
    tab.click("#source-close")
    tab.fill("#question textarea", HELD)
    tab.press("#question textarea", "Enter")
    expect(tab.locator(".working")).to_be_visible()
    yield "pending"
    tab.get_by_text("Where to look, how sure to be").click()
    expect(tab.locator("#sure-note")).to_contain_text("Of the last run’s 3 questions")
    tab.locator("#scope input").click()
    expect(tab.get_by_role("option", name="a.pdf")).to_be_visible()
    tab.locator("[role=listbox]").evaluate(FADED_IN)
    yield "options"


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
