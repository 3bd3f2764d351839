"""A run's tables as plain cells: what the text table, the Markdown and the HTML report have in common."""

from collections.abc import Callable

from assistant.evaluation.figure_names import MEANINGS, ORDER
from assistant.evaluation.figures import Figure
from assistant.evaluation.results import Run
from assistant.evaluation.splits import HEADLINES

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


def with_n(figure: Figure) -> str:
    """Value and n: "0.643 (42)"."""
    return f"{number(figure.value)} ({figure.n})"


def with_interval(figure: Figure) -> str:
    """Value, interval and n: "0.643, 0.512 to 0.769 (42)"."""
    return f"{number(figure.value)}, {number(figure.low)} to {number(figure.high)} ({figure.n})"


def split_cells(run: Run, split: str, cell: Callable[[Figure], str]) -> Cells:
    """Each group's main figures, as `cell` writes them; all figures are in the run's JSON."""
    groups = run.splits[split]
    names = [name for name in HEADLINES[run.mode] if any(name in of for of in groups.values())]
    rows = [(group, *(cell(of[name]) if name in of else "–" for name in names)) for group, of in groups.items()]
    return [(f"by {split} (n)", *names), *rows]


def timing_cells(run: Run) -> Cells:
    """Seconds by stage."""
    rows = [
        (stage, *(f"{of[point]:.3f}" for point in ("p50", "p95", "p99")), f"{of['n']:.0f}")
        for stage, of in run.timings.items()
    ]
    return [("seconds", "p50", "p95", "p99", "n"), *rows]
