"""Which documents a question is asked of: how files are named, the choices of the filter, and what they stand for."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from index.records import DocumentRow, FileRow, Status

NAMED = 2  # of the chosen documents and folders, where the rest is counted
Choice = tuple[str, str]
"""A choice of the filter: what is read, and the value that it stands for."""


def place(row: DocumentRow) -> str:
    """The absolute path of a file."""
    file = FileRow(row.root, row.relative, 0, 0, 0, 0)  # it knows where a file is that is itself a root
    return str(file.path or row.relative)


def called_alike(rows: Sequence[DocumentRow]) -> set[str]:
    """The paths below a root that files in several roots have."""
    return {relative for relative, number in Counter(row.relative for row in rows).items() if number > 1}


def naming(rows: Sequence[DocumentRow]) -> Callable[[DocumentRow], str]:
    """What a file is to be named so that no other is meant: its path below its root, or the whole path."""
    alike = called_alike(rows)
    return lambda row: place(row) if row.relative in alike else row.relative


def means(value: str, row: DocumentRow) -> bool:
    """Whether a value of the filter stands for a file: its path, or one of its folders."""
    if value.endswith("/"):
        return row.relative.startswith(value)
    return value == row.relative or (value.endswith(row.relative) and value == place(row))


def told(values: Sequence[str]) -> str:
    """What is chosen, in few words: "drugs/, report.txt and 3 more"; empty where nothing is."""
    if not values:
        return ""
    more = f" and {len(values) - NAMED:,} more" if len(values) > NAMED else ""
    return ", ".join(values[:NAMED]) + more


def choices(status: Status, values: Sequence[str] = ()) -> list[Choice]:
    """Folders first, with their number of documents, then each document, and what is chosen but is there no more.

    That stays, and a question then says so: it would otherwise be asked of all documents.
    """
    rows, name, alike = status.files, naming(status.files), called_alike(status.files)
    inside = Counter(str(parent) for row in rows for parent in PurePosixPath(row.relative).parents)
    offered = [(f"{folder}/ ({inside[folder]})", f"{folder}/") for folder in sorted(inside) if folder != "."]
    for row in sorted(rows, key=lambda row: (row.relative, row.root)):
        offered.append((f"{row.relative} in {row.root}" if row.relative in alike else row.relative, name(row)))
    known = {value for _, value in offered}
    return offered + [(f"{value} (not there any more)", value) for value in values if value not in known]


def kept(values: Sequence[str], status: Status) -> list[str]:
    """What is chosen, as it is on offer now: files that are called alike by now are told apart."""
    files = files_of(status)
    found = ([value] if value.endswith("/") else files(value) for value in values)
    return list(dict.fromkeys(name for names in found for name in names))


def chosen(values: Sequence[str], status: Status) -> list[str] | None:
    """The names of the chosen documents and of those in the chosen folders; null where nothing was chosen."""
    files = files_of(status)
    return sorted({name for value in values for name in files(value)}) if values else None


def passages(values: Sequence[str], status: Status) -> int:
    """How many passages the chosen documents have, copies once."""
    found = {row.sha256: row.passages for row in status.files if any(means(value, row) for value in values)}
    return sum(found.values())


def files_of(status: Status) -> Callable[[str], list[str]]:
    """The names of the files that a value stands for; the value where there are none, so that asking says so."""
    name = naming(status.files)
    return lambda value: [name(row) for row in status.files if means(value, row)] or [value]
