"""What stands in the folders compared with what was indexed: which files are the same, new, or gone."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from corpus.documents import Problem
from corpus.errors import UsageError
from corpus.find import File, Found, find, once
from index import stored
from index.catalog import Catalog
from index.codec import unpacked
from index.own import uploads_of, without_own
from index.records import FileRow

Key = tuple[str, str]  # root, relative path
DOUBT_NS = 2_000_000_000  # a file changed this shortly before it was looked at may have changed again unseen


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a generation: what it was, when it was looked at, and the document that it holds."""

    file: FileRow
    document: int
    sha256: str
    seen_ns: int
    added: str

    @property
    def key(self) -> Key:
        """The file's place."""
        return self.file.root, self.file.relative


@dataclass(frozen=True, slots=True)
class Look:
    """The folders as they are. `same` cost a stat; `fresh` are to be looked into; `gone` are not there."""

    roots: tuple[Path, ...]
    same: tuple[Entry, ...]
    fresh: tuple[FileRow, ...]
    gone: tuple[Entry, ...]
    known: dict[Key, Entry]
    missing: tuple[str, ...]
    problems: tuple[Problem, ...]
    skipped: tuple[tuple[str, str], ...]
    seen_ns: int


def known_entries(catalog: Catalog) -> dict[Key, Entry]:
    """The files of the present generation."""
    sql = f"SELECT {stored.FILE}, document, sha256, seen_ns, added FROM files JOIN documents ON id = document"
    rows = catalog.rows(sql)
    entries = (Entry(stored.file_row(row[:6]), *row[6:]) for row in rows)
    return {entry.key: entry for entry in entries}


def look(
    catalog: Catalog, roots: Sequence[Path], patterns: Sequence[str], *, leave: frozenset[str] = frozenset()
) -> Look:
    """Go through the roots and compare; reads no file. The files in `leave` count as what they were, if anything."""
    seen_ns = time.time_ns()
    known = known_entries(catalog)
    found = once(without_own(find(roots, patterns), roots, catalog.path.parent), roots)
    banned = frozenset(stored.exclusions(catalog, "file"))
    out = banned | leave  # most often empty, and a path costs more than the rest of a file
    files = [file_row(file) for file in found.files if not out or str(file.path) not in out]
    left = [entry for entry in known.values() if str(entry.file.path) in leave] if leave else []
    same = (*(known[_key(file)] for file in files if unchanged(known.get(_key(file)), file)), *left)
    settled = {entry.key for entry in same}
    there = {_key(file) for file in files} | settled
    return Look(
        roots=tuple(roots),
        same=same,
        fresh=tuple(file for file in files if _key(file) not in settled),
        gone=tuple(entry for key, entry in known.items() if key not in there),
        known=known,
        missing=tuple(str(root) for root in found.missing),
        problems=found.problems,
        skipped=_skipped(found, banned),
        seen_ns=seen_ns,
    )


def unchanged(entry: Entry | None, file: FileRow) -> bool:
    """Whether the file's stat says for certain that its bytes are those that were indexed."""
    return entry is not None and entry.file == file and max(file.mtime_ns, file.ctime_ns) < entry.seen_ns - DOUBT_NS


def file_row(file: File) -> FileRow:
    """A found file as it is stored."""
    return FileRow(str(file.root), file.relative, file.size, file.mtime_ns, file.ctime_ns, file.inode)


def sha256_of(path: Path) -> str | None:
    """The SHA-256 of a file's bytes; null where it cannot be read, which loading will explain."""
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def resolved_roots(catalog: Catalog, given: Sequence[Path], *, only: bool) -> tuple[Path, ...]:
    """The roots to build: those remembered and those given, or with `only` those given and the uploads.

    Raises:
        UsageError: a root that was never seen is not there, or there is none at all.
    """
    remembered = [Path(unpacked(path)) for (path,) in catalog.rows("SELECT path FROM roots ORDER BY path")]
    added = [root.expanduser().absolute() for root in given]
    for root in added:
        if root not in remembered and not root.exists():
            raise UsageError(f"There is no file or folder {root}. Check the path.")
    uploads = uploads_of(catalog.path.parent)
    if only:  # nobody named the uploads' folder, so nobody means to replace it
        remembered = [uploads] if added and (uploads in remembered or uploads.is_dir()) else []
    roots = dict.fromkeys([*remembered, *added])
    if not roots:
        raise UsageError("No folder is indexed yet. Name one: `assistant build FOLDER`.")
    return tuple(roots)


def _key(file: FileRow) -> Key:
    return file.root, file.relative


def _skipped(found: Found, banned: frozenset[str]) -> tuple[tuple[str, str], ...]:
    removed = [(str(file.path), "removed by you") for file in found.files if banned and str(file.path) in banned]
    return (*((str(entry.path), entry.reason) for entry in found.skipped), *removed)
