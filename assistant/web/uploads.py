"""Uploads: only plain names, only known types, only into their own folder, only so large and so many."""

import secrets
import unicodedata
from collections.abc import AsyncIterable, Sequence
from pathlib import Path

from corpus.errors import UsageError

DOCUMENTS = (".txt", ".md", ".html", ".htm", ".pdf", ".docx")
SETS = (".jsonl", ".json", ".csv")
MEGABYTES = 200  # one file; a build reads no larger ones either
FILES = 10_000  # in the folder: a directory of more is slow to list, and no person drops so many
NAME_BYTES = 200  # most file systems allow 255, and the name of the unfinished file needs room
DEVICES = {"con", "prn", "aux", "nul", *(f"{kind}{n}" for kind in ("com", "lpt") for n in range(1, 10))}


def safe_name(name: str, types: Sequence[str]) -> str:
    """The name, composed to NFC, if a file may be called so. Raises: UsageError."""
    name = unicodedata.normalize("NFC", name)
    fault = _fault(name, types)
    if fault:
        shown = name if name.isprintable() else ascii(name)
        raise UsageError(f"“{shown[:80]}” was not stored: {fault}.")
    return name


def _fault(name: str, types: Sequence[str]) -> str:
    stem = name.split(".", maxsplit=1)[0].strip().lower()
    if not name.strip() or name.startswith("."):
        return "its name is empty or hidden; rename it"
    if "/" in name or "\\" in name or ":" in name or ".." in name:
        return "its name holds a path; rename it"
    if not name.isprintable():
        return "its name holds control characters; rename it"
    if len(name.encode()) > NAME_BYTES:
        return f"its name is longer than {NAME_BYTES} bytes; shorten it"
    if stem in DEVICES:
        return "some systems cannot store that name; rename it"
    if Path(name).suffix.lower() not in types:
        return f"only {', '.join(types)} can be used; convert it first"
    return ""


async def store(name: str, body: AsyncIterable[bytes], folder: Path, *, types: Sequence[str]) -> str:
    """Write an upload into the folder, replacing an earlier one of that name; what was done, in words.

    Raises: UsageError for a name, type, size or number that is refused; then nothing is left behind.
    """
    target = folder / safe_name(name, types)
    folder.mkdir(parents=True, exist_ok=True)
    if target.is_symlink() or target.is_dir():
        raise UsageError(f"“{name}” was not stored: something else of that name is there; rename it.")
    replaced = target.exists()
    if not replaced and sum(1 for _ in folder.iterdir()) >= FILES:
        raise UsageError(f"“{name}” was not stored: {FILES:,} uploads are there already; remove some first.")
    partial = folder / f".{secrets.token_hex(8)}.part"
    try:
        await _write(partial, body, target.name)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return f"“{target.name}” was {'replaced' if replaced else 'stored'}."


async def _write(partial: Path, body: AsyncIterable[bytes], name: str) -> None:
    left = MEGABYTES * 1024**2
    with partial.open("xb") as file:
        async for part in body:
            left -= len(part)
            if left < 0:
                raise UsageError(f"“{name}” was not stored: it is larger than {MEGABYTES} MB; split it.")
            file.write(part)
