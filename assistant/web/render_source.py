"""The place of a quote as HTML: the passage around it with the quote marked."""

from assistant.answers import Citation
from assistant.web.backend import Surrounding
from assistant.web.render import changed, marked, place_html, text


def source(cite: Citation, around: Surrounding) -> str:
    """The passage around a quote, the quote marked."""
    return (
        f'<header class="source-place">{place_html(cite)}</header>{changed(cite)}'
        f'<div class="passage" tabindex="0">{marked(around.text, around.start, around.end)}</div>'
    )


def nothing(message: str) -> str:
    """Why there is nothing to show."""
    return f'<p class="warning">{text(message)}</p>'
