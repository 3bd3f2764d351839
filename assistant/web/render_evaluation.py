"""An evaluation run as HTML: its figures, and the questions that went wrong."""

from assistant.evaluation.cells import number, ordered
from assistant.evaluation.figure_names import MEANINGS
from assistant.evaluation.outcomes import BLAMES
from assistant.evaluation.results import Run
from assistant.evaluation.rows import Row
from assistant.evaluation.table import headline
from assistant.phrases import percent
from assistant.web.render import text


def run_html(run: Run) -> str:
    """The whole run."""
    return f'<p class="summary">{text(headline(run))}</p>{figures(run)}{lost(run)}'


def figures(run: Run) -> str:
    """Each figure with its interval and how many questions it is about."""
    rows = "".join(
        f'<tr><th scope="row">{text(name)}<span class="title">{text(MEANINGS.get(name, ""))}</span></th>'
        f'<td class="number">{number(figure.value)}</td>'
        f'<td class="number">{number(figure.low)} – {number(figure.high)}</td><td class="number">{figure.n}</td></tr>'
        for name, figure in ordered(run)
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in ("Figure", "Value", "95 % interval", "Questions"))
    return (
        f'<div class="scroll"><table class="figures"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def lost(run: Run) -> str:
    """The questions that went wrong, under the stage at which they were lost; a click asks one again."""
    rows = {row.id: row for row in run.rows}
    stages = [(name, [rows[id] for id, blame in run.blames.items() if blame == name]) for name in BLAMES]
    parts = "".join(_stage(name, BLAMES[name], found) for name, found in stages if found)
    return f'<section class="lost"><h3>Questions that went wrong</h3>{parts}</section>' if parts else ""


def _stage(name: str, meaning: str, rows: list[Row]) -> str:
    items = "".join(
        f'<li><button type="button" class="again" data-ask="{text(row.question)}">{text(row.question)}</button>'
        f"{_found(row)}</li>"
        for row in rows
    )
    return f"<h4>{text(name)} <span>{len(rows)}</span></h4><p>{text(meaning)}</p><ul>{items}</ul>"


def _found(row: Row) -> str:
    sure = f' <span class="certainty">{percent(row.confidence)}</span>' if row.confidence is not None else ""
    wanted = "; ".join(row.answers) or "nothing: the documents do not say"
    quoted = f"<dt>quoted</dt><dd>{text(row.quotes[0].text)}{sure}</dd>" if row.quotes else ""
    return f"<dl><dt>expected</dt><dd>{text(wanted)}</dd>{quoted}</dl>"
