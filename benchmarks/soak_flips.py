"""Every file of an index with a byte turned over: what is damaged is found or made again, and nothing wrong is said."""

import random
import shutil
from collections import Counter
from pathlib import Path

from soak_state import CONSTANT, SECRET, Place, Wrong

from corpus.errors import IndexDamaged, IndexMismatch, IndexNotFound
from index.hashed import HashedEncoder
from index.open import Index

REFUSED = (IndexDamaged, IndexMismatch, IndexNotFound)  # each says what to do


def flips(place: Place, count: int, chance: random.Random) -> dict[str, object]:
    """What became of `count` flips in every file, each in a fresh copy of the index."""
    outcomes: dict[str, Counter[str]] = {}
    before = place.repair()
    names = sorted(path.relative_to(place.index) for path in place.index.rglob("*") if path.is_file())
    for name in names:
        kind = "views" if name.parts[0] == "views" else name.name
        for _ in range(count if kind == "catalog.sqlite" else max(1, count // 20)):
            copy = place.index.with_name("flipped")
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(place.index, copy)
            if turn_over(copy / name, chance):
                outcomes.setdefault(kind, Counter())[outcome(Place(place.documents, copy), before)] += 1
    return {"files": len(names), **{kind: dict(sorted(counts.items())) for kind, counts in outcomes.items()}}


def turn_over(path: Path, chance: random.Random) -> bool:
    """Turn over some bits of one byte; false for an empty file."""
    raw = bytearray(path.read_bytes())
    if raw:
        raw[chance.randrange(len(raw))] ^= chance.randrange(1, 256)
        path.write_bytes(raw)
    return bool(raw)


def outcome(place: Place, repair: str) -> str:
    """Whether the flip changed nothing, was mended, which `repair` does not tell of yet, or was found.

    Raises:
        Wrong: a text that no document holds passes every check.
    """
    known = {f"Sentence {n} of document {d} never changes." for n in range(8) for d in range(CONSTANT)} | {SECRET}
    try:
        with Index.open(place.index, HashedEncoder()) as index, index.snapshot() as store:
            for row in store.status().files:
                document = store.document(row.sha256)
                if document.text_sha256 != store.stored_text_sha256(row.sha256):
                    return "found by the text's hash"
                strange = set(document.text.strip().split("\n\n")) - known
                if any(not text.startswith("Edition ") for text in strange):
                    raise Wrong(f"{strange} in {row.relative}")
        with Index.open(place.index, HashedEncoder()) as index:
            index.check()
        return "no answer touched" if place.repair() == repair else "mended"
    except REFUSED as refusal:
        return f"refused ({type(refusal).__name__})"
