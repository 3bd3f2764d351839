"""`ask` and `chat`."""

from pathlib import Path

import click

from assistant.answers import Answer, Citation, Nearest, Quote
from assistant.commands.main import echo, index_option, json_option, main, print_json, reader_option
from assistant.phrases import UNCALIBRATED, extent, percent, silence, table, within
from corpus.errors import UsageError


@main.command()
@click.argument("question")
@click.option("--threshold", type=click.FloatRange(0, 1), default=None, help="Answer only if at least this sure.")
@click.option("--document", "documents", multiple=True, metavar="PATH", help="Search only here; may be repeated.")
@index_option
@reader_option
@json_option
def ask(
    question: str,
    threshold: float | None,
    documents: tuple[str, ...],
    folder: Path,
    reader: str | None,
    as_json: bool,
) -> None:
    """Answer QUESTION in the documents' own words."""
    from assistant import Assistant

    assistant = Assistant.open(folder, reader=reader)
    answer = assistant.ask(question, documents=documents or None, threshold=threshold)
    if as_json:
        print_json(answer.as_dict())
    else:
        echo(as_text(answer, chosen=bool(documents)))


@main.command()
@click.option("--threshold", type=click.FloatRange(0, 1), default=None, help="Answer only if at least this sure.")
@click.option("--document", "documents", multiple=True, metavar="PATH", help="Search only here; may be repeated.")
@index_option
@reader_option
def chat(threshold: float | None, documents: tuple[str, ...], folder: Path, reader: str | None) -> None:
    """Ask one question after another; an empty line or Ctrl-D ends."""
    from assistant import Assistant

    assistant = Assistant.open(folder, reader=reader)
    history: list[str] = []
    for question in iter(_next_question, ""):
        try:
            answer = assistant.ask(question, history=history, documents=documents or None, threshold=threshold)
        except UsageError as error:
            echo(f"{error}\n")
            continue
        history.append(question)
        echo(as_text(answer, chosen=bool(documents)) + "\n")


def _next_question() -> str:
    try:
        return input("? ").strip()
    except EOFError:
        return ""


def as_text(answer: Answer, *, chosen: bool = False) -> str:
    """The answer as plain text: quotes with their places, or what was searched and found nearest.

    `chosen`: only some documents were asked.
    """
    lines = [] if answer.understood_as == answer.question else [f"Understood as: {answer.understood_as}"]
    if not answer.answered:
        lines += [f"{silence(answer.confidence, chosen=chosen)} (searched {extent(answer.searched)}).", *answer.reasons]
        if answer.unknown_words:
            lines.append(f"Nowhere in the documents: {', '.join(answer.unknown_words)}.")
        lines += ["\n    ".join([f"\nNearest: “{near.text}”", *_places(near)]) for near in answer.nearest]
        return "\n".join(lines)
    for number, quote in enumerate(answer.quotes, 1):
        places = [*_places(quote), *(f"also {place(other)}" for other in quote.also)]
        lines.append(
            f"[{number}] “{quote.text}”\n    " + "\n    ".join(places) + f"  ({percent(quote.confidence)} sure)"
        )
    return "\n\n".join([*lines, *([] if answer.calibrated else [UNCALIBRATED])])


def _places(shown: Quote | Nearest) -> list[str]:
    """The lines under the words: the top row of their table, if they are a row, and their place."""
    return [line for line in (table(shown), place(shown.citation)) if line]


def place(citation: Citation) -> str:
    """Path, as `--document` takes it, page and headings in one line."""
    changed = "changed since it was indexed" if citation.changed else ""
    return ", ".join(part for part in (citation.path, *within(citation), changed) if part)
