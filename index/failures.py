"""Files that could not be loaded: an unchanged one is not tried again, its problem stays."""

from dataclasses import dataclass

from corpus.documents import Problem
from index.catalog import Catalog
from index.codec import packed
from index.records import FileRow
from index.scan import Entry, Key
from index.stored import FILE, file_row


@dataclass(frozen=True, slots=True)
class Failure:
    """What went wrong with a file as it was then, within the limits of then."""

    file: FileRow
    limits: str
    reason: str
    next_step: str

    def problem(self, before: Entry | None) -> Problem:
        """The problem as it is shown; `before` is the document that the index keeps of the file."""
        path = str(self.file.path)
        if before is None:
            return Problem(path, self.reason, self.next_step)
        kept = "The text indexed before is kept, and marked as changed where it is quoted."
        return Problem(path, f"{self.reason} {kept}", self.next_step)


def failure(file: FileRow, limits: str, problem: Problem) -> Failure:
    """A file's failure from the problem that loading it had."""
    return Failure(file, limits, problem.reason, problem.next_step)


def read(catalog: Catalog) -> dict[Key, Failure]:
    """The failures of the last build."""
    rows = catalog.rows(f"SELECT {FILE}, recipe, reason, next_step FROM failures")
    found = (Failure(file_row(row[:6]), *row[6:]) for row in rows)
    return {(failure.file.root, failure.file.relative): failure for failure in found}


def write(catalog: Catalog, failures: list[Failure]) -> None:
    """Replace the failures by those of this build."""
    catalog.run("DELETE FROM failures")
    rows = ((*file_values(item.file), item.limits, item.reason, item.next_step) for item in failures)
    catalog.many("INSERT INTO failures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def file_values(file: FileRow) -> tuple[bytes, bytes, int, int, int, int]:
    """The values of the columns `FILE`."""
    return packed(file.root), packed(file.relative), file.size, file.mtime_ns, file.ctime_ns, file.inode


def same_failure(known: Failure | None, file: FileRow, limits: str) -> bool:
    """Whether the file is as it was when it failed, and nothing suggests that it would load now."""
    return known is not None and known.file == file and known.limits == limits
