"""Lets only this machine in, and nothing into Gradio's own folder.

Against other sites that point their name at 127.0.0.1, Host and Origin are checked. Gradio takes files of any type,
number and size at several addresses; no component of the page uses one, so they are closed: what is uploaded goes
through the page's own `upload` with its limits.
"""

from assistant.web.asgi import App, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
REFUSAL = b"This assistant answers only under http://127.0.0.1 with its port, on the machine it runs on.\n"
MISDIRECTED = 421
CLOSED = frozenset({"upload", "upload_progress", "component_server", "process_recording", "deep_link"})
NOTHING = b"There is nothing here.\n"
NOT_FOUND = 404


class Guard:
    """Wraps the application that is served on `port`."""

    def __init__(self, app: App, port: int) -> None:
        self._app = app
        self._hosts = {f"{host}:{port}" for host in LOOPBACK} | (set(LOOPBACK) if port == 80 else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] in ("http", "websocket") and not self._at_home(scope):
            await _refuse(scope, send, MISDIRECTED, REFUSAL)
        elif scope["type"] == "http" and _is_closed(scope["path"]):
            await _refuse(scope, send, NOT_FOUND, NOTHING)
        else:
            await self._app(scope, receive, send)

    def _at_home(self, scope: Scope) -> bool:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get(b"origin")
        local = origin is None or origin.removeprefix("http://") in self._hosts
        return local and headers.get(b"host") in self._hosts


def _is_closed(path: str) -> bool:
    """Whether Gradio would store what is sent there; however many slashes stand between or behind the names."""
    match [name for name in path.split("/") if name]:
        case ["gradio_api", name]:
            return name in CLOSED
    return False


async def _refuse(scope: Scope, send: Send, status: int, words: bytes) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(words)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words})
