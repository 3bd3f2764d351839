"""Lets only this machine in: against other sites that point their name at 127.0.0.1, Host and Origin are checked."""

from assistant.web.asgi import App, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
REFUSAL = b"This assistant answers only under http://127.0.0.1 with its port, on the machine it runs on.\n"
MISDIRECTED = 421


class Guard:
    """Wraps the application that is served on `port`."""

    def __init__(self, app: App, port: int) -> None:
        self._app = app
        self._hosts = {f"{host}:{port}" for host in LOOPBACK} | (set(LOOPBACK) if port == 80 else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] not in ("http", "websocket") or self._at_home(scope):
            await self._app(scope, receive, send)
        else:
            await _refuse(scope, send)

    def _at_home(self, scope: Scope) -> bool:
        headers = {name.lower(): value.decode("latin-1") for name, value in scope["headers"]}
        origin = headers.get(b"origin")
        local = origin is None or origin.removeprefix("http://") in self._hosts
        return local and headers.get(b"host") in self._hosts


async def _refuse(scope: Scope, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(REFUSAL)).encode())]
    await send({"type": "http.response.start", "status": MISDIRECTED, "headers": headers})
    await send({"type": "http.response.body", "body": REFUSAL})
