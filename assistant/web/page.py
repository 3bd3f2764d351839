"""The page: Gradio's components and what happens when they are used. All words are made in render*.py."""

import gradio as gr

from assistant.web.api import make_api
from assistant.web.ask_tab import make_ask_tab
from assistant.web.documents_tab import make_documents_tab
from assistant.web.evaluate_tab import make_evaluate_tab
from assistant.web.site_parts import Site
from assistant.web.status_tab import make_status_tab


def make_page(site: Site) -> gr.Blocks:
    """All tabs."""
    with gr.Blocks(title="Chapter & Verse", analytics_enabled=False, fill_width=True) as page:
        gr.HTML(HEADER, elem_id="masthead", apply_default_css=False)
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Ask", id="ask"):
                make_ask_tab(site, page)
            with gr.Tab("Documents", id="documents") as documents:
                make_documents_tab(site, page, documents)
            with gr.Tab("Evaluate", id="evaluate"):
                make_evaluate_tab(site, page)
            with gr.Tab("Status", id="status") as status:
                make_status_tab(site, status)
        make_api(site)
    return page


HEADER = '<h1>Chapter <span class="amp">&amp;</span> Verse</h1><p>Answers in your documents’ own words.</p>'
