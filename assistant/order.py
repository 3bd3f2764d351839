"""The order of the candidates: what the reader, the retrieval and the encoder say of each, weighed together.

The reader tells best which sentence answers, but where a question is worded otherwise than its answer it often does not
see what the encoder does, that the two are near in meaning (`benchmarks/results/calibration.json`,
"quote_hit@1_by_signals"). Only the foremost candidates are compared so, for it takes time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import inf

from assistant.quotes import Candidate
from assistant.reading.reader import log_odds
from assistant.retrieve import Hit, Query

# Over 800 answerable choose questions, order fitted on other folds, the first quote is right for 0.717 with 4 to 40,
# one of three for 0.826 with 4, 0.833 with 6 and 8, 0.835 with more. Each takes 2.5 ms on two cores.
COMPARED = 8


@dataclass(frozen=True, slots=True)
class Weights:
    """What each signal counts beside the reader's answer minus null, which counts once; fitted with the confidence.

    `evidence` of the sentence's log-odds, `retrieval` of the passage's fused score, `likeness` of the cosine of
    question and quote, `passage` of question and passage, for a quote alone does not tell what it is about. `reach` is
    how far above its passage's standing a candidate is expected to come at most.
    """

    evidence: float = 0.0
    retrieval: float = 12.0  # hand-set, for readers that none was fitted for
    likeness: float = 0.0
    passage: float = 0.0
    reach: float = inf

    def score(self, candidate: Candidate) -> float:
        """What orders the candidates of one question."""
        return (
            candidate.margin
            + self.evidence * log_odds(candidate.evidence)
            + self.retrieval * candidate.hit.score
            + self.likeness * candidate.likeness
            + self.passage * candidate.hit.dense
            - candidate.set_back
        )

    def standing(self, hit: Hit) -> float:
        """What a passage lends its candidates, known before it is read."""
        return self.retrieval * hit.score + (self.likeness + self.passage) * hit.dense

    def is_settled(self, found: Sequence[Candidate], unread: Sequence[Hit]) -> bool:
        """Whether no unread passage is expected to bring a better candidate than the first of `found`."""
        return bool(found) and all(found[0].score >= self.standing(hit) + self.reach for hit in unread)


def ordered(found: Iterable[Candidate], weights: Weights) -> list[Candidate]:
    """The candidates with their scores, best first; of equals the one found first."""
    scored = [replace(candidate, score=weights.score(candidate)) for candidate in found]
    return sorted(scored, key=lambda candidate: -candidate.score)


def best_first(
    found: Iterable[Candidate], weights: Weights, compare: Callable[[Sequence[Candidate]], Iterable[Candidate]]
) -> list[Candidate]:
    """The candidates in their order, the foremost with the likeness of their own words, which `compare` gives them.

    The rest stay behind these whatever their scores, for a passage's likeness is of another kind than a quote's.
    """
    ranked = ordered(found, weights)
    if not weights.likeness:
        return ranked
    return [*ordered(compare(ranked[:COMPARED]), weights), *ranked[COMPARED:]]


def compared(found: Sequence[Candidate], query: Query) -> list[Candidate]:
    """The candidates with the cosine of question and quote."""
    if not found:
        return []
    cosines = query.encoder.encode([candidate.text for candidate in found]) @ query.vector
    return [replace(candidate, likeness=float(cosine)) for candidate, cosine in zip(found, cosines, strict=True)]
