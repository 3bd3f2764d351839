"""Who may ask for the page, and what the page may ask for."""

import asyncio
import socket
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from assistant.web.guard import Guard
from assistant.web.policy import dressed
from assistant.web.serve import listen
from corpus.errors import UsageError
from tests.web.conftest import Server
from tests.web.scripted import ScriptedAssistant


@pytest.fixture(scope="module")
def address(serve_page: Server) -> str:
    return serve_page(lambda: ScriptedAssistant({"a.txt": "One."}))


def status(address: str, headers: dict[str, str], path: str = "/") -> int:
    port = urlsplit(address).port
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("GET", path, skip_host=True)
    for name, value in headers.items():
        connection.putheader(name, value.replace("PORT", str(port)))
    connection.endheaders()
    code = connection.getresponse().status
    connection.close()
    return code


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"Host": "127.0.0.1:PORT"}, 200),
        ({"Host": "localhost:PORT"}, 200),
        ({"Host": "[::1]:PORT"}, 200),
        ({"Host": "127.0.0.1"}, 421),
        ({"Host": "127.0.0.1:1"}, 421),
        ({"Host": "evil.example:PORT"}, 421),
        ({"Host": "127.0.0.1.evil.example:PORT"}, 421),
        ({"Host": ""}, 421),
        ({"Host": "127.0.0.1:PORT", "Origin": "http://127.0.0.1:PORT"}, 200),
        ({"Host": "127.0.0.1:PORT", "Origin": "http://evil.example"}, 421),
        ({"Host": "127.0.0.1:PORT", "Origin": "null"}, 421),
    ],
)
def test_only_this_machine_under_its_own_name(address: str, headers: dict[str, str], expected: int) -> None:
    assert status(address, headers) == expected


def test_websocket_of_another_site_is_closed() -> None:
    sent: list[object] = []

    async def never(*_args: object) -> None:
        raise AssertionError

    async def send(message: object) -> None:
        sent.append(message)

    scope = {"type": "websocket", "headers": [(b"host", b"evil.example:7860")]}
    with ThreadPoolExecutor() as threads:  # Playwright's loop runs in this one
        threads.submit(asyncio.run, Guard(never, 7860)(scope, never, send)).result()
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_page_names_no_other_site_and_allows_none(address: str) -> None:
    with urllib.request.urlopen(address) as response:
        page, policy = response.read().decode(), response.headers["content-security-policy"]
    head = page.split("window.gradio_config")[0]
    assert "http://" not in head.replace(address, "")
    assert "https://" not in head
    assert page.count("<script") == page.count("<script nonce=")
    assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]


def test_dressing_keeps_a_page_that_is_not_gradios() -> None:
    assert dressed(b"<p>plain</p>", "n") == b"<p>plain</p>"


def test_guessed_addresses_open_nothing(address: str) -> None:
    host = {"Host": "127.0.0.1:PORT"}
    sha = next(iter(ScriptedAssistant({"a.txt": "One."}).by_hash))
    for path in (
        f"/source/{sha}-0-4-{'0' * 32}",
        f"/source/{sha}",
        "/source/x-é",
        "/own/serve.py",
        "/own/..%2fserve.py",
    ):
        assert status(address, host, path.replace("é", "%C3%A9")) == 404
    for file in ("/etc/passwd", Path("pyproject.toml").absolute(), Path(__file__)):
        assert status(address, host, f"/gradio_api/file={file}") in (403, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/upload?upload_id=1",
        "/gradio_api/upload/",
        "//gradio_api//upload",
        "/gradio_api/%75pload",
        "/gradio_api%2Fupload",
        "/gradio_api/component_server",
        "/gradio_api/process_recording",
    ],
)
def test_nothing_is_stored_but_by_the_page_s_own_upload(address: str, path: str) -> None:
    form = (
        b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.exe"\r\n'
        b"Content-Type: application/octet-stream\r\n\r\nMZ\r\n--x--\r\n"
    )
    connection = HTTPConnection(urlsplit(address).netloc, timeout=10)
    connection.request("POST", path, form, {"Content-Type": "multipart/form-data; boundary=x"})
    assert connection.getresponse().status == 404
    connection.close()


def test_progress_of_gradio_s_uploads_is_closed_too(address: str) -> None:
    assert status(address, {"Host": "127.0.0.1:PORT"}, "/gradio_api/upload_progress?upload_id=1") == 404


def test_taken_port_is_said_with_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(UsageError, match=f"Port {port} is taken.*--port"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "example.org", ""])
def test_other_hosts_are_refused(host: str) -> None:
    with pytest.raises(UsageError, match="on this machine only"):
        listen(host, 0)


def test_impossible_port_is_refused() -> None:
    with pytest.raises(UsageError, match="Port 99999 cannot be used"):
        listen("127.0.0.1", 99999)
