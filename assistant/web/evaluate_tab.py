"""The Evaluate tab: choose or upload a set, run it, see the figures and what changed since an earlier run."""

from typing import Any

import gradio as gr

from assistant.web.bench import Bench
from assistant.web.pulse import LOOKS
from assistant.web.site_parts import Site

DROP = """
<div class="tools"><label class="drop" id="drop-sets" data-kind="sets" data-then="list-sets">
<input type="file" accept=".jsonl,.json,.csv"><b>Drop a set here</b> or choose one
<span class="hint">JSON lines with question and answers, SQuAD JSON, or CSV</span></label></div>
<ul class="uploads" id="uploads-sets" aria-live="polite"></ul>"""


def make_evaluate_tab(site: Site, page: gr.Blocks) -> None:
    """Components and events of the tab."""
    bench = Bench(site)
    drop = gr.HTML(DROP, elem_id="sets", apply_default_css=False, js_on_load=LOOKS)
    with gr.Row(elem_classes="actions"):
        names = gr.Dropdown([], label="Set", elem_id="set", filterable=False, scale=1, min_width=220)
        run = gr.Button("Run", variant="primary", elem_id="run-set", scale=0)
        stop = gr.Button("Stop", elem_id="stop-run", scale=0)
        again = gr.Button("List sets", elem_id="list-sets", elem_classes="unseen")
    refused = gr.HTML(elem_id="run-refused", apply_default_css=False)
    job = gr.HTML(elem_id="run-job", apply_default_css=False, js_on_load=LOOKS)
    with gr.Row(elem_classes="actions"):
        shown = gr.Dropdown([], label="Run shown", elem_id="run-shown", filterable=False, min_width=220)
        against = gr.Dropdown([], label="Compared with", elem_id="run-against", filterable=False, min_width=220)
    table = gr.HTML(elem_id="run-table", apply_default_css=False)
    seen, offered = gr.State(""), gr.State([])
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    look: dict[str, Any] = {"outputs": [job, shown, against, table, seen, stop], **quiet}
    act: dict[str, Any] = {"outputs": [refused, *look["outputs"]], **quiet}  # a tick leaves standing what was refused
    sets: dict[str, Any] = {"outputs": [names, offered], **quiet}
    run.click(bench.run, [names], **act)
    stop.click(bench.stop, **act)
    again.click(bench.uploaded, **sets)
    shown.input(bench.show, [shown], outputs=[against, table], **quiet)
    against.input(bench.table, [shown, against], outputs=[table], **quiet)
    page.load(bench.names, [names, offered], **sets)
    page.load(bench.look, **look)
    site.pulse.add("run-job", bench.sign)
    site.pulse.add("sets", bench.sign_of_sets)
    job.tick(bench.tick, [seen], trigger_mode="always_last", **look)
    drop.tick(bench.names, [names, offered], trigger_mode="always_last", **sets)
