"""The set that is asked after every build, and the one line that comes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.assistant import Assistant
from assistant.evaluation.command import Request, one_line, run_evaluate
from assistant.evaluation.compare import Comparison
from assistant.evaluation.default_set import DefaultSet
from assistant.evaluation.sets import load_set
from assistant.evaluation.setup import options_for, runs_of
from assistant.evaluation.store import RunStore
from index.progress import Progress


@dataclass(frozen=True, slots=True)
class AfterBuild:
    """What the build tells: a line, the run's name, and the comparison with the run before, if there was one.

    `failed`: the set could not be asked, and the line says why.
    """

    line: str
    run: str = ""
    comparison: Comparison | None = None
    failed: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionaries and lists."""
        compared = self.comparison.as_dict() if self.comparison is not None else None
        return {"line": self.line, "run": self.run, "comparison": compared, "failed": self.failed}


def ask_default_set(
    folder: Path, chosen: DefaultSet, *, progress: Progress | None, notice: Callable[[str], None]
) -> AfterBuild:
    """Ask the set again and compare with the run before; nothing is asked where a run of the same state is kept.

    Raises:
        UsageError: the set is gone or holds no question.
    """
    assistant, loaded = Assistant.open(folder, reader=chosen.reader), load_set(chosen.path)
    options = options_for(assistant, progress=progress, notice=notice)
    same = RunStore(runs_of(folder)).like(loaded, loaded.mode, options.made_with)
    if same is not None:
        return AfterBuild(f"{loaded.name}: nothing has changed since the run {same}", same)
    request = Request(chosen.path, runs_of(folder), against="last")
    outcome = run_evaluate(assistant, request, options, progress=progress)
    if outcome.run is None:
        raise RuntimeError("a run that nobody stops ends")
    return AfterBuild(one_line(outcome.run, outcome.comparison), outcome.run.id, outcome.comparison)
