"""How good the answers to `examples/questions.jsonl` are: reported only, nothing is chosen by it.

    python benchmarks/examples.py [--reader NAME]

Runs `assistant evaluate` over an index of `examples/documents`; writes `benchmarks/results/examples.json` (another
reader's: `examples-READER.json`).
"""

import argparse
import tempfile
from pathlib import Path

from record import Record

from assistant import Assistant
from assistant.evaluation.command import Request, run_evaluate
from assistant.evaluation.setup import options_for
from index.build import BuildOptions, build
from index.encoder import load_encoder

EXAMPLES = Path(__file__).parent.parent / "examples"


def main() -> None:
    """Build, evaluate, keep."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader")
    chosen = parser.parse_args()
    record = Record("examples" if chosen.reader is None else f"examples-{Path(chosen.reader).name}", n=0)
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder)
        build(index, load_encoder(None), roots=[EXAMPLES / "documents"], options=BuildOptions())
        assistant = Assistant.open(index, reader=chosen.reader)
        options = options_for(assistant, progress=None, notice=print)
        outcome = run_evaluate(assistant, Request(EXAMPLES / "questions.jsonl", index / "runs"), options)
    if outcome.run is None:
        raise SystemExit(outcome.text)
    record.n = len(outcome.run.rows)
    print(outcome.text)
    figures = {
        name: {"value": f.value, "low": f.low, "high": f.high, "n": f.n} for name, f in outcome.run.figures.items()
    }
    record.write({"threshold": outcome.run.threshold, **figures})


if __name__ == "__main__":
    main()
