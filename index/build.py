"""Build an index, or bring it up to date: the work grows with what changed, and readers see all of it or nothing."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from corpus.documents import Document, Problem
from corpus.errors import UsageError
from corpus.load import load_files
from corpus.settings import CorpusSettings
from index import codec, commit, meta, recipe, stored, views
from index.catalog import CATALOG, Catalog
from index.commit import Outcome
from index.count import Counts, count
from index.encoder import Encoder
from index.gather import Gatherer, outdated, renewed, united
from index.keep import decide
from index.lock import LOCK, explained, writing
from index.progress import Meter, Progress, Silent, check, never
from index.records import BuildReport, FileRow
from index.scan import Entry, Key, known_entries, look, resolved_roots
from index.sentences import SentenceEncoder
from index.settings import IndexSettings
from index.stage import Load, Stage, Work
from index.views import Source

__all__ = ["BuildOptions", "BuildReport", "Progress", "build", "index_documents"]

OURS = frozenset({"sets", "runs", "uploads", "feedback", "page.key"})  # what the assistant keeps beside an index
BESIDE = frozenset({LOCK, views.VIEWS, f"{CATALOG}-wal", f"{CATALOG}-shm"})  # what stays when the catalog is taken away


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What `build` is asked to do. `only` replaces the remembered folders; `exclude` are globs, remembered too.

    `load` turns paths into documents or problems, in any order; `leave` are absolute paths of files, being written
    just now, that stay in the index as they are.
    """

    only: bool = False
    exclude: tuple[str, ...] = ()
    accept_removals: bool = False
    leave: frozenset[str] = frozenset()
    corpus: CorpusSettings = field(default_factory=CorpusSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    load: Load = load_files


DEFAULTS = BuildOptions()


def build(
    folder: Path,
    encoder: Encoder,
    *,
    roots: Sequence[Path] = (),
    options: BuildOptions = DEFAULTS,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> BuildReport:
    """Bring the index in `folder` up to date with the remembered roots and those given.

    Raises:
        UsageError: no root, or one that is not there, or a folder that holds something else.
        IndexBusy: another process is writing.
        BuildCancelled: `should_stop` said so; the index is as it was.
    """
    began = time.perf_counter()
    with _opened(folder, encoder) as catalog:
        chosen = resolved_roots(catalog, roots, only=options.only)
        patterns = tuple(dict.fromkeys((*stored.exclusions(catalog, "glob"), *options.exclude)))
        seen = look(catalog, chosen, patterns, leave=options.leave)
        still = [entry for entry in seen.same if not options.leave or str(entry.file.path) not in options.leave]
        old = outdated(catalog, still)
        fresh = (*seen.fresh, *(entry.file for entry in seen.same if entry.key in old))
        work = _work(catalog, encoder, options, progress, should_stop, "bytes read", sum(file.size for file in fresh))
        stage = Stage(work, meta.generation(catalog).number + 1)
        gathered = Gatherer(work, stage, seen).gather(fresh)
        present = [*(entry for entry in seen.same if entry.key not in old), *gathered.entries]
        moved = frozenset(entry.sha256 for entry in present)
        gone = decide(seen, moved=moved, accept_removals=options.accept_removals)
        entries = renewed(work, stage, united(catalog, (*present, *gone.kept)))
        problems = (*seen.problems, *gone.problems, *gathered.problems, *_page_problems(catalog, entries))
        outcome = Outcome(
            seen.known, tuple(entries), chosen, patterns, tuple(gathered.failures), problems, seen.skipped
        )
        return _finish(folder, work, stage, outcome, began)


def index_documents(
    folder: Path,
    encoder: Encoder,
    documents: Iterable[tuple[str, Document]],
    *,
    options: BuildOptions = DEFAULTS,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> BuildReport:
    """Make the index in `folder` hold exactly these named documents, which need not be files.

    Raises:
        IndexBusy: another process is writing.
        BuildCancelled: `should_stop` said so; the index is as it was.
    """
    began = time.perf_counter()
    with _opened(folder, encoder) as catalog:
        work = _work(catalog, encoder, options, progress, should_stop, "documents", 0)
        stage = Stage(work, meta.generation(catalog).number + 1)
        known, names = known_entries(catalog), []
        for name, document in documents:
            check(work.should_stop)
            load = recipe.given(document)
            if stage.find(document.sha256, load) is None:
                stage.add(document, load, 0)
            names.append((name, document.sha256, load))
        stage.flush()
        entries = tuple(_given_entry(known, name, sha256, stage.find(sha256, load)) for name, sha256, load in names)
        return _finish(folder, work, stage, Outcome(known, entries, (), ()), began)


@contextmanager
def _opened(folder: Path, encoder: Encoder) -> Iterator[Catalog]:
    """The catalog of an index that is new or ours, held for writing."""
    prepare(folder)
    if isinstance(encoder, SentenceEncoder):
        encoder.verify()
    with explained(folder), writing(folder), Catalog(folder / CATALOG) as catalog:
        catalog.migrate()
        yield catalog


def prepare(folder: Path) -> None:
    """Make the index's folder. Raises: UsageError where it holds something else."""
    with explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        names = {path.name for path in folder.iterdir()}
    ours = OURS | BESIDE if LOCK in names else OURS
    if not meta.exists(folder) and names - ours:
        raise UsageError(f"{folder} holds other things than an index. Choose an empty folder with --index.")


def _work(
    catalog: Catalog,
    encoder: Encoder,
    options: BuildOptions,
    progress: Progress | None,
    should_stop: Callable[[], bool] | None,
    name: str,
    size: int,
) -> Work:
    meter = Meter(progress if progress is not None else Silent(), name, size)
    stop = should_stop if should_stop is not None else never
    return Work(catalog, encoder, options.corpus, options.index, meter, stop, options.load)


def _given_entry(known: dict[Key, Entry], name: str, sha256: str, document: int | None) -> Entry:
    if document is None:
        raise KeyError(name)
    before = known.get(("", name))
    added = before.added if before is not None else datetime.now(UTC).isoformat(timespec="seconds")
    return Entry(FileRow("", name, 0, 0, 0, 0), document, sha256, 0, added)


def _page_problems(catalog: Catalog, entries: Sequence[Entry]) -> list[Problem]:
    """What the documents themselves report, under the paths of their files."""
    rows: dict[int, str] = dict(catalog.rows("SELECT id, problems FROM documents WHERE problems != '[]'"))
    return [
        replace(problem, path=str(entry.file.path))
        for entry in entries
        if entry.document in rows
        for problem in codec.stored_problems(rows[entry.document])
    ]


def _finish(folder: Path, work: Work, stage: Stage, outcome: Outcome, began: float) -> BuildReport:
    """Make the outcome the present generation, unless it is so already."""
    check(work.should_stop)
    catalog, before = work.catalog, meta.generation(work.catalog)
    counts = count(outcome.known, outcome.entries)
    changed = commit.change(catalog, outcome.entries, before)
    encoder = meta.identity(work.encoder)
    same = counts.nothing_changed and not len(changed.added) and not len(changed.removed) and before.number > 0
    if same and meta.encoder(catalog) == encoder:
        commit.refresh(catalog, outcome, _facts(counts, stage, outcome, began))
        views.drop_others(folder, {before.number})  # a build or `forget` that was killed may have left some
        catalog.wipe_log()
        return _report(counts, before, stage, outcome, began)
    source = Source(catalog, work.encoder.dimension, work.settings)
    commit.write_views(folder, source, changed, before, encoder=encoder)
    check(work.should_stop)
    facts = _facts(counts, stage, outcome, began)
    now = commit.make_present(catalog, outcome, changed, facts, encoder=encoder)
    views.drop_others(folder, {before.number, now.number})
    catalog.wipe_log()
    return _report(counts, now, stage, outcome, began)


def _facts(counts: Counts, stage: Stage, outcome: Outcome, began: float) -> dict[str, object]:
    return {
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": round(time.perf_counter() - began, 3),
        "passages_encoded": stage.encoded,
        "problems": len(outcome.problems),
        **asdict(counts),
    }


def _report(counts: Counts, now: meta.Generation, stage: Stage, outcome: Outcome, began: float) -> BuildReport:
    return BuildReport(
        generation=now.number,
        documents=now.documents,
        passages=now.passages,
        **asdict(counts),
        passages_encoded=stage.encoded,
        problems=outcome.problems,
        skipped=outcome.skipped,
        seconds=time.perf_counter() - began,
    )
