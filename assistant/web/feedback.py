"""What readers say of answers, kept as rows of an evaluation set.

A row that is complete (right answers, and "the documents do not answer it") goes to `feedback.jsonl` and can be
run at once; what says only that something was wrong goes to `to-complete.jsonl`, where `answers` is to be filled in.
"""

import json
import threading
from pathlib import Path

from assistant.answers import Answer
from assistant.web.conversation import Turn
from assistant.web.render_turn import REASONS
from corpus.errors import UsageError
from index.lock import writing

COMPLETE, TO_COMPLETE = "feedback.jsonl", "to-complete.jsonl"
RIGHT, SILENT = 0, 3  # positions of the verdicts: right, then the reasons in their order


class Feedback:
    """Writes into one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def keep(self, turn: Turn, verdict: int) -> str:
        """Keep a verdict, the last on this answer; what was done, in words.

        Raises: UsageError for a verdict that there is not, IndexBusy while a document is being forgotten.
        """
        if turn.answer is None or verdict not in range(len(REASONS) + 1):
            raise UsageError("There is no such verdict on this turn.")
        row = _row(turn, turn.answer, verdict)
        complete = row["answers"] is not None
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._lock, writing(self._folder):  # a document may be forgotten meanwhile, by another process too
            for name in (COMPLETE, TO_COMPLETE):
                self._write(name, [old for old in self._rows(name) if old["id"] != turn.id])
            name = COMPLETE if complete else TO_COMPLETE
            self._write(name, [*self._rows(name), row])
        return f"Kept as a row of the set {COMPLETE}." if complete else "Kept; its right answer is to be filled in."

    def _rows(self, name: str) -> list[dict[str, object]]:
        file = self._folder / name
        lines = file.read_text(encoding="utf-8").split("\n") if file.exists() else []  # a quote may hold other ends
        return [json.loads(line) for line in lines if line.strip()]

    def _write(self, name: str, rows: list[dict[str, object]]) -> None:
        """Replace the file in one step: who evaluates meanwhile reads the old or the new one."""
        partial = self._folder / f".{name}.part"
        partial.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
        partial.replace(self._folder / name)


def _row(turn: Turn, answer: Answer, verdict: int) -> dict[str, object]:
    row: dict[str, object] = {"id": turn.id, "question": answer.understood_as or turn.question}
    if verdict == SILENT or (verdict == RIGHT and not answer.quotes):
        return {**row, "answers": []}
    if verdict == RIGHT:
        best = answer.quotes[0]
        return {**row, "answers": [best.answer or best.text], "document": best.citation.path}
    return {**row, "answers": None, "wrong": REASONS[verdict - 1]}
