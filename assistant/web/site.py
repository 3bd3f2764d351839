"""The web application: the page's own addresses and Gradio's page."""

from pathlib import Path

import gradio as gr
from fastapi import FastAPI

from assistant.web.page import make_page
from assistant.web.routes import Routes
from assistant.web.site_parts import Site
from assistant.web.theme import make_theme

FAVICON = Path(__file__).parent / "favicon.svg"


def make_app(site: Site, port: int) -> FastAPI:
    """The application to serve on `port`, behind its guards."""
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
        mcp_server=True,
    )
    return app
