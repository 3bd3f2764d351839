"""Answers as HTML. Everything that comes from a document or a user is escaped here and only here."""

import html
from collections.abc import Callable, Sequence

from assistant import phrases
from assistant.answers import Answer, Citation, Nearest, Quote

Address = Callable[[Citation], str]
"""The address under which the page opens a citation."""


def text(words: str) -> str:
    """The words so that the browser shows exactly them; a bare carriage return would become a line feed."""
    return html.escape(words, quote=True).replace("\r", "&#13;")


def marked(words: str, start: int, end: int) -> str:
    """The words with `words[start:end]` marked."""
    if start >= end:
        return text(words)
    return f"{text(words[:start])}<mark>{text(words[start:end])}</mark>{text(words[end:])}"


def answer_html(answer: Answer, address: Address, turn: int, *, chosen: bool = False) -> str:
    """The quotes, or why there are none; `chosen`: of the documents that the question was asked of alone."""
    if not answer.answered:
        return no_answer(answer, address, chosen=chosen)
    quotes = "".join(quote_html(number, quote, address, turn) for number, quote in enumerate(answer.quotes, 1))
    note = "" if answer.calibrated else f'<p class="note">{text(phrases.UNCALIBRATED)}</p>'
    return f"{understood(answer)}{quotes}{note}{searched(answer, chosen=chosen)}"


def understood(answer: Answer) -> str:
    """How a follow-up was read, empty where it was read as typed."""
    if answer.understood_as in ("", answer.question):
        return ""
    words = text(answer.understood_as)
    edit = f'<button type="button" data-fill="{words}">Edit</button>'
    undo = f'<button type="button" data-undo title="Ask “{text(answer.question)}” by itself">Undo</button>'
    return f'<p class="understood">Understood as: <q>{words}</q> {edit}{undo}</p>'


def quote_html(number: int, quote: Quote, address: Address, turn: int) -> str:
    """A quote with its number, place and confidence."""
    cite = quote.citation
    words = span(quote)
    return (
        f'<figure class="quote">{marker(number, cite, address)}'
        f'<blockquote id="quote-{turn}-{number}">{words}</blockquote>'
        f"<figcaption>{top_row(quote)}{place_html(cite)}"
        f'<span class="certainty">{text(phrases.certainty(quote.confidence))}</span>'
        f'<button type="button" class="copy" data-copy="{text(phrases.copied(quote))}">Copy with citation</button>'
        f"{changed(cite)}{also(quote.also, address)}</figcaption></figure>"
    )


def span(quote: Quote) -> str:
    """The quote with its short answer marked; a mark over all of it would say nothing."""
    if quote.answer == quote.text:
        return text(quote.text)
    return marked(quote.text, quote.answer_start, quote.answer_start + len(quote.answer))


def top_row(quote: Quote | Nearest) -> str:
    """What the cells of a table row stand for; empty for what is no row."""
    told = phrases.table(quote)
    return f'<p class="top-row">{text(told)}</p>' if told else ""


def marker(label: int | str, cite: Citation, address: Address) -> str:
    """The button that opens the place of a quote."""
    return (
        f'<button type="button" class="marker" data-cite="{text(address(cite))}" '
        f'aria-label="Open source {label}: {text(phrases.place(cite))}">{label}</button>'
    )


def place_html(cite: Citation) -> str:
    """Document, page and heading path."""
    page, heading = phrases.page(cite), " › ".join(cite.heading)
    parts = [f'<cite class="document" title="{text(cite.path)}">{text(cite.document)}</cite>']
    parts += [f'<span class="page">{text(page)}</span>'] if page else []
    parts += [f'<span class="heading">{text(heading)}</span>'] if heading else []
    return "".join(parts)


def changed(cite: Citation) -> str:
    """The warning beside a quote whose file is not the indexed one any more."""
    if not cite.changed:
        return ""
    return '<p class="warning">The file has changed since it was indexed. Rebuild to see its present words.</p>'


def also(places: Sequence[Citation], address: Address) -> str:
    """Further places of the same words."""
    if not places:
        return ""
    links = "".join(
        f'<li><button type="button" class="place" data-cite="{text(address(cite))}">{text(phrases.place(cite))}'
        "</button></li>"
        for cite in places
    )
    return f'<div class="also">The same words also stand in <ul>{links}</ul></div>'


def searched(answer: Answer, *, chosen: bool = False) -> str:
    """How much was searched, and how fast; that no more was, where only some documents were chosen."""
    seconds = answer.seconds.get("total")
    time = f" in {seconds:.2f} s" if seconds is not None else ""
    only = "only the chosen " if chosen else ""
    return f'<p class="searched">Searched {only}{text(phrases.extent(answer.searched))}{time}</p>'


def no_answer(answer: Answer, address: Address, *, chosen: bool = False) -> str:
    """That the documents do not answer: reasons, unknown words, and the nearest passages."""
    reasons = "".join(f"<li>{text(reason)}</li>" for reason in answer.reasons)
    words = ", ".join(f"<q>{text(word)}</q>" for word in answer.unknown_words)
    unknown = f'<p class="unknown">In none of the documents: {words}</p>' if words else ""
    near, extent = nearest(answer.nearest, address), searched(answer, chosen=chosen)
    verdict = phrases.silence(answer.confidence, chosen=chosen)
    return (
        f'<div class="no-answer">{understood(answer)}<p class="verdict">{verdict}</p>'
        f'<ul class="reasons">{reasons}</ul>{unknown}{near}{extent}</div>'
    )


def nearest(passages: Sequence[Nearest], address: Address) -> str:
    """The passages that came nearest, so that one can see for oneself."""
    if not passages:
        return ""
    items = "".join(
        f'<li>{marker("↗", near.citation, address)}<p class="excerpt">{text(near.text)}</p>{top_row(near)}'
        f'<p class="where">{place_html(near.citation)}</p></li>'
        for near in passages
    )
    heading = "Nearest passages, none sure enough to be the answer"
    return f'<section class="nearest"><h3>{heading}</h3><ol>{items}</ol></section>'
