"""The passages indexed by Haystack. Run by `alternatives.py` in an environment of its own."""

from haystack import Document
from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from measured import TOP, Job, measure


class Haystack:
    """As its first example does it: the in-memory store, the only one in its own package, saved as JSON."""

    def __init__(self, job: Job) -> None:
        model, device = str(job.model), ComponentDevice.from_str("cpu")
        self._path = str(job.index / "store.json")
        self._documents = SentenceTransformersDocumentEmbedder(model=model, device=device, progress_bar=False)
        self._questions = SentenceTransformersTextEmbedder(model=model, device=device, progress_bar=False)
        for embedder in (self._documents, self._questions):
            embedder.warm_up()
        self._documents.run(documents=[Document(content="The model is used once.")])

    def index(self, passages: list[str]) -> None:
        """Embed, write, save."""
        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        embedded = self._documents.run(documents=[Document(content=passage) for passage in passages])
        store.write_documents(embedded["documents"])
        store.save_to_disk(self._path)

    def open(self) -> None:
        """Load what was saved."""
        store = InMemoryDocumentStore.load_from_disk(self._path)
        self._retriever = InMemoryEmbeddingRetriever(document_store=store, top_k=TOP)

    def search(self, question: str) -> list[str]:
        """By meaning."""
        vector = self._questions.run(text=question)["embedding"]
        return [document.content for document in self._retriever.run(query_embedding=vector)["documents"]]


if __name__ == "__main__":
    measure(Haystack, ("torch", "sentence-transformers", "haystack-ai", "sentence-transformers-haystack"))
