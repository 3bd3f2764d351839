"""The page as a whole: while the models load, without an index, settings, verdicts, export, programs."""

import json
import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from assistant.evaluation.sets import load_set
from corpus.errors import IndexNotFound
from index.progress import Silent, never
from tests.web.conftest import Server, Watched
from tests.web.scripted import ScriptedAssistant


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> ScriptedAssistant:
    assistant = ScriptedAssistant({"drugs/a.txt": "Dosing notes.\nTake 60 mg with fat.", "b.txt": "Nothing else."})
    questions = tmp_path_factory.mktemp("set") / "set.jsonl"
    lines = [{"id": word, "question": f"About {word}", "answers": [word]} for word in ("fat.", "else.", "zebras")]
    questions.write_text("\n".join(json.dumps(line) for line in lines))
    assistant.evaluate(questions, progress=Silent(), should_stop=never)
    return assistant


@pytest.fixture(scope="module")
def address(serve_page: Server, scripted: ScriptedAssistant) -> str:
    return serve_page(lambda: scripted)


def test_question_waits_for_the_models_and_says_so(serve_page: Server, scripted: ScriptedAssistant, tab: Page) -> None:
    loaded = threading.Event()

    def slow() -> ScriptedAssistant:
        loaded.wait(60)
        return scripted

    tab.goto(f"{serve_page(slow)}/?q=About+fat.")
    expect(tab.locator(".working")).to_have_text(
        "The models are still being loaded; your question waits and is answered then."
    )
    loaded.set()
    expect(tab.locator("#turn-1 blockquote")).to_have_text("Take 60 mg with fat.")


def test_page_without_an_index_says_what_to_do(serve_page: Server, tab: Page) -> None:
    def missing() -> ScriptedAssistant:
        raise IndexNotFound("There is no index in <x>. Run `assistant build FOLDER`.")

    tab.goto(serve_page(missing))
    expect(tab.locator("#examples")).to_contain_text("There is no index in <x>. Run `assistant build FOLDER`.")
    tab.get_by_role("tab", name="Documents").click()
    expect(tab.locator("#documents")).to_contain_text("There is no index in <x>.")


def test_question_sent_before_the_page_is_ready_is_not_lost(tab: Page, address: str) -> None:
    held, typed = list[Route](), threading.Event()
    tab.route("**/gradio_api/run/**", lambda route: route.continue_() if typed.is_set() else held.append(route))
    tab.goto(address)
    tab.fill("#question textarea", "About fat.")
    typed.set()
    tab.press("#question textarea", "Enter")
    tab.wait_for_timeout(1000)  # what was sent too early is answered meanwhile, and overwritten then
    for route in held:
        route.continue_()
    expect(tab.locator("#turn-1 blockquote")).to_have_text("Take 60 mg with fat.")
    tab.reload()
    expect(tab.locator("#turn-1 .question")).to_have_text("About fat.")


