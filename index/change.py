"""What a user does to an index beside building it: forget a document, keep files out, set a setting."""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import IndexNotFound, UsageError
from corpus.phrases import count
from index import commit, failures, meta, stored, views
from index.catalog import CATALOG, Catalog
from index.codec import packed
from index.commit import Outcome
from index.durable import durable
from index.lock import explained, writing
from index.own import UPLOADS as UPLOADS
from index.own import is_upload
from index.scan import Entry, Key, known_entries
from index.settings import IndexSettings
from index.views import Source


@dataclass(frozen=True, slots=True)
class Leaving:
    """A document about to be forgotten, for whoever keeps words of it.

    `names` are its paths, absolute and below a root; `size` and `sha256` are those of its file's bytes.
    """

    names: frozenset[str]
    size: int
    sha256: str
    text: str


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What `forget` removed; `excluded` are files that stay, `deleted` uploads, whose files are gone too.

    `log_wiped` is false while a reader still holds the generation before. `traces` tell what went elsewhere.
    """

    paths: tuple[str, ...]
    documents: int
    passages: int
    excluded: tuple[str, ...]
    deleted: tuple[str, ...]
    log_wiped: bool
    traces: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[str]:
        """What was done, as lines to show."""
        size = f"{count(self.documents, 'document')}, {count(self.passages, 'passage')} and their vectors"
        yield f"Removed {', '.join(self.paths)}: {size}."
        for path in self.excluded:
            yield f"{path} stays where it is and is kept out of the index until you include it again."
        for path in self.deleted:
            yield f"{path} was an upload and is deleted."
        yield from self.traces
        if not self.log_wiped:
            yield "A reader still held the index, so traces may lie in its log until the next build."
        yield "Backups are not covered."


def nowhere_else(_: Leaving) -> tuple[str, ...]:
    """For an index that is all there is."""
    return ()


def forget(folder: Path, path: str, *, also: Callable[[Leaving], tuple[str, ...]] = nowhere_else) -> Forgotten:
    """Remove the document at `path` from every store, all places of the same bytes, and keep its files out.

    Uploads are deleted, before the index changes: one that cannot be deleted would answer again after a build. `also`
    removes what others keep of it, before that: after a crash in between, forgetting it again does the rest.

    Raises:
        UsageError: no document, or several, have this path or name, or an upload cannot be deleted.
        IndexBusy: another process is writing.
    """
    with _held(folder) as catalog:
        before = meta.generation(catalog)
        views.drop_others(folder, {before.number})  # one killed at the last moment has left the words in the old ones
        catalog.wipe_log()
        wanted = stored.find(catalog, [path])
        known = known_entries(catalog)
        gone = [entry for entry in known.values() if entry.sha256 in wanted]
        outcome = _without(catalog, known, gone)
        changed = commit.change(catalog, outcome.entries, before)
        encoder = meta.encoder(catalog)
        source = Source(catalog, encoder.dimension, IndexSettings())
        commit.write_views_anew(folder, source, changed, before)
        traces = tuple(line for sha256 in wanted for line in also(_leaving(catalog, sha256, gone)))
        files = [entry.file.path for entry in gone if entry.file.path is not None]
        uploads = [path for path in files if is_upload(path, folder)]
        excluded = tuple(str(path) for path in files if path not in uploads)
        for upload in uploads:
            with durable("delete upload"):
                upload.unlink(missing_ok=True)
        _exclude(catalog, excluded, "file")
        facts = meta.read(catalog, "last_build")
        report = facts if isinstance(facts, dict) else {}
        now = commit.make_present(catalog, outcome, changed, report, encoder=encoder)
        views.drop_others(folder, {now.number})
        paths = tuple(entry.file.relative for entry in gone)
        deleted, wiped = tuple(map(str, uploads)), catalog.wipe_log()
        return Forgotten(paths, len(changed.removed), len(changed.old), excluded, deleted, wiped, traces)


def _leaving(catalog: Catalog, sha256: str, gone: list[Entry]) -> Leaving:
    names = frozenset(name for entry in gone for name in (entry.file.relative, str(entry.file.path)))
    return Leaving(names, gone[0].file.size, sha256, stored.document(catalog, sha256).text)


def exclude(folder: Path, pattern: str) -> None:
    """Keep files that match a glob out of the next builds."""
    with _held(folder) as catalog:
        _exclude(catalog, (pattern,), "glob")


def include(folder: Path, name: str) -> None:
    """Let the next build take in again what was kept out: a glob as it was given, or a file by its path or its end.

    Raises:
        UsageError: nothing of this name is kept out, or several files are.
    """
    with _held(folder) as catalog, catalog.writing("commit inclusion"):
        globs, files = (stored.exclusions(catalog, kind) for kind in ("glob", "file"))
        kept, path = (*globs, *files), os.path.abspath(name)
        exact = [one for meant in (name, path) for one in kept if one == meant][:1]
        found = exact or [one for one in files if one.endswith(f"/{name}")]
        if len(found) != 1:
            several = "Several files that are kept out are" if found else "Nothing that is kept out is"
            raise UsageError(f"{several} called {name}. {_listed(kept)}")
        catalog.run("DELETE FROM exclusions WHERE pattern = ?", (packed(found[0]),))


def _listed(kept: Sequence[str]) -> str:
    return f"Kept out are {', '.join(kept)}." if kept else "Nothing is kept out."


def set_setting(folder: Path, key: str, value: object) -> None:
    """Remember a setting that a user changed; null forgets it."""
    with _held(folder) as catalog, catalog.writing("commit setting"):
        if value is None:
            catalog.run("DELETE FROM settings WHERE key = ?", (key,))
        else:
            catalog.run("INSERT OR REPLACE INTO settings VALUES (?, ?)", (key, json.dumps(value)))


@contextmanager
def _held(folder: Path) -> Iterator[Catalog]:
    """The catalog of an index that is there, held for writing."""
    if not meta.exists(folder):
        raise IndexNotFound(f"There is no index in {folder}. Run `assistant build FOLDER --index {folder}`.")
    with explained(folder), writing(folder), Catalog(folder / CATALOG) as catalog:
        catalog.migrate()
        yield catalog


def _without(catalog: Catalog, known: dict[Key, Entry], gone: list[Entry]) -> Outcome:
    """The present state with fewer files, and with no word of those that are gone."""
    paths = {str(entry.file.path) for entry in gone}
    failed = [failure for failure in failures.read(catalog).values() if str(failure.file.path) not in paths]
    return Outcome(
        known=known,
        entries=tuple(entry for entry in known.values() if entry not in gone),
        roots=tuple(Path(root) for root in stored.roots(catalog)),
        patterns=(),
        failures=tuple(failed),
        problems=tuple(problem for problem in stored.problems(catalog) if problem.path not in paths),
        skipped=stored.skipped(catalog),
    )


def _exclude(catalog: Catalog, patterns: tuple[str, ...], kind: str) -> None:
    sql = "INSERT OR IGNORE INTO exclusions VALUES (?, ?, datetime('now'))"
    with catalog.writing("commit exclusion"):
        catalog.many(sql, ((packed(pattern), kind) for pattern in patterns))
