"""A conversation as Markdown, for a note or a report."""

import re
from collections.abc import Sequence

from assistant import phrases
from assistant.answers import Answer, Quote
from assistant.web.conversation import Turn

# A line that begins so would be an item of a list, or make a heading of the line above.
BEGINS = re.compile(r"^([^\S\n]*\d*)([.=])(?=[\s=]|$)", re.MULTILINE)
SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-!|$~&])")


def markdown(turns: Sequence[Turn]) -> str:
    """The whole conversation; quotes are escaped, so that they read as they stand in the documents."""
    return "\n".join(["# Chapter & Verse", "", *(line for turn in turns for line in _turn(turn))])


def escaped(words: str) -> str:
    """Words that Markdown shows as they are."""
    return BEGINS.sub(r"\1\\\2", SPECIAL.sub(r"\\\1", words))


def _turn(turn: Turn) -> list[str]:
    lines = [f"## {escaped(turn.question)}", ""]
    if turn.answer is None:
        return [*lines, escaped(turn.message), ""]
    if turn.answer.understood_as not in ("", turn.question):
        lines += [f"Understood as: {escaped(turn.answer.understood_as)}", ""]
    return [*lines, *(_quotes(turn.answer) if turn.answer.answered else _silence(turn.answer, turn.chosen))]


def _quotes(answer: Answer) -> list[str]:
    return [line for number, quote in enumerate(answer.quotes, 1) for line in _quote(number, quote)]


def _quote(number: int, quote: Quote) -> list[str]:
    words = [f"> {escaped(line)}" for line in quote.text.split("\n")]
    place = f"[{number}] {phrases.place(quote.citation)}; {phrases.certainty(quote.confidence)}"
    row = phrases.table(quote)
    return [*words, "", *([escaped(row), ""] if row else []), escaped(place), ""]


def _silence(answer: Answer, chosen: bool) -> list[str]:
    reasons = [f"- {escaped(reason)}" for reason in answer.reasons]
    verdict = phrases.silence(answer.confidence, chosen=chosen)
    return [f"{verdict} (searched {phrases.extent(answer.searched)}).", "", *reasons, ""]
