"""The group of commands, its common options, and the one place where errors become messages and exit codes."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from corpus.errors import AssistantError

Command = TypeVar("Command", bound=Callable[..., Any])


class Group(click.Group):
    """Shows an `AssistantError` as its message and leaves with its exit code; other errors are bugs and crash."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        """Run the command."""
        try:
            return super().invoke(ctx)
        except AssistantError as error:
            echo(f"assistant: {error}", err=True)
            sys.exit(error.exit_code)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="chapter-and-verse")
def main() -> None:
    """Ask your documents; get the answer in their own words with the exact place."""


def index_option(command: Command) -> Command:
    """Add `--index DIR`."""
    return click.option(
        "--index",
        "folder",
        type=click.Path(path_type=Path, file_okay=False),
        default=".index",
        show_default=True,
        help="The folder of the index.",
    )(command)


def reader_option(command: Command) -> Command:
    """Add `--reader NAME_OR_FOLDER`."""
    option = click.option("--reader", metavar="NAME_OR_FOLDER", help="Another reader than the shipped one.")
    return option(command)


def json_option(command: Command) -> Command:
    """Add `--json`."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for a program to read.")(command)


def print_json(value: object) -> None:
    """Print one JSON document; paths are printed as text."""
    echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def echo(text: str, *, err: bool = False) -> None:
    r"""Print a line; what is not valid Unicode, as in a file name, is escaped: "caf\udce9.zip", in JSON too."""
    click.echo(text.encode("utf-8", "backslashreplace").decode(), err=err)


from assistant.commands import asking, building, evaluating, serving, watching  # noqa: E402, F401 - they add their commands
