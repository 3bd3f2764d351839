"""The order of the candidates: what the reader, the retrieval and the encoder say of each, weighed together."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf

from assistant.quotes import Candidate
from assistant.reading.reader import log_odds
from assistant.retrieve import Hit, Query
from index.encoder import Encoder


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal counts beside the reader's answer minus null, which counts once; fitted with the confidence.

    `evidence` of the sentence's log-odds, `retrieval` of the passage's fused score, `similarity` of the cosine of
    question and quote. `reach` is how far above its passage's standing a candidate is expected to come at most.
    """

    evidence: float = 0.0
    retrieval: float = 12.0
    similarity: float = 0.0
    reach: float = inf

    def score(self, candidate: Candidate) -> float:
        """What orders the candidates of one question."""
        return (
            candidate.margin
            + self.evidence * log_odds(candidate.evidence)
            + self.retrieval * candidate.hit.score
            + self.similarity * candidate.similarity
            - candidate.set_back
        )

    def standing(self, hit: Hit) -> float:
        """What a passage lends its candidates, known before it is read."""
        return self.retrieval * hit.score + self.similarity * hit.dense

    def is_settled(self, found: Sequence[Candidate], unread: Sequence[Hit]) -> bool:
        """Whether no unread passage is expected to bring a better candidate than the first of `found`."""
        return bool(found) and all(found[0].score >= self.standing(hit) + self.reach for hit in unread)


def order(query: Query, found: Sequence[Candidate], encoder: Encoder, weights: Weights) -> list[Candidate]:
    """The candidates with their similarities and scores, best first; of equals the one found first."""
    return ordered(compared(query, found, encoder), weights)


def compared(query: Query, found: Sequence[Candidate], encoder: Encoder) -> list[Candidate]:
    """The candidates with the cosine of question and quote, the quote under its title and headings."""
    if not found:
        return []
    cosines = encoder.encode([_under_headings(candidate) for candidate in found]) @ query.vector
    return [replace(candidate, similarity=float(cosine)) for candidate, cosine in zip(found, cosines, strict=True)]


def ordered(found: Iterable[Candidate], weights: Weights) -> list[Candidate]:
    """The candidates with their scores, best first."""
    scored = [replace(candidate, score=weights.score(candidate)) for candidate in found]
    return sorted(scored, key=lambda candidate: -candidate.score)


def _under_headings(candidate: Candidate) -> str:
    passage, quote = candidate.hit.passage, candidate.quote
    return f"{passage.prefix}\n{passage.text[quote.start - passage.start : quote.end - passage.start]}".strip()
