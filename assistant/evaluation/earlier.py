"""Which earlier run a new one is compared with, settled before the first question is asked."""

from assistant.evaluation.compare import shares_questions
from assistant.evaluation.questions import EvaluationSet, Mode
from assistant.evaluation.store import RunStore
from corpus.errors import UsageError


def earlier_run(store: RunStore, against: str | None, loaded: EvaluationSet, mode: Mode) -> str | None:
    """The run to compare with; null where none was asked for, or where this is the first.

    "last" is the latest run in this mode of a set of this name that has a question in common with it.

    Raises:
        UsageError: there is no such run, or it cannot be compared with a run of this set in this mode.
    """
    if against is None:
        return None
    if against == "last":
        runs = store.earlier(loaded.name, mode)
        return next((name for name in runs if shares_questions(store.load(name), loaded.questions)), None)
    run = store.load(against)
    if run.mode != mode:
        raise UsageError(f"{run.id} was run as {run.mode}, this set would be as {mode}. Compare runs of one mode.")
    if not shares_questions(run, loaded.questions):
        raise UsageError(f"{run.id} and {loaded.name} have no question in common. Compare runs of one set.")
    return against
