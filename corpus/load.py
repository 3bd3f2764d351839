"""Files to documents in worker processes: one bad file costs its own time limit and nothing else.

The processes are started here rather than by `multiprocessing` or a pool library: those import the program's main
module again in each process (for the web page that means torch and Gradio), and the standard pools cannot end one
task that hangs.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread, main_thread
from time import monotonic

from corpus.documents import Document, Problem
from corpus.replies import receive
from corpus.settings import CorpusSettings
from corpus.worker import OUT_OF_MEMORY

Loaded = tuple[Path, Document | Problem]

FILES_PER_PROCESS = 1000  # what a parser leaks is given back now and then; a start costs about 0.5 s
WATCH_SECONDS = 0.2  # how soon an interrupted program ends
WAITING_PER_WORKER = 2  # finished documents held in memory while the caller is busy
DEFAULTS = CorpusSettings()

START = (
    "import json, sys; start = json.loads(sys.argv[1]); sys.path[:] = start['path'];"
    "from corpus.settings import CorpusSettings; from corpus.worker import serve;"
    "serve(start['reader'], CorpusSettings(**start['settings']))"
)


def load_files(
    paths: Sequence[Path], settings: CorpusSettings = DEFAULTS, *, reader: str = "corpus.read:read"
) -> Iterator[Loaded]:
    """Every path once, with its document or the problem that it has; first what is ready first.

    `reader` names the function (bytes, file name) -> Document as "module:function".
    """
    if not paths:
        return
    pool = Pool(settings, reader, size=max(1, min(settings.workers, len(paths))))
    with ThreadPoolExecutor(pool.size, thread_name_prefix="load") as threads:
        try:
            yield from in_any_order(threads, pool, paths)
        finally:
            pool.close()
            threads.shutdown(cancel_futures=True)


def in_any_order(threads: ThreadPoolExecutor, pool: "Pool", paths: Iterable[Path]) -> Iterator[Loaded]:
    """The loaded files as they come; only a few are asked for ahead of the caller."""
    waiting = iter(paths)
    ahead = pool.size * (1 + WAITING_PER_WORKER)
    running: set[Future[Loaded]] = {threads.submit(pool.load, path) for path in islice(waiting, ahead)}
    while running:
        done, running = wait(running, WATCH_SECONDS, return_when=FIRST_COMPLETED)
        for future in done:
            yield future.result()
            running |= {threads.submit(pool.load, path) for path in islice(waiting, 1)}


class Pool:
    """Worker processes that are taken in turn; a worn or dead one is replaced by a new one."""

    def __init__(self, settings: CorpusSettings, reader: str, *, size: int) -> None:
        self.size = size
        self.closed = Event()
        self.workers = [Worker(settings, reader, self.closed) for _ in range(size)]
        self.idle: SimpleQueue[Worker] = SimpleQueue()
        for worker in self.workers:
            self.idle.put(worker)

    def load(self, path: Path) -> Loaded:
        """The path with its document or problem. Safe to call from as many threads as there are workers."""
        worker = self.idle.get()
        try:
            if self.closed.is_set():
                return path, Problem(str(path), "Loading was stopped.", "Build again.")
            return path, worker.load(path)
        finally:
            self.idle.put(worker)

    def close(self) -> None:
        """Ends all worker processes at once."""
        self.closed.set()
        for worker in self.workers:
            worker.stop()


class Worker:
    """One process, started when it is first needed, that reads one file at a time."""

    def __init__(self, settings: CorpusSettings, reader: str, closed: Event) -> None:
        self.settings = settings
        self.reader = reader
        self.closed = closed
        self.process: subprocess.Popen[bytes] | None = None
        self.files = 0

    def load(self, path: Path) -> Document | Problem:
        """The file's document, or its problem: its own, or that it took too long, too much, or killed the process."""
        process = self.ready()
        done, late = Event(), Event()
        watch = Thread(target=kill_when_late, args=(process, self.settings.load_seconds, done, late), daemon=True)
        watch.start()
        try:
            return ask(process, path)
        except (EOFError, OSError):
            code = process.wait()
            return Problem(str(path), *(too_slow(self.settings) if late.is_set() else died(code, self.settings)))
        finally:
            done.set()
            watch.join()

    def ready(self) -> subprocess.Popen[bytes]:
        """The running process, or a new one in the place of one that is worn or dead."""
        process = self.process
        if process is None or self.files >= FILES_PER_PROCESS or process.poll() is not None:
            self.stop()
            process = self.start()
        self.files += 1
        return process

    def start(self) -> subprocess.Popen[bytes]:
        """Starts a process with this one's import path and none of its modules; Ctrl-C does not reach it."""
        start = {"path": sys.path, "reader": self.reader, "settings": asdict(self.settings)}
        command = [sys.executable, "-c", START, json.dumps(start)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True)
        self.process, self.files = process, 0
        if self.closed.is_set():
            process.kill()
        return process

    def stop(self) -> None:
        """Ends the process, if there is one."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            with process:
                pass


def kill_when_late(process: subprocess.Popen[bytes], seconds: float, done: Event, late: Event) -> None:
    """Ends the process if it is not done in time, or if the program was interrupted and waits for its threads."""
    deadline = monotonic() + seconds
    while not done.wait(min(WATCH_SECONDS, max(0.0, deadline - monotonic()))):
        if monotonic() >= deadline:
            late.set()
        if late.is_set() or not main_thread().is_alive():
            process.kill()
            return


def ask(process: subprocess.Popen[bytes], path: Path) -> Document | Problem:
    """What the process replies. Raises: EOFError or OSError, if it ends before it has replied or replies nonsense."""
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(json.dumps(str(path)).encode() + b"\n")
    process.stdin.flush()
    try:
        return receive(process.stdout)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        process.kill()
        raise EOFError from error


def too_slow(settings: CorpusSettings) -> tuple[str, str]:
    """Reason and next step for a file that was given up."""
    return (
        f"Reading took longer than {settings.load_seconds:g} s.",
        "Split the file, or save it again in its own program.",
    )


def died(code: int, settings: CorpusSettings) -> tuple[str, str]:
    """Reason and next step for a file that ended its process with this exit code."""
    if code == OUT_OF_MEMORY:
        return f"Reading needs more than {settings.load_memory_mb} MB of memory.", "Split the file into smaller ones."
    ended = signal.Signals(-code).name if -code in set(signal.Signals) else f"exit code {code}"
    return f"The file made its reader crash ({ended}).", "It is damaged: open it in its own program and save it again."
