"""Retrieval measures of one question through ir-measures.

Sources: MacAvaney, Macdonald and Ounis 2022, "Streamlining Evaluation with ir-measures",
https://arxiv.org/abs/2111.13466; nDCG: Järvelin and Kekäläinen 2002, https://doi.org/10.1145/582415.582418.
"""

from collections.abc import Iterable, Mapping, Sequence

import ir_measures
from ir_measures import AP, RR, Qrel, R, ScoredDoc, nDCG

MEASURES = {"ndcg@10": nDCG @ 10, "recall@100": R @ 100, "rr@10": RR @ 10, "map": AP}


def rank_documents(hits: Iterable[tuple[str, float]]) -> list[str]:
    """The documents by their best passage's score, best first; equal scores in the order of the hits."""
    best: dict[str, float] = {}
    for document, score in hits:
        best[document] = max(score, best.get(document, score))
    return sorted(best, key=best.__getitem__, reverse=True)


def ranking_scores(ranked: Sequence[str], grades: Mapping[str, int]) -> dict[str, float]:
    """nDCG@10, Recall@100, RR@10 and MAP of documents ranked best first; a question without documents scores 0.

    - ndcg@10: DCG / ideal DCG with DCG = sum over ranks r <= 10 of grade / log2(r + 1)
    - recall@100: relevant documents in the first 100 / relevant documents
    - rr@10: 1 / rank of the first relevant document, 0 if it is below rank 10
    - map: mean over the relevant documents of the precision at their rank, 0 for one not found
    """
    scores = dict.fromkeys(MEASURES, 0.0)
    # Numbers for names: pytrec_eval 0.5 ends the process on a name that is not valid Unicode.
    numbers = {document: str(number) for number, document in enumerate(dict.fromkeys([*grades, *ranked]))}
    qrels = [Qrel("q", numbers[document], grade) for document, grade in grades.items()]
    run = [ScoredDoc("q", numbers[document], -rank) for rank, document in enumerate(ranked, start=1)]
    names = {measure: name for name, measure in MEASURES.items()}
    for metric in ir_measures.iter_calc(list(names), qrels, run) if run else ():
        scores[names[metric.measure]] = float(metric.value)
    return scores


def first_right(right: Iterable[bool]) -> int | None:
    """The rank, counted from 1, of the first passage that is right; null if none is."""
    return next((rank for rank, is_right in enumerate(right, start=1) if is_right), None)


def first_right_scores(rank: int | None) -> dict[str, float]:
    """What the rank r of the first right passage gives: 1/r (0 below rank 10), and whether r <= 10, 20, 100."""
    scores = {f"passage_hit@{k}": float(rank is not None and rank <= k) for k in (10, 20, 100)}
    return {"passage_rr@10": 1 / rank if rank is not None and rank <= 10 else 0.0, **scores}
