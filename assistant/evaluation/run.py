"""Running a set: each question once, its row kept at once, the figures from the rows."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from assistant.evaluation.asking import ask_row, retrieve_row
from assistant.evaluation.instruments import Options
from assistant.evaluation.protocols import Answering, PassageReader
from assistant.evaluation.questions import EvaluationSet, Mode, Question
from assistant.evaluation.reading import evidence_row, read_row
from assistant.evaluation.refusals import Forbearing
from assistant.evaluation.results import Run, SetNote
from assistant.evaluation.row_file import RowFile
from assistant.evaluation.rows import Row
from assistant.evaluation.selection import left_out, left_out_line, usable
from assistant.evaluation.shelf import Shelf, TextsLibrary
from assistant.evaluation.state import depends_on, rebuilt_meanwhile
from corpus.errors import UsageError
from index.progress import Progress, Silent, never

Step = Callable[[Question], Row]


def evaluate(
    assistant: Answering | None,
    evaluation_set: EvaluationSet,
    *,
    mode: Mode | None = None,
    options: Options | None = None,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] = never,
) -> Run:
    """The run of a set; one that was stopped holds the rows so far and goes on from there next time.

    `assistant` is the user's own; a set that brings its texts, or the passages to read, does without it.

    Raises:
        UsageError: the set does not fit the mode, or what the mode needs was not given.
    """
    chosen, settings = mode if mode is not None else evaluation_set.mode, options if options is not None else Options()
    questions, lacking = usable(evaluation_set, chosen), left_out(evaluation_set, chosen)
    shelf = _shelf(evaluation_set, questions, chosen, settings)
    for line in _announcements(evaluation_set, questions, chosen, shelf):
        settings.notice(line)
    step = _step(assistant, evaluation_set, chosen, shelf, settings)
    rows = _ask_all(questions, step, settings, progress=progress or Silent(), should_stop=should_stop)
    return Run(
        id=settings.folder.name if settings.folder else "",
        set=SetNote(evaluation_set.name, evaluation_set.sha256, len(questions), (*evaluation_set.bad_rows, *lacking)),
        mode=chosen,
        threshold=settings.threshold,
        passages_read=settings.passages_read,
        resamples=settings.resamples,
        rows=tuple(rows),
        missing=shelf.missing,
        made_with=rebuilt_meanwhile(depends_on(evaluation_set, chosen, settings.made_with), settings.generation),
    )


def _shelf(evaluation_set: EvaluationSet, questions: Sequence[Question], mode: Mode, options: Options) -> Shelf:
    """The documents that are asked: the set's own, the index's, or none where each question brings its passage."""
    if mode in ("reading", "evidence"):
        return Shelf.bare()
    if evaluation_set.texts is not None:
        return Shelf(TextsLibrary(evaluation_set.texts), questions)
    return Shelf(options.library, questions) if options.library is not None else Shelf.bare()


def _announcements(
    evaluation_set: EvaluationSet, questions: Sequence[Question], mode: Mode, shelf: Shelf
) -> Iterator[str]:
    """What is better known before a long run than after it; the counts first, as the page has room for few lines."""
    if shelf.missing:
        answerable = sum(question.answerable or bool(question.grades) for question in questions)
        names = ", ".join(shelf.missing[:5]) + (", …" if len(shelf.missing) > 5 else "")
        yield f"{len(shelf.missing)} of {answerable} answers are not in the index: {names}"
    if line := left_out_line(evaluation_set, mode):
        yield line
    for row in evaluation_set.bad_rows:
        yield f"{evaluation_set.name}, {row.place}: {row.reason}; left out"


def _step(
    assistant: Answering | None, evaluation_set: EvaluationSet, mode: Mode, shelf: Shelf, options: Options
) -> Step:
    if mode == "reading":
        return partial(read_row, _reader(options), shelf=shelf, options=options)
    if mode == "evidence":
        return partial(evidence_row, _reader(options), shelf=shelf, options=options)
    row = retrieve_row if mode == "retrieval" else ask_row
    asked = Forbearing(_answering(assistant, evaluation_set, options), options.notice)
    return partial(row, asked, shelf=shelf, options=options)


def _reader(options: Options) -> PassageReader:
    if options.reader is None:
        raise UsageError("This mode reads given passages and needs a reader. Name one with --reader.")
    return options.reader


def _answering(assistant: Answering | None, evaluation_set: EvaluationSet, options: Options) -> Answering:
    if evaluation_set.texts is not None:
        if options.open_texts is None:
            raise UsageError(f"{evaluation_set.name} brings its own texts, and nothing was given to index them with.")
        return options.open_texts(evaluation_set.texts.fingerprint[:16], evaluation_set.texts)
    if assistant is None:
        raise UsageError(
            f"{evaluation_set.name} asks about your documents. Build an index first: assistant build FOLDER"
        )
    return assistant


def _ask_all(
    questions: Sequence[Question],
    step: Step,
    options: Options,
    *,
    progress: Progress,
    should_stop: Callable[[], bool],
) -> list[Row]:
    """A row for each question in the set's order, those of an earlier start first."""
    kept = RowFile(options.folder / "rows.jsonl") if options.folder else None
    rows = kept.read() if kept else []
    remaining = questions[len(rows) :]
    progress.stage("remaining questions" if rows else "questions", len(remaining))  # else the rate counts earlier ones
    for question in remaining:
        if should_stop():
            break
        row = step(question)
        if kept:
            kept.append(row)
        rows.append(row)
        progress.advance(1)
    return rows
