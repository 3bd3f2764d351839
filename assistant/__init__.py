"""Ask documents a question and get the answer in their own words, with the exact place."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.assistant import Assistant, Surrounding
    from assistant.reading.load import load_reader
    from assistant.settings import Settings

__all__ = ["Assistant", "Settings", "Surrounding", "load_reader"]

_HOMES = {
    "Assistant": "assistant.assistant",
    "Surrounding": "assistant.assistant",
    "Settings": "assistant.settings",
    "load_reader": "assistant.reading.load",
}


def __getattr__(name: str) -> object:
    """Import on first use: the command line answers `--help` without loading the index's libraries."""
    if name not in _HOMES:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
