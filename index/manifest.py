"""What a folder of views holds and the checksum of each of its files, written last; so that damage is found."""

import json
import os
import zlib
from pathlib import Path

from index.durable import Step, durable

MANIFEST = "manifest.json"
BLOCK = 1 << 20


class ViewDamaged(Exception):
    """A view is missing, damaged or of another generation; it is made again, which `repairs` tells."""


def seal(folder: Path, generation: int, passages: int) -> None:
    """Put everything in a folder on the disk for certain, the manifest last."""
    manifest = {"format": 1, "generation": generation, "passages": passages, "files": _checksums(folder)}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    for path in _files(folder):
        _sync(path, "sync file")
    _sync(folder / MANIFEST, "sync manifest")
    for path in (*(path for path in folder.iterdir() if path.is_dir()), folder, folder.parent):
        _sync(path, "sync folder")


def checked(folder: Path, generation: int) -> int:
    """How many passages the views in a folder show, after each file was compared with its checksum.

    Raises:
        ViewDamaged: something is not as it was written, or it is another generation's.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        written, passages, sums = manifest["generation"], int(manifest["passages"]), manifest["files"]
        found = _checksums(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ViewDamaged(str(error)) from error
    if written != generation:
        raise ViewDamaged(f"generation {written} where {generation} was expected")
    if found != sums:
        raise ViewDamaged(f"files in {folder} are not as they were written")
    return passages


def _files(folder: Path) -> list[Path]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in found if path.name != MANIFEST and path.suffix != ".lock")


def _sync(path: Path, step: Step) -> None:
    """Wait until a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with durable(step):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _checksums(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): _checksum(path) for path in _files(folder)}


def _checksum(path: Path) -> int:
    """The CRC-32 of a file: it finds damage, and reads 1 GB in about a second."""
    total = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            total = zlib.crc32(block, total)
    return total