def test_example_is_asked_with_one_click(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.locator(".welcome button").first.click()
    expect(tab.locator("#turn-1 .question")).to_contain_text("say about Dosing notes")
    expect(tab.locator(".welcome")).to_be_hidden()


def test_filter_and_slider_reach_the_question(tab: Page, address: str, scripted: ScriptedAssistant) -> None:
    tab.goto(address)
    expect(tab.locator(".welcome button").first).to_be_visible()
    tab.get_by_text("Where to look, how sure to be").click()
    expect(tab.locator("#sure-note")).to_contain_text("Of the last run’s 3 questions, 2 would be answered.")
    tab.locator("#sure input[type=number]").fill("94")
    tab.locator("#sure input[type=number]").press("Tab")
    expect(tab.locator("#sure-note")).to_contain_text("3 questions, 0 would be answered.")
    tab.locator("#scope input").click()
    tab.get_by_role("option", name="drugs/ (1)").click()
    frame = tab.get_by_role("button", name="Where to look, how sure to be")
    expect(frame).to_contain_text("only in drugs/")
    tab.keyboard.press("Tab")  # the list of choices closes
    frame.click()
    expect(tab.locator("#scope")).to_be_hidden()
    tab.fill("#question textarea", "About fat.")
    tab.press("#question textarea", "Enter")
    expect(tab.locator("#turn-1 blockquote")).to_be_visible()
    assert (scripted.searched, scripted.threshold) == (["drugs/a.txt"], 0.94)
    expect(tab.locator("#turn-1 .searched")).to_contain_text("Searched only the chosen")
    tab.reload()
    expect(tab.locator("#scope")).to_contain_text("drugs/")
    expect(frame).to_contain_text("only in drugs/")
    expect(tab.locator("#sure input[type=number]")).to_have_value("94")
    tab.fill("#question textarea", "More about fat.")
    tab.press("#question textarea", "Enter")
    expect(tab.locator("#turn-2 blockquote")).to_be_visible()
    assert (scripted.searched, scripted.threshold) == (["drugs/a.txt"], 0.94)


def test_stop_gives_the_question_up(serve_page: Server, tab: Page) -> None:
    tab.goto(f"{serve_page(lambda: ScriptedAssistant({'a.txt': 'One.'}, delay=5.0))}/?q=About+One.")
    expect(tab.locator(".working")).to_have_text("Searching 1,204 passages, reading up to 8 …")
    tab.keyboard.press("Escape")
    expect(tab.locator(".working")).to_have_count(0)
    expect(tab.locator("#question .submit-button")).to_be_visible()
    tab.locator("#question textarea").press("ArrowUp")
    expect(tab.locator("#question textarea")).to_have_value("About One.")


def test_question_under_way_survives_a_reload(serve_page: Server, tab: Page) -> None:
    tab.goto(f"{serve_page(lambda: ScriptedAssistant({'a.txt': 'One.'}, delay=2.0))}/?q=About+One.")
    expect(tab.locator(".working")).to_be_visible()
    tab.reload()
    expect(tab.locator("#turn-1 blockquote")).to_have_text("One.")
    expect(tab.locator(".working")).to_have_count(0)


def test_reopened_conversation_stands_at_its_last_question(serve_page: Server, tab: Page) -> None:
    address = serve_page(lambda: ScriptedAssistant({"a.txt": f"One is {'very ' * 1000}long."}))
    tab.goto(address)
    for number in range(1, 4):
        tab.fill("#question textarea", f"{'Again: ' * number}about One")
        tab.press("#question textarea", "Enter")
        expect(tab.locator(f"#turn-{number} blockquote")).to_be_visible()
    tab.reload()
    expect(tab.locator("#turn-3 .question")).to_be_in_viewport()
    expect(tab.locator("#turn-1 .question")).not_to_be_in_viewport()


def test_next_question_stays_in_the_box_while_one_is_under_way(serve_page: Server, tab: Page) -> None:
    scripted = ScriptedAssistant({"a.txt": "One."}, delay=2.0)
    tab.goto(f"{serve_page(lambda: scripted)}/?q=About+One.")
    expect(tab.locator(".working")).to_be_visible()
    tab.fill("#question textarea", "And One.")
    tab.press("#question textarea", "Enter")
    expect(tab.locator("#turn-1 blockquote")).to_be_visible()
    expect(tab.locator("#question textarea")).to_have_value("And One.")
    tab.press("#question textarea", "Enter")
    expect(tab.locator("#turn-2 blockquote")).to_be_visible()
    assert [question for question, _ in scripted.asked] == ["About One.", "And One."]


def test_verdict_copy_and_export(tab: Page, address: str, tmp_path: Path) -> None:
    tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    tab.goto(f"{address}/?q=About+fat.")
    tab.locator(".copy").click()
    expect(tab.locator("#toast")).to_have_text("Copied with its citation.")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied == "“Take 60 mg with fat.”\n— drugs/a.txt, p. xii (PDF page 22), Methods › Dosing"
    tab.get_by_role("button", name="This is right").click()
    expect(tab.locator("#toast")).to_have_text("Kept as a row of the set feedback.jsonl.")
    with tab.expect_download() as download:
        tab.click(".export")
    download.value.save_as(tmp_path / "conversation.md")
    assert "> Take 60 mg with fat." in (tmp_path / "conversation.md").read_text()


def test_set_is_uploaded_run_and_shown(tab: Page, address: str, tmp_path: Path, watched: Watched) -> None:
    questions = tmp_path / "my <set>.jsonl"
    rows = [
        {"id": "1", "question": "About fat.", "answers": ["fat."]},
        {"id": "2", "question": "Who?", "answers": ["me"]},
    ]
    questions.write_text("\n".join(json.dumps(row) for row in rows))
    assert len(load_set(questions).questions) == 2
    tab.goto(address)
    tab.get_by_role("tab", name="Evaluate").click()
    tab.set_input_files("#drop-sets input", questions)
    expect(tab.locator("#uploads-sets")).to_contain_text("was stored")
    expect(tab.locator("#set input")).to_have_value("my <set>.jsonl")
    tab.click("#run-set")
    expect(tab.locator("#run-table")).to_contain_text("quote_hit@1")
    expect(tab.locator("#run-job")).to_contain_text("2 of 2 questions asked.")
    tab.get_by_role("button", name="Who?").click()
    expect(tab.locator("#turn-1 .question")).to_have_text("Who?")
    assert watched.errors == []


def test_status_says_what_changed_who_reads_and_that_nothing_left(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.get_by_role("tab", name="Status").click()
    expect(tab.locator("#status")).to_contain_text("1 file changed on the disk")
    expect(tab.locator("#status")).to_contain_text("new<b>.txt")
    expect(tab.locator("#status .repaired")).to_have_count(0)
    for name, value in (
        ("Encoder’s hash", "1"),
        ("Reader’s hash", "5c" * 32),
        ("Connections refused since start", "0"),
    ):
        expect(tab.locator("tr", has=tab.get_by_role("rowheader", name=name)).locator("td")).to_have_text(value)


def test_status_says_what_the_index_mended_by_itself(serve_page: Server, tab: Page) -> None:
    told = "The search files of generation 7 were damaged or missing (<b>) and were made again."
    tab.goto(serve_page(lambda: ScriptedAssistant({"a.txt": "One."}, repair=told)))
    tab.get_by_role("tab", name="Status").click()
    expect(tab.locator("#status .repaired")).to_contain_text("Mended by itself; no document and no answer was lost")
    expect(tab.locator("#status .repaired")).to_contain_text(told)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone_has_no_sideways_scrolling(tab: Page, address: str, scheme: str) -> None:
    tab.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    tab.set_viewport_size({"width": 360, "height": 740})
    tab.goto(f"{address}/?q=About+fat.")
    expect(tab.locator("#turn-1 blockquote")).to_be_visible()
    for name, part in (("Documents", "table.documents"), ("Evaluate", "#run-table table"), ("Status", "table.facts")):
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
        tab.get_by_role("tab", name=name).click()
        expect(tab.locator(part).first).to_be_visible()
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
