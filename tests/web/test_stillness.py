"""Nothing jumps: the layout shifts that a browser counts while the page opens, answers, and shows a source.

A shift's value is the share of the window that moved times how far it moved; up to 0.1 in all is held to be good.
Source: https://web.dev/articles/cls
"""

import threading

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import PATIENCE, Server
from tests.web.scripted import ScriptedAssistant

GOOD = 0.01
WITH_INPUT = 700  # milliseconds; what moves within 500 of a click or a key was asked for and is not counted
TEXT = "Dosing notes\nTake 60 mg with fat.\nTake it in the evening with much fat.\nNothing else is known of fat."
RECORD = """
window.shifts = [];
window.noteShifts = (entries) => {
  for (const entry of entries) {
    if (entry.hadRecentInput) continue;
    const moved = entry.sources.map(({ node, previousRect, currentRect }) =>
      `${node?.id || node?.className || node?.nodeName} from ${previousRect.y} to ${currentRect.y}`);
    window.shifts.push([entry.value, ...moved]);
  }
};
window.shiftObserver = new PerformanceObserver((list) => window.noteShifts(list.getEntries()));
window.shiftObserver.observe({ type: "layout-shift", buffered: true });
"""
TWO_FRAMES = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
SO_FAR = "(window.noteShifts(window.shiftObserver.takeRecords()), window.shifts)"
FORGET = "(window.shiftObserver.takeRecords(), window.shifts = [])"
HELD = """() => {
  const { fetch } = window;
  const released = new Promise((release) => { window.release = release; });
  window.fetch = async (...asked) => {
    if (String(asked[0]).startsWith("source/")) await released;
    return fetch(...asked);
  };
}"""
SCREENS = {"wide": (1280, 900), "phone": (360, 740)}


@pytest.fixture(scope="module")
def scripted() -> ScriptedAssistant:
    return ScriptedAssistant({"a.txt": TEXT, "b.txt": "Doors\nDoors are locked at nine."}, delay=WITH_INPUT / 1000)


@pytest.fixture(params=SCREENS)
def still(tab: Page, request: pytest.FixtureRequest) -> Page:
    width, height = SCREENS[request.param]
    tab.set_viewport_size({"width": width, "height": height})
    tab.add_init_script(RECORD)
    return tab


def assert_still(tab: Page) -> None:
    tab.evaluate(TWO_FRAMES)  # a shift is told after the frame in which it happened
    shifts = tab.evaluate(SO_FAR)
    assert sum(value for value, *_moved in shifts) < GOOD, shifts


def test_shifts_are_counted_at_all(still: Page) -> None:
    still.goto("about:blank")
    still.set_content("<p id='above'></p><h1>Words that are pushed down</h1>")
    still.evaluate(TWO_FRAMES)
    still.evaluate("above.style.height = '300px'")
    still.wait_for_function("window.shifts.length > 0")
    with pytest.raises(AssertionError, match="H1 from"):
        assert_still(still)


def test_nothing_jumps_while_the_page_opens_and_its_models_come_late(
    still: Page, serve_page: Server, scripted: ScriptedAssistant
) -> None:
    loaded = threading.Event()

    def slow() -> ScriptedAssistant:
        loaded.wait(PATIENCE / 1000)
        return scripted

    still.goto(serve_page(slow))
    expect(still.locator("#thread-ready")).to_be_attached()
    expect(still.locator("#question textarea")).to_be_visible()
    assert_still(still)
    loaded.set()
    expect(still.locator(".welcome button").first).to_be_visible()
    assert_still(still)


def test_nothing_jumps_while_a_question_is_answered_and_its_source_comes_late(
    still: Page, serve_page: Server, scripted: ScriptedAssistant
) -> None:
    still.goto(f"{serve_page(lambda: scripted)}/?q=About+fat.")
    expect(still.locator("#turn-1 blockquote").first).to_be_visible()
    assert_still(still)
    still.fill("#question textarea", "And fat.")
    still.press("#question textarea", "Enter")
    expect(still.locator("#turn-2 blockquote").first).to_be_visible()
    assert_still(still)
    still.evaluate(HELD)
    still.locator("#turn-2 .marker").first.click()
    expect(still.locator(".with-source")).to_be_attached()
    still.evaluate(TWO_FRAMES)
    still.evaluate(FORGET)  # the second column makes room for itself, as the click asked for
    still.wait_for_timeout(WITH_INPUT)
    still.evaluate("window.release()")
    expect(still.locator("#source-body mark")).to_be_visible()
    assert_still(still)


def test_a_page_that_waits_for_nothing_draws_no_frames(
    tab: Page, serve_page: Server, scripted: ScriptedAssistant
) -> None:
    """Gradio's sign of loading went on for ever: sixty frames a second, on every page that was open."""
    tab.add_init_script(
        "window.frames_ = 0; const next = window.requestAnimationFrame.bind(window);"
        "window.requestAnimationFrame = (draw) => next((now) => { window.frames_ += 1; draw(now); });"
    )
    tab.goto(f"{serve_page(lambda: scripted)}/?q=About+fat.")
    expect(tab.locator("#turn-1 blockquote").first).to_be_visible()
    tab.wait_for_function(
        """async () => {
          const before = window.frames_;
          await new Promise((done) => setTimeout(done, 1000));
          return before > 0 && window.frames_ - before <= 2;
        }"""
    )
