"""Programs ask over HTTP and as an MCP client, with the very snippets that docs/programs.md shows."""

import asyncio
import contextlib
import io
import json
import re
import shutil
import subprocess
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, ListToolsResult

from tests.web.conftest import Server
from tests.web.scripted import ScriptedAssistant

DOCS = (Path(__file__).parents[2] / "docs" / "programs.md").read_text()
T = TypeVar("T")
QUOTE = "Brexanolone is given by “infusion”."
FOLLOW_UP = ("How is it given?", ("What is brexanolone?",))


@pytest.fixture(scope="module")
def scripted() -> ScriptedAssistant:
    return ScriptedAssistant({"a.txt": QUOTE})


@pytest.fixture(scope="module")
def address(serve_page: Server, scripted: ScriptedAssistant) -> str:
    return serve_page(lambda: scripted)


def snippets(language: str, address: str) -> list[str]:
    found = re.findall(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)
    return [snippet.replace("http://127.0.0.1:7860", address) for snippet in found]


def posted(address: str, *data: object) -> str:
    event = httpx.post(f"{address}/gradio_api/call/ask", json={"data": data}).json()["event_id"]
    return httpx.get(f"{address}/gradio_api/call/ask/{event}").text


def with_session(address: str, use: Callable[[ClientSession], Awaitable[T]]) -> T:
    async def used() -> T:
        async with (
            streamable_http_client(f"{address}/gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            return await use(session)

    with ThreadPoolExecutor(1) as thread:  # Playwright's loop may run in this one
        return thread.submit(lambda: asyncio.run(used())).result()


@pytest.mark.parametrize("number", [0, 1], ids=["http", "mcp"])
def test_python_snippet_prints_the_quote_and_its_page(address: str, scripted: ScriptedAssistant, number: int) -> None:
    scripted.asked.clear()
    code = compile(snippets("python", address)[number], "docs/programs.md", "exec")
    with contextlib.redirect_stdout(io.StringIO()) as printed, ThreadPoolExecutor(1) as thread:
        thread.submit(exec, code, {}).result()
    assert printed.getvalue().splitlines()[-1] == f"{QUOTE} xii"
    assert scripted.asked == [FOLLOW_UP]


@pytest.mark.skipif(not shutil.which("curl"), reason="this machine has no curl")
def test_shell_snippet_prints_the_answer(address: str, scripted: ScriptedAssistant) -> None:
    scripted.asked.clear()
    done = subprocess.run(["sh", "-c", *snippets("sh", address)], capture_output=True, text=True, check=True)
    lines = done.stdout.splitlines()
    answer = json.loads(lines[lines.index("event: complete") + 1].removeprefix("data: "))[0]
    assert answer["quotes"][0]["text"] == QUOTE
    assert scripted.asked == [FOLLOW_UP]


@pytest.mark.parametrize("history", ["What is brexanolone?", ["What?", 5]], ids=["a text", "a number in it"])
def test_history_that_is_no_list_of_texts_is_refused(address: str, history: object) -> None:
    answer = posted(address, "How is it given?", None, None, history)
    assert "event: error" in answer
    assert "Give the earlier questions, oldest first." in answer


def test_ask_is_the_only_tool_and_says_what_it_takes(address: str) -> None:
    async def listed(session: ClientSession) -> ListToolsResult:
        assert (await session.list_resources()).resources == []
        return await session.list_tools()

    (tool,) = with_session(address, listed).tools
    assert tool.name == "ask"
    assert set(tool.inputSchema["properties"]) == {"question", "documents", "threshold", "history"}
    assert tool.inputSchema["required"] == ["question"]


def test_tool_says_why_a_question_cannot_be_asked(address: str) -> None:
    async def failed(session: ClientSession) -> CallToolResult:
        return await session.call_tool("ask", {"question": "fail"})

    result = with_session(address, failed)
    assert result.isError
    assert result.content[0].text == "The question <b>fail</b> cannot be asked."  # type: ignore[union-attr]
