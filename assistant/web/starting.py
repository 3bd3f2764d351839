"""The first seconds: a page that says so, while Gradio is imported and the real page is made."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable

from fastapi import FastAPI

from assistant.web.asgi import Receive, Scope, Send

PAGE = b"""<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="1">
<meta name="viewport" content="width=device-width"><title>Chapter &amp; Verse</title>
<style>:root { color-scheme: light dark } body { display: grid; place-items: center; min-height: 90vh; margin: 0 1rem;
font: 1rem/1.5 system-ui, sans-serif }</style></head>
<body>
<p role="status">Chapter &amp; Verse is starting. The page appears by itself in a few seconds.</p>
</body></html>"""
NOT_YET = 503
_log = logging.getLogger(__name__)


class Starting:
    """Stands for the application that `make` makes in a thread, until it is there."""

    def __init__(self, make: Callable[[], FastAPI]) -> None:
        self._make = make
        self._app: FastAPI | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on to the application, or say that it is not there yet."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._app is not None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            headers = [(b"content-type", b"text/html; charset=utf-8"), (b"retry-after", b"1")]
            await send({"type": "http.response.start", "status": NOT_YET, "headers": headers})
            await send({"type": "http.response.body", "body": PAGE})

    async def _live(self, receive: Receive, send: Send) -> None:
        """The server's life: ready at once, the application's own life inside it."""
        await receive()
        ended = asyncio.Event()
        life = asyncio.create_task(self._app_life(ended))
        await send({"type": "lifespan.startup.complete"})
        await receive()
        ended.set()
        await life
        await send({"type": "lifespan.shutdown.complete"})

    async def _app_life(self, ended: asyncio.Event) -> None:
        try:
            app = await asyncio.to_thread(self._made)
        except BaseException:
            _log.exception("The page could not be made, so the server ends.")
            os.kill(os.getpid(), signal.SIGTERM)  # not as Ctrl-C does: the exit code is to say that it failed
            raise
        async with app.router.lifespan_context(app):
            self._app = app
            await ended.wait()

    def _made(self) -> FastAPI:
        """The application, made inside a running event loop: without one Gradio leaves several unclosed."""

        async def made() -> FastAPI:
            return self._make()

        return asyncio.run(made())
