"""Rows as JSON lines, written as they come, so that a stopped run can go on."""

import json
from collections.abc import Sequence
from pathlib import Path

from assistant.evaluation.rows import Row, row_from


class RowFile:
    """A file of rows. A last line that was cut off is dropped, its question is asked again."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[Row]:
        """The rows so far; empty where there is no file."""
        if not self.path.exists():
            return []
        whole = self.path.read_bytes()
        kept = whole[: whole.rfind(b"\n") + 1]
        if len(kept) < len(whole):
            self.path.write_bytes(kept)
        return [row_from(json.loads(line)) for line in kept.splitlines()]

    def replace(self, rows: Sequence[Row]) -> None:
        """Write the file anew, in one step."""
        partial = self.path.with_name(f".{self.path.name}.part")
        partial.write_text("".join(_line(row) for row in rows), encoding="utf-8")
        partial.replace(self.path)

    def append(self, row: Row) -> None:
        """Add one row and hand it to the system at once."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(_line(row))


def _line(row: Row) -> str:
    return json.dumps(row.as_dict(), ensure_ascii=True) + "\n"
