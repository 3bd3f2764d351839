"""The command line: `assistant build`, `ask`, `chat`, `evaluate`, `compare`, `status`, `serve`, `forget`."""

from assistant.commands.main import main

__all__ = ["main"]
