"""What else holds a document's words beside its index: saved runs, kept feedback, uploaded sets, Gradio's cache."""

import json
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from assistant.evaluation.markdown import markdown
from assistant.evaluation.metrics.spans import contains_any
from assistant.evaluation.report import html
from assistant.evaluation.row_file import RowFile
from assistant.evaluation.rows import Quoted, Row
from assistant.evaluation.setup import runs_of
from assistant.evaluation.store import ROWS, RunStore
from corpus.sentences import split
from index.change import UPLOADS, Forgotten, Leaving
from index.change import forget as forget_document
from index.lock import writing

FORGOTTEN = "(forgotten)"
WORDS = 4  # a shorter text that a document holds, as "60 mg", is no part of it that could be told from others
ABANDONED = 3600  # seconds without a write to a file that is written in one go
FEEDBACK = "feedback"  # inside the index's folder: what readers said of answers, and uploaded sets
PARTIAL = ("runs/*/.*.part", f"{FEEDBACK}/.*.part", f"{UPLOADS}/.*.part")  # names while something is written


def forget(folder: Path, path: str) -> Forgotten:
    """Remove a document from the index and its words from everything that is kept beside it.

    Raises:
        UsageError: no document, or several, have this path or name, or an upload cannot be deleted.
        IndexBusy: a build or an evaluation is writing; nothing was changed.
    """
    return forget_document(folder, path, also=lambda leaving: tuple(Traces(folder, leaving).wipe()))


class Traces:
    """A document's words, looked for and removed where the assistant and its page keep such."""

    def __init__(self, folder: Path, leaving: Leaving) -> None:
        self._folder = folder
        self._leaving = leaving

    def wipe(self) -> Iterator[str]:
        """Remove them; what was done, in sentences."""
        yield from self._runs()
        yield from self._rows()
        yield from self._copies()
        yield from self._unfinished()

    @cached_property
    def _sentences(self) -> list[str]:
        text = self._leaving.text
        found = (text[span.start : span.end] for span in split(text))
        return [sentence for sentence in found if len(sentence.split()) >= WORDS]

    def _holds(self, text: str) -> bool:
        """Whether a text is a part of the document or repeats a sentence of it."""
        part = text.strip() in self._leaving.text and len(text.split()) >= WORDS
        return part or any(sentence in text for sentence in self._sentences)

    def _runs(self) -> Iterator[str]:
        runs = runs_of(self._folder)
        if not runs.is_dir():
            return
        store = RunStore(runs)
        with writing(runs):
            cleaned = [name for name in store.names() if self._clean_run(store, name)]
        if cleaned:
            yield f"Its words were taken out of the evaluation runs {', '.join(cleaned)}; their figures stay."

    def _clean_run(self, store: RunStore, name: str) -> bool:
        file = RowFile(store.folder / name / ROWS)
        before = file.read()
        rows = [self._clean_row(row) for row in before]
        if rows == before:
            return False
        rows = [replace(row, understood_as="") for row in rows]  # it may have taken a word over from any turn before
        if name in store.finished():
            run = replace(store.load(name), rows=tuple(rows))
            store.finish(run, {"report.html": html(run), "report.md": markdown(run)})
        file.replace(rows)  # last: whoever forgets again after a crash finds here that something is left to do
        return True

    def _clean_row(self, row: Row) -> Row:
        """The row without the document's words; question and answers go too where they are about the document."""
        quotes = tuple(self._clean_quote(quote) for quote in row.quotes)
        told = [quote.text for quote, clean in zip(row.quotes, quotes, strict=True) if quote != clean]
        named = row.document in self._leaving.names
        about = named or any(self._holds(a) for a in row.answers) or any(contains_any(t, row.answers) for t in told)
        if not about and not self._holds(row.question):
            return replace(row, quotes=quotes)
        placed = replace(row, document=FORGOTTEN, group=FORGOTTEN) if named else row
        return replace(placed, quotes=quotes, question=FORGOTTEN, answers=tuple(FORGOTTEN for _ in row.answers))

    def _clean_quote(self, quote: Quoted) -> Quoted:
        if quote.text.strip() not in self._leaving.text and quote.document not in self._leaving.names:
            return quote
        return Quoted(FORGOTTEN, "", FORGOTTEN, None, quote.exact)

    def _rows(self) -> Iterator[str]:
        """What readers said of the document, and rows of uploaded sets that name it or repeat it."""
        for path in sorted((self._folder / FEEDBACK).glob("[!.]*")):
            if path.suffix.lower() == ".jsonl":
                with writing(path.parent):
                    count = self._drop_lines(path)
                yield from [f"{count} rows about it were taken out of {path.name}."] if count else []
            elif path.is_file() and self._holds(path.read_text(encoding="utf-8", errors="replace")):
                yield f"{path} is a set of yours that holds sentences of it; delete it if these are to go too."

    def _drop_lines(self, path: Path) -> int:
        """How many lines of a file told of the document; it is written anew without them."""
        whole = path.read_text(encoding="utf-8", errors="surrogateescape")
        lines = [line for line in whole.split("\n") if line.strip()]  # a row may hold other ends of lines
        kept = [line for line in lines if not self._tells_of(line)]
        if len(kept) < len(lines):
            partial = path.with_name(f".{path.name}.part")
            partial.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8", errors="surrogateescape")
            partial.replace(path)
        return len(lines) - len(kept)

    def _unfinished(self) -> Iterator[str]:
        """What a crash left half-written may hold words of anything; what is being written now is young."""
        for path in sorted(path for place in PARTIAL for path in self._folder.glob(place)):
            if time.time() - path.stat().st_mtime > ABANDONED:
                path.unlink(missing_ok=True)
                yield f"{path}, which a crash left half-written, is deleted."

    def _tells_of(self, line: str) -> bool:
        try:
            row = json.loads(line)
        except ValueError:
            return self._holds(line)
        named = isinstance(row, dict) and row.get("document") in self._leaving.names
        return named or any(self._holds(text) for text in texts_in(row))

    def _copies(self) -> Iterator[str]:
        """Gradio's upload cache: files with the document's bytes."""
        cache = Path(os.environ.get("GRADIO_TEMP_DIR") or Path(tempfile.gettempdir()) / "gradio")
        for path in sorted(cache.rglob("*")):
            try:
                if path.is_file() and path.stat().st_size == self._leaving.size and self._is_copy(path):
                    path.unlink()
                    yield f"{path}, a copy in the page's cache, is deleted."
            except OSError as error:
                yield f"{path} could not be looked at or deleted: {error.strerror}."

    def _is_copy(self, path: Path) -> bool:
        return sha256(path.read_bytes()).hexdigest() == self._leaving.sha256


def texts_in(value: object) -> Iterator[str]:
    """Every text in a value of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts_in(item)
