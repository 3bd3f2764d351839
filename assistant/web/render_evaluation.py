"""An evaluation run as HTML: its figures and plots, a comparison with an earlier run, and what went wrong."""

from collections.abc import Sequence

from assistant.evaluation.cells import number, ordered
from assistant.evaluation.compare import Comparison
from assistant.evaluation.comparison_table import comparison_cells
from assistant.evaluation.figure_names import MEANINGS
from assistant.evaluation.outcomes import BLAMES, reading_note
from assistant.evaluation.plots import latency_plot, plots
from assistant.evaluation.results import Run
from assistant.evaluation.rows import Row
from assistant.evaluation.table import headline
from assistant.phrases import percent
from assistant.web.render import text

LISTED = 50  # failed questions of each kind on the page; the report lists all of them


def run_html(run: Run, comparison: Comparison | None = None) -> str:
    """The whole run, with what changed against an earlier one."""
    opened = f'<a href="report/{text(run.id)}" target="_blank">Open the whole report</a>' if run.id else ""
    head = f'<p class="summary">{text(headline(run))} {opened}</p>'
    changed = (verdict(comparison), changes(run, comparison)) if comparison is not None else ("", "")
    return head + noted(run) + changed[0] + drawn(run, comparison) + changed[1] + figures(run) + lost(run)


def noted(run: Run) -> str:
    """What the set itself lacks: answers that no document holds, and rows that could not be used."""
    missing = f"{len(run.missing)} of the questions' answers are in no document." if run.missing else ""
    rows = "".join(f"<li>{text(row.place)}: {text(row.reason)}</li>" for row in run.set.bad_rows[:LISTED])
    left_out = f"<p>{len(run.set.bad_rows)} rows of the set were left out:</p><ul>{rows}</ul>" if rows else ""
    return f'<div class="changes"><p>{missing}</p>{left_out}</div>' if missing or rows else ""


def verdict(comparison: Comparison) -> str:
    """Better or worse than the earlier run, in one sentence."""
    against = f'<span class="title">against {text(comparison.a)}</span>'
    return f'<p class="changes">{text(comparison.sentence)} {against}</p>'


def changes(run: Run, comparison: Comparison) -> str:
    """Each figure before and after, and the questions that were right before, both to be opened."""
    head, *body = comparison_cells(comparison)
    parts = f"<details><summary>Every figure before and after</summary>{_table(head, body)}</details>"
    rows = {row.id: row for row in run.rows}
    gone = [rows[name] for name in comparison.lost if name in rows]
    if gone:
        items = f"<ul>{_items(gone)}</ul>"
        parts += f"<details><summary>Right before, not any more: {len(gone)}</summary>{items}</details>"
    return f'<section class="lost compared">{parts}</section>'


def drawn(run: Run, comparison: Comparison | None) -> str:
    """The plots, as the report has them."""
    earlier = comparison.curve if comparison is not None else ()
    images = [image for image in (*plots(run, earlier), latency_plot(run)) if image]
    return f'<div class="plots">{"".join(images)}</div>' if images else ""


def figures(run: Run) -> str:
    """Each figure with its interval and how many questions it is about."""
    rows = "".join(
        f'<tr><th scope="row">{text(name)}<span class="title">{text(MEANINGS.get(name, ""))}</span></th>'
        f'<td class="number">{number(figure.value)}</td>'
        f'<td class="number">{number(figure.low)} – {number(figure.high)}</td><td class="number">{figure.n}</td></tr>'
        for name, figure in ordered(run)
    )
    return _framed(("Figure", "Value", "95 % interval", "Questions"), rows)


def lost(run: Run) -> str:
    """The questions that went wrong, under the stage at which they were lost; a click asks one again."""
    rows = {row.id: row for row in run.rows}
    stages = [(name, [rows[id] for id, blame in run.blames.items() if blame == name]) for name in BLAMES]
    parts = "".join(_stage(name, BLAMES[name], found) for name, found in stages if found)
    return f'<section class="lost"><h3>Questions that went wrong</h3>{parts}</section>' if parts else ""


def _stage(name: str, meaning: str, rows: Sequence[Row]) -> str:
    return f"<h4>{text(name)} <span>{len(rows)}</span></h4><p>{text(meaning)}</p><ul>{_items(rows)}</ul>"


def _items(rows: Sequence[Row]) -> str:
    items = "".join(
        f'<li><button type="button" class="again" data-ask="{text(row.understood_as or row.question)}">'
        f"{text(row.question)}</button>"
        f"{_found(row)}</li>"
        for row in rows[:LISTED]
    )
    more = f"<li>and {len(rows) - LISTED} more, in the report</li>" if len(rows) > LISTED else ""
    return items + more


def _found(row: Row) -> str:
    sure = f' <span class="certainty">{percent(row.confidence)}</span>' if row.confidence is not None else ""
    wanted = "; ".join(row.answers) or "nothing: the documents do not say"
    quoted = f"<dt>quoted</dt><dd>{text(row.quotes[0].text)}{sure}</dd>" if row.quotes else ""
    note = f"<dt>the answer</dt><dd>{reading_note(row)}</dd>" if reading_note(row) else ""
    whole = f"<dt>understood as</dt><dd>{text(row.understood_as)}</dd>" if row.understood_as else ""
    return f"<dl>{whole}<dt>expected</dt><dd>{text(wanted)}</dd>{quoted}{note}</dl>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Cells whose first column is a name and all others numbers."""
    lines = (
        f'<tr><th scope="row">{text(name)}</th>'
        + "".join(f'<td class="number">{text(cell)}</td>' for cell in cells)
        + "</tr>"
        for name, *cells in rows
    )
    return _framed(head, "".join(lines))


def _framed(head: Sequence[str], rows: str) -> str:
    heads = "".join(f'<th scope="col">{text(name)}</th>' for name in head)
    framed = f'<table class="figures"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'
    return f'<div class="scroll" tabindex="0" role="region" aria-label="Figures">{framed}</div>'
