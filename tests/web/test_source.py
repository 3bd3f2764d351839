"""The source of a quote in a real browser: a PDF's page with the quote painted, and what happens when it cannot be."""

import os
import signal
import subprocess
import sys
import urllib.request
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from time import sleep

import numpy as np
import pytest
from fpdf import FPDF
from PIL import Image
from playwright.sync_api import Page, expect

from assistant.answers import Citation
from assistant.web import pictures as pictures_module
from assistant.web import raster
from assistant.web.pictures import Pictures
from assistant.web.seal import Seal
from corpus.documents import Document
from corpus.documents import Page as DocumentPage
from corpus.errors import UsageError
from tests.web.conftest import Server, Watched
from tests.web.scripted import ScriptedAssistant
from tests.web.test_stillness import TWO_FRAMES

BOX = (72.0, 100.0, 300.0, 120.0)
WORDS = "Sixty milligrams daily."
UNREADABLE = Path("/proc/self/mem")  # can be opened and not read, even by root


def make_pdf(path: Path, pages: int = 3) -> Path:
    pdf = FPDF(unit="pt", format=(400, 500))
    for number in range(pages):
        pdf.add_page()
        pdf.set_font("Helvetica", size=14)
        pdf.text(72, 115, WORDS if number == 1 else f"Page {number + 1}")
    pdf.output(str(path))
    return path


class WithPdf(ScriptedAssistant):
    """One PDF whose second page holds the quote."""

    pdf: Path
    box = BOX

    def citation(self, sha256: str, start: int, end: int) -> Citation:
        boxes = ((2, *self.box), (3, *BOX)) if self.default_threshold == 0.5 else ()
        return Citation("a.pdf", "a.pdf", self.identity(), "A", 2, "ii", (), start, end, boxes)

    def document(self, sha256: str) -> Document:
        pages = tuple(DocumentPage(number, label, 0) for number, label in ((1, "i"), (2, "ii"), (3, "1")))
        return Document(self.identity(), self.texts["a.pdf"], "A", "pdf", "en", pages)

    def file(self, sha256: str) -> Path:
        return self.pdf

    def identity(self) -> str:
        return self.indexed

    indexed: str


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> WithPdf:
    assistant = WithPdf({"a.pdf": WORDS})
    assistant.pdf = make_pdf(tmp_path_factory.mktemp("pdf") / "a.pdf")
    assistant.indexed = sha256(assistant.pdf.read_bytes()).hexdigest()
    return assistant


@pytest.fixture(scope="module")
def address(serve_page: Server, scripted: WithPdf) -> str:
    return serve_page(lambda: scripted)


@pytest.fixture
def opened(tab: Page, address: str) -> Page:
    tab.goto(f"{address}/?q=How+much+daily.")
    expect(tab.locator("#turn-1 .marker")).to_be_visible()
    tab.click("#turn-1 .marker")
    expect(tab.locator("#source-body .passage")).to_be_visible()
    return tab


def natural_widths(tab: Page) -> list[int]:
    """Of the pages in pixels, once all of them have arrived."""
    arrived = "pages => Promise.all(pages.map(page => page.decode().then(() => page.naturalWidth)))"
    return [int(width) for width in tab.locator(".sheet").evaluate_all(arrived)]


def test_link_asks_and_marker_opens_the_painted_pages(opened: Page, watched: Watched, address: str) -> None:
    expect(opened.locator(".sheet")).to_have_count(2)
    expect(opened.locator(".page-number")).to_have_text("p. ii (PDF page 2) and p. 1 (PDF page 3) of 3")
    assert natural_widths(opened) == [800, 800]
    assert opened.locator(".passage mark").text_content() == WORDS
    assert watched.errors == []
    assert watched.foreign(address) == []


def test_painted_place_comes_into_view_at_the_foot_of_a_page_and_of_a_small_window(
    tab: Page, address: str, scripted: WithPdf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scripted, "box", (72.0, 470.0, 300.0, 490.0))
    tab.set_viewport_size({"width": 1280, "height": 560})
    tab.goto(f"{address}/?q=About+Sixty.")
    tab.locator("#turn-1 .marker").first.click()
    tab.wait_for_function(
        """() => {
          const sheet = document.querySelector("#source-panel .sheet"), body = document.querySelector("#source-body");
          const { top, height } = sheet.getBoundingClientRect(), seen = body.getBoundingClientRect();
          const place = top + height * 480 / 500;
          return sheet.complete && place > seen.top && place < seen.bottom;
        }"""
    )
    tab.evaluate("document.querySelector('#source-body').scrollTop = 0")
    with tab.expect_response("**/picture/**/1.png"):
        tab.click('[data-turn-page="-1"]')
    tab.wait_for_function("document.querySelector('#source-panel .sheet').complete")
    tab.evaluate(TWO_FRAMES)
    assert tab.evaluate("document.querySelector('#source-body').scrollTop") == 0


