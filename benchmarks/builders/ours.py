"""The project's own build of a folder of files, with all that it does for them. Run by `alternatives.py`."""

from measured import TOP, Job, measure

from assistant.retrieve import retrieve, understand
from assistant.settings import RetrievalSettings
from index.build import build
from index.encoder import load_encoder
from index.open import Index


class Ours:
    """Files to a catalog and two views, asked by words and by meaning."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._encoder = load_encoder(None)
        self._encoder.encode(["The model is loaded on first use."])

    def index(self, passages: list[str]) -> None:
        """Build the folder; the passages are those that it makes, too."""
        report = build(self._job.index, self._encoder, roots=[self._job.documents])
        if report.passages != len(passages):
            raise ValueError(f"{report.passages} passages were made, not {len(passages)}.")

    def open(self) -> None:
        """Open the index."""
        self._index = Index.open(self._job.index, self._encoder)

    def search(self, question: str) -> list[str]:
        """Dense and keyword candidates, fused."""
        query = understand(question, self._encoder)
        with self._index.snapshot() as store:
            hits = retrieve(store, query, RetrievalSettings())[:TOP]
        return [f"{hit.passage.prefix}\n{hit.passage.text}" for hit in hits]


if __name__ == "__main__":
    measure(Ours, ("torch", "sentence-transformers", "faiss-cpu", "tantivy"))
