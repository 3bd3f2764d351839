"""What a worker process sends back: one line of JSON, then the bytes of the character boxes, page by page.

The sender parsed a hostile file, so its reply is read as data and nothing in it is ever run.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import IO, Any

from corpus.documents import Document, Heading, Page, PageBoxes, Problem, Run

LARGEST = 1 << 30  # bytes of one page's boxes: many times what a page can hold
_RECORDS: dict[str, Callable[..., object]] = {"pages": Page, "headings": Heading, "problems": Problem, "runs": Run}


def send(found: Document | Problem, stream: IO[bytes]) -> None:
    """Writes one reply."""
    packed = [page.packed for page in found.boxes] if isinstance(found, Document) else []
    if isinstance(found, Document):
        found = replace(found, boxes=tuple(replace(page, packed=b"") for page in found.boxes))
    reply = {type(found).__name__: asdict(found, dict_factory=_plain), "sizes": [len(part) for part in packed]}
    stream.write(json.dumps(reply).encode("ascii") + b"\n")
    stream.writelines(packed)


def receive(stream: IO[bytes]) -> Document | Problem:
    """Reads one reply.

    Raises: EOFError, if it ends too early; ValueError, KeyError or TypeError, if it is none.
    """
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    reply = json.loads(line)
    if "Problem" in reply:
        return Problem(**reply["Problem"])
    return _document(reply["Document"], [_exactly(stream, size) for size in reply["sizes"]])


def _document(fields: dict[str, Any], packed: Sequence[bytes]) -> Document:
    for name, record in _RECORDS.items():
        fields[name] = tuple(record(**values) for values in fields[name])
    pairs = zip(fields.pop("boxes"), packed, strict=True)
    boxes = tuple(PageBoxes(**values, packed=part) for values, part in pairs)
    metadata = tuple((str(key), str(value)) for key, value in fields.pop("metadata"))
    return Document(**fields, metadata=metadata, boxes=boxes)


def _exactly(stream: IO[bytes], size: int) -> bytes:
    if not 0 <= size <= LARGEST:
        raise ValueError(size)
    part = stream.read(size)
    if len(part) != size:
        raise EOFError
    return part


def _plain(values: list[tuple[str, Any]]) -> dict[str, Any]:
    return {name: value for name, value in values if not isinstance(value, bytes)}
