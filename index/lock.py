"""One writer at a time: a lock that the system releases when its process ends, however it ends."""

import fcntl
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

from corpus.errors import IndexBusy, UsageError

LOCK = "writer.lock"


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Hold the index in `folder` for writing.

    Raises:
        IndexBusy: another process, or another thread of this one, is writing to it.
    """
    with (folder / LOCK).open("a+", encoding="utf-8", errors="replace") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise IndexBusy(_busy(folder, file)) from None
        _sign(file)
        try:
            yield
        finally:
            file.truncate(0)


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """Say what an error of the disk inside means.

    Raises:
        UsageError: the folder cannot be read or written, or the disk is full.
    """
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError(
            f"The index in {folder} cannot be written: {reason}. It is as it was before; check the disk's room and "
            f"the folder's permissions, then try again."
        ) from error


def _sign(file: IO[str]) -> None:
    file.seek(0)
    file.truncate()
    command = " ".join([Path(sys.argv[0] or "python").name, *sys.argv[1:2]])
    file.write(f"process {os.getpid()} ({command}, since {datetime.now():%H:%M:%S})")
    file.flush()


def _busy(folder: Path, file: IO[str]) -> str:
    file.seek(0)
    owner = file.read().strip() or "another process"
    return f"The index in {folder} is being written by {owner}. Wait until it has finished, then try again."
