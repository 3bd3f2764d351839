"""The whole of it in a real browser: files, loaders, index, reader, page. Only the models are simple ones.

The encoder is hashed and the reader compares words, so that a question in a document's words finds them.
"""

import json
import re
import threading
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from fpdf import FPDF
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Page, expect

from assistant.ask import Asking
from assistant.confidence import UNCALIBRATED
from assistant.reading.similarity import SimilarityReader
from assistant.settings import Settings
from assistant.web import raster
from assistant.web.pictures import SCALE
from assistant.web.served import Served
from index.build import build
from index.hashed import HashedEncoder
from index.open import Index
from tests.web.conftest import PATIENCE, Server, Watched
from tests.web.test_ask import ask

SIZE, LEFT, WIDTH, HEIGHT = 14, 72, 400, 500  # points
SENTENCE = {300: "The blue door is locked at nine", 318: "and opened again by the porter."}  # at each baseline
LINES = {200: "Visitors wash their hands.", **SENTENCE, 420: "Cats sleep in the yard."}
QUOTE = " ".join(SENTENCE.values())
GARDEN = "The garden opens at six."
HOSTILE = "A kettle <img src=x onerror=\"document.title='owned'\"> boils & whistles at noon."
GREY = 8  # of 255: how far the colours of black letters on white may be apart
HOSTILE_NAME = "<img src=x onerror=alert(1)>.txt"


class HeldEncoder(HashedEncoder):
    """Encodes what a build gives it only when it is let go; questions are encoded at once."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()
        self.go.set()

    def encode(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> NDArray[np.float32]:
        if progress is not None:
            self.go.wait(PATIENCE / 1000)
        return super().encode(texts, progress)


def blank() -> FPDF:
    pdf = FPDF(unit="pt", format=(WIDTH, HEIGHT))
    pdf.set_font("Helvetica", size=SIZE)
    return pdf


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole") / "documents"
    folder.mkdir()
    pdf = blank()
    for lines in ({115: "Rules of the house."}, LINES):
        pdf.add_page()
        for baseline, words in lines.items():
            pdf.text(LEFT, baseline, words)
    pdf.output(str(folder / "house.pdf"))
    (folder / HOSTILE_NAME).write_text(HOSTILE)
    return folder


@pytest.fixture(scope="module")
def encoder() -> HeldEncoder:
    return HeldEncoder()


@pytest.fixture(scope="module")
def served(documents: Path, encoder: HeldEncoder) -> Iterator[Served]:
    index = documents.parent / "index"
    build(index, encoder, roots=[documents])
    yield Served(Index.open(index, encoder), Asking(SimilarityReader(encoder), UNCALIBRATED, Settings()))
    encoder.go.set()


@pytest.fixture(scope="module")
def address(serve_page: Server, served: Served) -> str:
    return serve_page(lambda: served)


def around(above: float, beside: float, below: float) -> NDArray[np.bool_]:
    """The pixels (row, column) of the sentence's lines as it was written, from its baselines, in points."""
    area = np.zeros((round(HEIGHT * SCALE), round(WIDTH * SCALE)), bool)
    for baseline, words in SENTENCE.items():
        right = LEFT + blank().get_string_width(words)
        edges = baseline - above, baseline + below, LEFT - beside, right + beside
        top, bottom, first, last = (round(edge * SCALE) for edge in edges)
        area[top:bottom, first:last] = True
    return area


def first_quote(tab: Page, turn: int) -> str:
    return tab.locator(f"#turn-{turn} blockquote").all_text_contents()[0]


def test_quote_is_painted_where_its_sentence_stands_and_nowhere_else(tab: Page, address: str) -> None:
    tab.goto(address)
    ask(tab, "When is the blue door locked?")
    assert first_quote(tab, 1) == QUOTE
    with tab.expect_response("**/picture/**") as response:
        tab.locator("#turn-1 .marker").first.click()
    expect(tab.locator(".page-number")).to_have_text("p. 2 of 2")
    assert tab.locator("#source-body .passage mark").text_content() == QUOTE
    pixels = np.asarray(Image.open(BytesIO(response.value.body())).convert("RGB")).astype(int)
    painted = np.ptp(pixels, axis=2) > GREY
    assert not painted[~around(above=1.2 * SIZE, beside=3, below=0.5 * SIZE)].any()
    white = (pixels == 255).all(axis=2)
    assert not white[around(above=0.7 * SIZE, beside=0, below=0)].any()
    assert (pixels[painted] == raster.MARK).all(axis=1).any()


