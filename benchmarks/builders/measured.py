"""What building an index costs, measured inside the builder's own process; plain Python, so that it runs anywhere.

Run by the scripts beside it, which `alternatives.py` starts.
"""

import json
import os
import resource
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from importlib.metadata import version
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter
from typing import Protocol

TOP = 10  # passages asked for
SAMPLE = 20  # passages looked for by their own words
PROC = Path("/proc")
LOOK_SECONDS = 0.1  # how often the memory of started processes is looked at


@dataclass(frozen=True)
class Job:
    """What to build from what: `index` is an empty folder; `passages` and `questions` have a JSON string a line."""

    documents: Path
    passages: Path
    questions: Path
    model: Path
    index: Path


class Builder(Protocol):
    """Made with its model loaded."""

    def index(self, passages: list[str]) -> None:
        """Index the passages and leave the index on the disk."""

    def open(self) -> None:
        """Open the index that lies on the disk."""

    def search(self, question: str) -> list[str]:
        """The `TOP` passages for a question, best first."""


class Children(Thread):
    """The most memory that the processes started by this one held together, in MB; 0 where there is no /proc."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._done = Event()
        self.peak_mb = 0.0

    def run(self) -> None:
        """Look until stopped."""
        while not self._done.wait(LOOK_SECONDS):
            self.peak_mb = max(self.peak_mb, sum(map(resident_mb, children())))

    def stop(self) -> float:
        """The peak."""
        self._done.set()
        self.join()
        return self.peak_mb


def children() -> list[str]:
    """The process numbers of this process's children."""
    found: list[str] = []
    for path in PROC.glob("self/task/*/children"):
        try:
            found += path.read_text().split()
        except OSError:  # the thread has ended
            continue
    return found


def resident_mb(process: str) -> float:
    """What a process holds in memory; 0 if it has ended."""
    try:
        status = (PROC / process / "status").read_text()
    except OSError:
        return 0.0
    return int((status.partition("VmRSS:")[2].split() or ["0"])[0]) / 1024


def measure(make: Callable[[Job], Builder], packages: Sequence[str]) -> None:
    """Build, open, ask, and print what it cost as one line of JSON, the last."""
    job = Job(**{field.name: Path(json.loads(sys.argv[1])[field.name]) for field in fields(Job)})
    passages, questions = read(job.passages), read(job.questions)
    builder = make(job)
    figures = {"versions": {name: version(name) for name in packages}} | indexed(builder, job, passages)
    builder.open()
    print(json.dumps(figures | asked(builder, questions) | {"found": found(builder, passages)}))


def indexed(builder: Builder, job: Job, passages: list[str]) -> dict[str, object]:
    """Passages a second and a CPU second, bytes on the disk, the peak of this process and those that it started."""
    started = Children()
    started.start()
    began, worked = perf_counter(), cpu_seconds()
    builder.index(passages)
    seconds, cpu = perf_counter() - began, cpu_seconds() - worked
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 + started.stop()
    return {
        "passages_per_second": len(passages) / seconds,
        "passages_per_cpu_second": len(passages) / cpu,
        "index_bytes": sum(path.stat().st_size for path in job.index.rglob("*") if path.is_file()),
        "peak_memory_mb": peak_mb,
    }


def cpu_seconds() -> float:
    """What this process and its children that have ended used of the processor."""
    return sum(os.times()[:4])


def asked(builder: Builder, questions: list[str]) -> dict[str, object]:
    """Milliseconds from a question to its passages, the median."""
    builder.search(questions[0])  # the first one pays for what is made on first use
    seconds = []
    for question in questions:
        began = perf_counter()
        builder.search(question)
        seconds.append(perf_counter() - began)
    return {"query_p50_ms": 1000 * median(seconds)}


def found(builder: Builder, passages: list[str]) -> float:
    """The share of some passages that come first when asked for by their own words: 1, if the index works."""
    sample = passages[:: max(1, len(passages) // SAMPLE)][:SAMPLE]
    return sum(builder.search(passage)[0] == passage for passage in sample) / len(sample)


def read(path: Path) -> list[str]:
    """The strings of a file with one a line."""
    return [json.loads(line) for line in path.read_text().splitlines()]
