"""Loads every supported file under DATA/documents: each one is indexed or reported, none crashes or hangs.

    python benchmarks/check_documents.py --data ../shared/data

The files are whatever lies there; the published run used public test collections of PDF readers and long reports.
"""

import argparse
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from time import perf_counter

from record import Record
from tqdm import tqdm

from corpus.documents import Document, Problem
from corpus.formats import SUFFIXES
from corpus.load import load_files

CLASSES = {
    "crash": "made its reader crash",
    "hang": "took longer than",
    "out of memory": "of memory",
    "unknown error": "damaged or uses something unknown",
    "password": "password",
    "damaged": "damaged",
    "images": "image",
    "font codes": "font codes",
    "empty file": "0 bytes",
    "no text": "no text",
}


def main() -> None:
    """Loads, counts, writes `results/documents.json`; ends with 1 if a file crashed, hung or got lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    root = parser.parse_args().data / "documents"
    paths = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix.lower() in SUFFIXES)
    record = Record("documents", n=len(paths))
    began = perf_counter()
    found = dict(tqdm(load_files(paths), total=len(paths), unit="file"))
    seconds = perf_counter() - began
    figures = counted(found.items(), root)
    record.write({"seconds": round(seconds, 1), "lost": len(set(paths) - set(found)), **figures})
    if len(found) < len(paths) or figures["crashes"] or figures["hangs"]:
        raise SystemExit(1)


def counted(found: Iterable[tuple[Path, Document | Problem]], root: Path) -> dict[str, object]:
    """How many files of each format came through, and why the others did not."""
    formats: dict[str, Counter[str]] = {kind: Counter() for kind in sorted(set(SUFFIXES.values()))}
    classes: Counter[str] = Counter()
    partly: Counter[str] = Counter()
    problems = []
    for path, result in sorted(found):
        format_ = formats[SUFFIXES[path.suffix.lower()]]
        if isinstance(result, Problem):
            format_["reported"] += 1
            classes[reason_class(result.reason)] += 1
            problems.append(listed(path, root, result))
            continue
        format_["indexed"] += 1
        format_["characters"] += len(result.text)
        format_["pages"] += len(result.pages)
        partly.update(reason_class(problem.reason) for problem in result.problems)
        problems += [listed(path, root, problem) | {"indexed": True} for problem in result.problems]
    return {
        "indexed": sum(format_["indexed"] for format_ in formats.values()),
        "reported": sum(classes.values()),
        "crashes": classes["crash"],
        "hangs": classes["hang"],
        "reported_by_reason": dict(classes.most_common()),
        "indexed_with_a_problem": dict(partly.most_common()),
        "formats": {kind: dict(counts) for kind, counts in formats.items()},
        "problems": problems,
    }


def reason_class(reason: str) -> str:
    """The first class whose words the reason has."""
    return next((name for name, words in CLASSES.items() if words in reason), "other")


def listed(path: Path, root: Path, problem: Problem) -> dict[str, object]:
    """A problem as it stands in the results."""
    return {"file": path.relative_to(root).as_posix(), "reason": problem.reason, "next_step": problem.next_step}


if __name__ == "__main__":
    main()
