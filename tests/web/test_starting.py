"""The first seconds of the page, and its end."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Timer
from urllib.error import HTTPError, URLError

import pytest

from assistant.web.asgi import Message
from assistant.web.policy import Policy
from assistant.web.starting import Starting
from tests.assistant.command_line import STOPPABLE, build

PATIENCE = 120.0  # seconds on a machine that does other work too
FAILING = (
    "import sys, assistant.web.site as site\n"
    "def broken(*_):\n    raise RuntimeError('no page today')\n"
    "site.make_app = broken\n"
    "from assistant.web.serve import serve\n"
    "serve(__import__('pathlib').Path(sys.argv[1]), port=int(sys.argv[2]))"
)


@pytest.fixture
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def index(tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "ward.md").write_text("# The ward\n\nThe blue door is locked at nine.\n")
    assert build(tmp_path / "documents", tmp_path / "index").exit_code == 0
    return tmp_path / "index"


@pytest.fixture
def serving(index: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    with started("-c", STOPPABLE, "serve", "--index", str(index), "--port", str(port)) as process:
        yield process
        process.kill()


def started(*arguments: str) -> subprocess.Popen[str]:
    """A Python process that does not live for ever."""
    command, environment = [sys.executable, *arguments], os.environ | {"PYTHONUNBUFFERED": "1"}
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=environment)
    late = Timer(PATIENCE, process.kill)
    late.daemon = True
    late.start()
    return process


def answered(port: int) -> tuple[int, str]:
    """Status and text of the page, as soon as there is one."""
    for _ in range(int(PATIENCE * 10)):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/") as response:
                return response.status, response.read().decode()
        except HTTPError as error:
            return error.code, error.read().decode()
        except URLError:
            time.sleep(0.1)
    raise TimeoutError


def test_page_of_the_first_seconds_asks_for_nothing() -> None:
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        raise AssertionError

    def never() -> None:
        raise AssertionError

    scope = {"type": "http", "path": "/", "headers": []}
    with ThreadPoolExecutor() as threads:  # Playwright's loop runs in this one
        threads.submit(asyncio.run, Policy(Starting(never))(scope, receive, send)).result()  # type: ignore[arg-type]
    assert sent[0]["status"] == 503
    page = sent[1]["body"].decode()
    assert "is starting" in page
    for asking in ("href=", "src=", "url("):
        assert asking not in page


def test_ctrl_c_ends_the_page_without_a_complaint(serving: subprocess.Popen[str], port: int) -> None:
    assert answered(port)[0] in (200, 503)
    serving.send_signal(signal.SIGINT)
    _, complaints = serving.communicate()
    assert (serving.returncode, complaints) == (0, "")


def test_a_page_that_cannot_be_made_says_why_and_fails(index: Path, port: int) -> None:
    with started("-c", FAILING, str(index), str(port)) as process:
        _, complaints = process.communicate()
    assert process.returncode != 0
    assert "no page today" in complaints
