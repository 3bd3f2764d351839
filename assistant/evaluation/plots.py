"""The plots of a run: risk-coverage, reliability, rank of the first right passage, latency."""

from collections.abc import Sequence
from math import sqrt

import numpy as np

from assistant.evaluation.metrics.confidence import reliability, risk_coverage
from assistant.evaluation.metrics.levels import Numbers
from assistant.evaluation.results import Run
from assistant.evaluation.svg import Frame, figure, share_ticks
from assistant.evaluation.trust import curve, right_by_confidence

RANKS = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 10), (11, 20), (21, 100))
LATENCY_BARS = 24

Curve = Sequence[tuple[float, float]]


def plots(run: Run, earlier: Curve = ()) -> list[str]:
    """Those plots for which the run has something to show; `earlier` is the risk-coverage curve of another run."""
    confidence, right = right_by_confidence(run.rows)
    drawn = [_risk_coverage(run, earlier), _reliability(confidence, right)] if len(right) else []
    if any("passage_hit@10" in row.scores for row in run.rows):
        drawn.append(_ranks(run))
    return drawn


def _risk_coverage(run: Run, earlier: Curve) -> str:
    line = curve(run.rows)
    top = max(0.1, *(float(np.ceil(risk * 10) / 10) for _, risk in (*line, *earlier)))
    frame = Frame(y_max=top)
    marks = [*frame.y_ticks(share_ticks(top)), *frame.x_ticks(share_ticks())]
    marks += [frame.line(earlier, "guide")] if earlier else []
    marks += [frame.line(line, "line"), *_at_threshold(run, frame)]
    title = f"Wrong among the answered (dot: at the threshold{'; dashed: the run before' if earlier else ''})"
    return figure(title, "questions answered, surest first", marks)


def _at_threshold(run: Run, frame: Frame) -> list[str]:
    """A dot on the line where the threshold cuts it; nothing where it lets no question through."""
    confidence, right = right_by_confidence(run.rows)
    answered = int((confidence >= run.threshold).sum())
    if not answered:
        return []
    coverage, risk = risk_coverage(confidence, right)
    x, y = float(coverage[answered - 1]), float(risk[answered - 1])
    tip = f"threshold {run.threshold:.2f}: {100 * x:.0f} % answered, {100 * y:.0f} % of them wrong"
    return [frame.dot(x, y, radius=5, tip=tip)]


def _reliability(confidence: Numbers, right: Numbers) -> str:
    frame, total = Frame(), len(right)
    marks = [*frame.y_ticks(share_ticks()), *frame.x_ticks(share_ticks()), frame.line([(0, 0), (1, 1)], "guide")]
    bins = reliability(confidence, right)
    marks.append(frame.line([(mean, share) for _, mean, share in bins], "line"))
    for n, mean, share in bins:
        tip = f"{n} questions: confidence {100 * mean:.0f} %, right {100 * share:.0f} %"
        marks.append(frame.dot(mean, share, radius=round(3 + 6 * sqrt(n / total), 1), tip=tip))
    return figure("Right, by confidence (dashed: as it should be)", "confidence", marks)


def _ranks(run: Run) -> str:
    ranks = [row.right_rank for row in run.rows if "passage_hit@10" in row.scores]
    bars = [(_range(low, high), sum(r is not None and low <= r <= high for r in ranks)) for low, high in RANKS]
    bars.append(("none", len(ranks) - sum(n for _, n in bars)))
    frame = Frame(x_max=len(bars), y_max=max(1, *(n for _, n in bars)))
    marks = [frame.line([(0, 0), (len(bars), 0)], "grid")]
    for place, (name, n) in enumerate(bars):
        marks.append(frame.bar(place, place + 1, n, tip=f"rank {name}: {n} questions"))
        marks.append(frame.text(place + 0.5, n, str(n), below=-4))
    marks += frame.x_ticks([(place + 0.5, name) for place, (name, _) in enumerate(bars)])
    return figure("Where the first right passage stands", "rank", marks)


def _range(low: int, high: int) -> str:
    return str(low) if low == high else f"≤{high}"


def latency_plot(run: Run) -> str:
    """How many questions took how long in all; nothing where nothing was timed."""
    seconds = [row.seconds.get("total", sum(row.seconds.values())) for row in run.rows if row.seconds]
    if not seconds:
        return ""
    counts, edges = np.histogram(seconds, bins=LATENCY_BARS, range=(0, max(max(seconds), 0.001)))
    frame = Frame(x_max=float(edges[-1]), y_max=max(1, int(counts.max())))
    marks = [frame.line([(0, 0), (frame.x_max, 0)], "grid")]
    for n, low, high in zip(counts.tolist(), edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if n:
            marks.append(frame.bar(low, high, n, tip=f"{low:.3f} to {high:.3f} s: {n} questions"))
    marks += frame.x_ticks([(frame.x_max * part / 4, f"{frame.x_max * part / 4:.2g}") for part in range(5)])
    return figure("Time for a question", "seconds", marks)