def test_hostile_file_shows_as_text(tab: Page, address: str) -> None:
    tab.goto(address)
    ask(tab, "When does a kettle boil and whistle at noon?")
    assert first_quote(tab, 1) == HOSTILE
    expect(tab.locator("#turn-1 cite").first).to_have_text(HOSTILE_NAME)
    tab.locator("#turn-1 .marker").first.click()
    expect(tab.locator("#source-body .passage mark")).to_have_text(HOSTILE)
    expect(tab.locator("#source-body cite")).to_have_text(HOSTILE_NAME)
    tab.get_by_role("tab", name="Documents").click()
    expect(tab.locator("table.documents .path", has_text=HOSTILE_NAME)).to_be_visible()
    assert tab.locator("#thread img, #source-body img, #documents img").count() == 0
    assert tab.title() == "Chapter & Verse"


def test_upload_is_answered_from_the_rebuild_on_until_it_is_removed(
    tab: Page, address: str, encoder: HeldEncoder, served: Served, tmp_path: Path, watched: Watched
) -> None:
    (tmp_path / "garden.txt").write_text(GARDEN)
    tab.goto(address)
    documents = tab.get_by_role("tab", name="Documents")
    documents.click()
    encoder.go.clear()
    tab.set_input_files("#drop-documents input", tmp_path / "garden.txt")
    expect(tab.locator("#build-job progress")).to_be_visible()
    tab.reload()
    ask(tab, "When is the blue door locked?")
    assert first_quote(tab, 1) == QUOTE
    documents.click()
    expect(tab.locator("#build-job progress")).to_be_visible()
    encoder.go.set()
    expect(tab.locator("#build-job")).to_contain_text("3 documents, 3 passages: 1 added.")
    tab.get_by_role("tab", name="Ask").click()
    ask(tab, "When does the garden open?")
    assert first_quote(tab, 2) == GARDEN
    tab.locator("#turn-2 .marker").first.click()
    expect(tab.locator("#source-body .passage mark")).to_have_text(GARDEN)
    documents.click()
    remove = tab.locator("tr", has_text="garden.txt").locator(".remove")
    remove.click()
    expect(remove).to_have_text("Delete upload?")
    remove.click()
    expect(tab.locator("table.documents tr", has_text="garden.txt")).to_have_count(0)
    assert list(served.uploads.iterdir()) == []
    tab.get_by_role("tab", name="Ask").click()
    expect(tab.locator("#thread .turn")).to_have_count(1)  # what it had answered is forgotten with it
    expect(tab.locator("#source-body")).to_have_text(re.compile("not in the index any more"))
    assert [error for error in watched.errors if "/source/" not in error] == []
    watched.errors.clear()  # the browser reports the source's 404
    ask(tab, "When does the garden open?")
    expect(tab.locator("#turn-2 .verdict")).to_have_text("No sure answer in these documents")
    expect(tab.locator("#thread")).not_to_contain_text(GARDEN)


def test_program_hears_why_its_question_cannot_be_asked(address: str) -> None:
    given = json.dumps({"data": ["When?", ["nowhere.pdf"], None, None]}).encode()
    asked = urllib.request.Request(f"{address}/gradio_api/call/ask", given, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked) as response:
        event = json.load(response)["event_id"]
    with urllib.request.urlopen(f"{address}/gradio_api/call/ask/{event}") as response:
        kind, told = response.read().decode().splitlines()[:2]
    assert kind == "event: error"
    assert json.loads(told.removeprefix("data: "))["error"].startswith("There is no document nowhere.pdf in the index.")
