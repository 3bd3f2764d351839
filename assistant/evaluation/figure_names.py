"""Every figure by name, in the order in which figures are shown, with what it says in plain words."""

MEANINGS = {
    "quote_hit@1": "a gold answer is inside the first quote (in the named document, if there is one)",
    "quote_hit@3": "a gold answer is inside one of the first three quotes",
    "mean_quote_words": "words of the first quote",
    "exact_match": "the short answer is a gold answer (SQuAD normalisation)",
    "f1": "words shared by the short answer and the nearest gold answer (SQuAD)",
    "document_hit@1": "the first quote is from the named document",
    "page_hit@1": "the first quote is from the named document and page",
    "citation_fidelity": "quotes that are exactly the slice they cite",
    "right_at_threshold": "quoted and right, or silent where the documents do not answer",
    "exact_match_at_threshold": "exact match with silence as the empty answer (SQuAD 2.0)",
    "f1_at_threshold": "F1 with silence as the empty answer (SQuAD 2.0)",
    "no_answer_precision": "of the questions met with silence: not answered by the documents",
    "no_answer_recall": "of the questions not answered by the documents: met with silence",
    "auroc": "confidence tells answerable from unanswerable questions",
    "auroc_on_topic": "the same, unanswerable questions on the documents' topic only",
    "auroc_off_topic": "the same, unanswerable questions off the documents' topic only",
    "auroc_right": "confidence tells right first quotes from all others",
    "brier": "mean squared error of the confidence (0 is best)",
    "ece": "expected calibration error (0 is best)",
    "aurc": "area under the risk-coverage curve (0 is best)",
    "coverage@80": "questions that can be answered at 80 % accuracy",
    "coverage@90": "questions that can be answered at 90 % accuracy",
    "coverage@95": "questions that can be answered at 95 % accuracy",
    "ndcg@10": "documents ranked by their best passage: nDCG@10",
    "recall@100": "relevant documents among the first 100",
    "rr@10": "1 / rank of the first relevant document",
    "map": "mean average precision of the documents",
    "passage_rr@10": "1 / rank of the first passage that holds a gold answer",
    "passage_hit@10": "a passage with a gold answer is among the first 10",
    "passage_hit@20": "a passage with a gold answer is among the first 20",
    "passage_hit@100": "a passage with a gold answer is among the first 100",
    "evidence_precision_micro": "words of the chosen sentences that are evidence",
    "evidence_recall_micro": "words of the evidence that were chosen",
    "evidence_f1_micro": "both in one, over all words together",
    "evidence_f1": "both in one, mean over questions",
}
LOWER_IS_BETTER = frozenset({"brier", "ece", "aurc"})
NEITHER_IS_BETTER = frozenset({"mean_quote_words"})
"""Figures that are no judgment."""
ORDER = list(MEANINGS)
