"""`evaluate` and `compare`: question sets in, figures out."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from assistant.commands.main import echo, index_option, json_option, main, reader_option
from assistant.commands.progress import shown
from assistant.evaluation.questions import MODES, Mode
from corpus.errors import UsageError

if TYPE_CHECKING:  # these import models, which takes seconds that `--help` must not
    from assistant.evaluation.after_build import AfterBuild
    from assistant.evaluation.command import Request
    from assistant.evaluation.default_set import DefaultSet

STOPPED = "Stopped. The same command goes on where it was."


@main.command()
@click.argument("set_path", metavar="[SET]", required=False, type=click.Path(path_type=Path))
@click.option("--mode", type=click.Choice(MODES), help="Another mode than the set's own.")
@click.option("--against", metavar="RUN", help="Compare with an earlier run; `last` is the last one of this set.")
@click.option("--fail-if-worse", is_flag=True, help="Exit with 1 if the run is significantly worse.")
@click.option("--report", type=click.Path(path_type=Path, dir_okay=False), help="Also write the HTML report here.")
@click.option("--after-build/--not-after-build", default=None, help="Ask SET after every build from now on, or none.")
@index_option
@reader_option
@json_option
def evaluate(
    set_path: Path | None,
    mode: str | None,
    against: str | None,
    fail_if_worse: bool,
    report: Path | None,
    after_build: bool | None,
    folder: Path,
    reader: str | None,
    as_json: bool,
) -> None:
    """Ask every question of SET and print how good the answers are; without SET, of the set that builds ask."""
    from assistant.evaluation.command import Request
    from assistant.evaluation.default_set import DefaultSet, keep_default_set
    from assistant.evaluation.setup import runs_of

    if fail_if_worse and against is None:
        raise UsageError("--fail-if-worse compares with an earlier run. Name it: --against last")
    if after_build and mode is not None:
        raise UsageError("Builds ask a set in its own mode. Leave --mode out, or --after-build.")
    if after_build is False:
        keep_default_set(folder, None)
        if set_path is None:
            return echo("No set is asked after a build any more.")
    chosen = DefaultSet(set_path, reader) if set_path is not None else _default(folder, reader)
    request = Request(chosen.path, runs_of(folder), cast(Mode | None, mode), against, fail_if_worse, as_json, report)
    exit_code = _run(folder, chosen.reader, request)
    if after_build:
        keep_default_set(folder, chosen)
    raise SystemExit(exit_code)


def _default(folder: Path, reader: str | None) -> "DefaultSet":
    """The set that builds ask, by its own reader unless another is named."""
    chosen = _asked_by_builds(folder)
    if chosen is None:
        raise UsageError("Name a set, or choose one for every build: assistant evaluate SET --after-build")
    return chosen if reader is None else replace(chosen, reader=reader)


def _asked_by_builds(folder: Path) -> "DefaultSet | None":
    from assistant.evaluation.default_set import default_set
    from index.open import Index

    with Index.open(folder, None) as index, index.snapshot() as store:
        return default_set(store.status().settings)


def _run(folder: Path, reader: str | None, request: "Request") -> int:
    """Run a set, print what came of it, and return the exit code."""
    from assistant import Assistant
    from assistant.evaluation.command import run_evaluate
    from assistant.evaluation.setup import options_for

    assistant = Assistant.open(folder, reader=reader)
    try:
        with shown() as progress:
            options = options_for(assistant, progress=progress, notice=notice)
            outcome = run_evaluate(assistant, request, options, progress=progress)
    except KeyboardInterrupt:
        echo(STOPPED, err=True)
        return 1
    echo(outcome.text.removesuffix("\n"))
    return outcome.exit_code


def ask_default_set(folder: Path) -> "AfterBuild | None":
    """Ask the set that was chosen for every build, whose index is made by now; null where none was chosen."""
    if _asked_by_builds(folder) is None:
        return None
    from assistant.evaluation import after_build

    try:
        with shown() as progress:
            return after_build.ask_default_set(folder, after_build.Manner(notice, progress))
    except KeyboardInterrupt:
        line = "The index is built; `assistant evaluate` goes on with its questions."
        return after_build.AfterBuild(line, "stopped")


def notice(line: str) -> None:
    """Print what is better known before the first question, beside the output."""
    echo(line, err=True)


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
    echo(outcome.text.removesuffix("\n"))
    raise SystemExit(outcome.exit_code)
