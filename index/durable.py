"""The moments before and after everything that reaches the disk for good, by name, so that a test can end there.

They are audit events (`sys.audit`, PEP 578): one check of a null pointer while nobody listens, and a test listens with
`sys.addaudithook`. A listener that raises makes the step fail, as a full disk would.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

EVENT = "chapter-and-verse.durable"  # its arguments: the step, and "before" or "after"

Step = Literal[
    "commit tables",
    "commit vectors",
    "commit documents",
    "commit generation",
    "commit look",
    "commit exclusion",
    "commit inclusion",
    "commit setting",
    "commit repair",
    "commit keywords",
    "sync file",
    "sync manifest",
    "sync folder",
    "empty log",
    "close catalog",
    "delete upload",
]


@contextmanager
def durable(step: Step) -> Iterator[None]:
    """Name what is done inside: a commit, an fsync, a checkpoint or a deletion that a crash may precede or follow."""
    sys.audit(EVENT, step, "before")
    yield
    sys.audit(EVENT, step, "after")
