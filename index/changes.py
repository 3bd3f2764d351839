"""What differs on the disk from what was indexed."""

from pathlib import Path

from index import failures, stored
from index.catalog import Catalog
from index.records import Changes, FileRow
from index.scan import look


def changes(catalog: Catalog) -> Changes:
    """The files that a build would add, look into again or remove; a file that failed as it is does not count."""
    roots = [Path(root) for root in stored.roots(catalog)]
    seen = look(catalog, roots, stored.exclusions(catalog, "glob"))
    failed = {failure.file for failure in failures.read(catalog).values()}
    indexed = {entry.file for entry in seen.known.values()}
    fresh = [file for file in seen.fresh if file not in failed and file not in indexed]
    new = [(file.root, file.relative) not in seen.known for file in fresh]
    return Changes(
        added=tuple(_name(file) for file, added in zip(fresh, new, strict=True) if added),
        changed=tuple(_name(file) for file, added in zip(fresh, new, strict=True) if not added),
        removed=tuple(_name(entry.file) for entry in seen.gone if entry.file.root),
    )


def _name(file: FileRow) -> str:
    return str(file.path)
