"""An assistant that follows a script, for the page to stand on."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from assistant.answers import Answer, Citation, Nearest, Quote, Searched
from corpus.documents import Document, Heading
from corpus.documents import Page as DocumentPage
from corpus.errors import UsageError


@dataclass(frozen=True)
class Surrounding:
    text: str
    start: int
    end: int
    heading: tuple[str, ...]


@dataclass
class ScriptedAssistant:
    """Answers a question with the sentences of its documents that hold the question's last word."""

    texts: dict[str, str]
    default_threshold: float = 0.5
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    delay: float = 0.0

    def __post_init__(self) -> None:
        self.by_hash = {sha256(text.encode()).hexdigest(): name for name, text in self.texts.items()}

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        documents: Sequence[str] | None = None,
        threshold: float | None = None,
    ) -> Answer:
        self.asked.append((question, tuple(history)))
        time.sleep(self.delay)
        if question == "fail":
            raise UsageError("The question <b>fail</b> cannot be asked.")
        word = question.rstrip("?").split()[-1]
        quotes = tuple(self._quotes(word))[:3]
        nearest = () if quotes else (Nearest(self._first().text, self._first().citation),)
        return Answer(
            question,
            question,
            bool(quotes),
            0.93 if quotes else 0.12,
            () if quotes else ("Nothing says it.",),
            quotes,
            nearest,
            () if quotes else (word,),
            Searched(len(self.texts), 1204),
            7,
            {"total": 0.08},
        )

    def text_around(self, sha256: str, start: int, end: int) -> Surrounding:
        text = self.texts[self.by_hash[sha256]]
        return Surrounding(text, start, end, ("Dosing",))

    def citation(self, sha256: str, start: int, end: int) -> Citation:
        name = self.by_hash[sha256]
        return Citation(name, f"folder/{name}", sha256, name, 22, "xii", ("Methods", "Dosing"), start, end)

    def document(self, sha256: str) -> Document:
        name = self.by_hash[sha256]
        page, heading = DocumentPage(22, "xii", 0), Heading(0, 6, 1)
        return Document(sha256, self.texts[name], name, "pdf", "en", (page,), (heading,))

    def file(self, sha256: str) -> Path | None:
        return None

    def _quotes(self, word: str) -> Iterator[Quote]:
        for text in self.texts.values():
            start = 0
            for sentence in text.splitlines(keepends=True):
                words = sentence.rstrip("\n")
                if word in words:
                    cite = self.citation(sha256(text.encode()).hexdigest(), start, start + len(words))
                    yield Quote(words, word, words.index(word), 0.93, cite)
                start += len(sentence)

    def _first(self) -> Quote:
        return next(self._quotes(""))
