"""What turning a question's vector gains: how often a passage with the answer is among the first that are read.

    python benchmarks/question_map.py --data DATA [--questions N]

Data (choose role only): see `asked.py`. Every answerable question is retrieved over all contexts of its set that were
not left out, and over those of its own article alone, with its vector turned and as the encoder made it; passages in
the order in which they are read. Writes `benchmarks/results/question_map.json`.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from asked import SEED, Asked, Context, article_of, articles, choose_sets, drawn
from record import Record

from assistant.reading.budget import by_turns
from assistant.retrieve import Query, retrieve, understand
from assistant.settings import Settings
from index.encoder import Encoder, load_encoder
from index.store import Store

PASSAGES = (1, 5, 12, 20)


def place(store: Store, query: Query, one: Asked, documents: set[str] | None) -> float:
    """How many passages come before the first that holds an answer."""
    hits = by_turns(retrieve(store, query, Settings().retrieval, documents=documents))
    return next((n for n, hit in enumerate(hits) if one.is_told_by(hit)), float("inf"))


def shares(store: Store, queries: Sequence[tuple[Asked, Query]]) -> dict[str, dict[str, float]]:
    """The share of questions with an answer among so many passages, of all documents and of the article alone."""
    own = articles(store)
    over = {
        "all": [place(store, query, one, None) for one, query in queries],
        "own article": [place(store, query, one, own.get(article_of(one.context))) for one, query in queries],
    }
    return {
        name: {str(count): float(np.mean([n < count for n in places])) for count in PASSAGES}
        for name, places in over.items()
    }


def measured(
    name: str, found: Sequence[Context], encoder: Encoder, questions: int
) -> tuple[int, dict[str, dict[str, dict[str, float]]]]:
    """How many questions of the set are answerable, and the shares with turned vectors and the encoder's own."""
    with drawn(name, found, encoder, questions) as (store, every):
        asked = [one for one in every if one.answers]
        turned = [(one, understand(one.question, encoder)) for one in asked]
        as_made = [(one, replace(query, vector=query.encoded)) for one, query in turned]
        return len(asked), {"turned": shares(store, turned), "as the encoder made it": shares(store, as_made)}


def main() -> None:
    """Retrieve both ways, keep the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=400, help="of each set, answerable or not")
    options = parser.parse_args()
    encoder, record = load_encoder(None), Record("question_map", n=0, seed=SEED)
    found = {}
    for name, contexts in choose_sets(options.data, encoder).items():
        count, over = measured(name, contexts, encoder, options.questions)
        found[name] = {"n": count, **over}
        record.n += count
    record.write(found)


if __name__ == "__main__":
    main()
