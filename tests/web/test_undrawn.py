"""In a real browser: pages of a source that cannot be drawn, and places where the same words also stand."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.answers import Citation, Quote
from tests.web.conftest import Server, Watched
from tests.web.scripted import ScriptedAssistant
from tests.web.test_source import WORDS, WithPdf, make_pdf

NOTE = "This page could not be drawn; its text is below."
LINES = "Take 60 mg with fat.\nTake it in the evening with fat.\nNothing else is known of fat."
COPY = "Take it in the evening with fat. (a copy)"


class OnePage(WithPdf):
    """The quote stands on the second page only."""

    def citation(self, sha256: str, start: int, end: int) -> Citation:
        cite = super().citation(sha256, start, end)
        return replace(cite, boxes=cite.boxes[:1])


class Copied(ScriptedAssistant):
    """The second quote also stands elsewhere."""

    def _quotes(self, word: str) -> Iterator[Quote]:
        quotes = list(super()._quotes(word))
        other = self.citation(sha256(COPY.encode()).hexdigest(), 0, len(COPY) - len(" (a copy)"))
        for number, quote in enumerate(quotes):
            yield replace(quote, also=(other,)) if number == 1 else quote


@pytest.mark.parametrize(("assistant", "shown"), [(OnePage, 1), (WithPdf, 2)])
def test_pages_can_be_turned_after_one_that_cannot_be_drawn(
    assistant: type[WithPdf], shown: int, tab: Page, serve_page: Server, tmp_path: Path, watched: Watched
) -> None:
    scripted = assistant({"a.pdf": WORDS})
    scripted.pdf = make_pdf(tmp_path / "a.pdf")
    scripted.indexed = sha256(scripted.pdf.read_bytes()).hexdigest()
    tab.route("**/picture/*/2.png", lambda route: route.fulfill(status=404, body="It could not be drawn."))
    tab.goto(f"{serve_page(lambda: scripted)}/?q=How+much+daily.")
    tab.click("#turn-1 .marker")
    notes = tab.locator(".sheets .note")
    expect(notes).to_have_text([NOTE])
    expect(tab.locator(".sheet:visible")).to_have_count(shown - 1)
    tab.click("[data-turn-page='-1']")
    expect(tab.locator(".page-number")).to_have_text("p. i (PDF page 1) of 3")
    expect(notes).to_have_count(0)
    assert tab.locator(".sheet:visible").evaluate("page => page.decode().then(() => page.naturalWidth)") == 800
    tab.click("[data-turn-page='1']")
    expect(tab.locator(".page-number")).to_have_text("p. ii (PDF page 2) of 3")
    expect(notes).to_have_text([NOTE])
    expect(tab.locator(".sheet:visible")).to_have_count(0)
    tab.click("[data-turn-page='1']")
    expect(tab.locator(".page-number")).to_have_text("p. 1 (PDF page 3) of 3")
    expect(tab.locator(".sheet:visible")).to_have_count(1)
    expect(notes).to_have_count(0)
    watched.errors.clear()  # the browser reports the 404


@pytest.fixture
def answered(tab: Page, serve_page: Server) -> Page:
    tab.goto(f"{serve_page(lambda: Copied({'a.txt': LINES, 'b.txt': COPY}))}/?q=About+fat.")
    expect(tab.locator("#turn-1 blockquote")).to_have_count(3)
    return tab


@pytest.mark.parametrize(("key", "next_quote"), [("j", 2), ("k", 1)])
def test_another_place_of_the_same_words_is_stepped_from_to_its_neighbours(
    answered: Page, key: str, next_quote: int
) -> None:
    answered.click("#turn-1 .place")
    expect(answered.locator("#source-body .passage")).to_have_text(COPY)
    answered.keyboard.press(key)
    expect(answered.locator("#source-body mark")).to_have_text(LINES.split("\n")[next_quote])


def test_closing_another_place_of_the_same_words_gives_the_focus_back_to_it(answered: Page) -> None:
    answered.focus("#turn-1 .place")
    answered.keyboard.press("Enter")
    expect(answered.locator("#source-body .passage")).to_have_text(COPY)
    answered.focus("#source-close")
    answered.keyboard.press("Enter")
    expect(answered.locator("#source-panel")).to_be_hidden()
    assert answered.evaluate("document.activeElement.className") == "place"
