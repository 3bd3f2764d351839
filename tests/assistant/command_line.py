"""The command line as tests call it: in this process, or as a process of its own that Ctrl-C ends."""

from pathlib import Path

from click.testing import CliRunner, Result

from assistant.commands import main

# A shell that starts the tests in the background has them ignore Ctrl-C, and what they start inherits that.
STOPPABLE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from assistant.commands import main; main()"
)


def run(*arguments: object) -> Result:
    """A command in this process."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def build(documents: Path, index: Path, *more: str) -> Result:
    """`build` with the encoder that needs no model."""
    return run("build", documents, "--index", index, "--encoder", "hashed", *more)
