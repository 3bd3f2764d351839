"""Every figure by question type, by document and by format; and which figures stand for a mode."""

from collections import defaultdict
from collections.abc import Sequence

from assistant.evaluation.figures import Figure, figures
from assistant.evaluation.questions import Mode
from assistant.evaluation.rows import Row

Splits = dict[str, dict[str, dict[str, Figure]]]

_ANSWERS = ("quote_hit@1", "quote_hit@3", "f1", "right_at_threshold")
HEADLINES: dict[Mode, tuple[str, ...]] = {
    "end-to-end": _ANSWERS,
    "conversation": _ANSWERS,
    "reading": ("f1", "exact_match", "f1_at_threshold"),
    "retrieval": ("ndcg@10", "passage_rr@10", "recall@100", "passage_hit@20"),
    "evidence": ("evidence_f1",),
}


def splits(rows: Sequence[Row], *, threshold: float, resamples: int) -> Splits:
    """For "type", "document" and "format": each group's figures, the largest group first. One group is no split."""
    named = {
        "type": [row.type for row in rows],
        "document": [row.group for row in rows],
        "format": [row.format for row in rows],
    }
    found: Splits = {}
    for split, groups in named.items():
        members: dict[str, list[Row]] = defaultdict(list)
        for group, row in zip(groups, rows, strict=True):
            members[group or "not named"].append(row)
        if len(members) > 1:
            ordered = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
            found[split] = {group: figures(of, threshold=threshold, resamples=resamples) for group, of in ordered}
    return found
