"""Passages of real documents, protocols of clinical studies and reports of accidents, cut as the index cuts them."""

from collections.abc import Collection, Iterator
from pathlib import Path

from corpus.errors import DocumentUnreadable
from corpus.passages import split
from corpus.read import read
from corpus.settings import CorpusSettings
from index.encoder import Encoder
from training.sources import Paragraph, make_paragraph
from training.written import key_of

FOLDERS = ("documents/nih-protocols", "documents/ntsb-reports")


def read_documents(folder: Path, encoder: Encoder, asked: Collection[str]) -> Iterator[Paragraph]:
    """All passages of the documents with a passage that is `asked` about, by the keys of the written questions.

    The others stay unseen: the choose questions are about some of them.
    """
    for path in sorted(path for name in FOLDERS for path in (folder / name).rglob("*.pdf")):
        try:
            document = read(path.read_bytes(), path.name)
        except DocumentUnreadable:
            continue
        passages = split(document, encoder.count_tokens, CorpusSettings())
        paragraphs = [make_paragraph(passage.text, passage.prefix) for passage in passages]
        if any(key_of(paragraph) in asked for paragraph in paragraphs):
            yield from paragraphs
