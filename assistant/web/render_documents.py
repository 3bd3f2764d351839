"""The documents of an index as HTML: the table, what could not be read, and what was left out."""

from collections.abc import Sequence

from assistant.web.render import text
from assistant.web.scope import called_alike, place
from corpus.documents import Problem
from corpus.phrases import count
from index.records import DocumentRow, Status

COLUMNS = ("Document", "Type", "Pages", "Passages", "Language", "Added", "Status")


def documents(status: Status, uploads: str) -> str:
    """Everything the tab shows of an index; `uploads` is the root whose files are deleted when removed."""
    return summary(status) + table(status.files, uploads) + problems(status.problems) + excluded(status.exclusions)


def summary(status: Status) -> str:
    """One line: how much there is, and from which folders."""
    roots = ", ".join(status.roots)
    return (
        f'<p class="summary">{count(status.documents, "document")}, {count(status.passages, "passage")}, '
        f'from <span class="path">{text(roots)}</span></p>'
    )


def table(rows: Sequence[DocumentRow], uploads: str) -> str:
    """One row a file; the page's script sorts and searches it."""
    if not rows:
        return '<p class="empty">No documents yet. Upload some, or run <code>assistant build FOLDER</code>.</p>'
    head = "".join(f'<th scope="col"><button type="button" data-sort>{name}</button></th>' for name in COLUMNS)
    alike = called_alike(rows)
    body = "".join(row_html(row, uploads, alone=row.relative not in alike) for row in rows)
    return (
        f'<div class="scroll"><table class="documents"><thead><tr>{head}'
        f'<th><span class="unseen">Remove</span></th></tr></thead><tbody>{body}</tbody></table></div>'
    )


def row_html(row: DocumentRow, uploads: str, *, alone: bool = True) -> str:
    """One file, with its problems below its name, and its root unless it is alone in having its path."""
    name, where = (row.relative, "") if alone else (place(row), f'<span class="root">in {text(row.root)}</span>')
    question = "Delete upload?" if row.root == uploads else "Leave out?"
    notes = "".join(f"<li>{problem_html(problem, named=False)}</li>" for problem in row.problems)
    state = f'<span class="bad">{count(len(row.problems), "problem")}</span>' if row.problems else "ready"
    title = f'<span class="title">{text(row.title)}</span>' if row.title and row.title != row.relative else ""
    cells = (
        f'<th scope="row"><span class="path">{text(row.relative)}</span>{where}{title}'
        f"{f'<ul>{notes}</ul>' if notes else ''}</th>"
        f"<td>{text(row.format)}</td>{number(row.pages)}{number(row.passages)}<td>{text(row.language)}</td>"
        f'<td data-value="{text(row.added)}">{text(row.added[:10])}</td><td>{state}</td>'
    )
    button = (
        f'<button type="button" class="remove" data-remove="{text(name)}" data-confirm="{question}" '
        f'aria-label="Remove {text(name)}">Remove</button>'
    )
    return f"<tr>{cells}<td>{button}</td></tr>"


def number(value: int) -> str:
    """A cell with a number; nothing for formats without pages."""
    return f'<td class="number" data-value="{value}">{f"{value:,}" if value else "–"}</td>'


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