def test_source_of_a_late_answer_opens_beside_it_and_not_at_the_top(opened: Page) -> None:
    for number in range(2, 6):
        opened.fill("#question textarea", "And how much daily.")
        opened.press("#question textarea", "Enter")
        expect(opened.locator(f"#turn-{number} .marker")).to_be_visible()
    opened.locator("#turn-5 .marker").click()
    expect(opened.locator("#source-body")).to_be_visible()
    assert opened.evaluate("scrollY") > 100
    expect(opened.locator("#source-panel")).to_be_in_viewport(ratio=0.9)


def test_pages_are_turned_and_zoomed(opened: Page) -> None:
    opened.click("[data-turn-page='-1']")
    expect(opened.locator(".page-number")).to_have_text("p. i (PDF page 1) of 3")
    expect(opened.locator(".sheet")).to_have_count(1)
    opened.click("[data-turn-page='-1']")
    expect(opened.locator(".page-number")).to_have_text("p. i (PDF page 1) of 3")
    before = opened.locator(".sheet").bounding_box()
    opened.click("[data-zoom='1']")
    after = opened.locator(".sheet").bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] > before["width"] * 1.2


def test_keyboard_steps_opens_and_closes(opened: Page) -> None:
    opened.keyboard.press("Escape")
    expect(opened.locator("#source-panel")).to_be_hidden()
    assert opened.evaluate("document.activeElement.className") == "marker"
    opened.keyboard.press("j")
    opened.keyboard.press("Enter")
    expect(opened.locator("#source-panel")).to_be_visible()
    opened.focus("#question textarea")
    opened.keyboard.press("ArrowUp")
    expect(opened.locator("#question textarea")).to_have_value("How much daily.")


def test_citation_link_opens_the_place_again(opened: Page, address: str, watched: Watched, scripted: WithPdf) -> None:
    cite = opened.locator("#turn-1 .marker").get_attribute("data-cite")
    opened.goto(f"{address}/?cite={cite}")
    expect(opened.locator("#source-body .passage mark")).to_have_text(WORDS)
    with opened.expect_download() as download:
        opened.click(".original")
    assert download.value.suggested_filename == "a.pdf"
    assert Path(download.value.path()).read_bytes() == scripted.pdf.read_bytes()
    opened.goto(f"{address}/?cite={'0' * 64}-0-9-{'0' * 32}")
    expect(opened.locator("#source-body")).to_contain_text("not made by this assistant")
    watched.errors.clear()  # the browser reports the 404


def test_changed_file_shows_its_indexed_text_and_says_so(opened: Page, scripted: WithPdf) -> None:
    natural_widths(opened)  # a page still on its way would be refused, and the browser would report that
    before, scripted.indexed = scripted.indexed, "f" * 64
    opened.reload()
    opened.click("#turn-1 .marker")
    expect(opened.locator("#source-body")).to_contain_text("The file has changed or is gone")
    expect(opened.locator(".sheet")).to_have_count(0)
    assert opened.locator(".passage mark").text_content() == WORDS
    scripted.indexed = before


def test_place_that_is_not_proven_is_shown_with_nothing_painted(
    tab: Page, serve_page: Server, scripted: WithPdf
) -> None:
    unproven = WithPdf({"a.pdf": WORDS}, default_threshold=0.4)  # cited without boxes
    unproven.pdf, unproven.indexed = scripted.pdf, scripted.indexed
    tab.goto(f"{serve_page(lambda: unproven)}/?q=How+much+daily.")
    with tab.expect_response("**/picture/**") as response:
        tab.click("#turn-1 .marker")
    drawn = np.asarray(Image.open(BytesIO(response.value.body())).convert("RGB"))
    assert np.ptp(drawn, axis=2).max() == 0  # greys only
    assert drawn.min() < 100  # its letters are there
    expect(tab.locator(".page-number")).to_have_text("p. ii (PDF page 2) of 3")
    expect(tab.locator("#source-body")).to_contain_text("so nothing is painted.")
    assert tab.locator(".passage mark").text_content() == WORDS


def test_only_the_indexed_bytes_are_drawn_from(tmp_path: Path) -> None:
    pictures, file = Pictures(), tmp_path / "a.pdf"
    file.write_bytes(b"indexed")
    identity = sha256(b"indexed").hexdigest()
    assert pictures.is_indexed(file, identity)
    file.unlink()
    assert not pictures.is_indexed(file, identity)
    assert not pictures.is_indexed(tmp_path, identity)
    assert not pictures.is_indexed(None, identity)


