"""How well the shipped reader reads: the passage is given, not found.

    PYTHONPATH=. python benchmarks/reader.py --data DATA [--limit N]    # `training/` is not installed

The margin below which it is silent is chosen on the first set (choose role); the other two are reported only. Writes
`benchmarks/results/reader.json`, from which `tables.py` fills the README and the model card.
"""

import argparse
from dataclasses import asdict
from pathlib import Path

from record import Record

from assistant.reading.load import SHIPPED
from assistant.reading.trained import TrainedReader
from training.score_reading import best_threshold, read_all, read_set, sampled, score

SETS = ("squad2.0-dev4-choose", "squad1.1-dev32-report", "squad2.0-dev19-report")


def main() -> None:
    """Read, score, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=0, help="questions of each set, spread evenly; 0: all")
    chosen = parser.parse_args()
    record, reader = Record("reader", n=0), TrainedReader.load(SHIPPED, name=SHIPPED.name)
    threshold, sets = None, {}
    for name in SETS:
        asked = sampled(list(read_set(chosen.data / f"{name}.json.gz")), chosen.limit)
        read = list(read_all(reader, asked))
        threshold = best_threshold(read) if threshold is None else threshold
        sets[name] = asdict(score(read, threshold))
        record.n += len(read)
    record.write({"reader": reader.revision, "threshold": threshold, "sets": sets})


if __name__ == "__main__":
    main()
