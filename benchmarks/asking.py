"""How long a question takes over 10,000 passages, by stage.

    python benchmarks/asking.py --data DATA [--passages N] [--questions N] [--reader NAME]

Writes `benchmarks/results/asking.json` (another reader's: `asking-READER.json`); the index is kept in the user's cache
folder for the next run.
"""

import argparse
import resource
from itertools import islice
from pathlib import Path

import numpy as np
from platformdirs import user_cache_path
from record import Record
from texts import paragraphs, questions

from assistant import Assistant
from corpus.errors import IndexNotFound
from corpus.read import read
from index.build import index_documents
from index.encoder import load_encoder


def opened(folder: Path, data: Path, passages: int, reader: str | None) -> Assistant:
    """The assistant over an index of at least so many passages, made if it is not there."""
    try:
        return Assistant.open(folder, reader=reader)
    except IndexNotFound:
        texts = islice(paragraphs(data), passages)
        folder.mkdir(parents=True, exist_ok=True)
        named = ((f"{n:05}.txt", read(text.encode(), f"{n:05}.txt")) for n, text in enumerate(texts))
        index_documents(folder, load_encoder(None), named)
        return Assistant.open(folder, reader=reader)


def main() -> None:
    """Ask, measure, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--reader")
    chosen = parser.parse_args()
    folder = user_cache_path("chapter-and-verse") / f"asking-{chosen.passages}"
    assistant = opened(folder, chosen.data, chosen.passages, chosen.reader)
    asked = questions(chosen.data, chosen.questions)
    assistant.ask(asked[0])  # the first question pays for what is made on first use
    record = Record("asking" if chosen.reader is None else f"asking-{assistant.reader.name}", n=len(asked))
    answers = [assistant.ask(question) for question in asked]
    stages = {
        stage: {f"p{p}": float(np.percentile([answer.seconds[stage] for answer in answers], p)) for p in (50, 95)}
        for stage in answers[0].seconds
    }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    record.write({"passages": answers[0].searched.passages, "seconds": stages, "peak_memory_mb": peak})


if __name__ == "__main__":
    main()
