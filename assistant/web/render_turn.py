"""A conversation as HTML: questions, what came of them, and what can be done with an answer."""

from collections.abc import Sequence

from assistant.web.conversation import Turn
from assistant.web.render import Address, answer_html, text

REASONS = ("The quote does not answer it", "The answer is elsewhere in the documents", "The documents do not answer it")


def ready(key: str) -> str:
    """Tells the page's script which conversation was reopened, so that a linked question may be asked."""
    return f'<span id="thread-ready" data-key="{text(key)}" hidden></span>'


def thread(key: str, turns: Sequence[Turn], address: Address) -> str:
    """A conversation, oldest turn first, with its export once it has begun."""
    body = "".join(turn_html(number, turn, address) for number, turn in enumerate(turns, 1))
    if not turns:
        return ready(key)
    export = f'<a class="export" href="conversation/{text(key)}.md" download>Export as Markdown</a>'
    anew = '<button type="button" data-new>New conversation</button>'
    return f'{ready(key)}<p class="thread-tools">{export}{anew}</p>{body}'


def turn_html(number: int, turn: Turn, address: Address) -> str:
    """One question and what came of it."""
    body = (
        answer_html(turn.answer, address, number, chosen=turn.chosen)
        if turn.answer
        else f'<p class="message">{text(turn.message)}</p>'
    )
    return (
        f'<article class="turn" id="turn-{number}" data-turn="{turn.id}">'
        f'<h2 class="question">{text(turn.question)}</h2>'
        f'<div class="answer">{body}{actions(turn)}</div></article>'
    )


def pending(question: str, status: str) -> str:
    """The question that is being answered, with what is going on."""
    return (
        f'<article class="turn pending"><h2 class="question">{text(question)}</h2>'
        f'<p class="working" role="status">{text(status)}</p></article>'
    )


def actions(turn: Turn) -> str:
    """Was it right, and a link that asks it again."""
    whole = turn.question if turn.answer is None else turn.answer.understood_as  # alone it must say what it is about
    link = f'<button type="button" data-question-link="{text(whole)}">Copy link</button>'
    if turn.answer is None:
        return f'<p class="turn-actions">{link}</p>'
    reasons = "".join(
        f'<button type="button" data-verdict="{n}" data-turn="{turn.id}">{text(reason)}</button>'
        for n, reason in enumerate(REASONS, 1)
    )
    return (
        f'<div class="turn-actions"><button type="button" data-verdict="0" data-turn="{turn.id}" '
        f'aria-label="This is right" title="This is right">👍</button>'
        f'<details class="why"><summary aria-label="This is wrong" title="This is wrong">👎</summary>'
        f"<div>{reasons}</div></details>{link}</div>"
    )


def welcome(questions: Sequence[str], hint: str) -> str:
    """What stands in an empty conversation."""
    items = "".join(
        f'<li><button type="button" data-ask="{text(question)}">{text(question)}</button></li>'
        for question in questions
    )
    listed = f"<p>For example</p><ul>{items}</ul>" if items else ""
    said = f'<p class="message">{text(hint)}</p>' if hint else ""
    return (
        '<div class="welcome"><h2>What do your documents say?</h2>'
        "<p>Every answer is a passage in their own words, with its place. Where they are silent, so is this page.</p>"
        f"{said}{listed}</div>"
    )
