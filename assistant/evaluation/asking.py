"""One question asked end to end, or only retrieved: its row."""

from dataclasses import replace
from pathlib import PurePosixPath

from assistant.answers import Answer, Citation, Quote
from assistant.evaluation.instruments import Options
from assistant.evaluation.metrics.ranking import first_right, first_right_scores, rank_documents, ranking_scores
from assistant.evaluation.metrics.spans import contains_any, exact_match, f1
from assistant.evaluation.protocols import Answering
from assistant.evaluation.question_types import question_type
from assistant.evaluation.questions import Question
from assistant.evaluation.rows import Quoted, Row
from assistant.evaluation.shelf import Shelf
from corpus.documents import Passage


def blank_row(question: Question, shelf: Shelf) -> Row:
    """A row with what is known before asking."""
    named = shelf.label(question.document) if question.document else ""
    return Row(
        id=question.id,
        question=question.question,
        answers=question.answers,
        document=question.document,
        kind=question.kind,
        type=question.type or question_type(question.question),
        group=question.group or named,
        format=PurePosixPath(named).suffix.lstrip(".").lower(),
        scores={},
        loaded=question.id not in shelf.missing_ids,
    )


def ask_row(assistant: Answering, question: Question, shelf: Shelf, options: Options) -> Row:
    """Asked with threshold 0, so that the best candidates are always quoted; the threshold is applied later."""
    answer = assistant.ask(question.question, history=question.history, threshold=0.0)
    row = replace(
        retrieve_row(assistant, replace(question, question=answer.understood_as), shelf, options),
        question=question.question,
        confidence=answer.confidence,
        passages_read=answer.passages_read,
        quotes=tuple(_quoted(quote, shelf) for quote in answer.quotes),
        seconds=dict(answer.seconds),
        understood_as=answer.understood_as if answer.understood_as != question.question else "",
    )
    return replace(row, scores={**row.scores, **_answer_scores(question, answer, shelf), **_quote_scores(row)})


def retrieve_row(assistant: Answering, question: Question, shelf: Shelf, options: Options) -> Row:
    """Only retrieved: the rank of the first right passage, and the documents against the grades."""
    began = options.clock()
    hits = assistant.retrieve(question.question, top_k=options.top_k)
    seconds = {"retrieve": options.clock() - began}
    row, scores = blank_row(question, shelf), dict[str, float]()
    graded = {shelf.label(name): grade for name, grade in _grades(question)}
    if graded and shelf.library is not None:
        ranked = rank_documents((shelf.label(hit.passage.document), hit.score) for hit in hits)
        scores |= ranking_scores(ranked, graded)
    rank = None
    if question.answerable:
        rank = first_right(_is_right_passage(question, hit.passage, shelf) for hit in hits)
        scores |= first_right_scores(rank)
    return replace(row, scores=scores, right_rank=rank, seconds=seconds)


def _is_right_passage(question: Question, passage: Passage, shelf: Shelf) -> bool:
    """It holds a gold answer in the document that the question names; a bare shelf cannot tell documents by names."""
    placed = shelf.library is None or _in_document(question, shelf, (passage.document,))
    return placed and contains_any(passage.text, question.answers)


def _grades(question: Question) -> tuple[tuple[str, int], ...]:
    """The set's grades; where it has none, the document it names."""
    if question.grades or not question.document or not question.answerable:
        return question.grades
    return ((question.document, 1),)


def _in_document(question: Question, shelf: Shelf, names: tuple[str, ...]) -> bool:
    return question.document is None or shelf.is_named(question.document, names)


def _cited(question: Question, shelf: Shelf, citation: Citation) -> bool:
    return _in_document(question, shelf, (citation.path, citation.document, citation.sha256))


def _answer_scores(question: Question, answer: Answer, shelf: Shelf) -> dict[str, float]:
    """The figures of an answerable question; one without any quote scores 0 in all of them.

    Our own, for quotes instead of short answers; each is 1 or 0 for a question:

    - quote_hit@k: a gold answer is inside one of the first k quotes, one of whose places is in the named document
    - document_hit@1: the first quote's own place is in the named document, if the set names one
    - page_hit@1: the same, and on the named page, if the set names one

    exact_match and f1 of the first quote's short answer are SQuAD's; see `metrics.spans`.
    """
    if not question.answerable:
        return {}
    right = [_is_right(question, quote, shelf) for quote in answer.quotes[:3]]
    span = answer.quotes[0].answer if answer.quotes else ""
    scores = {
        "quote_hit@1": float(any(right[:1])),
        "quote_hit@3": float(any(right)),
        "exact_match": exact_match(span, question.answers),
        "f1": f1(span, question.answers),
    }
    if question.document is not None:
        scores["document_hit@1"] = float(any(_cited(question, shelf, q.citation) for q in answer.quotes[:1]))
    if question.page is not None:
        on_page = (_cited(question, shelf, q.citation) and q.citation.page == question.page for q in answer.quotes[:1])
        scores["page_hit@1"] = float(any(on_page))
    return scores


def _is_right(question: Question, quote: Quote, shelf: Shelf) -> bool:
    """A gold answer is inside the quote, and one of its places is in the document that the question names."""
    placed = any(_cited(question, shelf, citation) for citation in (quote.citation, *quote.also))
    return placed and contains_any(quote.text, question.answers)


def _quote_scores(row: Row) -> dict[str, float]:
    """mean_quote_words: the words of the first quote, split at white space. Our own: a long quote hits easily."""
    return {"mean_quote_words": float(len(row.quotes[0].text.split()))} if row.quotes else {}


def _quoted(quote: Quote, shelf: Shelf) -> Quoted:
    text = shelf.library.text_of(quote.citation.sha256) if shelf.library else None
    exact = None
    if shelf.library:
        exact = text is not None and text[quote.citation.start : quote.citation.end] == quote.text
    return Quoted(quote.text, quote.answer, quote.citation.path, quote.citation.page, exact)
