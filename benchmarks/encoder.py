"""What tuning the encoder gains: how often a passage with the answer is among the first that are read.

    python benchmarks/encoder.py --data DATA [--questions N]

Data (choose role only): see `asked.py`. Every answerable question is retrieved over all contexts of its set that were
not left out, and over those of its own article alone, with the shipped encoder and with the one that it was tuned from;
passages in the order in which they are read. Writes `benchmarks/results/encoder.json`.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from asked import SEED, Asked, Context, article_of, articles, choose_sets, drawn
from record import Record

from assistant.reading.budget import by_turns
from assistant.retrieve import retrieve, understand
from assistant.settings import Settings
from index.encoder import Encoder, load_encoder
from index.sentences import PUBLISHED_NAME
from index.store import Store

PASSAGES = (1, 5, 12, 20)


def place(store: Store, encoder: Encoder, one: Asked, documents: set[str] | None) -> float:
    """How many passages come before the first that holds an answer."""
    query = understand(one.question, encoder)
    hits = by_turns(retrieve(store, query, Settings().retrieval, documents=documents))
    return next((n for n, hit in enumerate(hits) if one.is_told_by(hit)), float("inf"))


def shares(store: Store, encoder: Encoder, asked: Sequence[Asked]) -> dict[str, dict[str, float]]:
    """The share of questions with an answer among so many passages, of all documents and of the article alone."""
    own = articles(store)
    over = {
        "all": [place(store, encoder, one, None) for one in asked],
        "own article": [place(store, encoder, one, own.get(article_of(one.context))) for one in asked],
    }
    return {
        name: {str(count): float(np.mean([n < count for n in places])) for count in PASSAGES}
        for name, places in over.items()
    }


def measured(name: str, found: Sequence[Context], questions: int) -> tuple[int, dict[str, object]]:
    """How many questions of the set are answerable, and the shares with each encoder."""
    count, over = 0, dict[str, object]()
    for kind, encoder in (("tuned", load_encoder()), ("as published", load_encoder(PUBLISHED_NAME))):
        with drawn(name, found, encoder, questions) as (store, every):
            asked = [one for one in every if one.answers]
            count, over[kind] = len(asked), shares(store, encoder, asked)
    return count, over


def main() -> None:
    """Retrieve with both, keep the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=400, help="of each set, answerable or not")
    options = parser.parse_args()
    record, found = Record("encoder", n=0, seed=SEED), {}
    for name, contexts in choose_sets(options.data, load_encoder()).items():
        count, over = measured(name, contexts, options.questions)
        found[name] = {"n": count, **over}
        record.n += count
    record.write(found)


if __name__ == "__main__":
    main()
