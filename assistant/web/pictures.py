"""Pictures of pages, drawn by one worker process, which is replaced when it dies."""

import multiprocessing
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from hashlib import file_digest
from pathlib import Path
from stat import S_ISREG
from time import time_ns

from assistant.answers import Citation
from assistant.web import raster
from corpus.errors import UsageError
from index.scan import DOUBT_NS

SECONDS = 20  # for one page; a page that takes longer is shown as text
SCALE = 2.0  # pixels per point: sharp on most screens, about 0.1 s a page
KEPT = 32  # pictures of pages, about 300 kB each
HASHES = 1024  # files whose hash is kept, about 300 bytes each; one that was dropped is hashed again
MEGABYTES = 2048  # address space of the worker

Stamp = tuple[int, int, int, int]
"""Of a file: size, mtime and ctime in nanoseconds, inode; an edit changes one of them, even if it puts mtime back."""


class Pictures:
    """Pages of the files behind citations; a file that is not the indexed one any more is not shown."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._workers: ProcessPoolExecutor | None = None
        self._hashes: OrderedDict[Path, tuple[Stamp, str]] = OrderedDict()
        self._kept: OrderedDict[tuple[Citation, int], bytes] = OrderedDict()

    def page(self, file: Path, cite: Citation, number: int) -> bytes:
        """A page as PNG, the quote's boxes painted. Raises: UsageError if it cannot be drawn."""
        kept = self._kept.get((cite, number))
        if kept is not None:
            return kept
        boxes = [box[1:] for box in cite.boxes if box[0] == number]
        drawn = self._draw(file, number, boxes)
        with self._lock:
            self._kept[cite, number] = drawn
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return drawn

    def is_indexed(self, file: Path | None, sha256: str) -> bool:
        """Whether the file's bytes are those that were indexed; one that cannot be read is not shown either."""
        if file is None:
            return False
        try:
            return self._sha256(file) == sha256
        except OSError:
            return False

    def close(self) -> None:
        """End the worker."""
        with self._lock:
            workers, self._workers = self._workers, None
        if workers is not None:
            workers.shutdown(wait=False, cancel_futures=True)

    def _sha256(self, file: Path) -> str | None:
        """Hashed again only when its stat changes; null for a folder or a device. Raises: OSError."""
        stat = file.stat()
        if not S_ISREG(stat.st_mode):
            return None
        stamp = (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
        known = self._hashes.get(file)
        if known is not None and known[0] == stamp:
            return known[1]
        with file.open("rb") as opened:
            found = file_digest(opened, "sha256").hexdigest()
        if max(stat.st_mtime_ns, stat.st_ctime_ns) < time_ns() - DOUBT_NS:
            self._keep(file, stamp, found)
        return found

    def _keep(self, file: Path, stamp: Stamp, found: str) -> None:
        with self._lock:
            self._hashes[file] = stamp, found
            self._hashes.move_to_end(file)
            while len(self._hashes) > HASHES:
                self._hashes.popitem(last=False)

    def _draw(self, file: Path, number: int, boxes: Sequence[raster.Box]) -> bytes:
        with self._lock:
            if self._workers is None:
                spawn = multiprocessing.get_context("spawn")  # a fork would copy the models' threads and locks
                limits = (SECONDS, MEGABYTES)
                self._workers = ProcessPoolExecutor(1, spawn, initializer=raster.limit, initargs=limits)
            workers = self._workers
        try:
            return workers.submit(raster.picture, file, number, boxes, SCALE).result()
        except (BrokenProcessPool, MemoryError, raster.PdfiumError, IndexError, OSError) as error:
            if isinstance(error, BrokenProcessPool):
                self.close()
            raise UsageError("The page could not be drawn, so its text is shown instead.") from error
