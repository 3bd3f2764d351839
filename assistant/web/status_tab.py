"""The Status tab: the index, its models, and what has changed since it was built."""

from typing import Any

import gradio as gr

from assistant.web.render_documents import no_index
from assistant.web.render_status import page_facts, status_html
from assistant.web.site_parts import Site
from corpus.errors import AssistantError


def make_status_tab(site: Site, tab: gr.Tab) -> None:
    """Drawn each time the tab is opened."""
    shown = gr.HTML(elem_id="status", apply_default_css=False)
    again = gr.Button("Look again", elem_id="look-again", scale=0)

    def look() -> str:
        try:
            backend = site.desk.opened()
            facts = page_facts(backend.reader_identity, site.sockets.refused)
            return status_html(backend.status(), backend.changes(), facts)
        except AssistantError as error:
            return no_index(str(error))

    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    tab.select(look, outputs=[shown], **quiet)
    again.click(look, outputs=[shown], **quiet)
