"""What the `evaluate` and `compare` commands do, without the command line."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.evaluation.cells import number
from assistant.evaluation.compare import Comparison, compare
from assistant.evaluation.comparison_table import render_comparison
from assistant.evaluation.earlier import earlier_run
from assistant.evaluation.instruments import Options
from assistant.evaluation.markdown import markdown
from assistant.evaluation.protocols import Answering
from assistant.evaluation.questions import Mode
from assistant.evaluation.report import html
from assistant.evaluation.results import Run
from assistant.evaluation.run import evaluate
from assistant.evaluation.sets import load_set
from assistant.evaluation.store import RunStore
from assistant.evaluation.table import render
from corpus.errors import UsageError
from index.lock import writing
from index.progress import Progress, never


@dataclass(frozen=True, slots=True)
class Request:
    """What a user asked for. `runs` is `<index>/runs`; `against` is "last", a run, or null; `report` an HTML file."""

    set_path: Path
    runs: Path
    mode: Mode | None = None
    against: str | None = None
    fail_if_worse: bool = False
    as_json: bool = False
    report: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What to print and the exit code: 0 done; 1 rows were left out, the run was stopped, or it became worse."""

    text: str
    exit_code: int
    run: Run | None = None
    comparison: Comparison | None = None


def run_evaluate(
    assistant: Answering | None,
    request: Request,
    options: Options,
    *,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] = never,
) -> Outcome:
    """Run a set, keep the run, and compare it where asked.

    Raises:
        UsageError: the set, the mode or the run to compare with cannot be used.
        IndexBusy: another evaluation writes to the same runs.
    """
    loaded = load_set(request.set_path)
    mode = request.mode if request.mode is not None else loaded.mode
    store = RunStore(request.runs)
    request.runs.mkdir(parents=True, exist_ok=True)
    earlier = earlier_run(store, request.against, loaded, mode)
    with writing(request.runs):
        folder = store.start(loaded, mode, options.made_with)
        kept = replace(options, folder=folder)
        run = evaluate(assistant, loaded, mode=mode, options=kept, progress=progress, should_stop=should_stop)
        if not run.finished:
            return Outcome(_stopped(run), 1, run)
        comparison = compare(store.load(earlier), run) if earlier is not None else None
        store.finish(run, {"report.html": html(run, comparison), "report.md": markdown(run, comparison)})
    return _told(run, comparison, request, folder)


def run_compare(a: str, b: str, *, runs: Path, as_json: bool = False, fail_if_worse: bool = False) -> Outcome:
    """Compare two kept runs, the earlier first; each by name, number, "last" or folder.

    Raises:
        UsageError: no such run, or runs that have nothing in common.
    """
    store = RunStore(runs)
    found = compare(store.load(a), store.load(b))
    text = _json(found.as_dict()) if as_json else render_comparison(found)
    return Outcome(text, int(fail_if_worse and found.worse), None, found)


def one_line(run: Run, comparison: Comparison | None) -> str:
    """A run in one line, for after a build."""
    line = f"{run.set.name}: {comparison.sentence if comparison is not None else result(run)}"
    return f"{line}; {run.rebuilt}" if run.rebuilt else line


def result(run: Run) -> str:
    """The headline figure: "quote_hit@1 0.917 over 12 questions"."""
    main = run.figures.get(run.headline)
    value = number(main.value) if main else "–"
    return f"{run.headline} {value} over {len(run.rows)} questions"


def _stopped(run: Run) -> str:
    told = f"Stopped. Run it again to go on from question {len(run.rows) + 1}.\n"
    return f"{render(run)}\n{told}" if run.rows else told


def _told(run: Run, comparison: Comparison | None, request: Request, folder: Path) -> Outcome:
    if request.report is not None:
        _write(request.report, html(run, comparison))
    worse = request.fail_if_worse and comparison is not None and comparison.worse
    code = int(worse or bool(run.set.bad_rows))
    if request.as_json:
        compared = comparison.as_dict() if comparison is not None else None
        return Outcome(_json({**run.as_dict(), "comparison": compared}), code, run, comparison)
    parts = [render(run)]
    if comparison is not None:
        parts.append(render_comparison(comparison))
    elif request.against == "last":
        parts.append("There is no earlier run of this set to compare with; the next one will have this.\n")
    parts.append(f"Report: {request.report or folder / 'report.html'}\n")
    return Outcome("\n".join(parts), code, run, comparison)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise UsageError(f"The report cannot be written to {path}: {error.strerror}. Name another file.") from error


def _json(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
