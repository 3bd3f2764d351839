"""Which questions of a set a mode can use, and which it leaves out."""

from dataclasses import replace

from assistant.evaluation.questions import MODES, BadRow, EvaluationSet, Mode, Question
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


def left_out(evaluation_set: EvaluationSet, mode: Mode) -> tuple[BadRow, ...]:
    """The questions that lack what this mode needs, each with what that is.

    Retrieval passes over the questions that no document answers, but they lack nothing: there is nothing to retrieve.
    """
    if mode == "retrieval":
        return ()
    reason = f"in the mode {mode} {_NEEDS[mode]}"
    lacking = (q for q in evaluation_set.questions if not _fits(q, evaluation_set.mode, mode))
    return tuple(BadRow(f'the question "{question.id}"', reason) for question in lacking)


def left_out_line(evaluation_set: EvaluationSet, mode: Mode) -> str:
    """How many questions the mode does not ask, and what they would need; empty where it asks all."""
    questions = evaluation_set.questions
    missed = sum(not _fits(question, evaluation_set.mode, mode) for question in questions)
    return f"{missed} of {len(questions)} questions are left out: in the mode {mode} {_NEEDS[mode]}" if missed else ""


_NEEDS: dict[Mode, str] = {
    "retrieval": "a question needs an answer, a document or a grade",
    "reading": 'a question needs a "passage"',
    "end-to-end": "a question needs its answers",
    "conversation": 'a set needs "history" or "turns"',
    "evidence": 'a question needs "sentences" and "evidence"',
}


def _fits(question: Question, native: Mode, mode: Mode) -> bool:
    if native in ("retrieval", "evidence") or mode == "evidence":
        return native == mode and (mode != "evidence" or _has_evidence(question))
    return {
        "retrieval": question.answerable,
        "reading": question.passage is not None,
        "conversation": native == "conversation",
    }.get(mode, True)


def _has_evidence(question: Question) -> bool:
    """Whether it says which words of its passage are right; none are where nothing in the passage answers."""
    return question.passage is not None and bool(question.evidence) == question.answerable


def _as_asked(question: Question, mode: Mode) -> Question:
    """End to end leaves the history out, so that the two modes tell what following up is worth."""
    return replace(question, history=()) if mode in ("end-to-end", "retrieval") else question
