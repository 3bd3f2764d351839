"""The web application: the page's own addresses, Gradio's page, and the guards before both."""

from importlib.util import find_spec
from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from assistant.web.asgi import App
from assistant.web.guard import Guard
from assistant.web.page import make_page
from assistant.web.policy import Policy
from assistant.web.routes import Routes
from assistant.web.site_parts import Site
from assistant.web.theme import make_theme

FAVICON = Path(__file__).parent / "favicon.svg"


def make_app(site: Site, port: int) -> App:
    """The application to serve on `port`."""
    app = FastAPI(openapi_url=None)
    Routes(site).add_to(app)
    gr.mount_gradio_app(
        app,
        make_page(site),
        "/",
        server_name="127.0.0.1",
        server_port=port,
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        favicon_path=str(FAVICON),
        theme=make_theme(),
        mcp_server=find_spec("mcp") is not None,
    )
    return Guard(Policy(app), port)
