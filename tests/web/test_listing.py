"""The table of documents: what it shows of many, searched and sorted, and by the browser."""

from dataclasses import replace

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from assistant.web.listing import COLUMNS, MOST, ROWS, Listing, Wanted, listing
from assistant.web.render_documents import more
from corpus.documents import Problem
from index.records import DocumentRow
from tests.web.conftest import Server, Watched
from tests.web.scripted import ScriptedAssistant
from tests.web.test_access import grave
from tests.web.test_documents_tab import names


def row(name: str, *, pages: int = 0, title: str = "", problem: str = "") -> DocumentRow:
    problems = (Problem(name, problem, "Do so."),) if problem else ()
    return DocumentRow("/data", name, name, title, "txt", "en", pages, 1, 10, "2026-01-31T10:00:00", problems)


MANY = [row(f"{number:03}.txt", pages=number % 7) for number in range(450)]


def shown(found: Listing) -> list[str]:
    return [one.relative for one in found.rows]


def test_as_many_rows_as_are_wanted_in_the_index_s_order() -> None:
    found = listing(MANY, Wanted())
    assert shown(found) == [f"{number:03}.txt" for number in range(ROWS)]
    assert (found.found, found.total) == (450, 450)
    assert len(listing(MANY, Wanted(rows=400)).rows) == 400
    assert len(listing(MANY, Wanted(rows=-5)).rows) == 1


def test_no_more_rows_than_a_browser_draws_are_shown_at_once() -> None:
    rows = [row(f"{number}.txt") for number in range(MOST + 1)]
    wanted = Wanted(rows=10**9)
    assert len(listing(rows, wanted).rows) == MOST
    assert more(listing(rows, wanted), wanted) == "2,000 of 2,001 documents. Search for the others."


def test_the_search_reads_what_the_table_tells_and_goes_over_every_row() -> None:
    rows = [*MANY, row("z.txt", title="On Ketamine"), row("y.txt", problem="It is damaged.")]
    assert shown(listing(rows, Wanted(find="ketamine z"))) == ["z.txt"]
    assert shown(listing(rows, Wanted(find="DAMAGED"))) == ["y.txt"]
    assert shown(listing(rows, Wanted(find="1 problem"))) == ["y.txt"]
    for unseen in ("nowhere", "/data", "10:00"):
        assert listing(rows, Wanted(find=unseen)).found == 0


def test_where_two_files_are_called_alike_their_folder_is_searched_too() -> None:
    rows = [row("a.txt"), replace(row("a.txt"), root="/other"), row("b.txt")]
    assert [one.root for one in listing(rows, Wanted(find="/other")).rows] == ["/other"]
    assert listing(rows, Wanted(find="/data")).found == 1


@pytest.mark.parametrize(
    ("column", "upwards"),
    [
        ("Document", ["a 2", "Á 10", "b"]),
        ("Type", ["b", "Á 10", "a 2"]),
        ("Pages", ["a 2", "b", "Á 10"]),
        ("Passages", ["Á 10", "b", "a 2"]),
        ("Language", ["b", "a 2", "Á 10"]),
        ("Added", ["Á 10", "a 2", "b"]),
        ("Status", ["b", "a 2", "Á 10"]),
        ("__class__", ["b", "Á 10", "a 2"]),
    ],
)
def test_each_column_is_sorted_by_what_it_means(column: str, upwards: list[str]) -> None:
    problem = Problem("Á 10", "It is damaged.", "Do so.")
    rows = [
        DocumentRow("/data", "b", "1", "", "docx", "de", 9, 20, 1, "2026-03", ()),
        DocumentRow("/data", "Á 10", "2", "", "pdf", "es", 10, 3, 1, "2026-01", (problem,)),
        DocumentRow("/data", "a 2", "3", "", "txt", "en", 0, 100, 1, "2026-02", ()),
    ]
    assert shown(listing(rows, Wanted(column=column))) == upwards
    if column in COLUMNS and column != "Status":
        assert shown(listing(rows, Wanted(column=column, down=True))) == upwards[::-1]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (Wanted(), '200 of 450 documents <button type="button" data-more="400">Show 200 more</button>'),
        (Wanted(rows=400), '400 of 450 documents <button type="button" data-more="600">Show 50 more</button>'),
        (Wanted(rows=600), ""),
        (Wanted(find="449"), "1 document found."),
        (Wanted(find="<b>"), "None of the 450 documents has “&lt;b&gt;”."),
    ],
)
def test_the_table_says_what_it_does_not_show(wanted: Wanted, told: str) -> None:
    assert more(listing(MANY, wanted), wanted) == told


