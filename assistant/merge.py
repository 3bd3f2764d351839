"""Up to three quotes from different places: the same words said twice are one quote with two places."""

from collections.abc import Mapping, Sequence

from assistant.cite import Source
from assistant.quotes import Candidate

# Two quotes with at least this share of words in common (Jaccard) say the same; chosen so that a changed
# number or name in a sentence of ten words or more (Jaccard 0.8-0.85) keeps them apart.
_SAME = 0.9


def distinct(found: Sequence[Candidate], sources: Mapping[str, Source], limit: int) -> list[list[Candidate]]:
    """Groups of candidates that say the same, the groups' best first; overlapping ones of a document are dropped."""
    groups: list[list[Candidate]] = []
    words: list[frozenset[str]] = []
    for candidate in found:
        if any(_overlap(candidate, other) for group in groups for other in group):
            continue
        own = _words(candidate, sources)
        same = next((n for n, other in enumerate(words) if _jaccard(own, other) >= _SAME), None)
        if same is not None:
            groups[same].append(candidate)
        elif len(groups) < limit:
            groups.append([candidate])
            words.append(own)
    return groups


def _overlap(one: Candidate, other: Candidate) -> bool:
    return (
        one.hit.passage.document == other.hit.passage.document
        and one.quote.start < other.quote.end
        and other.quote.start < one.quote.end
    )


def _words(candidate: Candidate, sources: Mapping[str, Source]) -> frozenset[str]:
    text = sources[candidate.hit.passage.document].document.text
    return frozenset(text[candidate.quote.start : candidate.quote.end].casefold().split())


def _jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0
