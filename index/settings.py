"""The settings of the index: how texts are encoded, found and stored."""

from dataclasses import dataclass

from index.batches import BATCH_TOKENS


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """How the two views are made and searched; a default that says nothing of a measurement is hand-set."""

    batch_tokens: int = BATCH_TOKENS  # word pieces in one encoder batch, padding included
    batch_passages: int = 2048  # passages held in memory and sorted by length at a time
    commit_passages: int = 512  # passages encoded between two commits: what a crash or a stop can lose
    prefix_in_vectors: bool = True  # title and heading path are embedded before the text
    # Of a term's BM25 score in title and headings, 0 searching the text alone; benchmarks/results/retrieval.json.
    prefix_weight: float = 0.6
    exact_up_to: int = 200_000  # passages searched exactly; above, IVF with scalar quantization
    lists: int = 4096  # of an IVF index, fewer where there are under 39 training vectors a list
    probes: int = 1024  # lists visited by one query; with a quarter recall@10 is over 0.99, see results/probes.json
    rescore: int = 4  # candidates re-scored exactly for each one asked for, above `exact_up_to`
    delta_share: float = 0.1  # a view is written anew when changes since its base exceed this share of it
    delta_floor: int = 2000  # changes that never make a view be written anew
