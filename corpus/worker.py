"""The process that reads files for `load.load_files`, one after the other: paths in, documents out.

Requests are lines of JSON on standard input, replies (`replies.send`) go to standard output. The process limits its own
memory, and ends itself when it is stuck and nobody is left to end it.
"""

import faulthandler
import json
import os
import stat
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from corpus.documents import Document, Problem
from corpus.errors import DocumentUnreadable
from corpus.replies import send
from corpus.settings import CorpusSettings

OUT_OF_MEMORY = 77  # exit code: no shell, signal or Python uses it
ORPHAN_SECONDS = 30.0  # beyond the file's limit, which the parent process enforces

Reader = Callable[[bytes, str], Document]


def serve(reader: str, settings: CorpusSettings) -> None:
    """Answers every request with the document or the problem, until the input ends.

    `reader` is "module:function"; it is imported here, so that the parent process never loads a parser.
    """
    replies = os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)  # what a parser prints must not end up between the replies
    os.dup2(silence, 2)
    limit_memory(settings.load_memory_mb)
    module, _, name = reader.partition(":")
    read: Reader = getattr(import_module(module), name)
    for line in sys.stdin.buffer:
        faulthandler.dump_traceback_later(settings.load_seconds + ORPHAN_SECONDS, exit=True)
        found = load(Path(json.loads(line)), read, settings)
        faulthandler.cancel_dump_traceback_later()
        send(found, replies)
        replies.flush()


def limit_memory(megabytes: int) -> None:
    """Lets allocations fail beyond the limit, and leaves no core files; on Windows it does neither."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def load(path: Path, read: Reader, settings: CorpusSettings) -> Document | Problem:
    """The document in the file, or why there is none; ends the process when memory runs out."""
    try:
        return read(read_bytes(path, settings.file_mb), path.name)
    except DocumentUnreadable as error:
        return Problem(str(path), error.reason, error.next_step)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    # The border to parsers of hostile files: they raise anything, and one bad file must not end a build.
    except Exception as error:
        reason = f"The file is damaged or uses something unknown ({type(error).__name__}: {str(error)[:200]})."
        return Problem(str(path), reason, "Open it in its own program, save it again and rebuild.")


def read_bytes(path: Path, limit_mb: int) -> bytes:
    """The file's bytes as they were at one moment.

    Raises: DocumentUnreadable, if it is empty, too large, not permitted, gone, or being written.
    """
    try:
        for _ in range(2):
            before = path.stat()
            check_size(before, limit_mb)
            data = path.read_bytes()
            if same_file(before, path.stat()) and len(data) == before.st_size:
                return data
    except PermissionError as error:
        raise DocumentUnreadable("There is no permission to read the file.", "Grant read permission.") from error
    except FileNotFoundError as error:
        raise DocumentUnreadable("The file vanished before it was read.", "Build again.") from error
    except OSError as error:
        raise DocumentUnreadable(
            f"The file cannot be read: {error.strerror}.", "Check the disk and the path."
        ) from error
    raise DocumentUnreadable("The file changed while it was read.", "Build again when it is fully written.")


def check_size(status: os.stat_result, limit_mb: int) -> None:
    """Raises: DocumentUnreadable, for what is no file, empty, or larger than the limit."""
    if not stat.S_ISREG(status.st_mode):
        raise DocumentUnreadable("This is not a regular file.", "Remove it from the folder or exclude it.")
    if status.st_size == 0:
        raise DocumentUnreadable("The file is empty (0 bytes).", "Replace it with a complete copy.")
    if status.st_size > limit_mb << 20:
        size = f"{status.st_size / 2**20:.0f} MB"
        raise DocumentUnreadable(f"The file has {size}, more than the limit of {limit_mb} MB.", "Split it.")


def same_file(before: os.stat_result, after: os.stat_result) -> bool:
    """Whether nothing was written or replaced between two looks at a path."""
    return (before.st_ino, before.st_size, before.st_mtime_ns) == (after.st_ino, after.st_size, after.st_mtime_ns)
