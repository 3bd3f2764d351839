"""The next generation: its views are written, then one transaction makes it the present one."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.documents import Problem
from index import failures, meta, passages, repairs, views
from index.catalog import Catalog
from index.codec import packed
from index.failures import Failure, file_values
from index.manifest import ViewDamaged
from index.meta import Generation
from index.records import EncoderIdentity
from index.scan import Entry, Key
from index.vectors import Numbers
from index.views import NewBaseDue, Source


@dataclass(frozen=True)
class Outcome:
    """All that the next generation will hold; `known` are the files of the present one."""

    known: Mapping[Key, Entry]
    entries: tuple[Entry, ...]
    roots: tuple[Path, ...]
    patterns: tuple[str, ...]
    failures: tuple[Failure, ...] = ()
    problems: tuple[Problem, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Change:
    """What differs in documents and passages. A passage of an edited document that is as it was keeps its id."""

    added: Numbers  # documents
    removed: Numbers
    pairs: Numbers  # (n, 2): the old id and the one that an unchanged passage was staged under
    now: Numbers  # all passages, under the ids that they will have
    new: Numbers  # those of them that no view has
    old: Numbers  # those that only the present views have


def change(catalog: Catalog, entries: tuple[Entry, ...], generation: Generation) -> Change:
    """What making these files the index's files changes."""
    sql = "SELECT DISTINCT document FROM files ORDER BY document"
    before, after = passages.numbers_of(catalog, sql), np.array(sorted({entry.document for entry in entries}), int)
    removed, added = np.setdiff1d(before, after), np.setdiff1d(after, before)
    new, old = passages.of_documents(catalog, added.tolist()), passages.of_documents(catalog, removed.tolist())
    pairs = passages.pairs(catalog, removed.tolist(), added.tolist())
    new, old = np.setdiff1d(new, pairs[:, 1]), np.setdiff1d(old, pairs[:, 0])
    now = np.union1d(np.setdiff1d(passages.live(catalog, generation.number), old), new)
    return Change(added, removed, pairs, now, new, old)


def write_views(index: Path, source: Source, changed: Change, before: Generation, *, encoder: EncoderIdentity) -> None:
    """Write the views of the generation after `before`, from those before where that is less work.

    Raises:
        UsageError: the disk does not take them.
    """
    folder, old = (views.folder_of(index, number) for number in (before.number + 1, before.number))
    try:
        if before.number == 0 or meta.encoder(source.catalog) != encoder:
            raise NewBaseDue
        views.write_next(folder, old, source, added=changed.new, removed=changed.old)
    except NewBaseDue:
        write_views_anew(index, source, changed, before)
    except ViewDamaged as damage:
        repairs.note(source.catalog, before.number, str(damage))
        write_views_anew(index, source, changed, before)


def write_views_anew(index: Path, source: Source, changed: Change, before: Generation) -> None:
    """Write the views of the generation after `before` with nothing in them of those before."""
    folder = views.folder_of(index, before.number + 1)
    views.write_anew(folder, source, changed.now, before.number + 1)


def make_present(
    catalog: Catalog, outcome: Outcome, changed: Change, report: dict[str, object], *, encoder: EncoderIdentity
) -> Generation:
    """Let readers see the next generation, in one transaction."""
    documents = len({entry.document for entry in outcome.entries})
    now = Generation(meta.generation(catalog).number + 1, documents, len(changed.now))
    with catalog.writing("commit generation"):
        _write_files(catalog, outcome)
        _drop_documents(catalog)
        catalog.many("UPDATE passages SET id = ? WHERE id = ?", changed.pairs.tolist())
        _drop_vectors(catalog)
        _write_rest(catalog, outcome, report)
        meta.write(catalog, "generation", [now.number, now.documents, now.passages])
        meta.write_encoder(catalog, encoder)
    return now


def refresh(catalog: Catalog, outcome: Outcome, report: dict[str, object]) -> None:
    """Note what a build saw that changed nothing: stats, problems, the time; what a killed build staged goes."""
    with catalog.writing("commit look"):
        _write_files(catalog, outcome)
        _drop_documents(catalog)
        _drop_vectors(catalog)
        _write_rest(catalog, outcome, report)


def _write_files(catalog: Catalog, outcome: Outcome) -> None:
    """Write the rows that differ from those that are there."""
    now = {entry.key for entry in outcome.entries}
    gone = [key for key in outcome.known if key not in now]
    keys = ((packed(root), packed(relative)) for root, relative in gone)
    catalog.many("DELETE FROM files WHERE root = ? AND relative = ?", keys)
    rows = (_file_row(entry) for entry in outcome.entries if outcome.known.get(entry.key) != entry)
    catalog.many("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _file_row(entry: Entry) -> tuple[bytes, bytes, int, int, int, int, int, int, str]:
    root, relative, *stat = file_values(entry.file)
    size, mtime_ns, ctime_ns, inode = stat
    return root, relative, entry.document, size, mtime_ns, ctime_ns, inode, entry.seen_ns, entry.added


def _drop_documents(catalog: Catalog) -> None:
    """Delete what no file holds, with its passages and boxes, and note which vectors may be needed no more."""
    catalog.run("CREATE TEMP TABLE IF NOT EXISTS loose (vector INTEGER PRIMARY KEY)")
    catalog.run("DELETE FROM temp.loose")
    unheld = "SELECT id FROM documents WHERE id NOT IN (SELECT document FROM files)"
    catalog.run(f"INSERT OR IGNORE INTO temp.loose SELECT vector FROM passages WHERE document IN ({unheld})")
    catalog.run("DELETE FROM documents WHERE id NOT IN (SELECT document FROM files)")


def _drop_vectors(catalog: Catalog) -> None:
    """Delete the vectors that no passage has: those noted, and those that stopped builds left."""
    last = meta.read(catalog, "last_vector")
    seen = last if isinstance(last, int) else 0
    unused = "NOT EXISTS (SELECT 1 FROM passages WHERE vector = vectors.id)"
    catalog.run(f"DELETE FROM vectors WHERE id IN (SELECT vector FROM temp.loose) AND {unused}")
    catalog.run(f"DELETE FROM vectors WHERE id > ? AND {unused}", (seen,))
    row = catalog.one("SELECT coalesce(max(id), 0) FROM vectors")
    meta.write(catalog, "last_vector", 0 if row is None else row[0])


def _write_rest(catalog: Catalog, outcome: Outcome, report: dict[str, object]) -> None:
    for table in ("roots", "problems", "skipped"):
        catalog.run(f"DELETE FROM {table}")
    catalog.many("INSERT INTO roots VALUES (?)", ((packed(str(root)),) for root in outcome.roots))
    problems = ((packed(item.path), item.reason, item.next_step, item.page) for item in outcome.problems)
    catalog.many("INSERT INTO problems VALUES (?, ?, ?, ?)", problems)
    catalog.many("INSERT INTO skipped VALUES (?, ?)", ((packed(path), why) for path, why in outcome.skipped))
    sql = "INSERT OR IGNORE INTO exclusions VALUES (?, 'glob', datetime('now'))"
    catalog.many(sql, ((packed(pattern),) for pattern in outcome.patterns))
    failures.write(catalog, list(outcome.failures))
    meta.write(catalog, "last_build", report)
