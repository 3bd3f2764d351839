"""What happens in the Ask tab when a question is sent or the page is opened."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any

import gradio as gr

from assistant.web import render_turn
from assistant.web.conversation import Turn, new_key
from assistant.web.examples import example_questions
from assistant.web.phrases import count
from assistant.web.scope import choices, chosen
from assistant.web.site_parts import Site
from corpus.errors import AssistantError

THREADS = 8  # two cores answer no more at once; further questions wait here and say so
POLL = 0.1  # seconds between two looks at a running question
Update = Any  # Gradio's own word for a changed component has no type


class Asking:
    """The tab's events."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="ask")

    def reopen(self, key: str) -> tuple[str, str]:
        """The conversation that this browser had, or an empty one."""
        key = key or new_key()
        return self._thread(key, self._site.conversations.turns(key)), key

    def options(self) -> tuple[str, Update, Update, str]:
        """Examples, the filter's choices and the slider, as soon as the index is open."""
        try:
            backend = self._site.desk.opened()
            status, threshold = backend.status(), round(backend.default_threshold * 100)
            questions = example_questions(backend)
        except AssistantError as error:
            return render_turn.welcome([], str(error)), gr.skip(), gr.skip(), ""
        hint = "" if status.documents else "There are no documents yet. Upload some under Documents."
        filled = gr.update(choices=choices(status))
        return render_turn.welcome(questions, hint), filled, gr.update(value=threshold), self.sure_note(threshold)

    def sure_note(self, sure: float) -> str:
        """How many of the last evaluation run's questions would be answered at this setting."""
        backend = self._site.desk.ready
        run = backend.last_run() if backend is not None else None
        known = [row.confidence for row in run.rows if row.confidence is not None] if run is not None else []
        if not known:
            return '<p class="note">Run a set under Evaluate to see what this setting does.</p>'
        answered = sum(confidence >= sure / 100 for confidence in known)
        return f'<p class="note">Of the last run’s {count(len(known), "question")}, {answered:,} would be answered.</p>'

    def submit(self, question: str, key: str, scope: Sequence[str], sure: float) -> Iterator[tuple[str, str, str]]:
        """The thread with the pending question and its status, then with its answer."""
        key, question = key or new_key(), question.strip()
        turns = self._site.conversations.turns(key)
        before, status = self._thread(key, turns), ""
        if not question:
            yield "", before, key
            return
        asked = self._threads.submit(self._turn, question, turns, scope, sure)
        while not asked.done():
            if status != (status := self._status()):
                yield "", before + render_turn.pending(question, status), key
            wait([asked], timeout=POLL)
        yield "", self._thread(key, self._site.conversations.add(key, asked.result())), key

    def _turn(self, question: str, turns: Sequence[Turn], scope: Sequence[str], sure: float) -> Turn:
        try:
            backend = self._site.desk.opened()
            documents = chosen(scope, backend.status()) if scope else None
            history = [turn.question for turn in turns]
            limit = None if sure == round(backend.default_threshold * 100) else sure / 100
            answer = backend.ask(question, history=history, documents=documents, threshold=limit)
        except AssistantError as error:
            return Turn(question, message=str(error))
        return Turn(question, answer)

    def _status(self) -> str:
        backend = self._site.desk.ready
        if backend is None:
            return "The models are still being loaded; your question waits and is answered then."
        return f"Searching {count(backend.status().passages, 'passage')} and reading the best …"

    def _thread(self, key: str, turns: Sequence[Turn]) -> str:
        return render_turn.thread(key, turns, self._site.seal.address)
