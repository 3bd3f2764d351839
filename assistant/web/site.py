"""The web application: the page's own files and sources, and Gradio's page."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import gradio as gr
from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, JSONResponse

from assistant.web.asgi import App
from assistant.web.guard import Guard
from assistant.web.page import make_page
from assistant.web.policy import Policy
from assistant.web.render_source import nothing, source
from assistant.web.site_parts import Site
from assistant.web.theme import make_theme
from assistant.web.uploads import DOCUMENTS, SETS, store
from corpus.errors import AssistantError, UsageError

HERE = Path(__file__).parent


def make_app(site: Site, port: int) -> App:
    """The application to serve on `port`."""
    app = FastAPI(openapi_url=None)
    app.add_api_route("/own/{name}", _own_file, methods=["GET"])
    app.add_api_route("/source/{address}", _source_route(site), methods=["GET"], response_class=HTMLResponse)
    app.add_api_route("/upload/{kind}", _upload_route(site), methods=["POST"])
    page = make_page(site)
    gr.mount_gradio_app(
        app,
        page,
        "/",
        server_name="127.0.0.1",
        server_port=port,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        favicon_path=str(HERE / "favicon.svg"),
        theme=make_theme(),
        mcp_server=False,
        show_error=True,
    )
    return Guard(Policy(app), port)


def _own_file(name: str) -> FileResponse:
    if name not in ("page.css", "page.js", "favicon.svg"):
        raise HTTPException(404)
    return FileResponse(HERE / name, headers={"cache-control": "no-cache"})


def _source_route(site: Site) -> Callable[[str], HTMLResponse]:
    def open_source(address: str) -> HTMLResponse:
        try:
            place = site.seal.place(address)
            backend = site.desk.opened()
            cite = backend.citation(place.sha256, place.start, place.end)
            return HTMLResponse(source(cite, backend.text_around(place.sha256, place.start, place.end)))
        except AssistantError as error:
            return HTMLResponse(nothing(str(error)), status_code=404)

    return open_source


def _upload_route(site: Site) -> Callable[[str, str, Request], Awaitable[JSONResponse]]:
    async def upload(kind: str, name: str, request: Request) -> JSONResponse:
        try:
            folder, types = await run_in_threadpool(_place_of, site, kind)
            return JSONResponse({"stored": True, "message": await store(name, request.stream(), folder, types=types)})
        except AssistantError as error:
            return JSONResponse({"stored": False, "message": str(error)}, status_code=422)

    return upload


def _place_of(site: Site, kind: str) -> tuple[Path, tuple[str, ...]]:
    if kind == "documents":
        return site.desk.opened().uploads, DOCUMENTS
    if kind == "sets":
        return site.own_sets, SETS
    raise UsageError(f"Nothing is uploaded to “{kind}”.")
