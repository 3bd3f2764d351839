"""Which questions of a set a mode can use."""

from dataclasses import replace

from assistant.evaluation.questions import MODES, EvaluationSet, Mode, Question
from corpus.errors import UsageError


def usable(evaluation_set: EvaluationSet, mode: Mode) -> tuple[Question, ...]:
    """The questions as this mode asks them, in the set's order.

    Raises:
        UsageError: an unknown mode, or one for which the set has no question.
    """
    if mode not in MODES:
        raise UsageError(f'"{mode}" is no mode. Modes: {", ".join(MODES)}.')
    chosen = tuple(_as_asked(q, mode) for q in evaluation_set.questions if _fits(q, evaluation_set.mode, mode))
    if not chosen:
        raise UsageError(
            f"{evaluation_set.name} has no question for the mode {mode}: {_NEEDS[mode]}. "
            f"It can be run as {evaluation_set.mode}."
        )
    return chosen


_NEEDS: dict[Mode, str] = {
    "retrieval": "a question needs an answer, a document or a grade",
    "reading": 'a question needs a "passage"',
    "end-to-end": "a question needs its answers",
    "conversation": 'a set needs "history" or "turns"',
    "evidence": 'a question needs "sentences" and "evidence"',
}


def _fits(question: Question, native: Mode, mode: Mode) -> bool:
    if native in ("retrieval", "evidence") or mode == "evidence":
        return native == mode
    return {
        "retrieval": question.answerable,
        "reading": question.passage is not None,
        "conversation": native == "conversation",
    }.get(mode, True)


def _as_asked(question: Question, mode: Mode) -> Question:
    """End to end leaves the history out, so that the two modes tell what following up is worth."""
    return replace(question, history=()) if mode in ("end-to-end", "retrieval") else question
