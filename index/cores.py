"""How many cores a model's pass may use: alone all of them, beside others its share.

Passes that each use all cores mostly wait for each other: on two cores, two questions at a time on one core each were
answered at 5.0 a second, on two cores each at 4.3, twenty at a time on two each at 3.9, and one after the other at 3.2.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

_lock = threading.Lock()
_passes = 0


@contextmanager
def shared_cores() -> Iterator[None]:
    """Compute in here. The share is set when a pass begins, so a pass should be one batch."""
    global _passes
    import torch

    with _lock:
        _passes += 1
        share = max(1, _all() // _passes)
    torch.set_num_threads(share)  # of this thread, and until the next pass of those that are begun later
    try:
        yield
    finally:
        with _lock:
            _passes -= 1


@cache
def _all() -> int:
    """What torch would use, which OMP_NUM_THREADS may limit; asked before anything is set here."""
    import torch

    return torch.get_num_threads()


def questions_at_once() -> int:
    """How many questions are best answered at a time: one on each core, and a second where there is but one."""
    return max(2, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
