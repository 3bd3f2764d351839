"""What an evaluation is given besides the assistant and the set."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from assistant.evaluation.protocols import Library, OpenTexts, PassageReader


def _say_nothing(line: str) -> None:
    """For callers who read the same in the run."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a set is run. What is null is only needed where its comment says so.

    `threshold` is the shipped one: it is applied afterwards, questions are asked with 0. `passages_read` is how
    many passages the reader sees at most, which tells "not retrieved" from "not read".
    """

    threshold: float = 0.5
    passages_read: int = 20
    top_k: int = 100  # passages retrieved for the ranks; Recall@100 needs 100
    resamples: int = 1000  # for the 95 % intervals; Efron and Tibshirani 1993 ask for 1,000 or more
    reader: PassageReader | None = None  # reading and evidence mode
    open_texts: OpenTexts | None = None  # sets that bring their own texts
    library: Library | None = None  # gold answers in the index, citation fidelity; a set's own texts need none
    made_with: Mapping[str, str] = field(default_factory=dict)  # encoder, reader, generation: shown in the report
    generation: Callable[[], str] | None = None  # of the index by now: it may be rebuilt while it is asked
    folder: Path | None = None  # where rows are kept as they come, so that a stopped run goes on
    notice: Callable[[str], None] = _say_nothing  # told what to know before the first question
    clock: Callable[[], float] = perf_counter
