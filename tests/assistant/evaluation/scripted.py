"""A scripted assistant over a few texts: it retrieves by shared words and quotes the sentence told to it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from assistant.answers import Answer, Citation, Quote, Reading, Searched
from assistant.evaluation.questions import text_document
from corpus.documents import Document, Passage, Span


@dataclass(frozen=True)
class ScriptedHit:
    passage: Passage
    score: float


@dataclass(frozen=True)
class Script:
    """What to quote for a question: (path, text) best first, and how sure to be."""

    quotes: Sequence[tuple[str, str]]
    confidence: float
    answer: str = ""
    page: int | None = None


@dataclass
class ScriptedAssistant:
    """Passages are whole documents; `hide` are paths that retrieval never finds."""

    texts: dict[str, str]
    scripts: dict[str, Script] = field(default_factory=dict)
    hide: Sequence[str] = ()
    asked: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def library(self) -> "ScriptedLibrary":
        return ScriptedLibrary(self.texts)

    def ask(
        self,
        question: str,
        *,
        history: Sequence[str] = (),
        documents: Sequence[str] | None = None,
        threshold: float | None = None,
    ) -> Answer:
        assert threshold == 0.0
        self.asked.append((question, tuple(history)))
        script = self.scripts.get(question, Script((), 0.0))
        return Answer(
            question=question,
            understood_as=" ".join((*history, question)),
            answered=bool(script.quotes),
            confidence=script.confidence,
            reasons=(),
            quotes=tuple(self._quote(path, text, script) for path, text in script.quotes),
            nearest=(),
            unknown_words=(),
            searched=Searched(len(self.texts), len(self.texts)),
            generation=1,
            seconds={"total": 0.03, "retrieve": 0.01, "read": 0.02},
        )

    def retrieve(
        self, question: str, *, documents: Sequence[str] | None = None, top_k: int | None = None
    ) -> list[ScriptedHit]:
        words = set(question.lower().split())
        hits = [
            ScriptedHit(passage_of(path, text), float(len(words & set(text.lower().split()))))
            for path, text in self.texts.items()
            if path not in self.hide
        ]
        return sorted(hits, key=lambda hit: -hit.score)[:top_k]

    def _quote(self, path: str, text: str, script: Script) -> Quote:
        whole = self.texts[path]
        start = max(whole.find(text), 0)
        cited = Citation(
            document=path.rsplit("/", 1)[-1],
            path=path,
            sha256=text_document(path, whole, "").sha256,
            title="",
            page=script.page,
            page_label=None,
            heading=(),
            start=start,
            end=start + len(text),
        )
        answer = script.answer if script.answer in text else text
        return Quote(text, answer, text.find(answer), script.confidence, cited)


def passage_of(path: str, text: str) -> Passage:
    return Passage(text_document(path, text, "").sha256, 0, len(text), text, "")


@dataclass
class ScriptedLibrary:
    texts: dict[str, str]

    def documents(self) -> Iterable[tuple[str, Document]]:
        return [(path, text_document(path, text, "")) for path, text in self.texts.items()]

    def text_of(self, sha256: str) -> str | None:
        return next((document.text for _, document in self.documents() if document.sha256 == sha256), None)


@dataclass
class ScriptedReader:
    """Reads the span told for a question; (answer, answer score, null score)."""

    spans: dict[str, tuple[str, float, float]]
    sentences: dict[str, tuple[tuple[int, int, float], ...]] = field(default_factory=dict)

    def read(self, question: str, texts: Sequence[str]) -> list[Reading]:
        answer, score, null = self.spans.get(question, ("", 0.0, 5.0))
        return [
            Reading(
                Span(text.find(answer), text.find(answer) + len(answer)) if answer and answer in text else None,
                score,
                null,
                self.sentences.get(question, ()),
            )
            for text in texts
        ]
