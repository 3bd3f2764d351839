"""What happens in the Documents tab: look, rebuild, remove, follow the folders."""

from collections.abc import Callable
from typing import Any

import gradio as gr

from assistant.web import render_documents
from assistant.web.conversation import new_key
from assistant.web.rebuilds import Rebuilds
from assistant.web.render_job import following, job_html, once_more, refused
from assistant.web.scope import means
from assistant.web.site_parts import Site
from corpus.errors import AssistantError

Update = Any  # Gradio's own word for a changed component has no type
Look = tuple[Update, Update, str, Update, Update]
"""The job's panel, the table's mark, what was seen, the stop button, the switch that follows the folders."""
Acted = tuple[str, Update, Update, str, Update, Update]
"""Why what was asked for was not done, empty where it was, and then a look."""


class Shelf:
    """What happens in the tab."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._rebuilds = Rebuilds(site)

    def begin(self) -> Look:
        """What a page that was just opened shows; the table, which may be long, waits for the first tick."""
        return self._job(), gr.skip(), "", self._stop(), self._follows()

    def look(self) -> Look:
        """Everything as it is now."""
        mark = self.sign()  # first: what changes while it is drawn is then drawn again
        return self._job(), self._table(), mark, self._stop(), self._follows()

    def tick(self, seen: str) -> Look:
        """What has changed since `seen`; nothing is redrawn without need."""
        mark = self.sign()
        if mark == seen:
            return gr.skip(), gr.skip(), mark, gr.skip(), gr.skip()
        same = self._site.builds.running and seen.startswith(self._shown())
        return self._job(), gr.skip() if same else self._table(), mark, self._stop(), self._follows()

    def rebuild(self) -> Acted:
        """Begin to rebuild, or to do so once more when the present rebuild has ended."""
        return self._do(self._rebuilds.begin)

    def stop(self) -> Acted:
        """Ask the rebuild to end."""
        return self._do(self._rebuilds.stop)

    def follow(self, wanted: bool) -> Acted:
        """Follow the folders from now on, or no longer."""

        def switch() -> None:
            backend = self._site.desk.opened()
            if wanted:
                backend.watch()
            else:
                backend.unwatch()

        return self._do(switch)

    def forget(self, event: gr.EventData) -> Acted:
        """Remove the document that was clicked."""
        return self._do(lambda: self._forget(event.name))

    def _forget(self, path: str) -> None:
        backend = self._site.desk.opened()
        gone = {row.sha256 for row in backend.status().files if means(path, row)}
        backend.forget(path)
        for sha256 in gone:
            self._site.conversations.forget(sha256)

    def include(self, event: gr.EventData) -> Acted:
        """Take the clicked file off the exclusion list and rebuild."""
        return self._do(lambda: self._rebuilds.include(event.name))

    def _do(self, action: Callable[[], None]) -> Acted:
        said = ""
        try:
            action()
        except AssistantError as error:
            said = refused(str(error))
        return said, *self.look()

    def sign(self, _key: str = "") -> str:
        """Changes with everything that the tab shows."""
        backend, job = self._site.desk.ready, f"{self._site.builds.job} {self._rebuilds.waiting}"
        follows = f"{backend.watching} {backend.watch_note}" if backend is not None else ""
        return f"{self._shown()} {job} {follows}"

    def _shown(self) -> str:
        """Changes with the documents."""
        return (
            f"not yet {self._site.desk.error}"
            if self._site.desk.ready is None
            else f"{self._site.present.generation()}:"
        )

    def _job(self) -> str:
        backend = self._site.desk.ready
        note = following(backend.watching, backend.watch_note) if backend is not None else ""
        return f"{job_html(self._site.builds.job)}{once_more() if self._rebuilds.waiting else ''}{note}"

    def _stop(self) -> Update:
        return gr.update(visible=self._site.builds.running)

    def _follows(self) -> Update:
        backend = self._site.desk.ready
        return gr.update(value=backend is not None and backend.watching)

    def _table(self) -> str:
        """Another one each time, so that the page asks for the table again."""
        return render_documents.mark(f"{self._shown()} {new_key()}")
