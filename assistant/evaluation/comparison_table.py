"""A comparison of two runs as plain text."""

from assistant.evaluation.cells import Cells, number
from assistant.evaluation.compare import Comparison
from assistant.evaluation.differences import Difference
from assistant.evaluation.table import aligned


def render_comparison(comparison: Comparison) -> str:
    """The sentence, then each figure in both runs with the difference, its interval and p."""
    lines = [comparison.sentence, f"before: {comparison.a}", f"after:  {comparison.b}", *_unshared(comparison), ""]
    return "\n".join([*lines, *aligned(comparison_cells(comparison))]) + "\n"


def comparison_cells(comparison: Comparison) -> Cells:
    """Each figure before and after, the change, its interval, p, n, and whether that is better or worse."""
    head = ("figure", "before", "after", "change", "95 % interval", "p", "n", "verdict")
    return [head, *(_cells(name, d, comparison.verdict_on(name)) for name, d in comparison.differences.items())]


def _cells(name: str, d: Difference, verdict: str) -> tuple[str, ...]:
    values = number(d.a), number(d.b), f"{d.delta:+.3f}", f"{d.low:+.3f} to {d.high:+.3f}"
    return (name, *values, p_text(d.p), str(d.n), verdict)


def p_text(p: float) -> str:
    """Three decimals, or that it is smaller."""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _unshared(comparison: Comparison) -> list[str]:
    if not comparison.only_a and not comparison.only_b:
        return []
    return [
        f"Questions that are not the same in both were left out: {comparison.only_a} before, {comparison.only_b} after."
    ]
