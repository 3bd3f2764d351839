"""A run as a plain-text table."""

from collections.abc import Iterable, Sequence

from assistant.evaluation.cells import figure_cells, split_cells, timing_cells, with_n
from assistant.evaluation.outcomes import BLAMES
from assistant.evaluation.results import Run


def render(run: Run) -> str:
    """The figures, the timings, where questions were lost, and the splits by type and format."""
    tables = [aligned([(name, *values) for name, _, *values in figure_cells(run)])]
    tables += [aligned(timing_cells(run))] if run.timings else []
    tables += _lost(run)
    tables += [aligned(split_cells(run, split, with_n)) for split in ("type", "format") if split in run.splits]
    return "\n\n".join([headline(run), *("\n".join(table) for table in tables)]) + "\n"


def headline(run: Run) -> str:
    """One line: what was run, on how much."""
    done = (
        f"{len(run.rows)} questions" if run.finished else f"{len(run.rows)} of {run.set.questions} questions, stopped"
    )
    asked = any(row.confidence is not None for row in run.rows)
    unanswerable = sum(not row.answerable for row in run.rows) if asked else 0
    parts = [run.set.name, run.mode, done]
    parts += [f"{unanswerable} of them not answered by the documents"] if unanswerable else []
    parts += [f"threshold {run.threshold:.2f}"] if asked else []
    parts += [f"{len(run.set.bad_rows)} rows left out"] if run.set.bad_rows else []
    parts += [run.rebuilt] if run.rebuilt else []
    return " · ".join(parts)


def made_with(run: Run) -> str:
    """One line: the models, the generation of the index and the settings that were asked."""
    return " · ".join(f"{key} {value}" for key, value in run.made_with.items())


def _lost(run: Run) -> list[list[str]]:
    lost = list(run.blames.values())
    rows = [(name, str(lost.count(name)), meaning) for name, meaning in BLAMES.items() if name in lost]
    return [aligned([("lost where", "n", "what it means"), *rows], left=(0, 2))] if rows else []


def aligned(rows: Sequence[Sequence[str]], *, left: Iterable[int] = (0,)) -> list[str]:
    """The rows as lines with columns two spaces apart; the columns in `left` start, all others end, together."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    start = set(left)
    return [
        "  ".join(
            cell.ljust(width) if place in start else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
