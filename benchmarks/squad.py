"""How good the answers to SQuAD 1.1 questions are, asked end to end: reported only, nothing is chosen by it.

    python benchmarks/squad.py --data DATA [--questions N] [--reader NAME]

Runs `assistant evaluate` over `squad1.1-dev32-report.json.gz`: its 1,414 contexts are the documents, each under its
article's title, and 7,595 questions are asked over all of them, or N spread evenly. Index and run are kept in the
user's cache folder: stopped, the same command goes on with the next question. Writes `benchmarks/results/squad.json`
(of N questions `squad-N.json`, of another reader `squad-READER.json`).
"""

import argparse
import gzip
import json
import resource
from pathlib import Path
from typing import Any

import numpy as np
from platformdirs import user_cache_path
from record import Record

from assistant import Assistant
from assistant.commands.progress import shown
from assistant.evaluation.command import Request, run_evaluate
from assistant.evaluation.results import Run
from assistant.evaluation.setup import options_for, runs_of
from corpus.errors import IndexNotFound
from index.build import index_documents
from index.encoder import load_encoder

SET = "squad1.1-dev32-report.json.gz"


def fewer(path: Path, count: int, folder: Path) -> Path:
    """The set with all its contexts and so many of its questions, spread evenly, written into `folder`."""
    whole = json.loads(gzip.decompress(path.read_bytes()))
    paragraphs = [paragraph for article in whole["data"] for paragraph in article["paragraphs"]]
    total = sum(len(paragraph["qas"]) for paragraph in paragraphs)
    chosen, number = set(np.linspace(0, total - 1, count).round().astype(int).tolist()), 0
    for paragraph in paragraphs:
        numbered = list(enumerate(paragraph["qas"], start=number))
        number += len(numbered)
        paragraph["qas"] = [row for place, row in numbered if place in chosen]
    written = folder / f"squad-{count}.json"
    written.write_text(json.dumps(whole), encoding="utf-8")
    return written


def opened(folder: Path, reader: str | None) -> Assistant:
    """The assistant over an index without documents: the set's own are indexed beside it."""
    try:
        return Assistant.open(folder, reader=reader)
    except IndexNotFound:
        folder.mkdir(parents=True, exist_ok=True)
        index_documents(folder, load_encoder(None), ())
        return Assistant.open(folder, reader=reader)


def figures(run: Run) -> dict[str, Any]:
    """Every figure of the run, where its questions were lost, and seconds: by stage, and of all questions together."""
    told = run.as_dict()
    asked = sum(row.seconds["total"] for row in run.rows)
    seconds = {**told["timings"], "all_questions": round(asked, 1)}
    return {**told["figures"], "lost": told["blame"]["counts"], "threshold": run.threshold, "seconds": seconds}


def main() -> None:
    """Index, ask, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, help="so many, spread evenly, instead of all")
    parser.add_argument("--reader")
    chosen = parser.parse_args()
    parts = ("squad", Path(chosen.reader).name if chosen.reader else "", str(chosen.questions or ""))
    record = Record("-".join(filter(None, parts)), n=0)  # its seconds are all that a user waits for, models included
    folder = user_cache_path("chapter-and-verse") / "squad"
    assistant = opened(folder, chosen.reader)
    path = chosen.data / SET if chosen.questions is None else fewer(chosen.data / SET, chosen.questions, folder)
    try:
        with shown() as progress:
            options = options_for(assistant, progress=progress, notice=print)
            outcome = run_evaluate(assistant, Request(path, runs_of(folder)), options, progress=progress)
    except KeyboardInterrupt:
        raise SystemExit("Stopped. The same command goes on where it was.") from None
    if outcome.run is None:
        raise SystemExit(outcome.text)
    record.n = len(outcome.run.rows)
    print(outcome.text)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    record.write({**figures(outcome.run), "peak_megabytes": round(peak)})


if __name__ == "__main__":
    main()
