"""The Documents tab in a real browser: table, problems, upload, removal, rebuilding."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.conftest import Server, Watched, another
from tests.web.scripted import ScriptedAssistant
from tests.web.test_ask import ask


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> ScriptedAssistant:
    folder = tmp_path_factory.mktemp("uploads")
    return ScriptedAssistant({"b<i>.txt": "One.", "a.txt": "Two."}, uploads=folder / "uploads", steps=2)


@pytest.fixture(scope="module")
def address(serve_page: Server, scripted: ScriptedAssistant) -> str:
    return serve_page(lambda: scripted)


@pytest.fixture
def documents(tab: Page, address: str) -> Page:
    tab.goto(address)
    tab.get_by_role("tab", name="Documents").click()
    expect(tab.locator("table.documents")).to_be_visible()
    return tab


def names(tab: Page) -> list[str]:
    return tab.locator("table.documents tbody .path").all_text_contents()


def test_table_and_problems_are_shown_as_they_are(documents: Page, watched: Watched, address: str) -> None:
    assert names(documents)[:2] == ["b<i>.txt", "a.txt"]
    expect(documents.locator(".problems")).to_contain_text("page 3: Its pages are <pictures> without text. Run OCR")
    assert watched.errors == []
    assert watched.foreign(address) == []


def test_table_is_sorted_and_searched(documents: Page) -> None:
    rows = documents.locator("table.documents tbody .path")
    documents.get_by_role("button", name="Document", exact=True).click()
    expect(rows.first).to_have_text("a.txt")
    documents.fill("#document-search", "B<I>")
    expect(rows).to_have_text(["b<i>.txt"])


def test_upload_is_stored_and_rebuilt(
    documents: Page, scripted: ScriptedAssistant, tmp_path: Path, watched: Watched
) -> None:
    good, bad = tmp_path / "Grüße (1).txt", tmp_path / "run.exe"
    good.write_text("Hello.")
    bad.write_text("MZ")
    documents.set_input_files("#drop-documents input", [good, bad])
    expect(documents.locator("#uploads-documents .refused")).to_contain_text("“run.exe” was not stored: only .txt")
    expect(documents.locator("#build-job")).to_contain_text("Rebuilding: done.")
    expect(documents.locator("table.documents")).to_contain_text("Grüße (1).txt")
    assert [path.name for path in scripted.uploads.iterdir()] == ["Grüße (1).txt"]
    watched.errors.clear()  # the browser reports the refusal's 422


def test_removal_asks_first_and_can_be_undone(documents: Page) -> None:
    row = documents.locator("tr", has_text="a.txt").locator(".remove")
    row.click()
    expect(row).to_have_text("Leave out?")
    row.click()
    expect(documents.locator(".excluded")).to_contain_text("a.txt")
    assert "a.txt" not in names(documents)
    documents.click("[data-include]")
    expect(documents.locator(".excluded")).to_have_count(0)
    expect(documents.locator("table.documents")).to_contain_text("a.txt")


def test_folders_are_followed_by_a_switch_that_other_browsers_see(
    documents: Page, browser: Browser, address: str, scripted: ScriptedAssistant
) -> None:
    documents.get_by_label("Follow the folders").check()
    expect(documents.locator("#build-job")).to_contain_text("Following the folders. 1 document added: <new>.txt.")
    with another(browser) as other:
        other.goto(address)
        other.get_by_role("tab", name="Documents").click()
        expect(other.get_by_label("Follow the folders")).to_be_checked()
        other.get_by_label("Follow the folders").uncheck()
        expect(documents.get_by_label("Follow the folders")).not_to_be_checked()
    assert not scripted.watching


def test_running_job_is_seen_by_two_browsers_and_after_a_reload(
    documents: Page, browser: Browser, address: str, scripted: ScriptedAssistant
) -> None:
    scripted.steps, scripted.step_seconds = 10_000, 0.1  # stopped below
    documents.click("#rebuild")
    expect(documents.locator("#build-job progress")).to_be_visible()
    expect(documents.locator("#build-job .figures")).to_have_text(re.compile(r"of 10,000.* a second, .* left"))
    documents.reload()
    documents.get_by_role("tab", name="Documents").click()
    expect(documents.locator("#build-job progress")).to_be_visible()
    documents.get_by_role("tab", name="Ask").click()
    ask(documents, "What about One.")
    documents.get_by_role("tab", name="Documents").click()
    expect(documents.locator("#build-job progress")).to_be_visible()
    with another(browser) as other:
        other.goto(address)
        other.get_by_role("tab", name="Documents").click()
        expect(other.locator("#build-job")).to_contain_text("of 10,000")
        other.click("#stop-rebuild")
        expect(documents.locator("#build-job")).to_contain_text("Rebuilding: stopped.")
    expect(documents.locator("#stop-rebuild")).to_be_hidden()
