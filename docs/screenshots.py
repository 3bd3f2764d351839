"""Pictures of each tab for the README, light, dark and on a phone: `make screenshots` over the examples' index.

Usage: python docs/screenshots.py [--index .index] [--out docs/images]
"""

import argparse
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
QUESTION = "When was esketamine approved in the United States?"
OFF_TOPIC = "What is the capital of Mongolia?"
PATIENCE = 300_000  # milliseconds; the models may have to be loaded first
SIZES = {"": (1280, 860), "-dark": (1280, 860), "-phone": (390, 844)}
"""Width and height by the end of the picture's name."""


@contextmanager
def served(index: Path) -> Iterator[str]:
    """The address of the page, served by a process of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("assistant"), "serve", "--index", str(index), "--port", str(port)]
    process = subprocess.Popen(command)
    try:
        yield wait_for(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(30)


def wait_for(address: str) -> str:
    """The address, once the page is there."""
    for _ in range(600):
        try:
            urllib.request.urlopen(address).close()
        except OSError:
            time.sleep(0.5)
        else:
            return address
    raise SystemExit(f"Nothing answered at {address}.")


def shoot(browser: Browser, address: str, name: str, out: Path) -> None:
    """All tabs in one size and colour scheme."""
    width, height = SIZES[name]
    scheme = "dark" if name == "-dark" else "light"
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.locator(".welcome li button").first.wait_for()
    page.screenshot(path=out / f"welcome{name}.png")
    ask(page, QUESTION, 1)
    page.screenshot(path=out / f"ask{name}.png")
    open_pdf(page)
    page.screenshot(path=out / f"source{name}.png")
    page.keyboard.press("Escape")
    ask(page, OFF_TOPIC, 2)
    page.screenshot(path=out / f"silence{name}.png")
    for tab in ("Documents", "Evaluate", "Status"):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(1500)
        if tab == "Evaluate":
            show_run(page)
        page.screenshot(path=out / f"{tab.lower()}{name}.png")
    context.close()


def ask(page: Page, question: str, number: int) -> None:
    """Ask and wait for the answer."""
    page.fill("#question textarea", question)
    page.press("#question textarea", "Enter")
    page.locator(f"#turn-{number}:not(.pending)").wait_for()


def show_run(page: Page) -> None:
    """A run of the example set; made for the first picture, for the index keeps it."""
    if not page.locator("#run-table .figures").count():
        page.click("#set input")
        page.get_by_role("option", name="questions.jsonl").click()
        page.click("#run-set")
    page.locator("#run-table .figures").first.wait_for()


def open_pdf(page: Page) -> None:
    """Open the first quote that stands in a PDF, otherwise the first quote."""
    for figure in page.locator("#turn-1 .quote").all():
        if ".pdf" in (figure.locator(".document").text_content() or ""):
            figure.locator(".marker").click()
            page.locator(".sheet").first.evaluate("image => image.decode()")
            return
    page.locator("#turn-1 .marker").first.click()
    page.locator("#source-body .passage").wait_for()


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--index", type=Path, default=Path(".index"))
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    with served(arguments.index) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name in SIZES:
            shoot(browser, address, name, arguments.out)
        browser.close()


if __name__ == "__main__":
    main()
