"""What happens in the Ask tab when a question is sent or the page is opened."""

import logging
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import gradio as gr

from assistant.web import render_turn
from assistant.web.conversation import Turn, history, new_key
from assistant.web.scope import chosen, passages
from assistant.web.site_parts import Site
from assistant.web.waiting import IN_LINE, SEARCHING, Waiting, working
from corpus.errors import AssistantError
from index.cores import questions_at_once

THREADS = questions_at_once()  # further questions wait here and say so
Update = Any  # Gradio's own word for a changed component has no type
_log = logging.getLogger(__name__)


class Asking:
    """The tab's events.

    A question is answered in a thread of the server and the page looks for its answer, so a reload finds it too.
    Gradio's own queue is not used: its stream to the browser is closed and opened anew between events, and a question
    that was sent in that moment could wait for ever.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="ask")
        self._lock = threading.Lock()
        self._waiting: dict[str, Waiting] = {}
        self._under_way = 0  # questions given to the threads; one that was stopped is computed to its end

    def reopen(self, key: str) -> tuple[str, str]:
        """The conversation that this browser had, or an empty one."""
        key = key or new_key()
        return self.look(key), key

    def send(self, question: str, key: str, scope: Sequence[str], sure: float) -> tuple[Update, str, str]:
        """Begins to answer; while another question of the conversation is under way, the words stay in the box."""
        key, question = key or new_key(), question.strip()
        begun = not question or self._begin(key, Waiting(question, scope, sure))
        return "" if begun else gr.skip(), self.look(key), key

    def undo(self, key: str, scope: Sequence[str], sure: float, event: gr.EventData) -> str:
        """Asks the question of a turn again, by itself; what it had been understood as is forgotten."""
        turn = self._site.conversations.find(event.turn)
        if turn is not None:
            self._begin(key, Waiting(turn.question, scope, sure, bare=True))
        return self.look(key)

    def stop(self, key: str) -> str:
        """Gives the question up; its answer, should it still come, is dropped."""
        with self._lock:
            self._waiting.pop(key, None)
        return self.look(key)

    def sign(self, key: str) -> str:
        """How many turns the conversation has, the last one, and how far its question is, as the page shows them.

        Empty for a conversation that is not kept any more: what a page shows of it may stay there.
        """
        waiting, turns = self._waiting.get(key), self._site.conversations.turns(key)
        if waiting is None and not self._site.conversations.knows(key):
            return ""
        return f"{len(turns)} {turns[-1].id if turns else ''} {waiting.status if waiting is not None else ''}"

    def look(self, key: str) -> str:
        """The thread as it is now."""
        waiting, thread = self._waiting.get(key), self._thread(key, self._site.conversations.turns(key))
        return thread if waiting is None else thread + render_turn.pending(waiting.question, waiting.status)

    def _begin(self, key: str, waiting: Waiting) -> bool:
        """Answers in a thread of the server; false where another question of the conversation is under way."""
        with self._lock:
            if key in self._waiting:
                return False
            if self._site.desk.ready is not None:
                waiting.status = SEARCHING if self._under_way < THREADS else IN_LINE
            self._waiting[key] = waiting
            self._under_way += 1
        self._threads.submit(self._answer, waiting, key)
        return True

    def _answer(self, waiting: Waiting, key: str) -> None:
        stopped = self._waiting.get(key) is not waiting  # while it stood in line
        since = self._site.conversations.forgotten
        turn = None if stopped else self._turn(waiting, self._site.conversations.turns(key))
        with self._lock:
            self._under_way -= 1
            if turn is not None and self._waiting.get(key) is waiting:
                self._site.conversations.add(key, turn, since=since)
                del self._waiting[key]

    def _turn(self, waiting: Waiting, turns: Sequence[Turn]) -> Turn:
        question, bare = waiting.question, waiting.bare
        try:
            backend = self._site.desk.opened()
            status = backend.status() if waiting.scope else None
            documents = chosen(waiting.scope, status) if status is not None else None
            searched = passages(waiting.scope, status) if status is not None else backend.extent().passages
            waiting.status = working(searched, backend.passages_read)
            limit = None if waiting.sure == round(backend.default_threshold * 100) else waiting.sure / 100
            earlier = [] if bare else history(turns)
            answer = backend.ask(question, history=earlier, documents=documents, threshold=limit)
        except AssistantError as error:
            return Turn(question, message=str(error), bare=bare)
        except Exception:
            # The page would wait for ever: nobody else looks at what a thread of the pool raises.
            _log.exception("a question could not be answered")
            message = "Something went wrong; the terminal where the page was started says what."
            return Turn(question, message=message, bare=bare)
        return Turn(question, answer, bare=bare, chosen=documents is not None)

    def _thread(self, key: str, turns: Sequence[Turn]) -> str:
        return render_turn.thread(key, turns, self._site.seal.address)
