"""The Ask tab: the conversation, the question box and the source beside them."""

from typing import Any

import gradio as gr

from assistant.web.asking import Asking
from assistant.web.offer import OPTIONS, Offer
from assistant.web.pulse import LOOKS, THREAD
from assistant.web.site_parts import Site

SOURCE = """
<section id="source-panel" aria-label="Source" hidden>
<div class="source-bar"><h2>Source</h2><div class="source-steps">
<button type="button" id="source-before" aria-label="Previous quote" title="Previous quote (k)">↑</button>
<button type="button" id="source-after" aria-label="Next quote" title="Next quote (j)">↓</button>
<button type="button" id="source-link" title="Copy a link to this place">Copy link</button>
<button type="button" id="source-close" aria-label="Close source" title="Close (Esc)">✕</button></div></div>
<div id="source-body"></div></section>"""

UNDO = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-undo]');
  if (button) trigger('undo', { turn: button.closest('.turn').dataset.turn });
});
"""


def make_ask_tab(site: Site, page: gr.Blocks) -> None:
    """Components and events of the tab."""
    key = gr.BrowserState("", storage_key="chapter-and-verse", secret=site.seal.secret)
    choice = gr.BrowserState([[], None], storage_key="chapter-and-verse-choice", secret=site.seal.secret)
    with gr.Row(elem_id="desk", equal_height=False):
        with gr.Column(elem_id="conversation", scale=3):
            examples = gr.HTML(elem_id="examples", apply_default_css=False, js_on_load=LOOKS)
            thread = gr.HTML(elem_id=THREAD, apply_default_css=False, js_on_load=UNDO + LOOKS)
            with gr.Column(elem_id="composer"):
                box = make_box()
                with gr.Accordion(OPTIONS, open=False, elem_id="options") as options:
                    scope = gr.Dropdown([], label="Only in", multiselect=True, elem_id="scope", value=[])
                    sure = gr.Slider(0, 99, 50, step=1, label="Answer only if at least this sure (%)", elem_id="sure")
                    note = gr.HTML(elem_id="sure-note", apply_default_css=False)
        with gr.Column(elem_id="source-column", scale=2):
            gr.HTML(SOURCE, elem_id="source", apply_default_css=False)
    asking, offer, seen, filled = Asking(site), Offer(site), gr.State(""), gr.State("")
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    site.pulse.add(THREAD, asking.sign)
    page.load(asking.reopen, [key], [thread, key], **quiet)
    offered = [examples, sure, note, seen]
    page.load(offer.reopen, [choice], [scope, sure, options, filled], **quiet)
    page.load(offer.first, [choice], offered, **quiet)
    # The outer array holds the one output.
    scope.input(None, [scope, choice], [choice], js="(scope, [, sure]) => [[scope, sure]]", **quiet)
    sure.input(None, [sure, choice], [choice], js="(sure, [scope]) => [[scope, sure]]", **quiet)
    scope.change(offer.label, [scope], [options], **quiet)
    site.pulse.add("examples", offer.sign)
    options.expand(offer.filter, [scope], [scope, filled], **quiet)
    ticked = {
        "inputs": [scope, sure, seen, filled, choice],
        "outputs": [*offered, scope, filled],
        "trigger_mode": "always_last",
    }
    examples.tick(offer.tick, **ticked, **quiet)
    sure.change(offer.sure_note, [sure], [note], **quiet)
    box.submit(asking.send, [box, key, scope, sure], [box, thread, key], **quiet)
    thread.undo(asking.undo, [key, scope, sure], [thread], **quiet)
    box.stop(asking.stop, [key], [thread], **quiet)
    thread.tick(asking.look, [key], [thread], trigger_mode="always_last", **quiet)


def make_box() -> gr.Textbox:
    """The question box; its length is limited so that nobody pastes a book."""
    return gr.Textbox(
        elem_id="question",
        label="Question",
        show_label=False,
        container=False,
        lines=1,
        max_lines=6,
        max_length=2000,
        autofocus=True,
        placeholder="Ask your documents …",
        submit_btn="Ask",
        stop_btn="Stop",
    )
