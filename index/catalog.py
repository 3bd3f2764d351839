"""The only file that opens SQLite: connections, transactions, migrations, and what its errors mean."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Self

from corpus.errors import IndexBusy, IndexDamaged, IndexMismatch, IndexNotFound, UsageError
from index.durable import Step, durable
from index.schema import MIGRATIONS

CATALOG = "catalog.sqlite"
BUSY_SECONDS = 30.0  # a checkpoint or another connection's commit is over long before this
WIPE_MS = 500  # a question is over by then; a reader that takes longer keeps the log a while
REMEDY = (
    f"Your documents are untouched: move {CATALOG} out of the index's folder and build again with "
    "`assistant build FOLDER`; what you excluded must be excluded again."
)
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
UNEXPECTED = (0, sqlite3.SQLITE_ERROR)  # of statements that work: a text or table that is no longer what it was
UNWRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM)

Row = tuple[Any, ...]
Value = str | bytes | int | float | None


class Catalog:
    """One connection to the catalog; every statement of the program passes through it."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.read_only = read_only
        with self._errors():
            self._connection = _connect(path, read_only)
        self._inode = _inode(path)
        if self._inode is None:  # deleted while it was opened
            self.close()
            raise _deleted(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the connection; the last writer's moves the log into the catalog."""
        if self.read_only:
            self._connection.close()
            return
        with durable("close catalog"):
            self._connection.close()

    def is_current(self) -> bool:
        """Whether the file at the path is still the one that was opened."""
        return _inode(self.path) == self._inode

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        """All rows of a query."""
        with self._errors():
            return self._connection.execute(sql, values).fetchall()

    def each(self, sql: str, values: Sequence[Value] = (), *, size: int = 2048) -> Iterator[list[Row]]:
        """The rows of a query, `size` at a time, so that memory does not grow with the corpus."""
        with self._errors():
            cursor = self._connection.execute(sql, values)
        while True:
            with self._errors():
                batch = cursor.fetchmany(size)
            if not batch:
                return
            yield batch

    def one(self, sql: str, values: Sequence[Value] = ()) -> Row | None:
        """The first row of a query."""
        with self._errors():
            return next(self._connection.execute(sql, values), None)

    def run(self, sql: str, values: Sequence[Value] = ()) -> int:
        """The id of the row that a statement inserted."""
        with self._errors():
            return self._connection.execute(sql, values).lastrowid or 0

    def many(self, sql: str, values: Iterable[Sequence[Value]]) -> None:
        """Run a statement once for each of the values."""
        with self._errors():
            self._connection.executemany(sql, values)

    @contextmanager
    def writing(self, step: Step) -> Iterator[None]:
        """All or nothing of what is written inside."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            with durable(step):
                self.run("COMMIT")
        except BaseException:
            self._connection.rollback()
            raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One unchanging state of the catalog for everything that is read inside."""
        self.begin()
        try:
            yield
        finally:
            self.end()

    def begin(self) -> None:
        """From the first read until `end`, see one unchanging state."""
        self.run("BEGIN")

    def end(self) -> None:
        """See the present state again."""
        self._connection.rollback()

    def migrate(self) -> None:
        """Bring the tables to this program's version, one numbered step after the other."""
        for number in range(self.version(), len(MIGRATIONS)):
            with self.writing("commit tables"):
                for statement in MIGRATIONS[number].split(";\n"):
                    self.run(statement)
                self.run(f"PRAGMA user_version = {number + 1}")

    def version(self) -> int:
        """The number of migrations that this catalog has had.

        Raises:
            IndexMismatch: a later version of the program wrote it.
        """
        version: int = self.rows("PRAGMA user_version")[0][0]
        if version > len(MIGRATIONS):
            raise IndexMismatch(
                f"{self.path} has format {version}; this version reads up to {len(MIGRATIONS)}. Update."
            )
        return version

    def require_present_format(self) -> None:
        """Raises: IndexMismatch, where a version of the program with another format wrote it."""
        if (version := self.version()) < len(MIGRATIONS):
            raise IndexMismatch(
                f"{self.path} has format {version}, from before this version. Run `assistant build`, which updates it "
                "and encodes nothing anew."
            )

    def wipe_log(self) -> bool:
        """Move the write-ahead log into the catalog and empty it; false where a reader at work prevents that."""
        self.rows(f"PRAGMA busy_timeout = {WIPE_MS}")
        with durable("empty log"):
            busy = self.rows("PRAGMA wal_checkpoint(TRUNCATE)")[0][0]
        self.rows(f"PRAGMA busy_timeout = {round(BUSY_SECONDS * 1000)}")
        return bool(busy == 0)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            raise _explained(error, self.path) from error
        except UnicodeDecodeError as error:  # in SQLite's own message, which names a damaged table
            raise IndexDamaged(f"{self.path} is damaged ({error}). {REMEDY}") from error


def _deleted(path: Path) -> IndexNotFound:
    return IndexNotFound(f"The index in {path.parent} was deleted. Run `assistant build FOLDER` to make it anew.")


def _inode(path: Path) -> int | None:
    with suppress(FileNotFoundError):
        return path.stat().st_ino
    return None


def _connect(path: Path, read_only: bool) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    if read_only and not os.access(path.parent, os.W_OK) and not _log_waits(path):
        uri += "&immutable=1"  # WAL needs a writable folder; without a log the file itself is all there is
    try:
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    except sqlite3.OperationalError:
        if read_only and _inode(path) is None:  # deleted since somebody looked
            raise _deleted(path) from None
        raise
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL").fetchall()
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA secure_delete = ON").fetchall()
    except sqlite3.DatabaseError:
        connection.close()
        raise
    return connection


def _log_waits(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _explained(error: sqlite3.DatabaseError, path: Path) -> BaseException:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in DAMAGED or (code in UNEXPECTED and isinstance(error, sqlite3.OperationalError)):
        return IndexDamaged(f"{path} is damaged ({error}). {REMEDY}")
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return IndexBusy(f"{path} is being written by another program. Wait until it has finished, then try again.")
    if code == sqlite3.SQLITE_FULL:
        return UsageError(f"The disk with {path} is full. The index is as it was before; make room and build again.")
    if code == sqlite3.SQLITE_IOERR:
        return UsageError(
            f"The disk does not read or write {path} ({error}). The index is as it was before; check the disk and its "
            "free space, then try again."
        )
    if code in UNWRITABLE:
        return UsageError(f"{path} cannot be opened or written ({error}). Check the folder's permissions.")
    return error
