"""The command line: `assistant build`, `ask`, `chat`, `evaluate`, `compare`, `status`, `serve`, `watch`, `forget`."""

from assistant.commands.main import main

__all__ = ["main"]
