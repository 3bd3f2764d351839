"""The catalog's tables, as numbered migrations: a released one is never edited, a change is a new one.

A document's rows are written while a build runs, with the number of the generation to come; they count only
from the moment `generation` reaches it. `files` says which documents the index holds. Texts and paths are bytes
because both may hold what is not valid Unicode.
"""

FIRST = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE roots (path BLOB PRIMARY KEY) STRICT;
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL,
    recipe TEXT NOT NULL,
    generation INTEGER NOT NULL,
    text_sha256 TEXT NOT NULL,
    title BLOB NOT NULL,
    format TEXT NOT NULL,
    language TEXT NOT NULL,
    pages TEXT NOT NULL,
    headings TEXT NOT NULL,
    metadata TEXT NOT NULL,
    problems TEXT NOT NULL,
    runs BLOB NOT NULL,
    text BLOB NOT NULL
) STRICT;
CREATE INDEX documents_by_sha256 ON documents (sha256);
CREATE TABLE files (
    root BLOB NOT NULL,
    relative BLOB NOT NULL,
    document INTEGER NOT NULL REFERENCES documents (id),
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    seen_ns INTEGER NOT NULL,
    added TEXT NOT NULL,
    PRIMARY KEY (root, relative)
) STRICT, WITHOUT ROWID;
CREATE INDEX files_by_document ON files (document);
CREATE TABLE vectors (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL) STRICT;
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    start INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    page INTEGER,
    vector INTEGER NOT NULL REFERENCES vectors (id),
    heading TEXT NOT NULL,
    text BLOB NOT NULL
) STRICT;
CREATE INDEX passages_by_document ON passages (document);
CREATE INDEX passages_by_vector ON passages (vector);
CREATE TABLE boxes (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    start INTEGER NOT NULL,
    width REAL NOT NULL,
    height REAL NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (document, number)
) STRICT;
CREATE TABLE failures (
    root BLOB NOT NULL,
    relative BLOB NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL,
    inode INTEGER NOT NULL,
    recipe TEXT NOT NULL,
    reason TEXT NOT NULL,
    next_step TEXT NOT NULL,
    PRIMARY KEY (root, relative)
) STRICT, WITHOUT ROWID;
CREATE TABLE problems (path BLOB NOT NULL, reason TEXT NOT NULL, next_step TEXT NOT NULL, page INTEGER) STRICT;
CREATE TABLE skipped (path BLOB NOT NULL, reason TEXT NOT NULL) STRICT;
CREATE TABLE exclusions (pattern BLOB NOT NULL, kind TEXT NOT NULL, added TEXT NOT NULL,
    PRIMARY KEY (pattern, kind)) STRICT;
"""

MIGRATIONS = (FIRST,)
