"""What open pages ask for all the time: whether there is anything new. Only what has changed is drawn anew.

Gradio's own timers ask with a whole event each, some milliseconds of the server's time that an answer could use; an
open page would ask so three times a second.
"""

from collections.abc import Callable

Sign = Callable[[str], str]
"""Of a conversation's key: a text that is another one when there is something new."""


class Pulse:
    """The signs of all elements of the page that change by themselves."""

    def __init__(self) -> None:
        self._signs: dict[str, Sign] = {}
        self.pace: Callable[[], float] = lambda: 1.0
        """Seconds until a page that waits for an answer may ask again."""

    def add(self, element: str, sign: Sign) -> None:
        """The element with this id is asked to look again when its sign changes."""
        self._signs[element] = sign

    def signs(self, key: str) -> dict[str, str]:
        """Every element's sign, for a page that shows this conversation."""
        return {element: sign(key) for element, sign in self._signs.items()}


LOOKS = "element.dataset.looks = ''; element.addEventListener('pulse', () => trigger('tick'));"
"""What makes a `gr.HTML` look again, by its `tick`, when the page's script sends it a pulse."""
