"""The Evaluate tab: choose or upload a set, run it, see the figures."""

from pathlib import Path
from typing import Any

import gradio as gr

from assistant.evaluation.results import Run
from assistant.web import render_evaluation
from assistant.web.feedback import TO_COMPLETE
from assistant.web.jobs import Jobs
from assistant.web.render_job import job_html
from assistant.web.site_parts import Site
from assistant.web.uploads import SETS
from corpus.errors import AssistantError, UsageError

SECONDS = 1.0  # between two looks at a running job
DROP = """
<div class="tools"><label class="drop" id="drop-sets" data-kind="sets" data-then="list-sets">
<input type="file" accept=".jsonl,.json,.csv"><b>Drop a set here</b> or choose one
<span class="hint">JSON lines with question and answers, SQuAD JSON, or CSV</span></label></div>
<ul class="uploads" id="uploads-sets" aria-live="polite"></ul>"""


def make_evaluate_tab(site: Site, page: gr.Blocks) -> None:
    """Components and events of the tab."""
    bench = Bench(site)
    gr.HTML(DROP, apply_default_css=False)
    with gr.Row(elem_classes="actions"):
        names = gr.Dropdown([], label="Set", elem_id="set", filterable=False, scale=1, min_width=220)
        run = gr.Button("Run", variant="primary", elem_id="run-set", scale=0)
        stop = gr.Button("Stop", elem_id="stop-run", scale=0)
        again = gr.Button("List sets", elem_id="list-sets", elem_classes="unseen")
    job = gr.HTML(elem_id="run-job", apply_default_css=False)
    table = gr.HTML(elem_id="run-table", apply_default_css=False)
    seen = gr.State("")
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    look = {"outputs": [job, table, seen, stop], **quiet}
    run.click(bench.run, [names], **look)
    stop.click(bench.stop, **look)
    again.click(bench.names, outputs=[names], **quiet)
    page.load(bench.names, outputs=[names], **quiet)
    page.load(bench.look, **look)
    gr.Timer(SECONDS).tick(bench.tick, [seen], **look)


Update = Any  # Gradio's own word for a changed component has no type
Look = tuple[Update, Update, str, Update]
"""The job's panel, the table, what was seen, the stop button."""


class Bench:
    """What happens in the tab."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._run: Run | None = None

    def names(self) -> Update:
        """The sets on offer."""
        names = [path.name for path in self._sets()]
        return gr.update(choices=names, value=names[0] if names else None)

    def look(self) -> Look:
        """Everything as it is now."""
        jobs = self._site.evaluations
        return job_html(jobs.job), "" if jobs.running else self._table(), self._mark(), gr.update(visible=jobs.running)

    def tick(self, seen: str) -> Look:
        """What has changed since `seen`."""
        return (gr.skip(), gr.skip(), seen, gr.skip()) if self._mark() == seen else self.look()

    def run(self, name: str | None) -> Look:
        """Begin to run a set."""
        try:
            questions = self._set(name)
            self._site.evaluations.start(f"Asking {questions.name}", lambda jobs: self._work(jobs, questions))
        except AssistantError as error:
            gr.Warning(str(error))
        return self.look()

    def stop(self) -> Look:
        """Ask the run to end."""
        self._site.evaluations.stop()
        return self.look()

    def _mark(self) -> str:
        return f"{'ready' if self._site.desk.ready else 'not yet'} {self._site.evaluations.job}"

    def _table(self) -> str:
        backend = self._site.desk.ready
        run = self._run if self._run is not None or backend is None else backend.last_run()
        return render_evaluation.run_html(run) if run is not None else ""

    def _work(self, jobs: Jobs, questions: Path) -> str:
        backend = self._site.desk.opened()
        self._run = backend.evaluate(questions, progress=jobs, should_stop=jobs.should_stop)
        return f"{len(self._run.rows)} of {self._run.set.questions} questions asked."

    def _sets(self) -> list[Path]:
        own = sorted(self._site.own_sets.iterdir()) if self._site.own_sets.is_dir() else []
        return [*self._site.sets, *(path for path in own if path.suffix in SETS and path.name != TO_COMPLETE)]

    def _set(self, name: str | None) -> Path:
        for path in self._sets():
            if path.name == name:
                return path
        raise UsageError("Choose a set first, or upload one.")
