"""Real stores over real files; only the encoder is the hashed one, and files are read in this process."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from corpus.documents import Document, Problem
from corpus.errors import DocumentUnreadable
from corpus.read import read
from corpus.settings import CorpusSettings
from index.build import BuildOptions, BuildReport, build
from index.hashed import HashedEncoder
from index.open import Index

PARAGRAPHS = (
    "Ketamine is given by infusion over forty minutes. The dose is half a milligram for each kilogram.",
    "Esketamine is a nasal spray. It is taken under the eyes of a nurse in a certified clinic.",
    "Brexanolone runs for sixty hours. Patients stay in the hospital during the whole infusion.",
    "Zuranolone is a pill. It is taken in the evening with fat for two weeks.",
    "Blinding fails when the drug is felt. A dissociative effect tells patients what they were given.",
    "Scopolamine blocks muscarinic receptors. Small trials found an effect within three days.",
)


def load_here(paths: Sequence[Path], settings: CorpusSettings) -> Iterator[tuple[Path, Document | Problem]]:
    for path in paths:
        try:
            yield path, read(path.read_bytes(), path.name)
        except (DocumentUnreadable, OSError) as error:
            yield path, Problem(str(path), str(error), "Mend it.")


OPTIONS = BuildOptions(load=load_here)


@dataclass(frozen=True)
class Place:
    """A folder of documents and its index."""

    documents: Path
    index: Path
    encoder: HashedEncoder
    options: BuildOptions = OPTIONS

    def write(self, name: str, *paragraphs: str) -> Path:
        path = self.documents / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(paragraphs) + "\n")
        return path

    def build(self, *roots: Path, **options: object) -> BuildReport:
        return build(self.index, self.encoder, roots=roots, options=replace(self.options, **options))  # type: ignore[arg-type]

    def open(self) -> Index:
        return Index.open(self.index, self.encoder)

    def texts(self) -> set[str]:
        """Every text that the two views can find, each checked against the catalog."""
        with self.open() as index, index.snapshot() as store:
            dense = store.dense(np.ones(self.encoder.dimension, dtype=np.float32), 10_000)
            assert len(dense) == store.passages == len(set(dense.ids.tolist()))
            texts = set()
            for number, passage in zip(dense.ids, store.passages_by_id(dense.ids), strict=True):
                document = store.document(passage.document)
                assert document.text[passage.start : passage.end] == passage.text
                assert document.text_sha256 == store.stored_text_sha256(passage.document)
                assert number in store.keywords(self.words(passage.text), 10_000).ids
                texts.add(passage.text)
            return texts

    @staticmethod
    def words(text: str) -> list[str]:
        from index.keywords import terms

        return terms(text)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Six documents of one paragraph each, not yet built."""
    place = Place(tmp_path / "documents", tmp_path / "index", HashedEncoder())
    for number, paragraph in enumerate(PARAGRAPHS):
        place.write(f"{number}.txt", paragraph)
    return place


@pytest.fixture
def built(place: Place) -> Place:
    """The same, built: generation 1."""
    place.build(place.documents)
    return place


@pytest.fixture
def make_document() -> Callable[..., Document]:
    """A document from a text, in memory."""

    def make(text: str, title: str = "", name: str = "") -> Document:
        return replace(read(text.encode(), f"{name or title or 'text'}.txt"), title=title)

    return make
