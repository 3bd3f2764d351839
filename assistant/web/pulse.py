"""What open pages ask for all the time: whether there is anything new. Only what has changed is drawn anew.

Gradio's own timers ask with a whole event each, some milliseconds of the server's time that an answer could use; an
open page would ask so three times a second.
"""

import asyncio
from collections.abc import Callable
from time import monotonic

THREAD = "thread"  # the element that shows the conversation
HELD = 2.0  # seconds for which a page that waits for an answer is held at most: browsers keep few connections open
GLANCE = 0.05  # seconds between two looks at what it waits for
Sign = Callable[[str], str]
"""Of a conversation's key: a text that is another one when there is something new."""


class Pulse:
    """The signs of all elements of the page that change by themselves."""

    def __init__(self) -> None:
        self._signs: dict[str, Sign] = {}

    def add(self, element: str, sign: Sign) -> None:
        """The element with this id is asked to look again when its sign changes."""
        self._signs[element] = sign

    def signs(self, key: str) -> dict[str, str]:
        """Every element's sign, for a page that shows this conversation."""
        return {element: sign(key) for element, sign in self._signs.items()}

    async def awaited(self, key: str, shown: str) -> dict[str, str]:
        """Every sign, once the conversation's is another one than is `shown`; held no longer than `HELD`."""
        until = monotonic() + HELD
        while self._signs[THREAD](key) == shown and monotonic() < until:
            await asyncio.sleep(GLANCE)
        return await self.now(key)

    async def now(self, key: str) -> dict[str, str]:
        """Every sign; beside the event loop, for some look at the disk."""
        return await asyncio.to_thread(self.signs, key)


LOOKS = "element.dataset.looks = ''; element.addEventListener('pulse', () => trigger('tick'));"
"""What makes a `gr.HTML` look again, by its `tick`, when the page's script sends it a pulse."""
