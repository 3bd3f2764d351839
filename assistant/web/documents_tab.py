"""The Documents tab: what is indexed, upload, remove, rebuild."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant.phrases import count
from assistant.web import render_documents
from assistant.web.jobs import Jobs
from assistant.web.render_job import job_html
from assistant.web.site_parts import Site
from corpus.errors import AssistantError
from index.records import BuildReport

SECONDS = 1.0  # between two looks at a running job
DROP = """
<div class="tools"><label class="drop" id="drop-documents" data-kind="documents" data-then="rebuild">
<input type="file" multiple accept=".txt,.md,.html,.htm,.pdf,.docx"><b>Drop documents here</b> or choose them
<span class="hint">PDF, Word, HTML, Markdown, text; at most 200 MB each</span></label></div>
<ul class="uploads" id="uploads-documents" aria-live="polite"></ul>"""
SEARCH = '<input type="search" id="document-search" placeholder="Search documents" aria-label="Search documents">'
ROW_CLICKS = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-remove], [data-include]');
  if (!button || !window.confirmed(button)) return;
  if (button.dataset.remove !== undefined) trigger('delete', { name: button.dataset.remove });
  else trigger('undo', { name: button.dataset.include });
});
"""


def make_documents_tab(site: Site, page: gr.Blocks) -> None:
    """Components and events of the tab."""
    shelf = Shelf(site)
    gr.HTML(DROP, apply_default_css=False)
    with gr.Row(elem_id="document-actions", elem_classes="actions"):
        rebuild = gr.Button("Rebuild", variant="primary", elem_id="rebuild", scale=0)
        stop = gr.Button("Stop", elem_id="stop-rebuild", scale=0)
        gr.HTML(SEARCH, apply_default_css=False)
    job = gr.HTML(elem_id="build-job", apply_default_css=False)
    table = gr.HTML(elem_id="documents", apply_default_css=False, js_on_load=ROW_CLICKS)
    seen = gr.State("")
    look: dict[str, Any] = {
        "outputs": [job, table, seen, stop],
        "show_progress": "hidden",
        "api_visibility": "private",
        "queue": False,
    }
    rebuild.click(shelf.rebuild, **look)
    stop.click(shelf.stop, **look)
    table.delete(shelf.forget, **look)
    table.undo(shelf.include, **look)
    page.load(shelf.look, **look)
    gr.Timer(SECONDS).tick(shelf.tick, [seen], **look)


Update = Any  # Gradio's own word for a changed component has no type
Look = tuple[Update, Update, str, Update]
"""The job's panel, the table, what was seen, the stop button."""


class Shelf:
    """What happens in the tab."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def look(self) -> Look:
        """Everything as it is now."""
        return self._job(), self._table(), self._mark(), self._stop()

    def tick(self, seen: str) -> Look:
        """What has changed since `seen`; nothing is redrawn without need."""
        mark = self._mark()
        if mark == seen:
            return gr.skip(), gr.skip(), mark, gr.skip()
        running = self._site.builds.running
        return self._job(), gr.skip() if running and seen.startswith("ready") else self._table(), mark, self._stop()

    def rebuild(self) -> Look:
        """Begin to rebuild."""
        return self._do(lambda: self._site.builds.start("Rebuilding", self._build))

    def stop(self) -> Look:
        """Ask the rebuild to end."""
        self._site.builds.stop()
        return self.look()

    def forget(self, event: gr.EventData) -> Look:
        """Remove the document that was clicked."""
        return self._do(lambda: self._site.desk.opened().forget(event.name))

    def include(self, event: gr.EventData) -> Look:
        """Take the clicked file off the exclusion list and rebuild."""
        path = event.name
        return self._do(lambda: self._site.builds.start("Rebuilding", lambda jobs: self._build(jobs, include=path)))

    def _do(self, action: Callable[[], None]) -> Look:
        try:
            action()
        except AssistantError as error:
            gr.Warning(str(error))
        return self.look()

    def _build(self, jobs: Jobs, include: str = "") -> str:
        backend = self._site.desk.opened()
        if include:
            backend.include(include)
        return said(backend.rebuild(progress=jobs, should_stop=jobs.should_stop))

    def _mark(self) -> str:
        backend = self._site.desk.ready
        return f"{'ready' if backend else 'not yet'} {self._site.builds.job}"

    def _job(self) -> str:
        return job_html(self._site.builds.job)

    def _stop(self) -> Update:
        return gr.update(visible=self._site.builds.running)

    def _table(self) -> str:
        backend, error = self._site.desk.ready, self._site.desk.error
        if backend is not None:
            return render_documents.documents(backend.status(), str(backend.uploads))
        return render_documents.no_index(str(error) if error else "The index is being opened …")


def said(report: BuildReport) -> str:
    """What a build did, in one sentence."""
    changes = {"added": report.added, "changed": report.changed, "removed": report.removed, "renamed": report.renamed}
    done = ", ".join(f"{number} {name}" for name, number in changes.items() if number) or "nothing had changed"
    trouble = f" {count(len(report.problems), 'problem')}, listed below." if report.problems else ""
    return f"{count(report.documents, 'document')}, {count(report.passages, 'passage')}: {done}.{trouble}"
