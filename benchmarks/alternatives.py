"""The same folder indexed by this project and by plain alternatives: speed, questions, disk and memory, as ratios.

    python benchmarks/alternatives.py --data DATA [--passages N] [--questions N] [--rounds N]

The alternatives are a loop of sentence-transformers and FAISS, txtai, and Haystack, the latter two at pinned versions
in environments of their own, made in the user's cache folder on the first run; only that uses the network. All run the
same encoder on the same versions of torch and transformers.

What counts as the same: this project is given the folder of text files and does all that a build does (load, clean,
split, encode, catalog, vector and keyword views, on the disk to stay). The alternatives are handed the passages that it
makes, as it embeds them, so that passages a second mean the same, and neither load nor split anything. Each works
as its own first example does, by meaning alone, and saves its index; it is then opened again and asked. Questions are
timed until the ten best passages' texts are there, in this project by meaning and by words.

Seconds count from after the model is loaded until the index is saved. Peak memory is that of indexing, the processes
that load files included. Each runs in its own process, one after the other in rounds, and medians are kept, since a
machine's speed varies; a ratio is that of the same round. Passages a CPU second stand beside passages a second: where
the two ratios differ much, something else had the machine. Writes `benchmarks/results/alternatives.json`.
"""

import argparse
import json
import os
import subprocess
import tempfile
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any

from builders.environments import CannotRun, last_words, python
from builders.measured import Job
from record import Record
from texts import paragraphs, questions, write_files

from index.precision import has_bf16
from index.sentences import OFFLINE, shipped_folder

Figures = dict[str, Any]
SCRIPTS = Path(__file__).parent / "builders"
PARAGRAPHS, PASSAGES = 10, 9  # ten paragraphs of a file make about nine passages
METRICS = ("passages_per_second", "passages_per_cpu_second", "query_p50_ms", "index_bytes", "peak_memory_mb")
SPEED = METRICS[0]
BAR = {True: 2.5, False: 1.0}  # times the passages a second of any alternative, where the CPU has bf16 and elsewhere
QUIET = OFFLINE | {"HAYSTACK_TELEMETRY_ENABLED": "False", "CUDA_VISIBLE_DEVICES": ""}


@dataclass
class Contender:
    """One way to build: its script, what is installed for it, and what was seen of it, a round each."""

    script: str
    requirements: tuple[str, ...] = ()
    rounds: list[Figures] = field(default_factory=list)
    cannot_run: str = ""


def contenders() -> dict[str, Contender]:
    """All of them, this project first."""
    # 3.4.1 wants a certifi newer than that of .ci/constraints.txt
    haystack = ("haystack-ai==3.4.0", "sentence-transformers-haystack==2.0.0")
    return {
        "ours": Contender("ours.py"),
        "plain loop": Contender("plain.py"),
        "txtai": Contender("with_txtai.py", ("txtai==9.14.0",)),
        "haystack": Contender("with_haystack.py", haystack),
    }


def run(interpreter: Path, script: str, *arguments: str) -> str:
    """What a script prints, away from the network and from this project's path. Raises: CannotRun."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | QUIET
    command = [str(interpreter), str(SCRIPTS / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        raise CannotRun(f"{script} failed: {last_words(done.stderr)}")
    return done.stdout


def one_round(name: str, contender: Contender, job: Job) -> None:
    """Build once more, unless it cannot be."""
    if contender.cannot_run:
        return
    try:
        interpreter = python(name, contender.requirements)
        with tempfile.TemporaryDirectory() as index:
            task = {key: str(path) for key, path in asdict(replace(job, index=Path(index))).items()}
            contender.rounds.append(json.loads(run(interpreter, contender.script, json.dumps(task)).splitlines()[-1]))
    except CannotRun as reason:
        if name == "ours":
            raise
        contender.cannot_run = str(reason)
    print(f"{name}: {contender.cannot_run or contender.rounds[-1]}", flush=True)


def prepare(place: Path, data: Path, *, passages: int, asked: int) -> Job:
    """The folder of files, the passages that they make, and the questions."""
    job = Job(place / "documents", place / "passages.jsonl", place / "questions.jsonl", shipped_folder(), place)
    write_files(job.documents, paragraphs(data), files=max(1, round(passages / PASSAGES)), paragraphs_each=PARAGRAPHS)
    job.questions.write_text(lines(questions(data, asked)))
    run(python("ours", ()), "passages.py", str(job.documents), str(job.passages))
    return job


def lines(texts: Iterable[str]) -> str:
    """A JSON string a line."""
    return "".join(f"{json.dumps(text)}\n" for text in texts)


def summary(contender: Contender, ours: Contender) -> Figures:
    """Medians over the rounds, and this project's figures divided by these."""
    if contender.cannot_run:
        return {"cannot_run": contender.cannot_run}
    pairs = list(zip(ours.rounds, contender.rounds, strict=True))
    return {
        "versions": contender.rounds[0]["versions"],
        "median": {metric: median(seen[metric] for seen in contender.rounds) for metric in METRICS},
        "ours_divided_by_this": {
            metric: median(own[metric] / seen[metric] for own, seen in pairs) for metric in METRICS
        },
        "found_by_own_words": min(seen["found"] for seen in contender.rounds),
        "passages_per_second_by_round": [seen[SPEED] for seen in contender.rounds],
    }


def main() -> None:
    """Measure and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--passages", type=int, default=2000, help="about so many")
    parser.add_argument("--questions", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    all_of_them = contenders()
    with tempfile.TemporaryDirectory() as place:
        job = prepare(Path(place), chosen.data, passages=chosen.passages, asked=chosen.questions)
        count = len(job.passages.read_text().splitlines())
        record = Record("alternatives", n=count)
        for _ in range(chosen.rounds):
            for name, contender in all_of_them.items():
                one_round(name, contender, job)
    figures = {name: summary(contender, all_of_them["ours"]) for name, contender in all_of_them.items()}
    ratios = [seen["ours_divided_by_this"][SPEED] for seen in list(figures.values())[1:] if "cannot_run" not in seen]
    bar = BAR[has_bf16()]
    record.write(
        {
            "passages": count,
            "questions": chosen.questions,
            "rounds": chosen.rounds,
            "bf16": has_bf16(),
            "speed_wanted": bar,
            "speed_reached": min(ratios, default=None),
            "indexed": figures,
        }
    )


if __name__ == "__main__":
    main()
