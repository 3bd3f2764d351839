"""The index that the soak test works on, and what must be true of it at any moment."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.catalog import CATALOG
from index.hashed import HashedEncoder
from index.keywords import terms
from index.open import Index
from index.snapshot import Snapshot
from tests.index.crash import build_here, include_if_kept_out, write_edition

CONSTANT = 20  # documents that never change
SECRET = "The quagfrobber dose was seven zorkmids."


class Wrong(Exception):
    """Something that must never happen."""


@dataclass(frozen=True, slots=True)
class Place:
    """Documents of which two change together, from edition to edition, and their index."""

    documents: Path
    index: Path

    @classmethod
    def make(cls, folder: Path) -> "Place":
        """A new place, built, in edition 1, with an upload."""
        place = cls(folder / "documents", folder / "index")
        place.documents.mkdir(parents=True)
        for number in range(CONSTANT):
            sentences = (f"Sentence {n} of document {number} never changes." for n in range(8))
            (place.documents / f"{number}.txt").write_text("\n\n".join(sentences))
        write_edition(place.documents, 1)
        place.renew()
        return place

    def renew(self) -> None:
        """Bring it up to date, the upload that was forgotten included."""
        if (self.index / CATALOG).exists():
            include_if_kept_out(self.index)
        uploads = self.index / "uploads"
        uploads.mkdir(parents=True, exist_ok=True)
        (uploads / "secret.txt").write_text(SECRET)
        build_here(self.documents, self.index)
        build_here(uploads, self.index)

    def start_anew(self) -> None:
        """No index."""
        shutil.rmtree(self.index, ignore_errors=True)

    def repair(self) -> str:
        """The last repair that the index tells of."""
        with Index.open(self.index, HashedEncoder()) as index, index.snapshot() as store:
            return store.status().repair

    def check(self) -> int:
        """The number of documents of the present generation, after everything in it was read and found right."""
        with Index.open(self.index, HashedEncoder()) as index, index.snapshot() as store:
            texts = read_all(store)
        lost = [n for n in range(CONSTANT) if not any(f"of document {n} never" in text for text in texts)]
        editions = {text.split()[1] for text in texts if text.startswith("Edition")}
        if lost or len(editions) > 1:
            raise Wrong(f"lost documents {lost}, editions {editions}")
        return store.documents


def read_all(store: Snapshot) -> list[str]:
    """The texts of all passages, found through both views, each a slice of a document that is as it was loaded."""
    found = store.dense(np.ones(HashedEncoder().dimension, dtype=np.float32), 1_000_000)
    if len(found) != store.passages or len(set(found.ids.tolist())) != store.passages:
        raise Wrong(f"{len(found)} vectors of {store.passages} passages")
    passages, checked = store.passages_by_id(found.ids), {}
    for number, passage in zip(found.ids, passages, strict=True):
        if passage.document not in checked:
            checked[passage.document] = document = store.document(passage.document)
            if document.text_sha256 != store.stored_text_sha256(passage.document):
                raise Wrong(f"the text of {passage.document} is not as it was loaded")
        if checked[passage.document].text[passage.start : passage.end] != passage.text:
            raise Wrong(f"passage {number} is no slice of its document")
        if number not in store.keywords(terms(passage.text), 1_000_000).ids:
            raise Wrong(f"passage {number} is not found by its words")
    return [passage.text for passage in passages]
