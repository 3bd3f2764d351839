"""One question over one generation of the index, from words to a cited answer."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from time import perf_counter

from assistant.answers import Answer, Citation, Nearest, Quote, Reading, Searched
from assistant.cite import Source
from assistant.confidence import Calibration, features_of, rarity
from assistant.merge import distinct
from assistant.quotes import Candidate, candidates
from assistant.reading.reader import Reader
from assistant.retrieve import Hit, Query, retrieve
from assistant.settings import Settings
from corpus.documents import Span
from index.keywords import terms
from index.store import Store


@dataclass(frozen=True)
class Asking:
    """What a question is asked with; everything but the question and the generation."""

    reader: Reader
    calibration: Calibration
    settings: Settings


def ask(store: Store, query: Query, asking: Asking, *, threshold: float, documents: Collection[str] | None) -> Answer:
    """The cited answer, or why there is none.

    Raises: IndexDamaged where a cited document's text is not what was indexed.
    """
    began = perf_counter()
    settings = asking.settings
    hits = retrieve(store, query, settings.retrieval, documents=documents)
    retrieved = perf_counter()
    hits_read, readings = _read(query, hits, asking)
    read = perf_counter()
    sources: dict[str, Source] = {}
    found = _citable(store, candidates(hits_read, readings, settings.reading, settings.quotes), sources)
    groups = distinct(found, sources, settings.quotes.quotes)
    sure = [_confidence(store, query, _led_by(group[0], found), asking.calibration) for group in groups]
    confidence = sure[0] if sure else 0.0
    answered = bool(groups) and confidence >= threshold
    return Answer(
        question=query.question,
        understood_as=query.question,
        answered=answered,
        confidence=confidence,
        reasons=() if answered else _reasons(store, found, confidence, threshold),
        # A later quote is never shown as surer than the one it stands behind.
        quotes=tuple(_quote(group, sources, min(own, confidence)) for group, own in zip(groups, sure, strict=True))
        if answered
        else (),
        nearest=() if answered else _nearest(store, groups, hits_read, sources, settings.quotes.nearest),
        unknown_words=_unknown(store, query.question),
        searched=Searched(store.documents, store.passages),
        generation=store.generation,
        seconds={
            "total": round(perf_counter() - began, 4),
            "retrieve": round(retrieved - began, 4),
            "read": round(read - retrieved, 4),
        },
    )


def _read(query: Query, hits: Sequence[Hit], asking: Asking) -> tuple[list[Hit], list[Reading]]:
    chosen = list(hits[: asking.settings.reading.passages])
    return chosen, asking.reader.read(query.question, [hit.passage.text for hit in chosen])


def _citable(store: Store, found: Sequence[Candidate], sources: dict[str, Source]) -> list[Candidate]:
    """The candidates whose document still exists; `sources` gains their documents."""
    for candidate in found:
        sha256 = candidate.hit.passage.document
        if sha256 not in sources:
            sources[sha256] = Source(store, sha256)
    return [candidate for candidate in found if sources[candidate.hit.passage.document].file is not None]


def _led_by(first: Candidate, found: Sequence[Candidate]) -> list[Candidate]:
    return [first, *(other for other in found if other is not first)]


def _confidence(store: Store, query: Query, found: Sequence[Candidate], calibration: Calibration) -> float:
    """The probability that the first of `found` answers; 0 where there is none."""
    if not found:
        return 0.0
    passage = found[0].hit.passage
    held = set(terms(f"{passage.prefix} {passage.text}"))
    return round(calibration.probability(features_of(found, rarity(store, query.terms), held)), 4)


def _quote(group: Sequence[Candidate], sources: dict[str, Source], confidence: float) -> Quote:
    """The quote of a group of candidates with the same words; their other places go to `also`."""
    first = group[0]
    text, citation = _cited(first, sources)
    at = first.answer.start - first.quote.start
    answer = text[at : at + first.answer.end - first.answer.start]
    return Quote(text, answer, at, confidence, citation, tuple(_cited(other, sources)[1] for other in group[1:]))


def _cited(candidate: Candidate, sources: dict[str, Source]) -> tuple[str, Citation]:
    return sources[candidate.hit.passage.document].quote(candidate.quote)


def _reasons(store: Store, found: Sequence[Candidate], confidence: float, threshold: float) -> tuple[str, ...]:
    if not store.passages:
        return ("Nothing is indexed yet.",)
    if not found:
        return ("No passage shares a word or a meaning with the question.",)
    return (f"The best passage answers with a probability of {confidence:.2f}; {threshold:.2f} is asked for.",)


def _nearest(
    store: Store, groups: Sequence[Sequence[Candidate]], hits: Sequence[Hit], sources: dict[str, Source], limit: int
) -> tuple[Nearest, ...]:
    """The candidates first, then passages of other places."""
    nearest = [Nearest(*_cited(group[0], sources)) for group in groups]
    seen = {group[0].hit.id for group in groups}
    for hit in hits:
        if len(nearest) >= limit:
            break
        source = sources.setdefault(hit.passage.document, Source(store, hit.passage.document))
        if hit.id not in seen and source.file is not None:
            nearest.append(Nearest(*source.quote(Span(hit.passage.start, hit.passage.end))))
    return tuple(nearest[:limit])


def _unknown(store: Store, question: str) -> tuple[str, ...]:
    """The question's content words that occur in no passage, as they were written."""
    words = {word.strip(".,;:!?\"'()[]«»“”‘’") for word in question.split()}
    known = {word: terms(word) for word in sorted(words, key=question.find)}
    return tuple(word for word, parts in known.items() if parts and not any(store.document_frequencies(parts)))
