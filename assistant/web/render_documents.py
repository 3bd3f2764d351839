"""The documents of an index as HTML: the table, what could not be read, and what was left out."""

from collections.abc import Sequence

from assistant.web.listing import COLUMNS, MOST, ROWS, Listing, Wanted, listing, state
from assistant.web.render import text
from assistant.web.scope import place
from corpus.documents import Problem
from corpus.phrases import count
from index.records import DocumentRow, Status


def documents(status: Status, uploads: str, wanted: Wanted) -> str:
    """Everything the tab shows of an index; `uploads` is the root whose files are deleted when removed."""
    shown = listing(status.files, wanted)
    return summary(status) + table(shown, uploads, wanted) + problems(status.problems) + excluded(status.exclusions)


def mark(sign: str) -> str:
    """What tells the page's script that the documents are others: it then asks for the table again."""
    return f'<span hidden data-documents="{text(sign)}"></span>'


def summary(status: Status) -> str:
    """One line: how much there is, and from which folders."""
    roots = ", ".join(status.roots)
    return (
        f'<p class="summary">{count(status.documents, "document")}, {count(status.passages, "passage")}, '
        f'from <span class="path">{text(roots)}</span></p>'
    )


def table(shown: Listing, uploads: str, wanted: Wanted) -> str:
    """One row a file."""
    if not shown.total:
        return '<p class="empty">No documents yet. Upload some, or run <code>assistant build FOLDER</code>.</p>'
    head = "".join(heading(name, wanted) for name in COLUMNS)
    body = "".join(row_html(row, uploads, alone=row.relative not in shown.alike) for row in shown.rows)
    return (
        f'<div class="scroll"><table class="documents"><thead><tr>{head}'
        f'<th><span class="unseen">Remove</span></th></tr></thead><tbody>{body}</tbody></table></div>'
        f'<p class="more" role="status">{more(shown, wanted)}</p>'
    )


def heading(name: str, wanted: Wanted) -> str:
    """A column's head, a click on which sorts by it."""
    sorted_by = f' aria-sort="{"descending" if wanted.down else "ascending"}"' if name == wanted.column else ""
    return f'<th scope="col"{sorted_by}><button type="button" data-sort="{name}">{name}</button></th>'


def more(shown: Listing, wanted: Wanted) -> str:
    """How many rows there are besides those that are shown, and the way to them; empty where all are shown."""
    if not shown.found:
        return f"None of the {count(shown.total, 'document')} has “{text(wanted.find)}”."
    rest = shown.found - len(shown.rows)
    if not rest:
        return f"{count(shown.found, 'document')} found." if wanted.find else ""
    told = f"{len(shown.rows):,} of {count(shown.found, 'document')}"
    if len(shown.rows) >= MOST:
        return f"{told}. Search for the others."
    return f'{told} <button type="button" data-more="{len(shown.rows) + ROWS}">Show {min(rest, ROWS)} more</button>'


def row_html(row: DocumentRow, uploads: str, *, alone: bool = True) -> str:
    """One file, with its problems below its name, and its root unless it is alone in having its path."""
    name, where = (row.relative, "") if alone else (place(row), f'<span class="root">in {text(row.root)}</span>')
    question = "Delete upload?" if row.root == uploads else "Leave out?"
    notes = "".join(f"<li>{problem_html(problem, named=False)}</li>" for problem in row.problems)
    told = f'<span class="bad">{state(row)}</span>' if row.problems else state(row)
    # On a phone what has no column there stands below the name.
    told_below = (row.format, count(row.passages, "passage"), row.language, row.added[:10])
    facts = f'<span class="facts">{" · ".join(text(fact) for fact in told_below)}</span>'
    title = f'<span class="title">{text(row.title)}</span>' if row.title and row.title != row.relative else ""
    cells = (
        f'<th scope="row"><span class="path">{text(row.relative)}</span>{where}{title}{facts}'
        f"{f'<ul>{notes}</ul>' if notes else ''}</th>"
        f"<td>{text(row.format)}</td>{number(row.pages)}{number(row.passages)}<td>{text(row.language)}</td>"
        f"<td>{text(row.added[:10])}</td><td>{told}</td>"
    )
    button = (
        f'<button type="button" class="remove" data-remove="{text(name)}" data-confirm="{question}" '
        f'aria-label="Remove {text(name)}">Remove</button>'
    )
    return f"<tr>{cells}<td>{button}</td></tr>"


def number(value: int) -> str:
    """A cell with a number; nothing for formats without pages."""
    return f'<td class="number">{f"{value:,}" if value else "–"}</td>'


def problems(found: Sequence[Problem]) -> str:
    """What could not be read, why, and what to do."""
    if not found:
        return ""
    items = "".join(f"<li>{problem_html(problem)}</li>" for problem in found)
    return f'<section class="problems"><h3>{count(len(found), "problem")}</h3><ul>{items}</ul></section>'


def problem_html(problem: Problem, *, named: bool = True) -> str:
    """A problem: file and page, reason, next step."""
    page = f"page {problem.page}: " if problem.page is not None else ""
    name = f'<span class="path">{text(problem.path)}</span> ' if named else ""
    reason = f'<span class="reason">{page}{text(problem.reason)}</span>'
    return f'{name}{reason} <span class="step">{text(problem.next_step)}</span>'


def excluded(paths: Sequence[str]) -> str:
    """Files that were left out on request, each with the way back."""
    if not paths:
        return ""
    items = "".join(
        f'<li><span class="path">{text(path)}</span> '
        f'<button type="button" data-include="{text(path)}">Include again</button></li>'
        for path in paths
    )
    return f'<section class="excluded"><h3>Left out on your request</h3><ul>{items}</ul></section>'


def no_index(reason: str) -> str:
    """What stands here while there is no index."""
    return f'<p class="empty">{text(reason)}</p>'
