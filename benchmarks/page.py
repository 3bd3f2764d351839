"""How fast the page is: many people at once, the first keystroke, a click on a citation.

    python benchmarks/page.py --data DATA [--passages N] [--people N] [--each N] [--pages N] [--reader NAME]

Each figure is taken in the browser, over a server in a process of its own: seconds from sending a question to its
answer on the screen with so many tabs open at once; from opening the address, with an empty cache, until the question
box takes letters; from the click on a citation to the painted page of a long PDF; from opening Documents to its
table, from a search's letters to the rows found, and from opening the filter to its choices. The browser runs on the
same cores as the server, so these are upper bounds; asking is also measured by HTTP alone. Writes
`benchmarks/results/page.json`.
"""

import argparse
import asyncio
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import islice
from pathlib import Path
from time import perf_counter

import httpx
import numpy as np
from asking import opened
from fpdf import FPDF
from platformdirs import user_cache_path
from playwright.async_api import Browser, Page, async_playwright
from record import Record
from texts import paragraphs, questions

from index.build import build
from index.encoder import load_encoder

CHROMIUM = "/usr/bin/chromium"
PATIENCE = 600_000  # milliseconds: slowness is measured here, not judged
ASK = """async (question) => {
  const done = () => document.querySelectorAll("#thread .turn:not(.pending)").length;
  const before = done(), began = performance.now();
  const answered = new Promise((resolve) => {
    new MutationObserver((_, watch) => {
      if (done() === before) return;
      watch.disconnect();
      resolve();
    }).observe(document.querySelector("#thread"), { childList: true, subtree: true });
  });
  askNow(question);
  await answered; // a look at each frame would have twenty tabs draw sixty of them a second
  return (performance.now() - began) / 1000;
}"""
OPEN = """async (marker) => {
  document.querySelector("#source-body").replaceChildren();
  const began = performance.now();
  marker.click();
  const shown = () => document.querySelector("#source-panel .sheets");
  while (shown()?.dataset.address !== marker.dataset.cite) await new Promise(requestAnimationFrame);
  await Promise.all([...shown().querySelectorAll(".sheet")].map((sheet) => sheet.decode()));
  await new Promise(requestAnimationFrame);
  return (performance.now() - began) / 1000;
}"""


@asynccontextmanager
async def served(index: Path, reader: str | None) -> AsyncIterator[tuple[Browser, str]]:
    """A browser and the address of the page, its models loaded."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("assistant"), "serve", "--index", str(index), "--port", str(port)]
    process = subprocess.Popen([*command, *(["--reader", reader] if reader else [])])
    try:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            address = f"http://127.0.0.1:{port}"
            first = await tab(browser)
            await until_up(first, address)
            await first.evaluate(ASK, "Is everything loaded?")
            await first.context.close()
            yield browser, address
            await browser.close()
    finally:
        process.terminate()
        process.wait()


async def until_up(page: Page, address: str) -> None:
    """Wait for the page itself; while it is made, another one stands for it."""
    for _ in range(600):
        with socket.socket() as asked:
            if asked.connect_ex(("127.0.0.1", int(address.rsplit(":", 1)[1]))) == 0:
                await page.goto(address)
                return await page.locator("#thread-ready").wait_for(state="attached")
        await asyncio.sleep(0.5)
    raise SystemExit(f"Nothing answered at {address}.")


async def tab(browser: Browser) -> Page:
    """A tab of a browser that was never here before."""
    context = await browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    return await context.new_page()


async def at_once(browser: Browser, address: str, asked: Sequence[str], people: int) -> dict[str, object]:
    """Everybody asks their share of the questions, one after the other, all at the same time."""
    tabs = [await tab(browser) for _ in range(people)]
    for page in tabs:
        await page.goto(address)
        await page.locator("#thread-ready").wait_for(state="attached")
    began = perf_counter()

    async def person(number: int) -> list[float]:
        return [await tabs[number].evaluate(ASK, question) for question in asked[number::people]]

    waits = [seconds for mine in await asyncio.gather(*map(person, range(people))) for seconds in mine]
    took = perf_counter() - began
    errors = sum([await page.locator("#thread .message").count() for page in tabs])
    for page in tabs:
        await page.context.close()
    return {"people": people, "errors": errors, "seconds": spread(waits), "questions_a_second": len(waits) / took}


async def programs_at_once(address: str, asked: Sequence[str], people: int) -> dict[str, object]:
    """The same by HTTP, as programs ask: what the server does when twenty browsers do not share its cores."""
    async with httpx.AsyncClient(base_url=f"{address}/gradio_api/call", timeout=PATIENCE / 1000) as client:

        async def ask(question: str) -> tuple[float, bool]:
            began = perf_counter()
            begun = await client.post("/ask", json={"data": [question, None, None, None]})
            told = await client.get(f"/ask/{begun.json()['event_id']}")
            return perf_counter() - began, "event: complete" in told.text

        async def person(number: int) -> list[tuple[float, bool]]:
            return [await ask(question) for question in asked[number::people]]

        began = perf_counter()
        done = [one for mine in await asyncio.gather(*map(person, range(people))) for one in mine]
        took = perf_counter() - began
    errors = sum(not complete for _, complete in done)
    waits = [seconds for seconds, _ in done]
    return {"people": people, "errors": errors, "seconds": spread(waits), "questions_a_second": len(waits) / took}


async def first_letters(browser: Browser, address: str, times: int) -> dict[str, float]:
    """From opening the address until the box has taken letters."""
    waits = []
    for _ in range(times):
        page = await tab(browser)
        began = perf_counter()
        await page.goto(address, wait_until="commit")
        await page.locator("#question textarea").press_sequentially("W")
        waits.append(perf_counter() - began)
        await page.context.close()
    return spread(waits)


async def looks(browser: Browser, address: str, times: int) -> dict[str, object]:
    """The waits for the table of all documents, for a search in it, and for the filter's choices."""
    waits: dict[str, list[float]] = {"table": [], "search": [], "filter": []}
    for _ in range(times):
        page = await tab(browser)
        await page.goto(address)
        await page.locator("#thread-ready").wait_for(state="attached")
        began = perf_counter()
        await page.get_by_text("Where to look, how sure to be").click()
        await page.locator("#scope input").click()
        await page.get_by_role("option").first.wait_for()
        waits["filter"].append(perf_counter() - began)
        began = perf_counter()
        await page.get_by_role("tab", name="Documents").click()
        await page.locator("table.documents tbody tr").first.wait_for()
        waits["table"].append(perf_counter() - began)
        name = await page.locator("table.documents tbody .path").last.inner_text()
        began = perf_counter()
        await page.fill("#document-search", name)
        await page.locator(".more", has_text="found.").wait_for()
        waits["search"].append(perf_counter() - began)
        await page.context.close()
    return {name: spread(own) for name, own in waits.items()}


