"""The Ask tab: the conversation, the question box and the source beside them."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait

import gradio as gr

from assistant.web import render
from assistant.web.conversation import Turn, new_key
from assistant.web.site_parts import Site
from corpus.errors import AssistantError

AT_ONCE = 8  # questions; further ones wait in Gradio's queue
POLL = 0.1  # seconds between two looks at a running question
SOURCE = """
<section id="source-panel" aria-label="Source" hidden>
<div class="source-bar"><h2>Source</h2>
<button type="button" id="source-close" aria-label="Close source">✕</button></div>
<div id="source-body" aria-live="polite"></div></section>
"""


def make_ask_tab(site: Site, page: gr.Blocks) -> None:
    """Components and events of the tab."""
    key = gr.BrowserState("", storage_key="chapter-and-verse")
    with gr.Row(elem_id="desk", equal_height=False):
        with gr.Column(elem_id="conversation", scale=3):
            thread = gr.HTML(elem_id="thread", apply_default_css=False)
            box = gr.Textbox(
                elem_id="question",
                show_label=False,
                label="Question",
                container=False,
                lines=1,
                max_lines=6,
                autofocus=True,
                placeholder="Ask your documents …",
                submit_btn="Ask",
                stop_btn="Stop",
            )
        with gr.Column(elem_id="source-column", scale=2):
            gr.HTML(SOURCE, elem_id="source", apply_default_css=False)
    asking = Asking(site)
    page.load(asking.reopen, [key], [thread, key], show_progress="hidden", api_visibility="private")
    event = box.submit(
        asking.submit,
        [box, key],
        [box, thread, key],
        show_progress="hidden",
        concurrency_limit=AT_ONCE,
        api_visibility="private",
    )
    box.stop(asking.reopen, [key], [thread, key], cancels=[event], api_visibility="private")


class Asking:
    """What happens when a question is sent or the page is opened."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="ask")

    def reopen(self, key: str) -> tuple[str, str]:
        """The conversation that this browser had, or an empty one."""
        key = key or new_key()
        return self._thread(self._site.conversations.turns(key)), key

    def submit(self, question: str, key: str) -> Iterator[tuple[str, str, str]]:
        """The thread with the pending question and its status, then with its answer."""
        key = key or new_key()
        question = question.strip()
        turns = self._site.conversations.turns(key)
        if not question:
            yield "", self._thread(turns), key
            return
        before, status = self._thread(turns), ""
        asked = self._threads.submit(self._turn, question, turns)
        while not asked.done():
            if status != (status := self._status()):
                yield "", before + render.pending(question, status), key
            wait([asked], timeout=POLL)
        yield "", self._thread(self._site.conversations.add(key, asked.result())), key

    def _turn(self, question: str, turns: Sequence[Turn]) -> Turn:
        try:
            answer = self._site.desk.opened().ask(question, history=[turn.question for turn in turns])
        except AssistantError as error:
            return Turn(question, message=str(error))
        return Turn(question, answer)

    def _status(self) -> str:
        if self._site.desk.ready is None:
            return "The models are still being loaded; your question waits and is answered then."
        return "Searching and reading …"

    def _thread(self, turns: Sequence[Turn]) -> str:
        return render.thread(turns, self._site.seal.address)
