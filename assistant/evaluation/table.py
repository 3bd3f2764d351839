"""A run as a plain-text table."""

from collections.abc import Iterable, Sequence

from assistant.evaluation.figure_names import ORDER
from assistant.evaluation.figures import Figure
from assistant.evaluation.outcomes import BLAMES
from assistant.evaluation.results import Run


def render(run: Run) -> str:
    """The figures, the splits by type and format, where questions were lost, and the timings."""
    parts = [headline(run), "", *_figures(run), *_timings(run), *_lost(run)]
    for split in ("type", "format"):
        parts += _split(run, split)
    return "\n".join(parts) + "\n"


def headline(run: Run) -> str:
    """One line: what was run, on how much."""
    done = (
        f"{len(run.rows)} questions" if run.finished else f"{len(run.rows)} of {run.set.questions} questions, stopped"
    )
    unanswerable = sum(not row.answerable for row in run.rows) if run.mode != "retrieval" else 0
    parts = [run.set.name, run.mode, done]
    parts += [f"{unanswerable} of them not answered by the documents"] if unanswerable else []
    parts += [f"threshold {run.threshold:.2f}"] if any(row.confidence is not None for row in run.rows) else []
    parts += [f"{len(run.set.bad_rows)} rows left out"] if run.set.bad_rows else []
    return " · ".join(parts)


def ordered(run: Run) -> list[tuple[str, Figure]]:
    """The figures in the order in which they are always shown."""
    return sorted(run.figures.items(), key=lambda item: ORDER.index(item[0]))


def number(value: float | None) -> str:
    """Three decimals; words are counted with one."""
    if value is None:
        return "–"
    return f"{value:.3f}" if value < 2 else f"{value:.1f}"


def _figures(run: Run) -> list[str]:
    rows = [(name, number(f.value), f"{number(f.low)} to {number(f.high)}", str(f.n)) for name, f in ordered(run)]
    return aligned([("figure", "value", "95 % interval", "n"), *rows])


def _timings(run: Run) -> list[str]:
    if not run.timings:
        return []
    rows = [
        (stage, *(f"{of[p]:.3f}" for p in ("p50", "p95", "p99")), str(int(of["n"])))
        for stage, of in run.timings.items()
    ]
    return ["", *aligned([("seconds", "p50", "p95", "p99", "n"), *rows])]


def _lost(run: Run) -> list[str]:
    lost = list(run.blames.values())
    rows = [(name, str(lost.count(name)), meaning) for name, meaning in BLAMES.items() if name in lost]
    return ["", *aligned([("lost where", "n", "what it means"), *rows], left=(0, 2))] if rows else []


def _split(run: Run, split: str) -> list[str]:
    groups = run.splits.get(split, {})
    names = list(dict.fromkeys(name for of in groups.values() for name in of))
    rows = [
        (group, *(f"{number(of[n].value)} ({of[n].n})" if n in of else "–" for n in names))
        for group, of in groups.items()
    ]
    return ["", *aligned([(f"by {split} (n)", *names), *rows])] if rows else []


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