async def clicks(browser: Browser, address: str, pages: Sequence[int]) -> dict[str, float]:
    """From the click on a citation to the painted page, each another one."""
    page, waits = await tab(browser), []
    await page.goto(address)
    await page.locator("#thread-ready").wait_for(state="attached")
    for turn, number in enumerate(pages, 1):
        await page.evaluate(ASK, question_about(number))
        marker = await page.locator(f"#turn-{turn} .marker").first.element_handle()
        waits.append(await page.evaluate(OPEN, marker))
    await page.context.close()
    return spread(waits)


def question_about(number: int) -> str:
    """What one page of the long PDF answers."""
    return f"What colour is the door of station {number}?"


def long_pdf(path: Path, pages: int, texts: Sequence[str]) -> None:
    """A PDF of so many full pages, each with a sentence of its own."""
    pdf = FPDF()
    pdf.set_font("Helvetica", size=11)
    for number in range(1, pages + 1):
        pdf.add_page()
        pdf.multi_cell(0, text=f"The door of station {number} is painted dark green.\n\n" + texts[number % len(texts)])
    pdf.output(str(path))


def spread(waits: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, in seconds."""
    return {"n": len(waits), **{f"p{p}": float(np.percentile(waits, p)) for p in (50, 95)}}


async def measured(chosen: argparse.Namespace) -> dict[str, object]:
    """All figures; the indexes are made first."""
    many = user_cache_path("chapter-and-verse") / f"asking-{chosen.passages}"
    passages = opened(many, chosen.data, chosen.passages, chosen.reader).status().passages
    asked = questions(chosen.data, chosen.people * chosen.each)
    async with served(many, chosen.reader) as (browser, address):
        letters = await first_letters(browser, address, chosen.each * 2)
        looked = await looks(browser, address, chosen.each)
        people = await at_once(browser, address, asked, chosen.people)
        programs = await programs_at_once(address, asked, chosen.people)
    with tempfile.TemporaryDirectory() as folder:
        documents, index = Path(folder) / "documents", Path(folder) / "index"
        documents.mkdir()
        plain = [text.encode("latin-1", "replace").decode("latin-1") for text in islice(paragraphs(chosen.data), 50)]
        long_pdf(documents / "stations.pdf", chosen.pages, plain)
        build(index, load_encoder(None), roots=[documents])
        async with served(index, chosen.reader) as (browser, address):
            spaced = np.linspace(1, chosen.pages, num=chosen.each * 4, dtype=int).tolist()
            painted = await clicks(browser, address, list(dict.fromkeys(spaced)))
    return {
        "passages": passages,
        "asking_at_once": people,
        "asking_at_once_by_http": programs,
        "box_takes_letters_seconds": letters,
        "documents_seconds": looked,
        "pdf_pages": chosen.pages,
        "click_to_painted_page_seconds": painted,
    }


def main() -> None:
    """Serve, ask, click, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--each", type=int, default=5, help="questions a person asks")
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--reader")
    chosen = parser.parse_args()
    record = Record("page", n=chosen.people * chosen.each)
    record.write(asyncio.run(measured(chosen)))


if __name__ == "__main__":
    main()
