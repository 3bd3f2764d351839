"""Passages read under their title and headings, which often name what a passage calls "it" or "the drug"."""

from collections.abc import Sequence
from dataclasses import replace

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
    """The reading with the first `lead` characters taken off."""
    answer = reading.answer
    if answer is not None:
        answer = Span(answer.start - lead, answer.end - lead) if answer.start >= lead else None
    return replace(
        reading, answer=answer, sentences=_shifted(reading.sentences, lead), others=_shifted(reading.others, lead)
    )


def _shifted(spans: Sequence[tuple[int, int, float]], lead: int) -> tuple[tuple[int, int, float], ...]:
    return tuple((start - lead, end - lead, value) for start, end, value in spans if start >= lead)
