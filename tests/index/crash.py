"""Builds over and over until it is killed: run by `test_crash` as a process of its own."""

import sys
from pathlib import Path

from corpus.read import read
from index.build import BuildOptions, build
from index.hashed import HashedEncoder
from index.settings import IndexSettings

if __name__ == "__main__":
    documents, index = Path(sys.argv[1]), Path(sys.argv[2])
    options = BuildOptions(
        load=lambda paths, _: ((path, read(path.read_bytes(), path.name)) for path in paths),
        index=IndexSettings(batch_passages=3),
    )
    number = int(sys.argv[3])
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        number += 1
        for name in ("a.txt", "b.txt"):
            (documents / name).write_text(f"Edition {number} of {name}.\n")
        build(index, HashedEncoder(), roots=[documents], options=options)
