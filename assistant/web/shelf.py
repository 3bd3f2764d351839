"""What happens in the Documents tab: look, rebuild, remove, follow the folders."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant.phrases import count
from assistant.web import render_documents
from assistant.web.backend import Backend
from assistant.web.jobs import Jobs
from assistant.web.render_job import following, job_html
from assistant.web.site_parts import Site
from corpus.errors import AssistantError, UsageError
from index.records import BuildReport

Update = Any  # Gradio's own word for a changed component has no type
Look = tuple[Update, Update, str, Update, Update]
"""The job's panel, the table, what was seen, the stop button, the switch that follows the folders."""


class Shelf:
    """What happens in the tab."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def look(self) -> Look:
        """Everything as it is now."""
        return self._job(), self._table(), self.sign(), self._stop(), self._follows()

    def tick(self, seen: str) -> Look:
        """What has changed since `seen`; nothing is redrawn without need."""
        mark = self.sign()
        if mark == seen:
            return gr.skip(), gr.skip(), mark, gr.skip(), gr.skip()
        same = self._site.builds.running and seen.startswith("ready")
        return self._job(), gr.skip() if same else self._table(), mark, self._stop(), self._follows()

    def rebuild(self) -> Look:
        """Begin to rebuild."""
        return self._do(lambda: self._site.builds.start("Rebuilding", self._build))

    def stop(self) -> Look:
        """Ask the rebuild to end."""
        self._site.builds.stop()
        return self.look()

    def follow(self, wanted: bool) -> Look:
        """Follow the folders from now on, or no longer."""

        def switch() -> None:
            backend = self._site.desk.opened()
            if wanted:
                backend.watch()
            else:
                backend.unwatch()

        return self._do(switch)

    def forget(self, event: gr.EventData) -> Look:
        """Remove the document that was clicked."""
        return self._do(lambda: self._forget(event.name))

    def _forget(self, path: str) -> None:
        self._site.desk.opened().forget(path)
        self._site.conversations.forget(path)

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
        built = said(backend.rebuild(progress=jobs, should_stop=jobs.should_stop))
        return built if jobs.should_stop() else f"{built} {self._judge(backend)}".strip()

    def _judge(self, backend: Backend) -> str:
        """Begin the Evaluate tab's job for the set that builds ask, where it is due; the sentence that says so."""
        name = backend.set_due()
        if not name:
            return ""
        try:
            self._site.evaluations.start(
                f"Asking {name}", lambda jobs: backend.ask_set_due(progress=jobs, should_stop=jobs.should_stop)
            )
        except UsageError as busy:
            return f"The set chosen for after builds is not asked: {busy} The next Rebuild asks it."
        return "The set chosen for after builds is being asked: see Evaluate."

    def sign(self, _key: str = "") -> str:
        """Changes with everything that the tab shows."""
        backend = self._site.desk.ready
        if backend is None:
            return f"not yet {self._site.builds.job}"
        return f"ready {self._site.builds.job} {backend.watching} {backend.watch_note}"

    def _job(self) -> str:
        backend = self._site.desk.ready
        note = following(backend.watching, backend.watch_note) if backend is not None else ""
        return f"{job_html(self._site.builds.job)}{note}"

    def _stop(self) -> Update:
        return gr.update(visible=self._site.builds.running)

    def _follows(self) -> Update:
        backend = self._site.desk.ready
        return gr.update(value=backend is not None and backend.watching)

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