@pytest.fixture
def scripted() -> ScriptedAssistant:
    return ScriptedAssistant({f"{number:03}.txt": f"{number}." for number in range(450)}, steps=1)


@pytest.fixture
def address(serve_page: Server, scripted: ScriptedAssistant) -> str:
    return serve_page(lambda: scripted)


def test_what_is_asked_for_by_its_address_is_escaped_and_bounded(address: str) -> None:
    told = httpx.get(f"{address}/documents", params={"find": "<img src=x> " * 100, "rows": 10**12})
    assert told.status_code == 200
    assert "<img" not in told.text
    assert "None of the 450 documents has “&lt;img src=x&gt;" in told.text
    assert httpx.get(f"{address}/documents", params={"rows": 0, "column": "<b>"}).text.count("<tr>") == 2
    assert httpx.get(f"{address}/documents", headers={"host": "evil.example"}).status_code == 421


@pytest.fixture
def documents(tab: Page, address: str) -> Page:
    tab.goto(address)
    tab.get_by_role("tab", name="Documents").click()
    expect(tab.locator("table.documents tbody tr")).to_have_count(ROWS)
    return tab


def test_every_document_is_within_reach(documents: Page) -> None:
    documents.get_by_role("button", name="Show 200 more").click()
    expect(documents.locator("table.documents tbody tr")).to_have_count(2 * ROWS)
    documents.get_by_role("button", name="Show 50 more").click()
    expect(documents.locator("table.documents tbody tr")).to_have_count(450)
    documents.click("[data-sort=Document]")
    expect(documents.locator("th[aria-sort=ascending]")).to_have_count(1)
    documents.click("[data-sort=Document]")
    expect(documents.locator("th[aria-sort=descending]")).to_have_count(1)
    assert names(documents)[:2] == ["449.txt", "448.txt"]
    documents.fill("#document-search", "44")
    expect(documents.locator("table.documents tbody tr")).to_have_count(14)
    assert names(documents)[-1] == "044.txt"
    assert grave(documents) == []
    documents.fill("#document-search", "nothing of the kind")
    expect(documents.locator(".more")).to_have_text("None of the 450 documents has “nothing of the kind”.")
    assert grave(documents) == []


def test_the_keyboard_goes_on_where_it_was(documents: Page) -> None:
    documents.locator("[data-sort=Pages]").press("Enter")
    expect(documents.locator("th[aria-sort=ascending] [data-sort=Pages]")).to_be_focused()
    documents.locator("[data-more]").press("Enter")
    expect(documents.locator("table.documents tbody tr")).to_have_count(2 * ROWS)
    expect(documents.locator("table.documents tbody tr").nth(ROWS).locator(".remove")).to_be_focused()


def test_an_older_answer_does_not_take_the_place_of_a_newer_one(documents: Page) -> None:
    held: list[Route] = []
    documents.route("**/documents?find=0*", lambda route: held.append(route))
    documents.fill("#document-search", "0")
    documents.wait_for_function("() => listingAsked && wantedRows.find === '0'")
    documents.fill("#document-search", "449")
    expect(documents.locator(".more")).to_have_text("1 document found.")
    for route in held:
        route.continue_()
    documents.fill("#document-search", "44")
    expect(documents.locator("table.documents tbody tr")).to_have_count(14)


def test_a_page_without_its_assistant_says_so_and_keeps_the_table(documents: Page, watched: Watched) -> None:
    documents.route("**/documents?*", lambda route: route.abort())
    documents.fill("#document-search", "449")
    expect(documents.locator("#toast")).to_have_text("The assistant did not answer. Is it still running?")
    expect(documents.locator("table.documents tbody tr")).to_have_count(ROWS)
    watched.errors.clear()  # the browser reports the failed request


def test_a_change_beyond_the_rows_that_are_shown_is_seen(documents: Page, scripted: ScriptedAssistant) -> None:
    documents.fill("#document-search", "44")
    expect(documents.locator("table.documents tbody tr")).to_have_count(14)
    scripted.texts["9944.txt"] = scripted.texts.pop("449.txt")
    documents.click("#rebuild")
    expect(documents.locator("table.documents .path", has_text="9944.txt")).to_be_visible()
    expect(documents.locator("table.documents .path", has_text="449.txt")).to_have_count(0)


def test_a_found_document_is_removed_and_the_search_stays(documents: Page) -> None:
    documents.fill("#document-search", "449")
    row = documents.locator("tr", has_text="449.txt").locator(".remove")
    row.click()
    row.click()
    expect(documents.locator(".excluded")).to_contain_text("449.txt")
    expect(documents.locator(".more")).to_have_text("None of the 449 documents has “449”.")
    documents.click("[data-include]")
    expect(documents.locator("table.documents tbody tr")).to_have_count(1)
