"""An assistant that follows a script, for the page to stand on."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from assistant.answers import Answer, Citation, Nearest, Quote, Searched
from assistant.evaluation.command import Request, run_evaluate
from assistant.evaluation.instruments import Options
from assistant.evaluation.results import Run
from assistant.evaluation.store import RunStore
from assistant.retrieve import Hit
from assistant.web.backend import ReaderIdentity
from corpus.documents import Document, Heading, Problem
from corpus.documents import Page as DocumentPage
from corpus.errors import UsageError
from index.progress import Progress, check
from index.records import BuildReport, Changes, DocumentRow, EncoderIdentity, Status


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
    uploads: Path = Path("/nonexistent")
    forgotten: list[str] = field(default_factory=list)
    steps: int = 3
    step_seconds: float = 0.01
    passages_read: int = 8
    reader_identity: ReaderIdentity = field(default_factory=lambda: ReaderIdentity("scripted", "5c" * 32))
    follow_ups: dict[str, str] = field(default_factory=dict)
    repair: str = ""

    def __post_init__(self) -> None:
        self.run: Run | None = None
        self.watching, self.watch_note = False, ""
        self.runs = RunStore(Path(tempfile.mkdtemp(prefix="scripted-runs-")))
        self.searched: Sequence[str] | None = None
        self.threshold: float | None = None
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
        self.searched, self.threshold = documents, threshold
        time.sleep(self.delay)
        if question == "fail":
            raise UsageError("The question <b>fail</b> cannot be asked.")
        understood = self.follow_ups.get(question, question) if history else question
        word = understood.rstrip("?").split()[-1]
        quotes = tuple(self._quotes(word))[:3]
        nearest = () if quotes else (Nearest(self._first().text, self._first().citation),)
        return Answer(
            question,
            understood,
            bool(quotes),
            0.93 if quotes else 0.06,
            () if quotes else ("Nothing says it.",),
            quotes,
            nearest,
            () if quotes else (word,),
            Searched(len(self.texts), 1204),
            7,
            {"total": 0.08},
        )

    def extent(self) -> Searched:
        return Searched(len(self.texts), 1204)

    def text_around(self, sha256: str, start: int, end: int) -> Surrounding:
        text = self.texts[self.by_hash[sha256]]
        return Surrounding(text, start, end, ("Dosing",))

    def citation(self, sha256: str, start: int, end: int) -> Citation:
        name = self.by_hash[sha256]
        return Citation(name, f"folder/{name}", sha256, name, 22, "xii", ("Methods", "Dosing"), start, end)

    def document(self, sha256: str) -> Document:
        name = self.by_hash[sha256]
        page, heading = DocumentPage(22, "xii", 0), Heading(0, len(self.texts[name].split(chr(10))[0]), 1)
        return Document(sha256, self.texts[name], name, "pdf", "en", (page,), (heading,))

    def file(self, sha256: str) -> Path | None:
        return None

    def status(self) -> Status:
        rows = tuple(self._row(name) for name in (*self.texts, *self._uploaded()) if name not in self.forgotten)
        scan = Problem("scan.pdf", "Its pages are <pictures> without text.", "Run OCR on it and build again.", 3)
        excluded = tuple(self.forgotten)
        encoder = EncoderIdentity("hashed", "1", 8)
        return Status(7, len(rows), 1204, rows, (scan,), (), ("/folder",), excluded, encoder, {}, {}, 4096, self.repair)

    def changes(self) -> Changes:
        return Changes(added=("new<b>.txt",))

    def rebuild(
        self, *, progress: Progress | None = None, should_stop: Callable[[], bool] | None = None
    ) -> BuildReport:
        assert progress is not None
        assert should_stop is not None
        progress.stage("encoding", self.steps)
        for _step in range(self.steps):
            time.sleep(self.step_seconds)
            check(should_stop)
            progress.advance(1)
        return BuildReport(8, len(self.texts), 1204, 1, 0, 0, 1, 0, 5, (), (), 0.1)

    def set_due(self) -> str:
        return ""

    def ask_set_due(self, *, progress: Progress, should_stop: Callable[[], bool], notice: Callable[[str], None]) -> str:
        raise AssertionError("no set is due")

    def forget(self, path: str) -> None:
        self.forgotten.append(path)

    def include(self, path: str) -> None:
        self.forgotten.remove(path)

    def watch(self) -> None:
        self.watching, self.watch_note = True, "1 document added: <new>.txt."

    def unwatch(self) -> None:
        self.watching, self.watch_note = False, ""

    def evaluate(
        self,
        questions: Path,
        *,
        progress: Progress,
        should_stop: Callable[[], bool],
        notice: Callable[[str], None] = print,
    ) -> Run:
        request, few = Request(questions, self.runs.folder, against="last"), Options(resamples=20, notice=notice)
        self.run = run_evaluate(self, request, few, progress=progress, should_stop=should_stop).run
        assert self.run is not None
        return self.run

    def last_run(self) -> Run | None:
        return self.run

    def retrieve(self, question: str, *, documents: Sequence[str] | None = None, top_k: int | None = None) -> list[Hit]:
        return []

    def _uploaded(self) -> list[str]:
        return sorted(path.name for path in self.uploads.iterdir()) if self.uploads.is_dir() else []

    def _sha256(self, name: str) -> str:
        return next((known for known, of in self.by_hash.items() if of == name), "")

    def _row(self, name: str) -> DocumentRow:
        when, title = "2026-11-20T10:00:00", f"Title of {name}"
        passages = 602 if name in self.texts else 0  # of an upload nothing was read
        return DocumentRow("/folder", name, self._sha256(name), title, "pdf", "en", 3, passages, 9, when, ())

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
