"""A question with its passage given: reading mode (the span) and evidence mode (the sentences)."""

from dataclasses import replace
from math import exp

from assistant.answers import Reading
from assistant.evaluation.asking import blank_row
from assistant.evaluation.instruments import Options
from assistant.evaluation.metrics.spans import exact_match, f1
from assistant.evaluation.metrics.words import covered_words, word_f1
from assistant.evaluation.protocols import PassageReader
from assistant.evaluation.questions import Question
from assistant.evaluation.rows import Quoted, Row
from assistant.evaluation.shelf import Shelf

GIVEN = 1  # the rank of a passage that the set gives
EVIDENCE_PROBABILITY = 0.5  # a sentence is chosen when the reader holds it more likely than not


def read_row(reader: PassageReader, question: Question, shelf: Shelf, options: Options) -> Row:
    """The reader's span in the passage. Confidence is the logistic of answer score minus null score."""
    passage, reading, seconds = _read(reader, question, options)
    span = reading.answer
    answer = passage[span.start : span.end] if span is not None else ""
    scores = {}
    if question.answerable:
        scores = {"exact_match": exact_match(answer, question.answers), "f1": f1(answer, question.answers)}
    quotes = (Quoted(answer, answer, question.document or "", None, None),) if answer else ()
    confidence = _logistic(reading.answer_score - reading.null_score) if answer else 0.0
    row = blank_row(question, shelf)
    return replace(
        row, scores=scores, quotes=quotes, confidence=confidence, right_rank=GIVEN, seconds={"read": seconds}
    )


def evidence_row(reader: PassageReader, question: Question, shelf: Shelf, options: Options) -> Row:
    """The reader's sentences against the right ones, counted in words of the passage."""
    passage, reading, seconds = _read(reader, question, options)
    chosen = [(start, end) for start, end, probability in reading.sentences if probability >= EVIDENCE_PROBABILITY]
    found, right = covered_words(passage, chosen), covered_words(passage, question.evidence)
    words = (len(found & right), len(found), len(right))
    quotes = tuple(Quoted(passage[start:end], "", question.document or "", None, None) for start, end in chosen)
    row = blank_row(question, shelf)
    return replace(row, scores={"evidence_f1": word_f1(*words)}, quotes=quotes, words=words, seconds={"read": seconds})


def _read(reader: PassageReader, question: Question, options: Options) -> tuple[str, Reading, float]:
    passage = question.passage or ""
    began = options.clock()
    reading = reader.read(question.question, [passage])[0]
    return passage, reading, options.clock() - began


def _logistic(margin: float) -> float:
    return 1 / (1 + exp(-margin)) if margin >= 0 else exp(margin) / (1 + exp(margin))
