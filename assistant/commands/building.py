"""`build`, `status`, `forget` and `fetch-model`: what the index holds."""

from dataclasses import asdict
from pathlib import Path

import click

from assistant.commands.evaluating import ask_default_set
from assistant.commands.main import echo, index_option, json_option, main, print_json
from assistant.commands.progress import shown
from corpus.documents import Problem
from corpus.phrases import count


@main.command()
@click.argument("folders", nargs=-1, type=click.Path(path_type=Path))
@click.option("--only", is_flag=True, help="Replace the remembered folders by those given.")
@click.option("--exclude", multiple=True, metavar="GLOB", help="Leave out files that match; may be repeated.")
@click.option("--include", multiple=True, metavar="GLOB_OR_PATH", help="Take in again what was left out or forgotten.")
@click.option("--accept-removals", is_flag=True, help="Remove the documents of a missing or half-emptied folder.")
@click.option("--encoder", default=None, metavar="NAME_OR_FOLDER", help="Another encoder than the shipped one.")
@index_option
@json_option
def build(
    folders: tuple[Path, ...],
    only: bool,
    exclude: tuple[str, ...],
    include: tuple[str, ...],
    accept_removals: bool,
    encoder: str | None,
    folder: Path,
    as_json: bool,
) -> None:
    """Build the index of FOLDERS, or bring it up to date; without FOLDERS, those remembered."""
    from index.build import BuildOptions
    from index.build import build as build_index
    from index.change import include as include_again
    from index.encoder import load_encoder

    for name in include:
        include_again(folder, name)
    options = BuildOptions(only=only, exclude=exclude, accept_removals=accept_removals)
    with shown() as progress:
        report = build_index(folder, load_encoder(encoder), roots=folders, options=options, progress=progress)
    if not as_json:
        echo(report.sentence)
        echo_problems(report.problems, report.skipped)
        if not report.documents:
            echo("No file could be read. Put text, Markdown, HTML, PDF or Word files there, or name another folder.")
    asked = ask_default_set(folder)
    if as_json:
        print_json({**asdict(report), "evaluation": asked.as_dict() if asked is not None else None})
    elif asked is not None:
        echo(asked.line)
    raise SystemExit(1 if report.problems or (asked is not None and asked.failed) else 0)


def echo_problems(problems: tuple[Problem, ...], skipped: tuple[tuple[str, str], ...]) -> None:
    """Print what was left out, and why."""
    for path, reason in skipped:
        echo(f"skipped  {path}: {reason}")
    for problem in problems:
        place = f"{problem.path}, page {problem.page}" if problem.page else problem.path
        echo(f"problem  {place}: {problem.reason} {problem.next_step}")


@main.command()
@index_option
@json_option
def status(folder: Path, as_json: bool) -> None:
    """Show what is indexed, with what, and what could not be; reads the whole catalog to find damage."""
    from assistant.evaluation.default_set import default_set
    from index.open import Index

    index = Index.open(folder, None)
    index.check()
    with index.snapshot() as store:
        found = store.status()
    changes = index.changes()
    if as_json:
        return print_json({**asdict(found), "changes": asdict(changes)})
    size = f"{count(found.documents, 'document')}, {count(found.passages, 'passage')}, {found.bytes / 1e6:.1f} MB"
    for row in found.files:  # first, so that what follows is not scrolled away where they are many
        echo(f"{row.format:5} {count(row.passages, 'passage'):>15}  {row.language}  {row.relative}")
    echo(f"generation {found.generation}: {size}")
    echo(f"encoder  {found.encoder.name} {found.encoder.revision[:12]}")
    for root in found.roots:
        echo(f"folder   {root}")
    if found.repair:
        echo(f"repaired {found.repair}")
    for path in found.exclusions:
        echo(f"excluded {path}")
    chosen = default_set(found.settings)
    if chosen is not None:
        echo(f"asked after each build: {chosen.path}")
    if len(changes):
        echo(f"{count(len(changes), 'file')} changed: run `assistant build`")
    return echo_problems(found.problems, found.skipped)


@main.command()
@click.argument("path")
@index_option
@json_option
def forget(path: str, folder: Path, as_json: bool) -> None:
    """Remove the document at PATH from every store, and keep it out until it is included again."""
    from assistant.traces import forget as forget_document

    done = forget_document(folder, path)
    if as_json:
        return print_json(asdict(done))
    for line in done:
        echo(line)
    return None


@main.command("fetch-model")
@click.argument("name")
def fetch_model(name: str) -> None:
    """Download the model NAME; the only command that uses the network."""
    from index.models import fetch

    echo(f"{name} lies in {fetch(name)}")
