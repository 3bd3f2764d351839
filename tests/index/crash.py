"""Processes that write to an index and are killed: at a named moment, or after a while.

Run as a program this file imports what writing needs, and then forks one writer for each order that it reads, so that
a kill costs no start of Python. `Victims` is the other end, for the tests and for `benchmarks/soak.py`.
"""

import errno
import json
import logging
import os
import signal
import subprocess
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from itertools import count
from pathlib import Path

from corpus.documents import Document
from corpus.errors import AssistantError
from corpus.read import read
from corpus.settings import CorpusSettings
from index.build import BuildOptions, BuildReport, build
from index.catalog import CATALOG, Catalog
from index.change import exclude, forget, include, set_setting
from index.durable import EVENT
from index.hashed import HashedEncoder
from index.settings import IndexSettings
from index.stored import exclusions

ANY = "any use of a file"  # every audit event of Python itself that names a path inside the index
FILE_EVENTS = ("open", "os.", "shutil.")


@dataclass(frozen=True, slots=True)
class Order:
    """What a writer does, and the moment that ends it when it comes for the `nth` time; no moment lets it live.

    `end` is "kill"; or "full": then the disk has no room left from that moment on; or "count" the moments instead.
    """

    task: str
    documents: str
    index: str
    moment: str = ""
    nth: int = 1
    end: str = "kill"


class Victims:
    """The program that forks the writers."""

    def __init__(self) -> None:
        path = os.pathsep.join(folder or os.getcwd() for folder in sys.path)
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        self._program = subprocess.Popen(
            [sys.executable, __file__], text=True, env={**os.environ, "PYTHONPATH": path}, **pipes
        )

    def __enter__(self) -> "Victims":
        return self

    def __exit__(self, *_: object) -> None:
        with self._program:
            self._program.kill()

    def moments(self, order: Order) -> dict[str, int]:
        """The named moments that a writer passes when nobody ends it, and how often."""
        if self.run(replace(order, end="count")):
            raise ValueError(order)
        found: dict[str, int] = json.loads(counts_of(order).read_text())
        return found

    def run(self, order: Order, seconds: float | None = None) -> int:
        """The exit code of a writer, negative for a signal; after `seconds` it is killed."""
        assert self._program.stdin is not None
        assert self._program.stdout is not None
        self._program.stdin.write(json.dumps(asdict(order)) + "\n")
        self._program.stdin.flush()
        process = int(self._program.stdout.readline())
        if seconds is not None:
            time.sleep(seconds)
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        return int(self._program.stdout.readline())


def load_here(paths: Sequence[Path], _: CorpusSettings) -> Iterator[tuple[Path, Document]]:
    """The files, read in this process."""
    return ((path, read(path.read_bytes(), path.name)) for path in paths)


OPTIONS = BuildOptions(load=load_here, index=IndexSettings(batch_passages=3, commit_passages=2))


def build_here(documents: Path, index: Path) -> BuildReport:
    """Build, in many small commits."""
    return build(index, HashedEncoder(), roots=[documents], options=OPTIONS)


def write_edition(documents: Path, number: int) -> None:
    """Two files that tell in which edition they are."""
    for name in ("a.txt", "b.txt"):
        (documents / name).write_text(f"Edition {number} of {name}.\n")


def build_on_and_on(documents: Path, index: Path) -> None:
    """One edition after the other, until killed."""
    first = time.time_ns()  # later than every edition before
    for number in count(first):
        write_edition(documents, number)
        build_here(documents, index)


def include_if_kept_out(index: Path) -> None:
    """After a kill it may have been included already."""
    with Catalog(index / CATALOG, read_only=True) as catalog:
        kept_out = exclusions(catalog, "glob")
    if "5.txt" in kept_out:
        include(index, "5.txt")


TASKS: dict[str, Callable[[Path, Path], object]] = {
    "build": build_here,
    "build on and on": build_on_and_on,
    "forget": lambda _, index: forget(index, "secret.txt"),
    "exclude": lambda _, index: exclude(index, "5.txt"),
    "include": lambda _, index: include_if_kept_out(index),
    "set": lambda _, index: set_setting(index, "threshold", 0.25),
}


def killer(order: Order) -> Callable[[str, tuple[object, ...]], None]:
    """An audit hook that ends the process at the order's moment."""
    left = order.nth

    def hook(event: str, values: tuple[object, ...]) -> None:
        nonlocal left
        if order.moment == ANY:
            come = event.startswith(FILE_EVENTS) and any(str(value).startswith(order.index) for value in values)
        else:
            come = event == EVENT and " ".join(map(str, values)) == order.moment
        left -= come
        if come and left <= 0 and order.end == "full":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        if come and not left:
            os.kill(os.getpid(), signal.SIGKILL)

    return hook


def counts_of(order: Order) -> Path:
    """Where a writer says which moments it passed."""
    return Path(f"{order.index}.moments.json")


def obey(order: Order) -> None:
    """Do what is ordered, and end this process."""
    code, counts = 1, Counter[str]()
    try:
        if order.end == "count":
            sys.addaudithook(lambda event, values: counts.update([" ".join(values)] if event == EVENT else ()))
        elif order.moment:
            sys.addaudithook(killer(order))
        TASKS[order.task](Path(order.documents), Path(order.index))
        if order.end == "count":
            counts_of(order).write_text(json.dumps(counts))
        code = 0
    except AssistantError as error:
        code = error.exit_code
    except BaseException:  # of a writer that is not to run on as its parent
        traceback.print_exc()
    finally:
        os._exit(code)


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # repairs are meant here
    for line in sys.stdin:
        child = os.fork()
        if not child:
            obey(Order(**json.loads(line)))
        print(child, flush=True)  # noqa: T201
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)  # noqa: T201
