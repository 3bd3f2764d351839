"""The figures that are one sum over all questions divided by another: what each question adds to both.

All are our own uses of known measures: precision and recall of "not answered by the documents", with silence as
what says so; the share of quotes that are what they cite; and, after DeYoung et al. 2020
(https://arxiv.org/abs/1911.03429), precision, recall and F1 of words over all questions together (micro).
"""

from collections.abc import Sequence

from assistant.evaluation.metrics.intervals import Table
from assistant.evaluation.metrics.levels import over
from assistant.evaluation.outcomes import silent
from assistant.evaluation.rows import Row

Part = tuple[float, float]
"""What a question adds above and below the line."""


def parts(row: Row, threshold: float) -> dict[str, Part]:
    """The parts of the figures for which this question counts."""
    return {**_silence(row, threshold), **_citations(row), **_evidence(row)}


def _silence(row: Row, threshold: float) -> dict[str, Part]:
    """no_answer_precision: silent and unanswerable / silent. no_answer_recall: the same / unanswerable."""
    if row.confidence is None:
        return {}
    quiet, unanswerable = silent(row, threshold), not row.answerable
    found: dict[str, Part] = {"no_answer_precision": (float(unanswerable), 1.0)} if quiet else {}
    return {**found, "no_answer_recall": (float(quiet), 1.0)} if unanswerable else found


def _citations(row: Row) -> dict[str, Part]:
    """citation_fidelity: quotes that are exactly the slice they cite / quotes that could be checked."""
    exact = [float(quote.exact) for quote in row.quotes if quote.exact is not None]
    return {"citation_fidelity": (sum(exact), float(len(exact)))} if exact else {}


def _evidence(row: Row) -> dict[str, Part]:
    """Precision: right and chosen / chosen. Recall: the same / right. F1: twice the same / (chosen + right)."""
    if row.words is None:
        return {}
    shared, chosen, right = row.words
    return {
        "evidence_precision_micro": (shared, chosen),
        "evidence_recall_micro": (shared, right),
        "evidence_f1_micro": (2 * shared, chosen + right),
    }


def by_name(rows: Sequence[Row], threshold: float) -> dict[str, list[Part | None]]:
    """Each figure's parts, one per row, null where it does not count.

    Where the documents answer every question, no silence can be right, and precision of silence says nothing.
    """
    found = [parts(row, threshold) for row in rows]
    names = dict.fromkeys(name for of_row in found for name in of_row)
    if "no_answer_recall" not in names:
        names.pop("no_answer_precision", None)
    return {name: [of_row.get(name) for of_row in found] for name in names}


def ratio(table: Table) -> Table:
    """The first column's sum over the second's, of tables of shape (…, n, 2); undefined (nan) where that is 0."""
    return over(table[..., 0].sum(axis=-1), table[..., 1].sum(axis=-1))
