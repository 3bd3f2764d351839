"""The set that is asked after every build, and the one line that comes of it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.assistant import Assistant
from assistant.evaluation.command import Request, one_line, result, run_evaluate
from assistant.evaluation.compare import Comparison
from assistant.evaluation.default_set import DefaultSet, default_set
from assistant.evaluation.identity import Identity, calibration_of, reader_identity
from assistant.evaluation.results import Run
from assistant.evaluation.sets import load_set
from assistant.evaluation.setup import made_with, options_for, runs_of
from assistant.evaluation.store import RunStore
from assistant.settings import Settings
from corpus.errors import AssistantError, IndexBusy
from index.open import Index, Status
from index.progress import Progress, never

Opener = Callable[[Path, str | None], Assistant]
"""Opens the assistant over an index folder with the reader named; null is the shipped one."""


@dataclass(frozen=True, slots=True)
class AfterBuild:
    """What the build tells: a line, the run's name, and the comparison with the run before, if there was one.

    `state`: "failed" is a set that could not be asked, and the line says why.
    """

    line: str
    state: Literal["asked", "stopped", "not asked", "failed"]
    run: str = ""
    comparison: Comparison | None = None

    @property
    def failed(self) -> bool:
        """Whether the set could not be asked."""
        return self.state == "failed"

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionaries and lists."""
        compared = self.comparison.as_dict() if self.comparison is not None else None
        return {"line": self.line, "run": self.run, "comparison": compared, "failed": self.failed}


def sharing(assistant: Assistant) -> Opener:
    """Gives `assistant` itself where the set is asked by its reader: its models are loaded already."""

    def opened(folder: Path, reader: str | None) -> Assistant:
        own = Identity(assistant.reader.name, assistant.reader.revision)
        same = reader_identity(reader, assistant.status().encoder) == own
        return assistant if same else Assistant.open(folder, reader=reader)

    return opened


@dataclass(frozen=True, slots=True)
class Manner:
    """How the set is asked; `open` is called only where there is something to ask."""

    notice: Callable[[str], None]
    progress: Progress | None = None
    should_stop: Callable[[], bool] = never
    open: Opener = lambda folder, reader: Assistant.open(folder, reader=reader)


def ask_default_set(folder: Path, manner: Manner) -> AfterBuild | None:
    """Ask the chosen set and compare with the run before; null where none is chosen.

    Nothing is asked, and no model loaded, where a run of the very same state is kept. A set that cannot be asked is a
    result that says why.
    """
    status = _status(folder)
    chosen = default_set(status.settings)
    if chosen is None:
        return None
    try:
        kept = _kept(folder, status, chosen)
        return _unchanged(kept) if kept is not None else _ask(folder, chosen, manner)
    except IndexBusy:
        return AfterBuild(
            f"{chosen.path.name}: not asked, because another evaluation of this index is at work", "not asked"
        )
    except AssistantError as error:
        return AfterBuild(f"problem  {chosen.path}: {error}", "failed")


def due(folder: Path) -> str:
    """The name of the chosen set where asking it now would tell something new, if only why it cannot be; else empty."""
    status = _status(folder)
    chosen = default_set(status.settings)
    if chosen is None:
        return ""
    try:
        return "" if _kept(folder, status, chosen) is not None else chosen.path.name
    except AssistantError:
        return chosen.path.name


def _status(folder: Path) -> Status:
    with Index.open(folder, None) as index, index.snapshot() as store:
        return store.status()


def _kept(folder: Path, status: Status, chosen: DefaultSet) -> Run | None:
    """The run that asking now would give once more."""
    loaded = load_set(chosen.path)
    reader = reader_identity(chosen.reader, status.encoder)
    calibration = calibration_of(reader, status.encoder)
    store, state = RunStore(runs_of(folder)), made_with(status, reader, settings=Settings(), calibration=calibration)
    name = store.like(loaded, loaded.mode, state)
    return store.load(name) if name is not None else None


def _unchanged(run: Run) -> AfterBuild:
    line = f"{run.set.name}: nothing has changed; last result: {result(run)} (run {run.id})"
    return AfterBuild(line, "not asked", run.id)


def _ask(folder: Path, chosen: DefaultSet, manner: Manner) -> AfterBuild:
    assistant = manner.open(folder, chosen.reader)
    options = options_for(assistant, progress=manner.progress, notice=manner.notice)
    request = Request(chosen.path, runs_of(folder), against="last")
    outcome = run_evaluate(assistant, request, options, progress=manner.progress, should_stop=manner.should_stop)
    run = outcome.run
    if run is None:
        raise RuntimeError("every outcome of an evaluation holds its run")
    if not run.finished:
        how_far = f"stopped after {len(run.rows)} of {run.set.questions} questions"
        return AfterBuild(f"{run.set.name}: {how_far}; `assistant evaluate` goes on", "stopped", run.id)
    return AfterBuild(one_line(run, outcome.comparison), "asked", run.id, outcome.comparison)
