"""How much is read for a question: a budget of word pieces, for they are what reading takes time by."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

from assistant.retrieve import Hit
from assistant.settings import ReadingSettings

CHARACTERS = 4  # to a word piece, about; counting them exactly would cost as much as it saves
PORTION = 5  # passages read at once: enough to keep two cores busy, few enough that stopping after them saves most


def by_turns(hits: Sequence[Hit]) -> list[Hit]:
    """The order in which hits are read: by turns the next by the fused score and by the dense one, each hit once.

    A question in other words than its answer shares only chance words with passages, and in a large collection the
    fused score puts the right one too far down: of 480 such questions asked over 1,300 paragraphs it is among the first
    12 for 0.77 by the fused score, for 0.83 by turns. In small collections it is all the same
    (`benchmarks/results/reading.json`, "found").
    """
    fused = sorted(hits, key=lambda hit: (-hit.score, hit.id))
    dense = sorted(hits, key=lambda hit: (-hit.dense, hit.id))
    return list({hit.id: hit for pair in zip(fused, dense, strict=True) for hit in pair}.values())


def affordable(hits: Sequence[Hit], settings: ReadingSettings) -> list[Hit]:
    """The first hits that fit the budget, at least one of them."""
    sizes = (len(hit.passage.text) // CHARACTERS + 1 for hit in hits[: settings.passages])
    fitting = sum(1 for total in accumulate(sizes) if total <= settings.tokens)
    return list(hits[: max(1, fitting)])


def portions(hits: Sequence[Hit]) -> Iterator[Sequence[Hit]]:
    """The hits in their order, as many at a time as are read before asking whether to go on."""
    return (hits[at : at + PORTION] for at in range(0, len(hits), PORTION))
