"""The plain loop: sentence-transformers encodes all passages, FAISS holds them. Run by `alternatives.py`."""

import json

import faiss
from measured import TOP, Job, measure
from sentence_transformers import SentenceTransformer


class Plain:
    """As the two libraries' first examples do it: batches of 32 of like length, an exact index."""

    def __init__(self, job: Job) -> None:
        self._vectors, self._texts = job.index / "vectors.faiss", job.index / "passages.json"
        self._model = SentenceTransformer(str(job.model), device="cpu")
        self._model.encode(["The model is used once."])

    def index(self, passages: list[str]) -> None:
        """Encode, add, write."""
        vectors = self._model.encode(passages, normalize_embeddings=True)
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(vectors)
        faiss.write_index(index, str(self._vectors))
        self._texts.write_text(json.dumps(passages))

    def open(self) -> None:
        """Read both files."""
        self._index, self._passages = faiss.read_index(str(self._vectors)), json.loads(self._texts.read_text())

    def search(self, question: str) -> list[str]:
        """By meaning."""
        _, rows = self._index.search(self._model.encode([question], normalize_embeddings=True), TOP)
        return [self._passages[row] for row in rows[0] if row >= 0]


if __name__ == "__main__":
    measure(Plain, ("torch", "sentence-transformers", "faiss-cpu"))
