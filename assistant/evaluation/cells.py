"""A run's tables as plain cells: what the text table, the Markdown and the HTML report have in common."""

from collections.abc import Mapping

from assistant.evaluation.figure_names import MEANINGS, ORDER
from assistant.evaluation.figures import Figure
from assistant.evaluation.results import Run

Cells = list[tuple[str, ...]]
"""Rows of cells; the first row is the header."""


def number(value: float | None) -> str:
    """Three decimals; words are counted with one."""
    if value is None:
        return "–"
    return f"{value:.3f}" if value < 2 else f"{value:.1f}"


def ordered(run: Run) -> list[tuple[str, Figure]]:
    """The figures in the order in which they are always shown."""
    return sorted(run.figures.items(), key=lambda item: ORDER.index(item[0]))


def figure_cells(run: Run) -> Cells:
    """Name, meaning, value, interval, n."""
    rows = [
        (name, MEANINGS[name], number(f.value), f"{number(f.low)} to {number(f.high)}", str(f.n))
        for name, f in ordered(run)
    ]
    return [("figure", "what it says", "value", "95 % interval", "n"), *rows]


def split_cells(split: str, groups: Mapping[str, Mapping[str, Figure]]) -> Cells:
    """Each group's figures with their n."""
    names = list(dict.fromkeys(name for of in groups.values() for name in of))
    rows = [
        (group, *(f"{number(of[name].value)} ({of[name].n})" if name in of else "–" for name in names))
        for group, of in groups.items()
    ]
    return [(f"by {split} (n)", *names), *rows]


def timing_cells(run: Run) -> Cells:
    """Seconds by stage."""
    rows = [
        (stage, *(f"{of[point]:.3f}" for point in ("p50", "p95", "p99")), f"{of['n']:.0f}")
        for stage, of in run.timings.items()
    ]
    return [("seconds", "p50", "p95", "p99", "n"), *rows]
