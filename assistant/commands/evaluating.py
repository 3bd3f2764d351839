"""`evaluate` and `compare`: question sets in, figures out."""

from pathlib import Path
from typing import cast

import click

from assistant.commands.main import index_option, json_option, main, reader_option
from assistant.commands.progress import shown
from assistant.evaluation.questions import MODES, Mode


@main.command()
@click.argument("set_path", metavar="SET", type=click.Path(path_type=Path))
@click.option("--mode", type=click.Choice(MODES), help="Another mode than the set's own.")
@click.option("--against", metavar="RUN", help="Compare with an earlier run; `last` is the last one of this set.")
@click.option("--fail-if-worse", is_flag=True, help="Exit with 1 if the run is significantly worse.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Also write the HTML report here.")
@index_option
@reader_option
@json_option
def evaluate(
    set_path: Path,
    mode: str | None,
    against: str | None,
    fail_if_worse: bool,
    report: Path | None,
    folder: Path,
    reader: str | None,
    as_json: bool,
) -> None:
    """Ask every question of SET and print how good the answers are."""
    from assistant import Assistant
    from assistant.evaluation.command import Request, run_evaluate
    from assistant.evaluation.setup import options_for, runs_of

    assistant = Assistant.open(folder, reader=reader)
    request = Request(set_path, runs_of(folder), cast(Mode | None, mode), against, fail_if_worse, as_json, report)
    with shown() as progress:
        options = options_for(assistant, progress=progress, notice=lambda line: click.echo(line, err=True))
        outcome = run_evaluate(assistant, request, options, progress=progress)
    click.echo(outcome.text, nl=False)
    raise SystemExit(outcome.exit_code)


@main.command()
@click.argument("a")
@click.argument("b")
@click.option("--fail-if-worse", is_flag=True, help="Exit with 1 if B is significantly worse than A.")
@index_option
@json_option
def compare(a: str, b: str, fail_if_worse: bool, folder: Path, as_json: bool) -> None:
    """Say which of the kept runs A and B was better, and whether by chance."""
    from assistant.evaluation.command import run_compare
    from assistant.evaluation.setup import runs_of

    outcome = run_compare(a, b, runs=runs_of(folder), as_json=as_json, fail_if_worse=fail_if_worse)
    click.echo(outcome.text, nl=False)
    raise SystemExit(outcome.exit_code)
