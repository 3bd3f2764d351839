"""Kills writers at every named moment and at random, turns bytes over, and asks throughout rebuilds.

    PYTHONPATH=. python benchmarks/soak.py [--kills N] [--flips N] [--rebuilds N]

With the hashed encoder, because what is tested is what lies on the disk. Ends at the first thing that must never
happen. Writes `benchmarks/results/soak.json`.
"""

import argparse
import logging
import random
import shutil
import signal
import tempfile
from collections import Counter
from pathlib import Path
from time import time_ns
from typing import get_args

from record import Record
from soak_flips import flips
from soak_readers import throughout
from soak_state import CONSTANT, Place, Wrong

from corpus.errors import IndexNotFound
from index.change import exclude
from index.durable import Step
from tests.index.crash import ANY, Order, Victims, write_edition

SEED = 4
LONGEST = 0.4  # seconds until a random kill: several builds
STATES = ("build", "build again", "first build", "forget", "exclude", "include", "set", "repair")


def named(place: Place, victims: Victims) -> dict[str, object]:
    """Kills at every passing of every named moment, in every task."""
    kills: Counter[str] = Counter()
    for state in STATES:
        task = prepare(place, state)
        passed = victims.moments(Order(task, str(place.documents), str(place.index)))
        for moment, times in passed.items():
            kills[moment] += sum(killed(place, victims, state, moment, nth) for nth in range(1, times + 1))
        print(f"{state}: {kills.total()} kills so far", flush=True)
    moments = {f"{step} {when}" for step in get_args(Step) for when in ("before", "after")}
    missed = sorted(moment for moment in moments if not kills[moment])
    if missed:
        raise Wrong(f"never killed at: {missed}")
    return {"moments": len(moments), "kills": kills.total(), "fewest_at_a_moment": min(kills.values())}


def uses_of_files(place: Place, victims: Victims) -> dict[str, object]:
    """Kills at each use of a file by a build, named or not."""
    kills = 0
    while killed(place, victims, "build", ANY, kills + 1):
        kills += 1
    return {"kills": kills}


def killed(place: Place, victims: Victims, state: str, moment: str, nth: int) -> bool:
    """Whether a writer got so far as to be killed there; the index is found whole in any case."""
    task = prepare(place, state)
    ended = victims.run(Order(task, str(place.documents), str(place.index), moment, nth))
    if ended not in (0, -signal.SIGKILL):
        raise Wrong(f"{task} ended with {ended} at {moment}")
    check(place, fresh=state == "first build")
    return ended != 0


def prepare(place: Place, state: str) -> str:
    """Bring the index where the task has something to do; the task."""
    if state == "first build":
        place.start_anew()
    elif state == "repair":
        place.renew()
        shutil.rmtree(place.index / "views")
    else:
        place.renew()
    if state == "include":
        exclude(place.index, "5.txt")
    if state in ("build", "first build", "repair"):
        write_edition(place.documents, time_ns())
    return state if state in ("forget", "exclude", "include", "set") else "build"


def check(place: Place, *, fresh: bool) -> None:
    """Read everything; a first build may also have left nothing."""
    try:
        if place.check() < CONSTANT + (not fresh) * 2:
            raise Wrong("documents are lost")
    except IndexNotFound:
        if not fresh:
            raise


def at_random(place: Place, victims: Victims, count: int) -> dict[str, object]:
    """Kills after random times of building on and on."""
    chance = random.Random(SEED)
    place.renew()
    for _ in range(count):
        order = Order("build on and on", str(place.documents), str(place.index))
        if victims.run(order, chance.uniform(0, LONGEST)) != -signal.SIGKILL:
            raise Wrong("a writer ended by itself")
        check(place, fresh=False)
    return {"kills": count, "torn": 0, "lost_documents": 0}


def main() -> None:
    """Do all of it and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--flips", type=int, default=400)
    parser.add_argument("--rebuilds", type=int, default=50)
    chosen = parser.parse_args()
    logging.getLogger("index").setLevel(logging.ERROR)  # repairs are meant here
    record = Record("soak", n=chosen.kills, seed=SEED)
    with tempfile.TemporaryDirectory() as folder, Victims() as victims:
        place = Place.make(Path(folder))
        figures: dict[str, object] = {
            "named_moments": named(place, victims),
            "uses_of_files": uses_of_files(place, victims),
            "random_moments": at_random(place, victims, chosen.kills),
        }
        place.renew()
        figures["flipped_bytes"] = flips(place, chosen.flips, random.Random(SEED))
        figures["readers"] = throughout(place, chosen.rebuilds)
    record.write(figures)


if __name__ == "__main__":
    main()
