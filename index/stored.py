"""Documents, files and boxes out of the catalog."""

from collections.abc import Collection, Sequence

from corpus.documents import Document, PageBoxes, Problem
from corpus.errors import IndexDamaged, UsageError
from index import codec
from index.catalog import Catalog, Row
from index.codec import unpacked
from index.records import DocumentRow, FileRow

VISIBLE = "id = (SELECT min(id) FROM documents WHERE sha256 = ?)"  # a rebuild's copy has a higher id and does not count
FILE = "root, relative, size, mtime_ns, ctime_ns, inode"


def document(catalog: Catalog, sha256: str) -> Document:
    """A document without runs and boxes. Raises: IndexDamaged where it is not there."""
    return codec.document(_row(catalog, codec.HEAD, sha256))


def text_sha256(catalog: Catalog, sha256: str) -> str:
    """The hash of the document's text as it was when it was loaded."""
    return str(_row(catalog, "text_sha256", sha256)[0])


def _row(catalog: Catalog, columns: str, sha256: str) -> Row:
    row = catalog.one(f"SELECT {columns} FROM documents WHERE {VISIBLE}", (sha256,))
    if row is None:
        raise IndexDamaged(f"Document {sha256[:12]} is not in the catalog. Ask again, or build the index again.")
    return row


def boxes(catalog: Catalog, sha256: str, start: int, end: int) -> tuple[PageBoxes, ...]:
    """The boxes of the pages that hold the characters from `start` to `end`."""
    own = f"document = (SELECT id FROM documents WHERE {VISIBLE})"
    first = f"coalesce((SELECT max(start) FROM boxes WHERE {own} AND start <= ?), 0)"
    sql = f"SELECT number, start, width, height, packed FROM boxes WHERE {own} AND start < ? AND start >= {first}"
    return codec.boxes(catalog.rows(f"{sql} ORDER BY number", (sha256, end, sha256, start)))


def files(catalog: Catalog, sha256: str) -> list[FileRow]:
    """The files with these bytes, by root and path."""
    sql = (
        f"SELECT {FILE} FROM files WHERE document = (SELECT id FROM documents WHERE {VISIBLE}) ORDER BY root, relative"
    )
    return [file_row(row) for row in catalog.rows(sql, (sha256,))]


def all_files(catalog: Catalog) -> list[FileRow]:
    """Every file of the index, by root and path."""
    return [file_row(row) for row in catalog.rows(f"SELECT {FILE} FROM files ORDER BY root, relative")]


def file_row(row: Row) -> FileRow:
    """A file of the columns `FILE`."""
    root, relative, *stat = row
    return FileRow(unpacked(root), unpacked(relative), *stat)


def find(catalog: Catalog, names: Sequence[str]) -> set[str]:
    """The SHA-256 of documents named by absolute path, path below a root, or unique file name. Raises: UsageError."""
    sql = f"SELECT {FILE}, sha256 FROM files JOIN documents ON id = document"
    known = [(file_row(row[:6]), row[6]) for row in catalog.rows(sql)]
    places = [(str(file.path or file.relative), file.relative, sha256) for file, sha256 in known]
    return {_find(places, name) for name in names}


def _find(known: Sequence[tuple[str, str, str]], name: str) -> str:
    """The SHA-256 of what a name means among (absolute path, path below the root, SHA-256)."""
    wanted = name.replace("\\", "/").removeprefix("./")
    found = (
        [row for row in known if row[0] == name]
        or [row for row in known if row[1] in (name, wanted) or row[0] == wanted]
        or [row for row in known if row[1].rsplit("/", 1)[-1] == wanted]
    )
    if len({row[2] for row in found}) == 1:
        return found[0][2]
    if found:
        candidates = ", ".join(sorted(place for place, _, _ in found))
        raise UsageError(f"{name} names {len(found)} documents: {candidates}. Give the whole path of one.")
    raise UsageError(f"There is no document {name} in the index. `assistant status` lists those that are.")


def document_rows(catalog: Catalog) -> tuple[DocumentRow, ...]:
    """One row for each file, by path."""
    sql = """SELECT f.root, f.relative, d.sha256, d.title, d.format, d.language, json_array_length(d.pages),
             (SELECT count(*) FROM passages p WHERE p.document = d.id), length(d.text), f.added, d.problems
             FROM files f JOIN documents d ON d.id = f.document ORDER BY f.relative, f.root"""
    return tuple(_document_row(row) for row in catalog.rows(sql))


def _document_row(row: Row) -> DocumentRow:
    root, relative, sha256, title, form, language, pages, passages, size, added, problems = row
    return DocumentRow(
        root=unpacked(root),
        relative=unpacked(relative),
        sha256=sha256,
        title=unpacked(title),
        format=form,
        language=language,
        pages=pages,
        passages=passages,
        bytes=size,
        added=added,
        problems=codec.stored_problems(problems),
    )


def problems(catalog: Catalog) -> tuple[Problem, ...]:
    """What the last build could not read."""
    rows = catalog.rows("SELECT path, reason, next_step, page FROM problems ORDER BY rowid")
    return tuple(Problem(unpacked(path), reason, step, page) for path, reason, step, page in rows)


def skipped(catalog: Catalog) -> tuple[tuple[str, str], ...]:
    """What the last build left out, with the reasons."""
    return tuple((unpacked(path), reason) for path, reason in catalog.rows("SELECT path, reason FROM skipped"))


def roots(catalog: Catalog) -> tuple[str, ...]:
    """The folders that are followed."""
    return tuple(unpacked(path) for (path,) in catalog.rows("SELECT path FROM roots ORDER BY path"))


def exclusions(catalog: Catalog, kind: str) -> tuple[str, ...]:
    """What is kept out: patterns of the kind "glob", paths of the kind "file"."""
    rows = catalog.rows("SELECT pattern FROM exclusions WHERE kind = ? ORDER BY pattern", (kind,))
    return tuple(unpacked(pattern) for (pattern,) in rows)


def ids(catalog: Catalog, documents: Collection[str]) -> list[int]:
    """The ids of the documents with these SHA-256."""
    found = (catalog.one(f"SELECT id FROM documents WHERE {VISIBLE}", (sha256,)) for sha256 in documents)
    return [row[0] for row in found if row is not None]
