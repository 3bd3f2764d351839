"""The passages indexed by txtai. Run by `alternatives.py` in an environment of its own."""

from measured import TOP, Job, measure
from txtai import Embeddings


class Txtai:
    """As its first example does it, with the texts stored beside the vectors."""

    def __init__(self, job: Job) -> None:
        self._folder = str(job.index / "txtai")
        self._embeddings = Embeddings(path=str(job.model), content=True, gpu=False)
        self._embeddings.batchtransform(["The model is used once."])

    def index(self, passages: list[str]) -> None:
        """Index, save."""
        self._embeddings.index(passages)
        self._embeddings.save(self._folder)

    def open(self) -> None:
        """Load what was saved."""
        self._embeddings.close()
        self._embeddings = Embeddings()
        self._embeddings.load(self._folder)

    def search(self, question: str) -> list[str]:
        """By meaning."""
        return [hit["text"] for hit in self._embeddings.search(question, TOP)]


if __name__ == "__main__":
    measure(Txtai, ("torch", "transformers", "txtai", "faiss-cpu"))
