"""What a damaged catalog means: nothing of it is quoted, and its owner is told what to do."""

import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from corpus.errors import IndexDamaged
from index.catalog import CATALOG, REMEDY, Catalog

SHOWN = 5  # faults that are named; a damaged file has many of the same


@contextmanager
def whole(what: str) -> Iterator[None]:
    """Decode something stored inside.

    Raises:
        IndexDamaged: it cannot be decoded.
    """
    try:
        yield
    # AttributeError: a flipped bit in a row's header makes null or a number of what was text.
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, zlib.error) as error:
        raise IndexDamaged(f"The {what} in {CATALOG} cannot be read ({error}). {REMEDY}") from error


def check(catalog: Catalog) -> None:
    """Read the whole catalog: its structure, every text against its hash, every passage against its text.

    Raises:
        IndexDamaged: something is not as it was written; says what and what to do.
    """
    told = [line for (line,) in catalog.rows(f"PRAGMA integrity_check({SHOWN})") if line != "ok"]
    found = told or [fault for fault, _ in zip(_texts(catalog), range(SHOWN), strict=False)]
    if found:
        raise IndexDamaged(f"{catalog.path} is damaged: {'; '.join(found)}. {REMEDY}")


def _texts(catalog: Catalog) -> Iterator[str]:
    """What is wrong with texts and passages."""
    for batch in catalog.each("SELECT id, sha256, text, text_sha256 FROM documents ORDER BY id", size=64):
        for number, document, text, expected in batch:
            with whole(f"row of document {number}"):
                found = sha256(text).hexdigest()
            if found == expected:
                yield from _passages(catalog, number, text.decode("utf-8", "surrogatepass"))
            else:
                yield f"the text of document {str(document)[:12]} does not have its hash"


def _passages(catalog: Catalog, document: int, text: str) -> Iterator[str]:
    sql = 'SELECT id, start, "end", text, heading FROM passages WHERE document = ?'
    for number, start, end, stored, heading in catalog.rows(sql, (document,)):
        with whole(f"row of passage {number}"):
            is_slice = text[start:end].encode("utf-8", "surrogatepass") == stored
            json.loads(heading)
        if not is_slice:
            yield f"passage {number} is no slice of its document"
