"""One question over one generation of the index: find candidates, then make the cited answer of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from time import perf_counter

from assistant.answers import Answer, Citation, Nearest, Quote, Searched
from assistant.cite import Source
from assistant.confidence import Calibration, Features, features_of, rarity
from assistant.merge import distinct
from assistant.order import best_first, compared, ordered
from assistant.phrases import percent
from assistant.quotable import quotable
from assistant.quotes import Candidate, candidates
from assistant.reading.budget import affordable, by_turns, portions
from assistant.reading.headed import read_hits
from assistant.reading.reader import Reader
from assistant.retrieve import Hit, Query, retrieve
from assistant.settings import Settings
from corpus.documents import Span
from corpus.quotable import kind
from corpus.sentences import split
from corpus.tables import top_row
from index.keywords import terms
from index.store import Store

# The index leaves fewer words out; that these stand in no passage tells nobody anything.
_SAY_NOTHING_TEXT = """
    many much could would should can may might must you your me my we our us were am been being any some every
    each most more few other he she him her them about before after during from often i go goes get gets make makes take
    takes happen happens find now then up down out"""
_SAY_NOTHING = frozenset(_SAY_NOTHING_TEXT.split())


@dataclass(frozen=True)
class Asking:
    """What a question is asked with; everything but the question and the generation."""

    reader: Reader
    calibration: Calibration
    settings: Settings


@dataclass(frozen=True)
class Found:
    """What was found for a question, before anything is decided.

    `hits` are those that could be read, of which the first `read` were; `groups` are candidates that say the same,
    best first, with the `features` of each group's first; `sources` are their documents by SHA-256; `seconds` tell
    the stages.
    """

    hits: list[Hit]
    read: int
    groups: list[list[Candidate]]
    features: list[Features]
    sources: dict[str, Source]
    seconds: dict[str, float]


def find(store: Store, query: Query, asking: Asking, *, documents: Collection[str] | None = None) -> Found:
    """The candidates of the passages that were retrieved and read, of documents that still exist."""
    settings, began = asking.settings, perf_counter()
    hits = affordable(by_turns(retrieve(store, query, settings.retrieval, documents=documents)), settings.reading)
    retrieved = perf_counter()
    sources = {hit.passage.document: Source(store, hit.passage.document) for hit in hits}
    found, read = _read(query, hits, asking, sources)
    groups = distinct(found, sources, settings.quotes.quotes)
    rare = rarity(store, query.terms)
    features = [_features(group[0], found, rare) for group in groups]
    seconds = {"retrieve": round(retrieved - began, 4), "read": round(perf_counter() - retrieved, 4)}
    return Found(hits, read, groups, features, sources, seconds)


def _read(query: Query, hits: Sequence[Hit], asking: Asking, sources: dict[str, Source]) -> tuple[list[Candidate], int]:
    """The candidates, best first, of as many hits as it takes until no other could come before the best; how many."""
    weights, found, read = asking.calibration.order, list[Candidate](), 0
    for portion in portions(hits):
        readings = read_hits(asking.reader, query.question, portion)
        possible = quotable(query.question, candidates(portion, readings, asking.settings.quotes), sources)
        found = ordered([*found, *possible], weights)
        read += len(portion)
        if weights.is_settled(found, hits[read:]):
            break
    return best_first(found, weights, lambda foremost: compared(foremost, query)), read


def _features(first: Candidate, found: Sequence[Candidate], rare: dict[str, float]) -> Features:
    passage = first.hit.passage
    others = [other for other in found if other is not first]
    return features_of([first, *others], rare, set(terms(f"{passage.prefix} {passage.text}")))


def ask(store: Store, query: Query, asking: Asking, *, threshold: float, documents: Collection[str] | None) -> Answer:
    """The cited answer, or why there is none.

    Raises: IndexDamaged where a cited document's text is not what was indexed.
    """
    found = find(store, query, asking, documents=documents)
    sure = [round(asking.calibration.probability(features), 4) for features in found.features]
    confidence = sure[0] if sure else 0.0
    answered = bool(sure) and confidence >= threshold
    return Answer(
        question=query.question,
        understood_as=query.question,
        answered=answered,
        confidence=confidence,
        reasons=() if answered else _reasons(store, found, confidence, threshold),
        quotes=_quotes(found, sure, threshold) if answered else (),
        nearest=() if answered else _nearest(found, asking.settings.quotes.nearest),
        unknown_words=_unknown(store, query.question),
        searched=_searched(store, documents),
        generation=store.generation,
        seconds=found.seconds,
        calibrated=asking.calibration.is_fitted,
        passages_read=found.read,
    )


def _searched(store: Store, documents: Collection[str] | None) -> Searched:
    if documents is None:
        return Searched(store.documents, store.passages)
    passages = {row.sha256: row.passages for row in store.status().files if row.sha256 in documents}
    return Searched(len(passages), sum(passages.values()))


def _quotes(found: Found, sure: Sequence[float], threshold: float) -> tuple[Quote, ...]:
    """Each group's first candidate as a quote, down to the threshold; none is surer than the one before it."""
    quotes = []
    for rank, group in enumerate(found.groups):
        first, confidence = group[0], min(sure[: rank + 1])
        if confidence < threshold:
            break
        text, citation = _cited(first, found)
        at = first.answer.start - first.quote.start
        answer = text[at : at + first.answer.end - first.answer.start]
        also = tuple(_cited(other, found)[1] for other in group[1:])
        quotes.append(Quote(text, answer, at, confidence, citation, also, _top_row(first, found)))
    return tuple(quotes)


