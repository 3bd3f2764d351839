"""The assistant: an index, an encoder and a reader behind one object that threads may share."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Self

from assistant.answers import Answer
from assistant.ask import Asking, ask
from assistant.cite import Source
from assistant.confidence import Calibration
from assistant.converse import Following, is_courtesy, understood
from assistant.reading.budget import by_turns
from assistant.reading.load import load_calibration, load_reader
from assistant.reading.reader import Reader
from assistant.retrieve import Hit, retrieve, understand
from assistant.settings import Settings
from corpus.documents import Document
from corpus.errors import IndexMismatch, UsageError
from index.build import BuildOptions, BuildReport, Progress, build
from index.encoder import Encoder
from index.open import Index, Status
from index.own import uploads_of
from index.records import Changes
from index.store import Store
from index.tuned import NAME


@dataclass(frozen=True, slots=True)
class Surrounding:
    """The passage around a quote; the quote is `text[start:end]`."""

    text: str
    start: int
    end: int
    heading: tuple[str, ...]


class Assistant:
    """Ask it, look at its documents, rebuild it. Open one with `Assistant.open`."""

    def __init__(self, index: Index, asking: Asking) -> None:
        self._index = index
        self._asking = asking

    @classmethod
    def open(
        cls, folder: str | Path = ".index", *, reader: str | None = None, settings: Settings | None = None
    ) -> Self:
        """The assistant over the index in `folder`, with the shipped reader or the one named.

        Raises: IndexNotFound, IndexMismatch, IndexDamaged, ModelNotFound.
        """
        chosen_settings = settings if settings is not None else Settings()
        index = Index.open(Path(folder), settings=chosen_settings.index)
        chosen = load_reader(reader, encoder=index.encoder)
        return cls(index, Asking(chosen, _calibration(chosen, index), chosen_settings))

    def over(self, folder: Path) -> "Assistant":
        """The same models and settings over another index of the same encoder."""
        return Assistant(Index.open(folder, self.encoder, settings=self.settings.index), self._asking)

    @property
    def folder(self) -> Path:
        """The folder of the index."""
        return self._index.folder

    @property
    def uploads(self) -> Path:
        """The folder of the uploads, inside the index's; a root of the index from the first build with it on."""
        return uploads_of(self.folder)

    @property
    def settings(self) -> Settings:
        """What questions are asked with."""
        return self._asking.settings

    @property
    def encoder(self) -> Encoder:
        """The encoder of the index."""
        return self._index.encoder

    @property
    def reader(self) -> Reader:
        """The reader that finds the answers."""
        return self._asking.reader

    @property
    def calibration(self) -> Calibration:
        """What the confidence of its answers was fitted to."""
        return self._asking.calibration

    @property
    def default_threshold(self) -> float:
        """The confidence below which the answer is "not in these documents"."""
        return self._asking.calibration.threshold

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        documents: Sequence[str] | None = None,
        threshold: float | None = None,
    ) -> Answer:
        """The answer in the documents' own words, or the reasons why there is none.

        `history`: earlier questions, oldest first; the last is asked again where the question leans on its answer.
        `documents`: paths or unique names to search in.
        Raises: UsageError for an empty or over-long question or an unknown document; IndexDamaged.
        """
        began = perf_counter()
        self._check(question)
        limit = self.default_threshold if threshold is None else threshold
        if not 0 <= limit <= 1:
            raise UsageError(f"The threshold is {limit}; it must be a probability between 0 and 1.")
        with self._index.snapshot() as store:
            chosen = None if documents is None else store.find_documents(documents)
            earlier = [one.strip() for one in history if not self._refusal(one)]  # what was refused had no answer
            meant = understood(question.strip(), earlier, self._following(store, chosen))
            answer = self._answer(store, meant, threshold=limit, documents=chosen)
        seconds = {"total": round(perf_counter() - began, 4), **answer.seconds}
        return replace(answer, question=question, seconds=seconds)

    def _following(self, store: Store, documents: Collection[str] | None) -> Following:
        def answer_of(earlier: str) -> str:
            # The fitted threshold, whatever this question's is: evaluation asks with 0, where every guess would do.
            answer = self._answer(store, earlier, threshold=self.default_threshold, documents=documents)
            return answer.quotes[0].answer if answer.quotes else ""

        return Following(store, self.encoder, self.settings.follow_up_gain, answer_of, documents)

    def _answer(self, store: Store, meant: str, *, threshold: float, documents: Collection[str] | None) -> Answer:
        query = understand(meant, self.encoder)
        return ask(store, query, self._asking, threshold=threshold, documents=documents)

    def retrieve(self, question: str, *, documents: Sequence[str] | None = None, top_k: int | None = None) -> list[Hit]:
        """The passages found for a question in the order in which they are read, without reading them."""
        self._check(question)
        query = understand(question.strip(), self.encoder)
        with self._index.snapshot() as store:
            chosen = None if documents is None else store.find_documents(documents)
            return by_turns(retrieve(store, query, self._asking.settings.retrieval, documents=chosen))[:top_k]

    def document(self, sha256: str) -> Document:
        """A document by the SHA-256 of its file's bytes, without its boxes."""
        with self._index.snapshot() as store:
            return store.document(sha256)

    def text_around(self, sha256: str, start: int, end: int) -> Surrounding:
        """The section's text around a quote."""
        document = self.document(sha256)
        first, last = _section(document, start, end)
        return Surrounding(document.text[first:last], start - first, end - first, document.heading_path(start))

    def file(self, sha256: str) -> Path | None:
        """The file that citations of a document name, null where it was never a file or every copy was deleted."""
        with self._index.snapshot() as store:
            named = Source(store, sha256).file
            return None if named is None else named.path

    def status(self) -> Status:
        """What is indexed, with what, and what could not be."""
        with self._index.snapshot() as store:
            return store.status()

    def rebuild(
        self, *, progress: Progress | None = None, should_stop: Callable[[], bool] | None = None
    ) -> BuildReport:
        """Bring the index up to date with its folders and uploads; answers go on meanwhile.

        Raises: IndexBusy, IndexMismatch.
        """
        roots = [self.uploads] if self.uploads.is_dir() else []
        options = BuildOptions(corpus=self.settings.corpus, index=self.settings.index)
        encoder = self._index.require_encoder()
        return build(self.folder, encoder, roots=roots, options=options, progress=progress, should_stop=should_stop)

    def changes(self) -> Changes:
        """What differs on the disk from what is indexed."""
        return self._index.changes()

    def _check(self, question: str) -> None:
        if refusal := self._refusal(question):
            raise UsageError(refusal)

    def _refusal(self, question: str) -> str:
        """Why the question cannot be asked and what to do; empty where it can."""
        if len(question) > self.settings.question_characters:
            most = f"{self.settings.question_characters:,}"
            return f"The question has {len(question):,} characters; at most {most} are read. Shorten it."
        words, limit = len(question.split()), self.settings.question_words
        if not words:
            return "The question is empty. Type a question about your documents."
        if words > limit:
            return f"The question has {words} words; at most {limit} are understood. Shorten it."
        if is_courtesy(question):
            return f"“{question.strip()}” asks nothing. Ask something that your documents may tell."
        return ""


def _calibration(reader: Reader, index: Index) -> Calibration:
    """What was fitted for the reader and the index's encoder. Raises: IndexMismatch, with what a user can do."""
    try:
        return load_calibration(reader, index.encoder)
    except IndexMismatch as error:
        if index.encoder.name == NAME:
            raise
        raise IndexMismatch(
            f"The index in {index.folder} was made with the encoder {index.encoder.name}, not with the shipped one, "
            f"for which the confidence was fitted. Run `assistant build --index {index.folder}` to make it anew, or "
            "ask with `--reader similarity`, whose confidence is not calibrated."
        ) from error


def _section(document: Document, start: int, end: int) -> tuple[int, int]:
    """The range between the heading above `start` and the next one after `end`."""
    edges = [0, *(heading.start for heading in document.headings), len(document.text)]
    return max(edge for edge in edges if edge <= start), min(edge for edge in edges if edge >= end)
