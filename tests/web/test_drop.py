"""Files dropped on the page, and a table that stays as it was searched and sorted."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Server
from tests.web.scripted import ScriptedAssistant
from tests.web.test_documents_tab import names

DROP = """([selector, files]) => {
  const carried = new DataTransfer();
  for (const [name, words] of files) carried.items.add(new File([words], name));
  const told = (kind) => document.querySelector(selector).dispatchEvent(
    new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
  return { entered: told("dragenter"), over: told("dragover"),
    lit: document.querySelector(".drop.over") !== null, dropped: told("drop") };
}"""
LINES = """
window.lines = new Set();
new MutationObserver(() => {
  for (const line of document.querySelectorAll("#uploads-documents li")) window.lines.add(line.textContent);
}).observe(document, { childList: true, characterData: true, subtree: true });
"""


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> ScriptedAssistant:
    return ScriptedAssistant({"b.txt": "One.", "a.txt": "Two."}, uploads=tmp_path_factory.mktemp("index") / "uploads")


@pytest.fixture
def documents(tab: Page, serve_page: Server, scripted: ScriptedAssistant) -> Page:
    tab.add_init_script(LINES)
    tab.goto(serve_page(lambda: scripted))
    tab.get_by_role("tab", name="Documents").click()
    expect(tab.locator("table.documents")).to_be_visible()
    return tab


def test_several_files_are_dropped_stored_and_rebuilt(documents: Page, scripted: ScriptedAssistant) -> None:
    large = "x" * 3_000_000  # so that its progress is told in steps
    seen = documents.evaluate(DROP, ["#drop-documents", [["first.txt", "Hello."], ["second.md", large]]])
    assert seen == {"entered": True, "over": False, "lit": True, "dropped": False}  # false: the page took it over
    lines = documents.locator("#uploads-documents li")
    expect(lines).to_have_text(["“first.txt” was stored.", "“second.md” was stored."])
    expect(documents.locator(".drop.over")).to_have_count(0)
    expect(documents.locator("#build-job")).to_contain_text("Rebuilding: done.")
    for name in ("first.txt", "second.md"):
        expect(documents.locator("table.documents .path", has_text=name)).to_be_visible()
    assert (scripted.uploads / "first.txt").read_text() == "Hello."
    assert (scripted.uploads / "second.md").stat().st_size == len(large)
    told = documents.evaluate("[...window.lines]")
    assert any(line.startswith("second.md: ") and line.endswith(" %") for line in told), told


def test_file_that_misses_the_drop_area_does_not_take_the_page_away(documents: Page) -> None:
    seen = documents.evaluate(DROP, ["#masthead", [["astray.txt", "Hello."]]])
    assert (seen["over"], seen["dropped"]) == (False, False)
    expect(documents.locator("#uploads-documents li")).to_have_count(0)


def test_search_and_order_outlive_a_rebuild(documents: Page) -> None:
    rows = documents.locator("table.documents tbody .path")
    for order in ("ascending", "descending"):
        documents.locator("[data-sort]").first.click()
        expect(documents.locator(f"th[aria-sort={order}]")).to_be_visible()
    assert names(documents) == sorted(names(documents), reverse=True)
    documents.fill("#document-search", "b.txt")
    expect(rows).to_have_text(["b.txt"])
    before = int(documents.locator("#documents .summary").inner_text().split()[0])
    documents.evaluate(DROP, ["#drop-documents", [["new.txt", "Hello."]]])
    expect(documents.locator("#documents .summary")).to_contain_text(f"{before + 1} documents")
    expect(rows).to_have_text(["b.txt"])
    documents.fill("#document-search", "")
    expect(rows.filter(has_text="new.txt")).to_be_visible()
    assert names(documents) == sorted(names(documents), reverse=True)
