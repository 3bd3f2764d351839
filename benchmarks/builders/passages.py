"""Writes the passages that a build makes of a folder, as they are embedded, one JSON string a line.

python benchmarks/builders/passages.py DOCUMENTS PASSAGES
"""

import json
import sys
from pathlib import Path

from corpus.documents import Problem
from corpus.load import load_files
from corpus.passages import split
from corpus.settings import CorpusSettings
from index.encoder import load_encoder


def passages(folder: Path) -> list[str]:
    """Title and heading path, then the text, of every passage; files in any order, as a build takes them."""
    encoder, settings = load_encoder(None), CorpusSettings()
    documents = [document for _, document in load_files(sorted(folder.iterdir()), settings)]
    return [
        f"{passage.prefix}\n{passage.text}"
        for document in documents
        if not isinstance(document, Problem)
        for passage in split(document, encoder.count_tokens, settings)
    ]


if __name__ == "__main__":
    Path(sys.argv[2]).write_text("".join(f"{json.dumps(text)}\n" for text in passages(Path(sys.argv[1]))))
