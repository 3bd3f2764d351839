"""The Documents tab: what is indexed, upload, remove, rebuild, follow the folders."""

from typing import Any

import gradio as gr

from assistant.web.listing import LONGEST
from assistant.web.pulse import LOOKS
from assistant.web.shelf import Shelf
from assistant.web.site_parts import Site

DROP = """
<div class="tools"><label class="drop" id="drop-documents" data-kind="documents" data-then="rebuild">
<input type="file" multiple accept=".txt,.md,.html,.htm,.pdf,.docx"><b>Drop documents here</b> or choose them
<span class="hint">PDF, Word, HTML, Markdown, text; at most 200 MB each</span></label></div>
<ul class="uploads" id="uploads-documents" aria-live="polite"></ul>"""
SEARCH = (
    '<input type="search" id="document-search" placeholder="Search documents" aria-label="Search documents" '
    f'maxlength="{LONGEST}">'
)
LISTING = '<div id="document-listing"></div>'  # filled by the page's script, with the rows that are wanted
ROW_CLICKS = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-remove], [data-include]');
  if (!button || !window.confirmed(button)) return;
  if (button.dataset.remove !== undefined) trigger('delete', { name: button.dataset.remove });
  else trigger('undo', { name: button.dataset.include });
});
"""


def make_documents_tab(site: Site, page: gr.Blocks, tab: gr.Tab) -> None:
    """Components and events of the tab; its table is drawn when it is opened."""
    shelf = Shelf(site)
    gr.HTML(DROP, apply_default_css=False)
    with gr.Row(elem_id="document-actions", elem_classes="actions"):
        rebuild = gr.Button("Rebuild", variant="primary", elem_id="rebuild", scale=0)
        stop = gr.Button("Stop", elem_id="stop-rebuild", scale=0)
        follow = gr.Checkbox(label="Follow the folders", elem_id="follow", scale=0, min_width=180, container=False)
        gr.HTML(SEARCH, apply_default_css=False)
    refused = gr.HTML(elem_id="build-refused", apply_default_css=False)
    job = gr.HTML(elem_id="build-job", apply_default_css=False, js_on_load=LOOKS)
    table = gr.HTML(LISTING, elem_id="documents", apply_default_css=False, js_on_load=ROW_CLICKS)
    mark = gr.HTML(elem_id="documents-mark", apply_default_css=False)
    seen = gr.State("")
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    look: dict[str, Any] = {"outputs": [job, mark, seen, stop, follow], **quiet}
    act: dict[str, Any] = {"outputs": [refused, *look["outputs"]], **quiet}  # a tick leaves standing what was refused
    rebuild.click(shelf.rebuild, **act)
    stop.click(shelf.stop, **act)
    follow.input(shelf.follow, [follow], **act)
    table.delete(shelf.forget, **act)
    table.undo(shelf.include, **act)
    page.load(shelf.begin, **look)
    tab.select(shelf.tick, [seen], **look)
    site.pulse.add("build-job", shelf.sign)
    job.tick(shelf.tick, [seen], trigger_mode="always_last", **look)
