"""Readers for `load_files` that misbehave by the file's content; imported by its worker processes."""

import os
import sys
import time
from hashlib import sha256

from corpus.documents import Document


def read(data: bytes, name: str) -> Document:
    kind, _, rest = data.partition(b" ")
    if kind == b"hang":
        while True:
            time.sleep(1)
    if kind == b"crash":
        os.abort()
    if kind == b"eat":
        hoard = [bytearray(1 << 24) for _ in range(1 << 12)]
        return Document("", str(len(hoard)), "", "txt", "en")
    if kind == b"raise":
        raise KeyError("surprise")
    if kind == b"print":
        os.write(1, b"noise")
        sys.stdout.write("noise on the way out")
    if kind == b"modules":
        rest = " ".join(sorted({module.split(".")[0] for module in sys.modules})).encode()
    if kind == b"pid":
        rest = str(os.getpid()).encode()
    return Document(sha256(data).hexdigest(), rest.decode(), name, "txt", "en")
