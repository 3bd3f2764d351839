"""A run as Markdown, for a pull request or a wiki. What sets and documents say is escaped."""

import re

from assistant.evaluation.cells import Cells, figure_cells, split_cells, timing_cells, with_interval
from assistant.evaluation.compare import Comparison
from assistant.evaluation.failures import failures
from assistant.evaluation.results import Run
from assistant.evaluation.table import headline, made_with

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+\-!|~$&])")


def markdown(run: Run, comparison: Comparison | None = None) -> str:
    """Figures, comparison, splits, failed questions, what the set itself lacks, and timings."""
    parts = [f"# {plain(run.set.name)}", plain(headline(run))]
    parts += [plain(made_with(run))] if run.made_with else []
    if comparison is not None:
        parts.append(f"**Against {plain(comparison.a)}**: {plain(comparison.sentence)}")
    parts.append(_table(figure_cells(run)))
    parts += [_table(split_cells(run, split, with_interval)) for split in run.splits]
    parts += _lost(run)
    parts += _lacking(run)
    parts += [_table(timing_cells(run))] if run.timings else []
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """The text on one line, with everything that Markdown would read as markup escaped."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _lost(run: Run) -> list[str]:
    found = failures(run)
    if not found:
        return []
    header = ("id", "lost where", "question", "expected", "quoted", "confidence")
    rows = [(f.id, f.lost, f.question, f.expected, f.quoted, f.confidence) for f in found]
    return [f"## Failed questions: {len(found)} of {len(run.rows)}", _table([header, *rows])]


def _lacking(run: Run) -> list[str]:
    """Answers that no document holds, and rows that could not be used."""
    parts = []
    if run.missing:
        parts += [f"## Answers that are not in the index: {len(run.missing)}", plain(", ".join(run.missing))]
    if run.set.bad_rows:
        rows = [(row.place, row.reason) for row in run.set.bad_rows]
        parts += [f"## Rows left out: {len(rows)}", _table([("where", "why"), *rows])]
    return parts


def _table(cells: Cells) -> str:
    lines = [[plain(cell) for cell in row] for row in cells]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
