"""Passages read under their title and headings, which often name what a passage calls "it" or "the drug"."""

from collections.abc import Sequence

from assistant.answers import Reading
from assistant.reading.reader import Reader
from assistant.retrieve import Hit
from corpus.documents import Span


def read_hits(reader: Reader, question: str, hits: Sequence[Hit]) -> list[Reading]:
    """One reading per hit, its spans in characters of the passage's text; nothing above it is an answer."""
    leads = [_lead(hit) for hit in hits]
    texts = [lead + hit.passage.text for lead, hit in zip(leads, hits, strict=True)]
    readings = reader.read(question, texts)
    return [_without(reading, len(lead)) for reading, lead in zip(readings, leads, strict=True)]


def _lead(hit: Hit) -> str:
    """Title and headings as a line of its own, less what the passage begins with itself."""
    above = dict.fromkeys(part for part in (hit.passage.title, *hit.passage.heading) if part)
    missing = [part for part in above if not hit.passage.text.startswith(part)]
    return " › ".join(missing) + "\n\n" if missing else ""


def _without(reading: Reading, lead: int) -> Reading:
    """The reading without the first `lead` characters; where the answer was in them, the next best takes over."""
    sentences, others = _shifted(reading.sentences, lead), _shifted(reading.others, lead)
    answer, score = reading.answer, reading.answer_score
    if answer is not None and answer.start >= lead:
        answer = Span(answer.start - lead, answer.end - lead)
    elif answer is not None and others:
        (start, end, margin), others = others[0], others[1:]
        answer, score = Span(start, end), reading.null_score + margin
    else:
        answer = None
    return Reading(answer, score, reading.null_score, sentences, others)


def _shifted(spans: Sequence[tuple[int, int, float]], lead: int) -> tuple[tuple[int, int, float], ...]:
    return tuple((start - lead, end - lead, value) for start, end, value in spans if start >= lead)
