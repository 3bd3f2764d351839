"""The one way a benchmark keeps its figures: JSON with commit, hardware, n, seed and seconds."""

import json
import os
import platform
import subprocess
from pathlib import Path
from time import perf_counter

RESULTS = Path(__file__).parent / "results"


class Record:
    """Started when the benchmark starts; `write` prints and keeps the figures."""

    def __init__(self, name: str, *, n: int, seed: int | None = None) -> None:
        self.name, self.n, self.seed = name, n, seed
        self._began = perf_counter()

    def write(self, figures: dict[str, object]) -> Path:
        """Write `results/NAME.json` and print it."""
        kept = {
            "benchmark": self.name,
            "commit": _commit(),
            "hardware": hardware(),
            "n": self.n,
            "seed": self.seed,
            "seconds": round(perf_counter() - self._began, 1),
            "figures": figures,
        }
        text = json.dumps(kept, indent=2, ensure_ascii=False)
        print(text)
        path = RESULTS / f"{self.name}.json"
        path.write_text(text + "\n")
        return path


def hardware() -> str:
    """Processor, cores that this process may use, memory."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text().splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {len(os.sched_getaffinity(0))} cores, {memory:.0f} GiB"


def _commit() -> str:
    found = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"
