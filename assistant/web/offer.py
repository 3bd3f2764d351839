"""What the Ask tab offers: questions to begin with, the filter's documents, and how sure to be."""

from collections.abc import Sequence
from typing import Any

import gradio as gr

from assistant.web import render_turn
from assistant.web.backend import Backend
from assistant.web.examples import example_questions
from assistant.web.present import last_run
from assistant.web.scope import choices, kept, told
from assistant.web.site_parts import Site
from corpus.errors import AssistantError
from corpus.phrases import count

Update = Any  # Gradio's own word for a changed component has no type
Choice = tuple[list[str], float | None]
"""What a browser remembers: the chosen documents, and how sure to be; null where that was never chosen."""
Offered = tuple[Update, Update, Update, Update]
"""The examples, the slider, the slider's note, and what was seen."""
Filter = tuple[Update, str]
"""The filter, and the generation whose documents it has; empty before somebody looked at it."""
NOT_OPEN = "none"  # of no generation
OPTIONS = "Where to look, how sure to be"


class Offer:
    """The tab's choices. They follow the index and its runs; what a user has chosen stays."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._made: tuple[int, list[str]] | None = None  # the generation and its examples

    def reopen(self, choice: Choice) -> tuple[Update, Update, Update, str]:
        """Filter, slider, their frame and what the filter has, as this browser had chosen.

        A question asked after a reload would otherwise be answered from all documents, and nobody would see why.
        """
        scope, sure = choice
        if not scope and sure is None:
            return gr.skip(), gr.skip(), gr.skip(), ""
        shown = gr.update(choices=scope, value=scope) if scope else gr.skip()
        return shown, gr.skip() if sure is None else gr.update(value=sure), gr.update(open=True), NOT_OPEN

    def first(self, choice: Choice) -> Offered:
        """Everything but the filter, as soon as the index is open."""
        try:
            backend = self._site.desk.opened()
            seen, own = self.sign(), choice[1]
            sure = round(backend.default_threshold * 100) if own is None else own
            return self._examples(backend), gr.update(value=sure), self.sure_note(sure), seen
        except AssistantError as error:
            return render_turn.welcome([], str(error)), gr.skip(), "", ""

    def tick(
        self, scope: Sequence[str], sure: float, seen: str, filled: str, choice: Choice
    ) -> tuple[Update, Update, Update, Update, Update, Update]:
        """`Offered` and `Filter`, each as far as it is another than what was seen.

        The filter only where it was opened before. What is the same is skipped and not given back: it may be opened
        while this is worked out.
        """
        others = filled and filled != _generation(self.sign())
        return *self._offered(sure, seen, choice), *(self.filter(scope) if others else (gr.skip(), gr.skip()))

    def filter(self, scope: Sequence[str]) -> Filter:
        """The documents to choose from: asked for when they are looked at, for there may be many."""
        backend, mark = self._site.desk.ready, _generation(self.sign())
        if backend is None:
            return gr.skip(), NOT_OPEN
        try:
            status = backend.status()
        except AssistantError:  # a question says why; the next tick tries again
            return gr.skip(), NOT_OPEN
        stays = kept(scope, status)
        offered = choices(status, stays)
        return gr.update(choices=offered) if stays == list(scope) else gr.update(choices=offered, value=stays), mark

    def _offered(self, sure: float, seen: str, choice: Choice) -> Offered:
        """Everything where the page was opened before there was an index."""
        backend, mark = self._site.desk.ready, self.sign()
        if backend is None or mark == seen:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        if not seen:
            return self.first(choice)
        same = _generation(mark) == _generation(seen)
        try:
            return gr.skip() if same else self._examples(backend), gr.skip(), self.sure_note(sure), mark
        except AssistantError as error:
            return render_turn.welcome([], str(error)), gr.skip(), gr.skip(), mark

    def label(self, scope: Sequence[str]) -> Update:
        """The name of the frame around filter and slider: what is chosen must be seen when it is folded too."""
        return gr.update(label=f"{OPTIONS} · only in {told(scope)}" if scope else OPTIONS)

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

    def _examples(self, backend: Backend) -> str:
        """Questions to begin with; made once for all pages."""
        generation = self._site.present.generation()
        if self._made is None or self._made[0] != generation:
            self._made = generation, example_questions(backend)
        hint = "" if backend.extent().documents else "There are no documents yet. Upload some under Documents."
        return render_turn.welcome(self._made[1], hint)


def _generation(mark: str) -> str:
    """The part of a sign that changes with the documents."""
    return mark.split(":")[0]