def _top_row(candidate: Candidate, found: Found) -> str:
    return top_row(found.sources[candidate.hit.passage.document].document.text, candidate.quote.start)


def _cited(candidate: Candidate, found: Found) -> tuple[str, Citation]:
    return found.sources[candidate.hit.passage.document].quote(candidate.quote)


def _reasons(store: Store, found: Found, confidence: float, threshold: float) -> tuple[str, ...]:
    if not store.passages:
        return ("Nothing is indexed yet.",)
    if not found.groups:
        return ("No passage shares a word or a meaning with the question.",)
    asked, sure = f"{round(threshold * 100, 2):g} %", percent(confidence)
    less = "a little less" if sure == asked else f"{sure}, less"
    return (f"The best passage answers with a probability of {less} than the {asked} asked for.",)


def _nearest(found: Found, limit: int) -> tuple[Nearest, ...]:
    """The candidates first, then passages of other places."""
    nearest = [Nearest(*_cited(group[0], found), _top_row(group[0], found)) for group in found.groups]
    seen = {candidate.hit.id for group in found.groups for candidate in group}
    for hit in found.hits:
        if len(nearest) >= limit:
            break
        source = found.sources[hit.passage.document]
        if hit.id not in seen and source.file is not None and _says_something(hit, source):
            nearest.append(Nearest(*source.quote(Span(hit.passage.start, hit.passage.end))))
    return tuple(nearest[:limit])


def _says_something(hit: Hit, source: Source) -> bool:
    """Whether a passage has a sentence in it: a heading or "Dear Ms Marlow," alone brings nobody nearer."""
    start = hit.passage.start
    spans = (Span(start + own.start, start + own.end) for own in split(hit.passage.text))
    return any(kind(source.document, span) == "sentence" for span in spans)


def _unknown(store: Store, question: str) -> tuple[str, ...]:
    """The question's content words that occur in no passage, as they were written."""
    words = dict.fromkeys(word.strip(".,;:!?\"'()[]«»“”‘’") for word in question.split())
    parts = {word: terms(word) for word in words if word.lower() not in _SAY_NOTHING}
    return tuple(word for word, own in parts.items() if own and not any(store.document_frequencies(own)))
