"""The Ask tab in a real browser, with documents that want to do harm."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Server, Watched
from tests.web.scripted import ScriptedAssistant

HOSTILE = (
    "😀😀 The first dose is 60 mg <img src=x onerror=\"document.title='owned'\"> of ketamine, $5 … $10, p* and _x_.\n"
    "See [it](http://evil.example/) and ${document.title='owned'} {{7*7}} @children &lt;b&gt; \\(x^2\\) **apex** x.\n"
    "Tab\tand  two spaces stay; so does <script>document.title='owned'</script> the ending."
)
LABEL = "A plain label says that zuranolone is taken with fat.\nIt is taken in the evening."


@pytest.fixture(scope="module")
def scripted() -> ScriptedAssistant:
    return ScriptedAssistant({"hostile.pdf": HOSTILE, "label.txt": LABEL})


@pytest.fixture(scope="module")
def address(serve_page: Server, scripted: ScriptedAssistant) -> str:
    return serve_page(lambda: scripted)


def ask(tab: Page, question: str) -> None:
    before = tab.locator(".turn:not(.pending)").count()
    tab.fill("#question textarea", question)
    tab.press("#question textarea", "Enter")
    expect(tab.locator(".turn:not(.pending)")).to_have_count(before + 1)


@pytest.mark.parametrize("word", ["ketamine,", "apex", "ending."])
def test_shown_quote_is_the_quote_and_nothing_in_it_runs(tab: Page, watched: Watched, address: str, word: str) -> None:
    tab.goto(address)
    ask(tab, f"What about {word}")
    sentence = next(line for line in HOSTILE.split("\n") if word in line)
    assert tab.locator("blockquote").evaluate("node => node.textContent") == sentence
    assert tab.locator("blockquote mark").evaluate("node => node.textContent") == word
    tab.click(".marker")
    expect(tab.locator("#source-body mark")).to_be_visible()
    assert tab.locator("#source-body .passage").evaluate("node => node.textContent") == HOSTILE
    assert tab.locator("#source-body mark").evaluate("node => node.textContent") == sentence
    assert tab.title() == "Chapter & Verse"
    assert tab.locator("#thread img, #thread script, #source-body img").count() == 0
    assert watched.errors == []
    assert watched.foreign(address) == []


def test_citations_of_the_first_question_open_their_passage_after_the_second(tab: Page, address: str) -> None:
    tab.goto(address)
    ask(tab, "What about fat.")
    ask(tab, "What about apex")
    tab.click("#turn-1 .marker")
    expect(tab.locator("#source-body mark")).to_have_text(LABEL.split("\n")[0])
    tab.click("#turn-2 .marker")
    expect(tab.locator("#source-body mark")).to_contain_text("See [it]")


def test_conversation_is_there_after_a_reload(tab: Page, address: str) -> None:
    tab.goto(address)
    ask(tab, "What about fat.")
    tab.reload()
    expect(tab.locator("#turn-1 .question")).to_have_text("What about fat.")
    tab.click("#turn-1 .marker")
    expect(tab.locator("#source-body mark")).to_have_text(LABEL.split("\n")[0])


def test_earlier_questions_are_the_history(tab: Page, address: str, scripted: ScriptedAssistant) -> None:
    tab.goto(address)
    ask(tab, "What about fat.")
    ask(tab, "And the evening.")
    assert scripted.asked[-1] == ("And the evening.", ("What about fat.",))


def test_no_answer_says_why_and_shows_the_nearest(tab: Page, address: str) -> None:
    tab.goto(address)
    ask(tab, "What about <i>zebrafish</i>")
    answer = tab.locator("#turn-1 .answer")
    expect(answer).to_contain_text("Not in these documents")
    expect(answer).to_contain_text("1,204 passages of 2 documents")
    expect(answer.locator(".unknown")).to_contain_text("<i>zebrafish</i>")
    assert answer.locator("blockquote").count() == 0
    tab.click(".nearest .marker")
    expect(tab.locator("#source-body mark")).to_contain_text("The first dose")


def test_error_is_shown_as_words(tab: Page, address: str) -> None:
    tab.goto(address)
    ask(tab, "fail")
    expect(tab.locator("#turn-1 .message")).to_have_text("The question <b>fail</b> cannot be asked.")
