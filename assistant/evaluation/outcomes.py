"""What became of a question once the threshold is applied, and where it was lost."""

from typing import Literal

from assistant.evaluation.rows import Row

Blame = Literal["", "not loaded", "not retrieved", "not read", "not trusted", "answered for nothing"]
BLAMES: dict[Blame, str] = {
    "not loaded": "no indexed document holds the expected answer",
    "not retrieved": "no passage with the answer was among the first ones, which the reader may read",
    "not read": "such a passage was found, but reading stopped before it, or another quote was put first",
    "not trusted": "the first quote is right, but its confidence is below the threshold",
    "answered for nothing": "the documents do not answer, yet something was quoted",
}


def silent(row: Row, threshold: float) -> bool:
    """Whether nothing would be quoted at this threshold. A mode without confidence is never silent."""
    return row.confidence is not None and row.confidence < threshold


def trusted_right(row: Row) -> bool:
    """Whether the best candidate, shown whatever its confidence, is right; for an unanswerable question never."""
    return bool(row.scores.get("quote_hit@1", row.scores.get("exact_match", 0.0)))


def outcome_scores(row: Row, threshold: float) -> dict[str, float]:
    """Scores with the threshold applied, on every question; silence is right where the documents do not answer.

    - right_at_threshold: quoted and right, or silent and unanswerable
    - exact_match_at_threshold, f1_at_threshold: SQuAD 2.0's exact and F1 with silence as the empty answer
      (Rajpurkar, Jia and Liang 2018, https://arxiv.org/abs/1806.03822)
    """
    if row.confidence is None:
        return {}
    quiet = silent(row, threshold)
    if not row.answerable:
        return dict.fromkeys(("right_at_threshold", "exact_match_at_threshold", "f1_at_threshold"), float(quiet))
    return {
        "right_at_threshold": 0.0 if quiet else float(trusted_right(row)),
        "exact_match_at_threshold": 0.0 if quiet else row.scores["exact_match"],
        "f1_at_threshold": 0.0 if quiet else row.scores["f1"],
    }


def blame(row: Row, *, threshold: float, passages_read: int) -> Blame:
    """Where a question was lost, the first stage that failed; nothing if it came out right.

    `passages_read` is how many passages are read at most: a right one below them counts as not retrieved. One among
    them counts as not read if its quote did not come first, or if reading stopped before it (`reading_note`).
    """
    if row.confidence is None:
        return _unasked_blame(row, passages_read)
    if not row.answerable:
        return "" if silent(row, threshold) else "answered for nothing"
    if trusted_right(row):
        return "not trusted" if silent(row, threshold) else ""
    return _finding_blame(row, passages_read) or "not read"


def reading_note(row: Row) -> str:
    """That the first right passage was never read, for reading had stopped; nothing where it was, or nobody knows."""
    if row.right_rank is None or row.passages_read is None or row.right_rank <= row.passages_read:
        return ""
    return f"found as passage {row.right_rank}; reading stopped after {row.passages_read}"


def _finding_blame(row: Row, passages_read: int) -> Blame:
    if not row.loaded:
        return "not loaded"
    return "not retrieved" if row.right_rank is None or row.right_rank > passages_read else ""


def _unasked_blame(row: Row, passages_read: int) -> Blame:
    """Evidence fails where not one right word was chosen, graded retrieval where no relevant document was found."""
    if row.words is not None:
        return "" if row.words[0] or not row.words[2] else "not read"
    if row.answerable:
        return _finding_blame(row, passages_read)
    if not row.loaded:
        return "not loaded"
    return "not retrieved" if row.scores.get("recall@100") == 0 else ""
