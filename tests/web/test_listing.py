"""The table of documents: what it shows of many, searched and sorted, and by the browser."""

import pytest
from playwright.sync_api import Page, expect

from assistant.web.listing import ROWS, Listing, Wanted, listing
from assistant.web.render_documents import table
from corpus.documents import Problem
from index.records import DocumentRow
from tests.web.conftest import Server
from tests.web.scripted import ScriptedAssistant
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
    assert (found.found, found.all) == (450, 450)
    assert len(listing(MANY, Wanted(rows=400)).rows) == 400
    assert len(listing(MANY, Wanted(rows=-5)).rows) == 1


def test_the_search_reads_all_that_the_table_tells_and_goes_over_every_row() -> None:
    rows = [*MANY, row("z.txt", title="On Ketamine"), row("y.txt", problem="It is damaged.")]
    assert shown(listing(rows, Wanted(find="ketamine z"))) == ["z.txt"]
    assert shown(listing(rows, Wanted(find="DAMAGED"))) == ["y.txt"]
    assert listing(rows, Wanted(find="nowhere")) == Listing([], 0, 452)


def test_numbers_are_sorted_as_numbers_and_an_unknown_column_sorts_nothing() -> None:
    rows = [row("a.txt", pages=10), row("B.txt", pages=9), row("c.txt", pages=100)]
    assert shown(listing(rows, Wanted(column="Pages"))) == ["B.txt", "a.txt", "c.txt"]
    assert shown(listing(rows, Wanted(column="Pages", down=True))) == ["c.txt", "a.txt", "B.txt"]
    assert shown(listing(rows, Wanted(column="Document", down=True))) == ["c.txt", "B.txt", "a.txt"]
    assert shown(listing(rows, Wanted(column="__class__"))) == ["a.txt", "B.txt", "c.txt"]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (Wanted(), '200 of 450 documents <button type="button" data-more="400">Show 200 more</button>'),
        (Wanted(rows=400), '400 of 450 documents <button type="button" data-more="600">Show 50 more</button>'),
        (Wanted(find="<b>"), "None of the 450 documents has “&lt;b&gt;”."),
    ],
)
def test_the_table_says_what_it_does_not_show(wanted: Wanted, told: str) -> None:
    assert f'<p class="more">{told}</p>' in table(MANY, "/uploads", wanted)


def test_a_table_that_shows_everything_says_nothing() -> None:
    assert 'class="more"' not in table(MANY[:200], "/uploads")


@pytest.fixture
def documents(tab: Page, serve_page: Server) -> Page:
    tab.goto(serve_page(lambda: ScriptedAssistant({f"{number:03}.txt": f"{number}." for number in range(450)})))
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
    documents.fill("#document-search", "nothing of the kind")
    expect(documents.locator(".more")).to_have_text("None of the 450 documents has “nothing of the kind”.")


def test_a_found_document_is_removed_and_the_search_stays(documents: Page) -> None:
    documents.fill("#document-search", "449")
    row = documents.locator("tr", has_text="449.txt").locator(".remove")
    row.click()
    row.click()
    expect(documents.locator(".excluded")).to_contain_text("449.txt")
    expect(documents.locator(".more")).to_have_text("None of the 449 documents has “449”.")
    documents.click("[data-include]")
    expect(documents.locator("table.documents tbody tr")).to_have_count(1)
