"""The conversations of the page, kept on the server so that a reload finds them again."""

import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.answers import Answer, Citation
from index.records import DocumentRow

CONVERSATIONS = 500  # kept at most; the longest unused goes first. A conversation of 50 turns takes about 1 MB.
TURNS = 200  # of one conversation
REMOVED = "A document that the answer showed was removed meanwhile. Ask again."


@dataclass(frozen=True, slots=True)
class Turn:
    """One question with its answer, or with the message that stands for it when asking failed.

    `bare`: it was asked without the questions before it. `chosen`: of chosen documents alone.
    `id` cannot be guessed: who has it was shown this turn.
    """

    question: str
    answer: Answer | None = None
    message: str = ""
    bare: bool = False
    chosen: bool = False
    id: str = field(default_factory=lambda: new_key())


class Conversations:
    """Turns by the key of their conversation, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._turns: OrderedDict[str, tuple[Turn, ...]] = OrderedDict()
        self._forgotten: list[str] = []
        self._places: dict[str, set[tuple[str, str]]] = {}

    def turns(self, key: str) -> tuple[Turn, ...]:
        """The turns of a conversation; none for an unknown key."""
        with self._lock:
            return self._turns.get(key, ())

    def knows(self, key: str) -> bool:
        """Whether the conversation is kept, be it empty since a document was forgotten."""
        with self._lock:
            return key in self._turns

    @property
    def forgotten(self) -> int:
        """How many documents were forgotten so far."""
        return len(self._forgotten)

    def add(self, key: str, turn: Turn, *, since: int | None = None) -> tuple[Turn, ...]:
        """All turns after adding one; `since`: what was `forgotten` when its question was begun.

        A question under way reads the index as it was when it began; what it shows of a document that was forgotten
        since is left out.
        """
        with self._lock:
            gone = self._forgotten[since:] if since is not None else []
            if not _cited(turn).isdisjoint(gone) or (gone and _leans(turn)):
                turn = Turn(turn.question, message=REMOVED, bare=turn.bare)
            turns = (*self._turns.pop(key, ()), turn)[-TURNS:]
            self._turns[key] = turns
            while len(self._turns) > CONVERSATIONS:
                self._turns.popitem(last=False)
            return turns

    def find(self, id: str) -> Turn | None:
        """The turn with this id, null if it is not kept any more."""
        with self._lock:
            return next((turn for turns in self._turns.values() for turn in turns if turn.id == id), None)

    def forget(self, document: str) -> None:
        """Drop every turn that shows words of the document with this SHA-256, whichever of its paths was cited."""
        with self._lock:
            self._forgotten.append(document)
            for key, turns in self._turns.items():
                shows = [document in _cited(turn) for turn in turns]
                # A follow-up may have taken over a name that only an answer before it showed.
                dropped = [own or (any(shows[:at]) and _leans(turns[at])) for at, own in enumerate(shows)]
                self._turns[key] = tuple(turn for turn, drop in zip(turns, dropped, strict=True) if not drop)

    def follow(self, files: Sequence[DocumentRow]) -> None:
        """Forget the documents that are gone from the index, whichever program removed them; an edited one is not.

        Gone are, of those of the call before, the ones neither whose bytes nor any of whose places are there now.
        """
        before, now = self._places, places_of(files)
        there = set().union(*now.values())
        self._places = now
        for sha256, places in before.items():
            if sha256 not in now and places.isdisjoint(there):
                self.forget(sha256)


def places_of(files: Sequence[DocumentRow]) -> dict[str, set[tuple[str, str]]]:
    """Where each document stands, as (root, path below it), by SHA-256."""
    places: dict[str, set[tuple[str, str]]] = {}
    for row in files:
        places.setdefault(row.sha256, set()).add((row.root, row.relative))
    return places


def history(turns: Sequence[Turn]) -> list[str]:
    """The questions that the next one may lean on: back to the last that was asked bare."""
    since = max((number for number, turn in enumerate(turns) if turn.bare), default=0)
    return [turn.question for turn in turns[since:]]


def _leans(turn: Turn) -> bool:
    """Whether it was understood by what was said before it."""
    return turn.answer is not None and turn.answer.understood_as != turn.answer.question


def _cited(turn: Turn) -> set[str]:
    """The SHA-256 of the documents whose words a turn shows."""
    return {citation.sha256 for citation in _citations(turn)}


def _citations(turn: Turn) -> Iterator[Citation]:
    """The places that a turn shows."""
    if turn.answer is not None:
        for quote in turn.answer.quotes:
            yield from (quote.citation, *quote.also)
        yield from (nearest.citation for nearest in turn.answer.nearest)


def new_key() -> str:
    """A key that cannot be guessed."""
    return secrets.token_urlsafe(16)
