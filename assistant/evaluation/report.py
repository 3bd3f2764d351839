"""A run as one HTML file that needs nothing else: no network, no script. All that a set or document says is escaped."""

from html import escape
from importlib.resources import files

from assistant.evaluation.cells import figure_cells, number, split_cells, timing_cells, with_interval
from assistant.evaluation.compare import Comparison
from assistant.evaluation.comparison_table import comparison_cells
from assistant.evaluation.failures import Failure, failures
from assistant.evaluation.figure_names import MEANINGS
from assistant.evaluation.html_parts import paragraph, table
from assistant.evaluation.outcomes import BLAMES
from assistant.evaluation.plots import latency_plot, plots
from assistant.evaluation.results import Run
from assistant.evaluation.splits import HEADLINES
from assistant.evaluation.table import headline, made_with

TILES = 4
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<title>{title}</title><style>
{style}</style></head>
<body>
{body}
</body></html>
"""


def html(run: Run, comparison: Comparison | None = None) -> str:
    """The whole report; the same run gives the same file, timings apart."""
    style = files("assistant.evaluation").joinpath("report.css").read_text(encoding="utf-8")
    drawn = plots(run, comparison.curve if comparison is not None else ())
    parts = [_top(run), _plots(drawn), _compared(comparison), _figures(run), _lost(run), _splits(run), _end(run)]
    body = "\n".join(part for part in parts if part)
    return PAGE.format(policy=POLICY, title=escape(run.set.name), style=style, body=body)


def _top(run: Run) -> str:
    names = [name for name in (*HEADLINES[run.mode], "auroc", "no_answer_recall") if name in run.figures]
    cards = "".join(_tile(name, number(run.figures[name].value)) for name in names[:TILES])
    words = [f"<h1>{escape(run.set.name)}</h1>", paragraph(headline(run)), paragraph(made_with(run))]
    return "".join(words) + f'<div class="tiles">{cards}</div>'


def _tile(name: str, value: str) -> str:
    return f'<div class="tile"><b>{value}</b>{name}<br><span>{escape(MEANINGS[name])}</span></div>'


def _compared(comparison: Comparison | None) -> str:
    if comparison is None:
        return ""
    sentence = f'<p class="verdict">{escape(comparison.sentence)}</p>'
    return f"<h2>Against {escape(comparison.a)}</h2>{sentence}{table(comparison_cells(comparison))}"


def _plots(drawn: list[str]) -> str:
    return f'<div class="plots">{"".join(drawn)}</div>' if drawn else ""


def _figures(run: Run) -> str:
    return "<h2>Figures</h2>" + table(figure_cells(run), words=(0, 1))


def _lost(run: Run) -> str:
    found = failures(run)
    if not found:
        return ""
    stages = [_stage(name, meaning, [f for f in found if f.lost == name]) for name, meaning in BLAMES.items()]
    return f"<h2>Failed questions: {len(found)} of {len(run.rows)}</h2>" + "".join(stages)


def _stage(name: str, meaning: str, lost: list[Failure]) -> str:
    if not lost:
        return ""
    summary = f'<summary><b class="lost">{name}</b>: {len(lost)} · {escape(meaning)}</summary>'
    rows = [(f.id, f.question, f.expected, f.quoted, f.confidence) for f in lost]
    header = ("id", "question", "expected", "quoted", "confidence")
    return f"<details open>{summary}{table([header, *rows], words=(0, 1, 2, 3))}</details>"


def _splits(run: Run) -> str:
    return "".join(f"<h2>By {split}</h2>{table(split_cells(run, split, with_interval))}" for split in run.splits)


def _end(run: Run) -> str:
    parts = []
    if run.missing:
        names = paragraph(", ".join(run.missing))
        parts.append(f"<h2>Answers that are not in the index: {len(run.missing)}</h2>{names}")
    if run.set.bad_rows:
        rows = [(row.place, row.reason) for row in run.set.bad_rows]
        parts.append(f"<h2>Rows left out: {len(rows)}</h2>{table([('where', 'why'), *rows], words=(0, 1))}")
    if run.timings:
        parts.append(f"<h2>Seconds</h2>{table(timing_cells(run))}")
        parts.append(f'<div class="plots">{latency_plot(run)}</div>')
    return "".join(parts)
