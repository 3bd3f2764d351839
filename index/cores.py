"""How the passes of models share the cores: one core each, as far as there are passes enough.

Passes that each use all cores mostly wait for each other. On two cores, texts are encoded in a fifth less time by two
passes on one core each than by one after the other on both; two questions at a time on one core each were answered at
5.0 a second, on both cores each at 4.3, twenty at a time on both each at 3.9.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import cache
from typing import TypeVar

Part = TypeVar("Part")
Made = TypeVar("Made")

_lock = threading.Lock()
_passes = 0  # computed now, or about to be


def spread(work: Callable[[Part], Made], parts: Sequence[Part]) -> Iterator[tuple[Part, Made]]:
    """Each part with what `work`, one pass of a model, makes of it; first what is ready first.

    A part begins where a core is idle, or none of these parts is computed: whoever comes later finds its core soon.
    """
    if len(parts) <= 1 or all_cores() == 1:
        yield from ((part, _passed(work, part)) for part in parts if _begun(1, least=1))
        return
    running, begun = dict[Future[Made], Part](), 0
    with ThreadPoolExecutor(min(len(parts), all_cores()), thread_name_prefix="pass") as threads:
        while running or begun < len(parts):
            more = _begun(len(parts) - begun, least=0 if running else 1)
            running |= {threads.submit(_passed, work, part): part for part in parts[begun : begun + more]}
            begun += more
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                yield running.pop(future), future.result()


def _begun(most: int, *, least: int) -> int:
    """How many passes begin now: one for each idle core. All are counted before the first sets its share."""
    global _passes
    with _lock:
        number = min(most, max(least, all_cores() - _passes))
        _passes += number
        return number


def _passed(work: Callable[[Part], Made], part: Part) -> Made:
    """One pass that is counted as begun. Its share of the cores is not changed under it."""
    global _passes
    try:
        import torch

        torch.get_num_threads()  # at its first look a new thread takes what any set last, and only then keeps its own
        torch.set_num_threads(max(1, all_cores() // _passes))
        return work(part)
    finally:
        with _lock:
            _passes -= 1


@cache
def all_cores() -> int:
    """What torch would use, which OMP_NUM_THREADS may limit; asked before anything is set here."""
    import torch

    return torch.get_num_threads()


def questions_at_once() -> int:
    """How many questions are best answered at a time: one on each core, and a second where there is but one."""
    return max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
