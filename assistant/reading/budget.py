"""How much is read for a question: a budget of word pieces, for they are what reading takes time by."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from assistant.retrieve import Hit
from assistant.settings import ReadingSettings

CHARACTERS = 4  # to a word piece, about; counting them exactly would cost as much as it saves
PORTION = 5  # passages read at once: enough to keep two cores busy, few enough that stopping after them saves most


def affordable(hits: Sequence[Hit], settings: ReadingSettings) -> list[Hit]:
    """The first hits that fit the budget, at least one of them."""
    sizes = (len(hit.passage.text) // CHARACTERS + 1 for hit in hits[: settings.passages])
    fitting = sum(1 for total in accumulate(sizes) if total <= settings.tokens)
    return list(hits[: max(1, fitting)])


def portions(hits: Sequence[Hit]) -> Iterator[Sequence[Hit]]:
    """The hits in their order, as many at a time as are read before asking whether to go on."""
    return (hits[at : at + PORTION] for at in range(0, len(hits), PORTION))
