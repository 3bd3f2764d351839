"""Keeps the browser at home: a content security policy, and Gradio's page without its foreign addresses."""

import re
import secrets
from http import HTTPStatus

from assistant.web.asgi import App, Message, Receive, Scope, Send

# Gradio compiles its templates in the browser, hence unsafe-eval; inline handlers stay forbidden.
POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'none'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
FOREIGN = re.compile(
    rb'<meta\s[^>]*"(?:og:|twitter:)[^>]*>|<script>(?:(?!</script>).)*iframeResizer\.content.*?</script>', re.S
)
SCRIPT = re.compile(rb"<script(?=[\s>])")
OURS = (
    b'<link rel="stylesheet" href="own/page.css"><link rel="stylesheet" href="own/source.css">'
    b'<script src="own/frames.js"></script><script src="own/page.js" defer></script>'
    b'<script src="own/source.js" defer></script><script src="own/shelf.js" defer></script></head>'
)


class Policy:
    """Wraps an application that serves Gradio's page at "/"."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its response back with the policy's headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        await self._app(scope, receive, _Response(send, is_root=scope["path"] == "/"))


class _Response:
    """Sends one response; Gradio's page is collected and rewritten, everything else streams through."""

    def __init__(self, send: Send, *, is_root: bool) -> None:
        self._send, self._is_root = send, is_root
        self._nonce = secrets.token_urlsafe(16)
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._start is not None:
            await self._collect(message, self._start)
        else:
            await self._send(message)

    async def _begin(self, message: Message) -> None:
        message = {**message, "headers": [*message["headers"], *_headers(self._nonce)]}
        if self._is_root and message["status"] == HTTPStatus.OK and _is_html(message):
            self._start = message
        else:
            await self._send(message)

    async def _collect(self, message: Message, start: Message) -> None:
        self._body += message.get("body", b"")
        if message.get("more_body"):
            return
        body = dressed(self._body, self._nonce)
        kept = [header for header in start["headers"] if header[0].lower() != b"content-length"]
        await self._send({**start, "headers": [*kept, (b"content-length", str(len(body)).encode())]})
        await self._send({**message, "body": body})


def dressed(page: bytes, nonce: str) -> bytes:
    """Gradio's page with our style and script, the nonce on every script, and nothing foreign."""
    page = FOREIGN.sub(b"", page).replace(b"</head>", OURS, 1)
    return SCRIPT.sub(f'<script nonce="{nonce}"'.encode(), page)


def _headers(nonce: str) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-security-policy", POLICY.format(nonce=nonce).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-resource-policy", b"same-origin"),
    ]


def _is_html(message: Message) -> bool:
    kinds = [value for name, value in message["headers"] if name.lower() == b"content-type"]
    return any(kind.startswith(b"text/html") for kind in kinds)