@pytest.mark.parametrize(("doubt", "pause"), [(0, 0.05), (pictures_module.DOUBT_NS, 0)], ids=["by ctime", "at once"])
def test_edit_is_seen_although_size_and_time_are_as_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, doubt: int, pause: float
) -> None:
    monkeypatch.setattr(pictures_module, "DOUBT_NS", doubt)
    pictures, file = Pictures(), tmp_path / "a.pdf"
    file.write_bytes(b"indexed")
    before = file.stat()
    sleep(pause)  # some ticks of the file system's clock
    assert pictures.is_indexed(file, sha256(b"indexed").hexdigest())
    file.write_bytes(b"another")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file.stat().st_mtime_ns == before.st_mtime_ns
    assert pictures.is_indexed(file, sha256(b"another").hexdigest())
    assert not pictures.is_indexed(file, sha256(b"indexed").hexdigest())


class Counted(type(Path())):  # type: ignore[misc]
    """A file that counts how often it is read."""

    read = 0

    def open(self, *args: object, **kwargs: object) -> object:
        type(self).read += 1
        return super().open(*args, **kwargs)


class Vanishing(type(Path())):  # type: ignore[misc]
    """A file that is gone when it is opened."""

    def open(self, *args: object, **kwargs: object) -> object:
        self.unlink()
        return super().open(*args, **kwargs)


def test_file_that_cannot_be_read_or_vanishes_is_not_the_indexed_one(tmp_path: Path) -> None:
    gone = Vanishing(tmp_path / "a.pdf")
    (tmp_path / "a.pdf").write_bytes(b"indexed")
    for file in (gone, UNREADABLE, tmp_path / ("x" * 300)):
        assert not Pictures().is_indexed(file, sha256(b"indexed").hexdigest())


def test_hashes_are_kept_but_not_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures_module, "DOUBT_NS", 0)  # so that a file written just now counts as settled
    monkeypatch.setattr(pictures_module, "HASHES", 2)
    pictures, identity = Pictures(), sha256(b"indexed").hexdigest()
    files = [Counted(tmp_path / name) for name in "abc"]
    for file in files:
        (tmp_path / file.name).write_bytes(b"indexed")
    for file in (files[0], files[0], files[1], files[2]):
        assert pictures.is_indexed(file, identity)
    assert Counted.read == 3
    assert len(pictures._hashes) == 2
    assert pictures.is_indexed(files[0], identity)
    assert Counted.read == 4


def test_source_of_an_unreadable_file_shows_its_indexed_text(address: str, scripted: WithPdf) -> None:
    before, scripted.pdf = scripted.pdf, UNREADABLE
    place = Seal(b"k" * 32).address(scripted.citation("", 0, len(WORDS)))
    try:
        with urllib.request.urlopen(f"{address}/source/{place}") as response:
            shown = response.read().decode()
    finally:
        scripted.pdf = before
    assert "The file has changed or is gone" in shown
    assert f"<mark>{WORDS}</mark>" in shown
    assert "sheet" not in shown


def test_only_the_boxes_are_painted(tmp_path: Path) -> None:
    pdf = make_pdf(tmp_path / "a.pdf")
    image = Image.open(BytesIO(raster.picture(pdf, 3, [BOX], 2.0))).convert("RGB")
    assert image.size == (800, 1000)
    assert image.getpixel((590, 230)) == raster.MARK
    painted = [(x, y) for x in range(0, 800, 5) for y in range(0, 1000, 5) if image.getpixel((x, y)) == raster.MARK]
    assert min(x for x, _ in painted) >= 2 * (BOX[0] - raster.MARGIN)
    assert max(x for x, _ in painted) <= 2 * (BOX[2] + raster.MARGIN)
    assert min(y for _, y in painted) >= 2 * (BOX[1] - raster.MARGIN)
    assert max(y for _, y in painted) <= 2 * (BOX[3] + raster.MARGIN)


def test_page_that_is_not_there_and_file_that_is_no_pdf_are_said(tmp_path: Path) -> None:
    pictures = Pictures()
    broken = tmp_path / "b.pdf"
    broken.write_bytes(b"%PDF-1.7 nothing")
    cite = Citation("a.pdf", "a.pdf", "0" * 64, "A", 1, "1", (), 0, 5)
    for file, number in ((make_pdf(tmp_path / "a.pdf"), 9), (broken, 1), (tmp_path / "none.pdf", 1)):
        with pytest.raises(UsageError, match="could not be drawn"):
            pictures.page(file, cite, number)
    assert pictures.page(tmp_path / "a.pdf", cite, 1).startswith(b"\x89PNG")
    pictures.close()


KILLED = """
import os, signal, sys
from pathlib import Path
from assistant.answers import Citation
from assistant.web.pictures import Pictures
if __name__ == "__main__":
    cite = Citation("a.pdf", "a.pdf", "0" * 64, "A", 1, "1", (), 0, 5)
    print(len(Pictures().page(Path(sys.argv[1]), cite, 1)) > 0, flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_worker_ends_with_a_page_that_was_killed(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    command = [sys.executable, script, make_pdf(tmp_path / "a.pdf")]
    here = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    # A worker that lived on would hold its end of the pipe, and this would wait for it.
    done = subprocess.run(command, stdout=subprocess.PIPE, timeout=60, env=here)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, b"True\n")
