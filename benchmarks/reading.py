"""How good the first quote is by how much is read, and how fast the reader reads.

    python benchmarks/reading.py --data DATA [--questions N] [--reader NAME]

Data (choose role only): see `asked.py`. Every question is retrieved once and its 30 best passages are read once; the
curve takes the first of them, as many as a number of passages allows. The order's weights are the shipped ones. "found"
is the share of answerable questions of each set with a passage that holds an answer among so many, in the order of
reading and by the fused score alone. Also told, for as many passages as are read by default: how much of it stopping
leaves out once no unread passage is expected to bring a better first quote. Writes `benchmarks/results/reading.json`
(another reader's: `reading-READER.json`).
"""

import argparse
from collections.abc import Sequence
from dataclasses import asdict, replace
from math import isfinite
from pathlib import Path
from typing import TypeAlias

import numpy as np
from asked import SEED, Asked, Models, ask_set, choose_sets
from record import Record

from assistant.order import Weights
from assistant.quotes import Candidate
from assistant.reading.budget import CHARACTERS
from assistant.reading.load import load_calibration, load_reader
from assistant.settings import ReadingSettings
from index.encoder import load_encoder

Found: TypeAlias = tuple[Asked, list[Candidate]]
MOST = 30
PASSAGES = (1, 2, 3, 5, 8, 10, 12, 16, 20, 30)


def tokens(asked: Asked, passages: int) -> int:
    """About how many word pieces so many passages have."""
    return sum(len(hit.passage.text) // CHARACTERS + 1 for hit in asked.hits[:passages])


def of_first(asked: Sequence[Found], passages: int) -> list[Found]:
    """The same, had only so many passages been read."""
    fewer = [(replace(one, hits=one.hits[:passages], readings=one.readings[:passages]), found) for one, found in asked]
    return [(one, [c for c in found if c.hit.id in {hit.id for hit in one.hits}]) for one, found in fewer]


def curve(asked: Sequence[Found], weights: Weights) -> list[dict[str, float]]:
    """One row per number of passages: mean word pieces, and the shares of answerable questions answered."""
    rows = []
    for passages in PASSAGES:
        read = of_first(asked, passages)
        right = [[one.is_right(c) for c in one.best_first(found, weights)] for one, found in read]
        rows.append(
            {
                "passages": passages,
                "tokens": float(np.mean([tokens(one, passages) for one, _ in read])),
                "quote_hit@1": float(np.mean([any(marks[:1]) for marks in right])),
                "any_candidate": float(np.mean([any(marks) for marks in right])),
            }
        )
    return rows


def found(asked: Sequence[Asked]) -> list[dict[str, float]]:
    """One row per number of passages: the shares with an answer among the first, by turns and by the fused score."""
    rows = []
    for passages in PASSAGES:
        firsts = {"by_turns": [one.hits[:passages] for one in asked]}
        firsts["by_fused_score"] = [one.retrieved[:passages] for one in asked]
        shares = {
            name: float(np.mean([any(map(one.is_told_by, hits)) for one, hits in zip(asked, each, strict=True)]))
            for name, each in firsts.items()
        }
        rows.append({"passages": passages, **shares})
    return rows


def stopped_early(asked: Sequence[Found], weights: Weights) -> dict[str, float]:
    """What reading no further than needed leaves out of the passages, and does to the first quotes."""
    ends = [one.until_settled(found, weights) for one, found in asked]
    right = [bool(found) and one.is_right(found[0]) for (one, _), (found, _) in zip(asked, ends, strict=True)]
    same = [
        found[:1] == one.best_first(every, weights)[:1] for (one, every), (found, _) in zip(asked, ends, strict=True)
    ]
    return {
        "left_out": 1 - sum(read for _, read in ends) / sum(len(one.hits) for one, _ in asked),
        "same_first_quote": float(np.mean(same)),
        "quote_hit@1": float(np.mean(right)),
    }


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
    sets = choose_sets(chosen.data, encoder)
    asked_of = {name: ask_set(name, each, models, chosen.questions) for name, each in sets.items()}
    asked = [one for each in asked_of.values() for one in each]
    answerable = [(one, one.candidates()) for one in asked if one.answers]
    record.n, seconds = len(answerable), sum(one.seconds for one in asked)
    record.write(
        {
            "order": {name: value for name, value in asdict(weights).items() if isfinite(value)},
            "found": {name: found([one for one in each if one.answers]) for name, each in asked_of.items()},
            "curve": curve(answerable, weights),
            "stopping_early": stopped_early(of_first(answerable, ReadingSettings().passages), weights),
            "passages_per_second": sum(len(one.hits) for one in asked) / seconds,
            "tokens_per_second": sum(tokens(one, MOST) for one in asked) / seconds,
        }
    )


if __name__ == "__main__":
    main()
