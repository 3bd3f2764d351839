"""A scripted assistant behind the real page, and a real browser before it."""

import shutil
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from assistant.web.backend import Opener
from assistant.web.desk import Desk
from assistant.web.seal import Seal
from assistant.web.serve import listen, make_server, site_over

CHROMIUM = "/usr/bin/chromium"
PATIENCE = 240_000  # milliseconds: opening a page took 62 s where ten processes shared a core; busy is no failure
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-default-apps",
)


Server = Callable[[Opener], str]
GRADIO = (  # Gradio 6.31 with pandas 3
    "ignore:'future.no_silent_downcasting' is deprecated",
    "ignore:The copy keyword is deprecated",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == Path(__file__).parent:
            for warning in GRADIO:
                item.add_marker(pytest.mark.filterwarnings(warning))


@pytest.fixture(scope="session")
def serve_page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A function that serves an assistant and gives its address."""
    servers = []

    def start(opener: Opener) -> str:
        listening = listen("127.0.0.1", 0)
        port = listening.getsockname()[1]
        site = site_over(Desk(opener), Seal(b"k" * 32), tmp_path_factory.mktemp("sets"))
        server = make_server(site, port)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        servers.append((server, thread, listening))
        address = f"http://127.0.0.1:{port}"
        wait_until_up(address)
        return address

    yield start
    for server, _thread, _socket in servers:
        server.should_exit = True
    for _server, thread, listening in servers:
        thread.join(10)
        listening.close()


def wait_until_up(address: str) -> None:
    for _ in range(3000):
        try:
            urllib.request.urlopen(address).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not shutil.which(CHROMIUM):
        pytest.skip(f"there is no browser at {CHROMIUM}")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@contextmanager
def another(browser: Browser) -> Iterator[Page]:
    """A tab of a second browser, as patient as the first."""
    with browser.new_context() as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


@dataclass
class Watched:
    """What the browser complained about and where it wanted to go."""

    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.errors.append(f"{message.text} {message.location.get('url', '')}".strip())

    def foreign(self, address: str = "http://127.0.0.1:") -> list[str]:
        return [url for url in self.requests if not url.startswith((address, "data:", "blob:"))]


@pytest.fixture
def watched() -> Watched:
    return Watched()


@pytest.fixture
def tab(browser: Browser, watched: Watched) -> Iterator[Page]:
    """A fresh browser tab; it must end without any error on its console and without a request to another machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.on("request", lambda request: watched.requests.append(request.url))
    page.on("console", watched.hear)
    page.on("pageerror", lambda error: watched.errors.append(str(error)))
    yield page
    complaints, elsewhere = list(watched.errors), watched.foreign()
    context.close()
    assert complaints == []
    assert elsewhere == []
