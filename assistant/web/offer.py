"""What the Ask tab offers: questions to begin with, the filter's documents, and how sure to be."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from assistant.web import render_turn
from assistant.web.backend import Backend
from assistant.web.examples import example_questions
from assistant.web.present import last_run
from assistant.web.scope import choices, kept
from assistant.web.site_parts import Site
from corpus.errors import AssistantError
from corpus.phrases import count

Update = Any  # Gradio's own word for a changed component has no type
Offered = tuple[Update, Update, Update, Update, str]
"""The examples, the filter, the slider, the slider's note, and what was seen."""


class Offer:
    """The tab's choices. They follow the index and its runs; what a user has chosen stays."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def first(self) -> Offered:
        """Everything, as soon as the index is open."""
        try:
            backend = self._site.desk.opened()
            seen, sure = self.sign(), round(backend.default_threshold * 100)
            return *self._documents(backend, []), gr.update(value=sure), self.sure_note(sure), seen
        except AssistantError as error:
            return render_turn.welcome([], str(error)), gr.skip(), gr.skip(), "", ""

    def tick(self, scope: Sequence[str], sure: float, seen: str) -> Offered:
        """What is another than what was seen; everything where the page was opened before there was an index."""
        backend, mark = self._site.desk.ready, self.sign()
        if backend is None or mark == seen:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip(), seen
        if not seen:
            return self.first()
        same = mark.split(":")[0] == seen.split(":")[0]
        try:
            examples, documents = (gr.skip(), gr.skip()) if same else self._documents(backend, scope)
            return examples, documents, gr.skip(), self.sure_note(sure), mark
        except AssistantError as error:
            return render_turn.welcome([], str(error)), gr.skip(), gr.skip(), gr.skip(), mark

    def sign(self, _key: str = "") -> str:
        """Changes with the documents and with the last run; empty while there is no index."""
        backend = self._site.desk.ready
        return f"{self._site.present.generation()}:{last_run(backend.runs.folder)}" if backend is not None else ""

    def sure_note(self, sure: float) -> str:
        """How many of the last evaluation run's questions would be answered at this setting."""
        backend = self._site.desk.ready
        run = backend.last_run() if backend is not None else None
        known = [row.confidence for row in run.rows if row.confidence is not None] if run is not None else []
        if not known:
            return '<p class="note">Run a set under Evaluate to see what this setting does.</p>'
        answered = sum(confidence >= sure / 100 for confidence in known)
        return f'<p class="note">Of the last run’s {count(len(known), "question")}, {answered:,} would be answered.</p>'

    def _documents(self, backend: Backend, scope: Sequence[str]) -> tuple[str, Update]:
        """The examples, and the filter with what is chosen of it."""
        status, questions = backend.status(), example_questions(backend)
        hint = "" if status.documents else "There are no documents yet. Upload some under Documents."
        stays = kept(scope, status)
        offered = choices(status, stays)
        changed = gr.update(choices=offered) if stays == list(scope) else gr.update(choices=offered, value=stays)
        return render_turn.welcome(questions, hint), changed
