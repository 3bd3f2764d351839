"""What an open page offers follows the index, its runs and its sets; what was chosen of it stays."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from assistant.web import present
from assistant.web.bench import Bench
from assistant.web.desk import Desk
from assistant.web.offer import NOT_OPEN, Choice, Offer
from assistant.web.seal import Seal
from assistant.web.serve import site_over
from assistant.web.shelf import Shelf
from assistant.web.site_parts import Site
from corpus.errors import IndexDamaged
from index import meta
from index.catalog import CATALOG, Catalog
from index.progress import Silent, never
from index.records import Status
from tests.web.conftest import Server
from tests.web.scripted import ScriptedAssistant

NOTHING = {"__type__": "update"}
FRESH_CHOICE: Choice = ([], None)


class Changing(ScriptedAssistant):
    """Its generation stands in a catalog, as another process would write it."""

    def become(self, generation: int, *names: str) -> None:
        self.texts = {name: f"Dosing notes\nWords of {name}." for name in names}
        self.by_hash = {sha256(text.encode()).hexdigest(): name for name, text in self.texts.items()}
        with Catalog(self.uploads.parent / CATALOG) as catalog:
            catalog.migrate()
            with catalog.writing("commit setting"):
                meta.write(catalog, "generation", [generation, len(names), len(names)])

    def status(self) -> Status:
        return replace(super().status(), problems=())


@pytest.fixture
def changing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Changing:
    monkeypatch.setattr(present, "FRESH", 0.0)
    (tmp_path / "index").mkdir()
    assistant = Changing({}, uploads=tmp_path / "index" / "uploads")
    assistant.become(1)
    return assistant


@pytest.fixture
def site(changing: Changing, tmp_path: Path) -> Site:
    site = site_over(Desk(lambda: changing), Seal(b"k" * 32), tmp_path / "sets")
    return replace(site, sets=())


def write(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps({"id": "1", "question": "About One.", "answers": ["One."]}))
    return folder / name


def test_the_table_is_drawn_anew_when_another_process_changed_the_index(site: Site, changing: Changing) -> None:
    shelf = Shelf(site)
    assert shelf.sign() == shelf.sign()
    site.desk.opened()
    _, before, seen, *_ = shelf.look()
    assert shelf.tick(seen)[1] == NOTHING
    changing.become(2, "a.txt")
    _, after, mark, *_ = shelf.tick(seen)
    assert before != after != NOTHING
    assert mark != seen
    assert shelf.begin()[1:3] == (NOTHING, "")
    assert shelf.tick("")[1] != NOTHING


def test_a_generation_is_read_once_a_second_and_kept_where_the_index_is_gone(
    site: Site, changing: Changing, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed: list[object] = []
    shown = present.Present(site.desk, followed.append)
    assert shown.generation() == 0
    site.desk.opened()
    assert shown.generation() == 1
    changing.become(2)
    assert shown.generation() == 2
    (changing.uploads.parent / CATALOG).unlink()
    assert shown.generation() == 2
    changing.become(3)
    monkeypatch.setattr(present, "FRESH", 1000.0)
    assert shown.generation() == 2
    assert len(followed) == 2


def test_examples_follow_the_index(site: Site, changing: Changing) -> None:
    offer = Offer(site)
    assert offer.sign() == ""
    welcome, sure, _, seen = offer.first(FRESH_CHOICE)
    assert "There are no documents yet" in welcome
    assert sure["value"] == 50
    assert offer.tick([], 50, seen, "", FRESH_CHOICE) == (NOTHING,) * 6
    changing.become(2, "drugs/a.txt", "b.txt")
    welcome, sure, _, seen, *_ = offer.tick([], 80, seen, "", FRESH_CHOICE)
    assert "There are no documents yet" not in welcome
    assert "say about Dosing notes?" in welcome
    assert sure == NOTHING


def test_examples_are_made_once_for_all_pages(site: Site, changing: Changing, monkeypatch: pytest.MonkeyPatch) -> None:
    changing.become(1, "a.txt")
    offer, asked = Offer(site), []
    offer.first(FRESH_CHOICE)
    monkeypatch.setattr(changing, "status", lambda: asked.append(1))
    assert "say about Dosing notes?" in offer.first(FRESH_CHOICE)[0]
    assert asked == []


def test_the_filter_is_filled_when_it_is_looked_at_and_keeps_what_is_chosen(site: Site, changing: Changing) -> None:
    offer = Offer(site)
    assert offer.filter([]) == (NOTHING, NOT_OPEN)
    site.desk.opened()
    changing.become(2, "drugs/a.txt", "b.txt")
    assert offer.tick([], 50, "", "", FRESH_CHOICE)[4:] == (NOTHING, NOTHING)
    *_, scope, filled = offer.tick([], 50, offer.sign(), NOT_OPEN, FRESH_CHOICE)  # looked at too early
    assert [value for _, value in scope["choices"]] == ["drugs/", "b.txt", "drugs/a.txt"]
    assert "value" not in scope
    assert filled == "2"
    assert offer.tick(["b.txt"], 50, offer.sign(), filled, FRESH_CHOICE)[4:] == (NOTHING, NOTHING)
    changing.become(3, "b.txt")
    *_, scope, filled = offer.tick(["drugs/", "b.txt"], 50, "2:", filled, FRESH_CHOICE)
    assert [value for _, value in scope["choices"]] == ["b.txt", "drugs/"]
    assert scope["choices"][-1][0] == "drugs/ (not there any more)"
    assert "value" not in scope
    assert filled == "3"


def test_a_filter_that_could_not_be_filled_is_filled_later(
    site: Site, changing: Changing, monkeypatch: pytest.MonkeyPatch
) -> None:
    changing.become(1, "a.txt")
    offer, status = Offer(site), changing.status
    offer.first(FRESH_CHOICE)

    def damaged() -> Status:
        raise IndexDamaged("The catalog is damaged.")

    monkeypatch.setattr(changing, "status", damaged)
    assert offer.filter([]) == (NOTHING, NOT_OPEN)
    monkeypatch.setattr(changing, "status", status)
    *_, scope, filled = offer.tick([], 50, offer.sign(), NOT_OPEN, FRESH_CHOICE)
    assert ([value for _, value in scope["choices"]], filled) == (["a.txt"], "1")


def test_a_browser_gets_its_filter_and_slider_again(site: Site, changing: Changing) -> None:
    changing.become(1, "a.txt")
    offer = Offer(site)
    assert offer.reopen(FRESH_CHOICE) == (NOTHING, NOTHING, NOTHING, "")
    scope, sure, options, filled = offer.reopen((["a.txt"], 30))
    assert (scope["choices"], scope["value"], sure["value"], options["open"]) == (["a.txt"], ["a.txt"], 30, True)
    assert filled == NOT_OPEN
    assert offer.first((["a.txt"], 30))[1]["value"] == 30
    assert offer.reopen(([], 0))[1]["value"] == 0


def test_the_slider_s_note_follows_the_runs_and_nothing_else_is_drawn_for_it(
    site: Site, changing: Changing, tmp_path: Path
) -> None:
    offer = Offer(site)
    changing.become(1, "a.txt")
    *_, note, seen = offer.first(FRESH_CHOICE)
    assert "Run a set under Evaluate" in note
    changing.evaluate(write(tmp_path, "set.jsonl"), progress=Silent(), should_stop=never, notice=print)
    welcome, sure, note, seen, scope, _ = offer.tick([], 5, seen, "", FRESH_CHOICE)
    assert (welcome, scope, sure) == (NOTHING, NOTHING, NOTHING)
    assert "Of the last run’s 1 question, 1 would be answered." in note
    assert offer.tick([], 5, seen, "", FRESH_CHOICE)[2] == NOTHING


def test_a_page_that_was_opened_before_the_index_gets_everything(site: Site, changing: Changing) -> None:
    offer = Offer(site)
    changing.become(1, "a.txt")
    assert offer.tick([], 50, "", "", FRESH_CHOICE) == (NOTHING,) * 6  # not open yet
    site.desk.opened()
    welcome, sure, _, seen, *_ = offer.tick([], 50, "", "", FRESH_CHOICE)
    assert "say about" in welcome
    assert (sure["value"], seen) == (50, offer.sign())


def test_sets_of_others_are_offered_and_the_chosen_one_stays(site: Site) -> None:
    bench = Bench(site)
    before = bench.sign_of_sets()
    update, seen = bench.names(None, [])
    assert (update, seen) == ({"__type__": "update"}, [])
    write(site.own_sets, "feedback.jsonl")
    assert bench.sign_of_sets() != before
    update, seen = bench.names(None, seen)
    assert (update["choices"], update["value"]) == (["feedback.jsonl"], "feedback.jsonl")
    write(site.own_sets, "a.jsonl")
    update, seen = bench.names("feedback.jsonl", seen)
    assert update["choices"] == ["a.jsonl", "feedback.jsonl"]
    assert "value" not in update
    (site.own_sets / "feedback.jsonl").unlink()
    update, seen = bench.names("feedback.jsonl", seen)
    assert update["value"] == "a.jsonl"
    assert bench.names("a.jsonl", seen) == ({"__type__": "update"}, seen)


def test_an_open_page_follows_and_keeps_filter_slider_and_set(
    tab: Page, serve_page: Server, changing: Changing, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = set(tmp_path_factory.getbasetemp().glob("sets*"))
    tab.goto(serve_page(lambda: changing))
    sets = next(iter(set(tmp_path_factory.getbasetemp().glob("sets*")) - before))
    expect(tab.locator("#examples")).to_contain_text("There are no documents yet")
    tab.get_by_text("Where to look, how sure to be").click()
    tab.locator("#sure input[type=number]").fill("5")
    tab.locator("#sure input[type=number]").press("Tab")
    changing.become(2, "a.txt", "b.txt")
    expect(tab.locator("#examples")).to_contain_text("say about Dosing notes?")
    tab.locator("#scope input").click()
    tab.get_by_role("option", name="b.txt").click()
    changing.evaluate(write(tmp_path, "set.jsonl"), progress=Silent(), should_stop=never, notice=print)
    expect(tab.locator("#sure-note")).to_contain_text("Of the last run’s 1 question, 1 would be answered.")
    changing.become(3, "b.txt", "c.txt")
    tab.locator("#scope input").click()
    expect(tab.get_by_role("option", name="c.txt")).to_be_visible()
    tab.keyboard.press("Escape")
    tab.fill("#question textarea", "Words of b.txt.")
    tab.press("#question textarea", "Enter")
    expect(tab.locator("#turn-1 .question")).to_be_visible()
    expect(tab.locator(".turn.pending")).to_have_count(0)
    assert (changing.searched, changing.threshold) == (["b.txt"], 0.05)
    tab.get_by_role("tab", name="Evaluate").click()
    expect(tab.locator("#set input")).to_have_value("")  # the example set is on offer, but asks about other documents
    write(sets, "ours.jsonl")
    expect(tab.locator("#set input")).to_have_value("ours.jsonl")
    write(sets, "theirs.jsonl")
    tab.locator("#set input").click()
    expect(tab.get_by_role("option", name="theirs.jsonl")).to_be_visible()
    tab.keyboard.press("Escape")
    expect(tab.locator("#set input")).to_have_value("ours.jsonl")
    tab.get_by_role("tab", name="Documents").click()
    expect(tab.locator("table.documents")).to_contain_text("c.txt")
