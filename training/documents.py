"""Passages of real documents, protocols of clinical studies and reports of accidents, cut as the index cuts them."""

from collections.abc import Collection, Iterator
from pathlib import Path

from corpus.errors import DocumentUnreadable
from corpus.passages import split
from corpus.read import read
from corpus.settings import CorpusSettings
from index.encoder import Encoder
from training.recipe import RecipeError
from training.sources import Paragraph, make_paragraph
from training.written import key_of

FOLDERS = ("nih-protocols", "ntsb-reports")
# The choose questions of `benchmarks/written-documents.jsonl` are about these, so nothing is learned from them.
KEPT_APART = (
    "NCT06149832_Prot_000", "NCT06150378_Prot_SAP_000", "NCT06152952_Prot_000", "NCT06155006_Prot_SAP_000",
    "20071229X02007", "20080108X00029", "20080116X00055", "20080124X00100",
)  # fmt: skip


def read_documents(folder: Path, encoder: Encoder, asked: Collection[str]) -> Iterator[Paragraph]:
    """All passages of the documents with a passage that is `asked` about, by the keys of the written questions.

    `folder` holds the two of `FOLDERS`. Raises: RecipeError where one of them is missing.
    """
    missing = [name for name in FOLDERS if not (folder / name).is_dir()]
    if missing:
        raise RecipeError(f"{folder} has no {', no '.join(missing)}. Put the documents there.")
    for path in sorted(path for name in FOLDERS for path in (folder / name).rglob("*.pdf")):
        if path.stem in KEPT_APART:
            continue
        try:
            document = read(path.read_bytes(), path.name)
        except DocumentUnreadable as error:
            print(f"left out: {path.name}: {error}", flush=True)
            continue
        passages = split(document, encoder.count_tokens, CorpusSettings())
        paragraphs = [make_paragraph(passage.text, passage.prefix) for passage in passages]
        if any(key_of(paragraph) in asked for paragraph in paragraphs):
            yield from paragraphs
