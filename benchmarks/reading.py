"""How good the first quote is by how much is read, and how fast the reader reads.

    python benchmarks/reading.py --data DATA [--questions N] [--reader NAME]

Data (choose role only): see `asked.py`. Every question is retrieved once and its 50 best passages are read once; the
curve takes the first of them, as many as a number of passages allows. The order's weights are the shipped ones. Also
told: how much of the reading could be left out, were it stopped as soon as no passage to come could bring a better
first quote (no margin is higher than the highest one seen). Writes `benchmarks/results/reading.json` (another reader's:
`reading-READER.json`).
"""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from asked import CHOOSE, SEED, Asked, Models, ask_set
from record import Record

from assistant.order import Weights, ordered
from assistant.quotes import Candidate
from assistant.reading.budget import CHARACTERS
from assistant.reading.load import load_calibration, load_reader
from assistant.settings import ReadingSettings
from index.encoder import Encoder, load_encoder

MOST = 50
PASSAGES = (1, 2, 3, 5, 8, 12, 16, 20, 30, 50)


def tokens(asked: Asked, passages: int) -> int:
    """About how many word pieces so many passages have."""
    return sum(len(hit.passage.text) // CHARACTERS + 1 for hit in asked.hits[:passages])


def curve(asked: Sequence[Asked], encoder: Encoder, weights: Weights) -> list[dict[str, float]]:
    """One row per number of passages: mean word pieces, and the shares of answerable questions answered."""
    rows = []
    for passages in PASSAGES:
        found = [ordered(one.candidates(encoder, passages), weights) for one in asked]
        right = [[one.is_right(c) for c in candidates] for one, candidates in zip(asked, found, strict=True)]
        rows.append(
            {
                "passages": passages,
                "tokens": float(np.mean([tokens(one, passages) for one in asked])),
                "quote_hit@1": float(np.mean([any(marks[:1]) for marks in right])),
                "any_candidate": float(np.mean([any(marks) for marks in right])),
            }
        )
    return rows


def stopped_early(asked: Sequence[Asked], encoder: Encoder, weights: Weights, passages: int) -> float:
    """The share of passages that need not be read for the same first quote."""
    found = [ordered(one.candidates(encoder, passages), weights) for one in asked]
    highest = max(candidate.margin for candidates in found for candidate in candidates)
    needed = [
        _needed(one, candidates, weights, highest, passages) for one, candidates in zip(asked, found, strict=True)
    ]
    return 1 - sum(needed) / sum(min(passages, len(one.hits)) for one in asked)


def _needed(asked: Asked, found: Sequence[Candidate], weights: Weights, highest: float, passages: int) -> int:
    hits = asked.hits[:passages]
    for count in range(1, len(hits)):
        read = {hit.id for hit in hits[:count]}
        best = max((candidate.score for candidate in found if candidate.hit.id in read), default=-np.inf)
        if best >= highest + weights.retrieval * hits[count].score + weights.similarity:
            return count
    return len(hits)


def main() -> None:
    """Ask, measure, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--reader")
    parser.add_argument("--questions", type=int, default=150, help="of each set")
    chosen = parser.parse_args()
    encoder = load_encoder(None)
    reader = load_reader(chosen.reader, encoder=encoder)
    weights = load_calibration(reader, encoder).order
    models = Models(reader, encoder, ReadingSettings(passages=MOST, tokens=10**9))
    record = Record("reading" if chosen.reader is None else f"reading-{reader.name}", n=0, seed=SEED)
    asked = [one for name in CHOOSE for one in ask_set(chosen.data / name, models, chosen.questions)]
    answerable = [one for one in asked if one.answers]
    record.n, seconds = len(answerable), sum(one.seconds for one in asked)
    record.write(
        {
            "order": asdict(weights),
            "curve": curve(answerable, encoder, weights),
            "left_out_by_stopping_early": stopped_early(answerable, encoder, weights, ReadingSettings().passages),
            "passages_per_second": sum(len(one.hits) for one in asked) / seconds,
            "tokens_per_second": sum(tokens(one, MOST) for one in asked) / seconds,
        }
    )


if __name__ == "__main__":
    main()
