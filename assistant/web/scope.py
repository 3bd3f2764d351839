"""Which documents a question is asked of: the choices of the filter, and what they stand for."""

from collections.abc import Sequence
from pathlib import PurePosixPath

from index.records import Status


def choices(status: Status) -> list[tuple[str, str]]:
    """(label, value): folders first, with their number of documents, then each document."""
    paths = sorted({row.relative for row in status.files})
    folders = sorted({str(parent) for path in paths for parent in PurePosixPath(path).parents if str(parent) != "."})
    counted = [(folder, sum(path.startswith(f"{folder}/") for path in paths)) for folder in folders]
    return [(f"{folder}/ ({number})", f"{folder}/") for folder, number in counted] + [(path, path) for path in paths]


def chosen(values: Sequence[str], status: Status) -> list[str] | None:
    """The paths of the chosen documents and of those in the chosen folders; null where nothing was chosen."""
    if not values:
        return None
    folders = tuple(value for value in values if value.endswith("/"))
    inside = [row.relative for row in status.files if folders and row.relative.startswith(folders)]
    return sorted({*inside, *(value for value in values if not value.endswith("/"))})
