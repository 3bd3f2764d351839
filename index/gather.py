"""Fresh files to documents of the next generation: linked where the bytes are known, loaded where they are not."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from corpus.documents import Document, Problem
from index import codec, failures, recipe
from index.catalog import Catalog
from index.failures import Failure
from index.progress import check
from index.records import FileRow
from index.scan import Entry, Key, Look, sha256_of
from index.stage import Stage, Work

MB = 1_000_000


@dataclass
class Gathered:
    """What became of the fresh files."""

    entries: list[Entry] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


class Gatherer:
    """Finds or makes the document of each file. A document's id is known once its batch is written."""

    def __init__(self, work: Work, stage: Stage, look: Look) -> None:
        self._work = work
        self._stage = stage
        self._look = look
        self._limits = recipe.limits(work.corpus)
        self._failed = failures.read(work.catalog)
        self._staged: list[tuple[FileRow, str]] = []  # files with the SHA-256 of documents on their way
        self.gathered = Gathered()

    def gather(self, files: Sequence[FileRow]) -> Gathered:
        """Every file as an entry, a failure or both: a failed file keeps what it held before."""
        groups: defaultdict[str, list[FileRow]] = defaultdict(list)
        for file in files:
            check(self._work.should_stop)
            if not self._carried(file):
                groups[self._sha256(file)].append(file)
        unknown = [group for sha256, group in groups.items() if not self._linked(sha256, group)]
        while unknown:
            unknown = self._load(unknown)
        self._stage.flush()
        for file, sha256 in self._staged:
            self._enter(file, sha256)
        return self.gathered

    def _carried(self, file: FileRow) -> bool:
        known = self._failed.get(_key(file))
        if known is None or not failures.same_failure(known, file, self._limits):
            return False
        self._fail(known)
        return True

    def _sha256(self, file: FileRow) -> str:
        """The hash of a file's bytes; the path for one too large or not readable, which loading will explain."""
        small = file.size <= self._work.corpus.file_mb * MB
        found = sha256_of(_path(file)) if small else None
        return str(_path(file)) if found is None else found

    def _linked(self, sha256: str, files: Sequence[FileRow]) -> bool:
        """Whether the bytes are known already; then no file is read."""
        if self._stage.find(sha256, recipe.loader()) is None:
            return False
        for file in files:
            self._enter(file, sha256)
            self._work.meter.advance(file.size)
        return True

    def _load(self, groups: Sequence[Sequence[FileRow]]) -> list[list[FileRow]]:
        """Load one file of each group of equal bytes; returns what is left of groups whose file changed meanwhile."""
        by_path = {_path(group[0]): group for group in groups}
        left = []
        for path, loaded in self._work.load(list(by_path), self._work.corpus):
            check(self._work.should_stop)
            group = by_path[path]
            if isinstance(loaded, Problem):
                for file in group:
                    self._fail(failures.failure(file, self._limits, loaded))
                self._work.meter.advance(group[0].size)
            elif len(group) > 1 and sha256_of(_path(group[1])) != loaded.sha256:
                self._take(group[:1], loaded)
                left.append(list(group[1:]))
            else:
                self._take(group, loaded)
        return left

    def _take(self, files: Sequence[FileRow], document: Document) -> None:
        if self._stage.find(document.sha256, recipe.loader()) is None:
            self._stage.add(document, recipe.loader(), files[0].size)
        self._staged += ((file, document.sha256) for file in files)

    def _enter(self, file: FileRow, sha256: str) -> None:
        number = self._stage.find(sha256, recipe.loader())
        if number is None:
            raise KeyError(sha256)
        before = self._look.known.get(_key(file))
        added = before.added if before is not None else datetime.now(UTC).isoformat(timespec="seconds")
        self.gathered.entries.append(Entry(file, number, sha256, self._look.seen_ns, added))

    def _fail(self, failure: Failure) -> None:
        before = self._look.known.get(_key(failure.file))
        self.gathered.failures.append(failure)
        self.gathered.problems.append(failure.problem(before))
        if before is not None:
            self.gathered.entries.append(before)


def renewed(work: Work, stage: Stage, entries: Iterable[Entry]) -> list[Entry]:
    """The entries with documents that this encoder and these settings split and encoded, from the stored texts."""
    entries = list(entries)
    made: dict[int, str] = dict(work.catalog.rows("SELECT id, recipe FROM documents"))
    loads = {entry.document: recipe.loaded_with(made[entry.document]) for entry in entries}
    stale = {entry.document: entry.sha256 for entry in entries if not made[entry.document].endswith(work.splitter)}
    for number, sha256 in stale.items():
        check(work.should_stop)
        if stage.find(sha256, loads[number]) is None:
            stage.add(_whole(work.catalog, number), loads[number], 0)
    stage.flush()
    numbers = {number: stage.find(sha256, loads[number]) for number, sha256 in stale.items()}
    return [replace(entry, document=numbers.get(entry.document) or entry.document) for entry in entries]


def united(catalog: Catalog, entries: Iterable[Entry]) -> list[Entry]:
    """The entries with one document for the same bytes, the one that this version of the program made if there is one.

    A file that cannot be read any more keeps its document, also where a copy was read anew.
    """
    entries = list(entries)
    made: dict[int, str] = dict(catalog.rows("SELECT id, recipe FROM documents"))
    held = {entry.document: entry.sha256 for entry in entries}
    newest_last = sorted(held, key=lambda number: (recipe.loaded_with(made[number]) == recipe.loader(), number))
    chosen = {held[number]: number for number in newest_last}
    return [replace(entry, document=chosen[entry.sha256]) for entry in entries]


def outdated(catalog: Catalog, entries: Iterable[Entry]) -> set[Key]:
    """The files whose text an earlier version of the program made."""
    sql = "SELECT id FROM documents WHERE substr(recipe, 1, instr(recipe, ?) - 1) != ?"
    old = {row[0] for row in catalog.rows(sql, (recipe.SEPARATOR, recipe.loader()))}
    return {entry.key for entry in entries if entry.document in old}


def _whole(catalog: Catalog, number: int) -> Document:
    """A stored document with its runs and boxes."""
    row = catalog.rows(f"SELECT {codec.HEAD}, runs FROM documents WHERE id = ?", (number,))[0]
    boxes = catalog.rows("SELECT number, start, width, height, packed FROM boxes WHERE document = ?", (number,))
    return replace(codec.document(row[:-1]), runs=codec.runs(row[-1]), boxes=codec.boxes(boxes))


def _key(file: FileRow) -> Key:
    return file.root, file.relative


def _path(file: FileRow) -> Path:
    path = file.path
    return path if path is not None else Path(file.relative)
