"""A question under way, and what the page says of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.phrases import count

LOADING = "The models are still being loaded; your question waits and is answered then."
SEARCHING = "Searching …"
IN_LINE = "Other questions are answered first; yours waits for its turn."


@dataclass(slots=True, eq=False)
class Waiting:
    """What is asked, of which documents, and how sure to be (percent).

    `bare`: without the questions before it. `status`: how far it is.
    """

    question: str
    scope: Sequence[str]
    sure: float
    bare: bool = False
    status: str = LOADING


def working(passages: int, most: int) -> str:
    """What goes on while a question is answered: "Searching 1,204 passages, reading up to 20 …"."""
    return f"Searching {count(passages, 'passage')}, reading up to {min(most, passages)} …"
