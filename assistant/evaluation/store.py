"""The runs of an index: one numbered folder each, with its plan, its rows and its reports."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.evaluation.questions import BadRow, EvaluationSet, Mode
from assistant.evaluation.results import Run, SetNote
from assistant.evaluation.row_file import RowFile
from corpus.errors import UsageError

PLAN, RUN, ROWS = "plan.json", "run.json", "rows.jsonl"


class RunStore:
    """The folder `<index>/runs`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self, evaluation_set: EvaluationSet, mode: Mode, made_with: Mapping[str, str]) -> Path:
        """The folder of a new run, or of the last one if it had the same plan and was stopped."""
        plan = {"set": evaluation_set.name, "sha256": evaluation_set.sha256, "mode": mode, "made_with": dict(made_with)}
        names = self.names()
        if names and self._is_unfinished(self.folder / names[-1], plan):
            return self.folder / names[-1]
        number = int(names[-1].split("-")[0]) + 1 if names else 1
        folder = self.folder / f"{number:04d}-{_slug(evaluation_set.name)}-{mode}"
        folder.mkdir(parents=True)
        (folder / PLAN).write_text(_pretty(plan), encoding="utf-8")
        return folder

    def finish(self, run: Run, reports: Mapping[str, str]) -> None:
        """Keep a finished run's figures and its reports, by file name."""
        folder = self.folder / run.id
        for name, text in reports.items():
            (folder / name).write_text(text, encoding="utf-8")
        (folder / RUN).write_text(_pretty(run.as_dict()), encoding="utf-8")

    def names(self) -> list[str]:
        """The runs, oldest first."""
        return sorted(path.parent.name for path in self.folder.glob(f"[0-9]*-*/{PLAN}"))

    def finished(self) -> list[str]:
        """The runs that went through, oldest first."""
        return [name for name in self.names() if (self.folder / name / RUN).exists()]

    def last(self, set_name: str, mode: Mode, before: str) -> str | None:
        """The latest finished run of this set and mode before another run; null if there is none."""
        for name in reversed(self.finished()):
            plan = json.loads((self.folder / name / PLAN).read_text(encoding="utf-8"))
            if name < before and (plan["set"], plan["mode"]) == (set_name, mode):
                return name
        return None

    def load(self, name: str | Path) -> Run:
        """A finished run by its name, its number, or the path of its folder.

        Raises:
            UsageError: there is no such run; the runs there are, are listed.
        """
        folder = self._find(str(name))
        if not (folder / RUN).exists():
            known = ", ".join(self.finished()[-5:]) or "none yet"
            raise UsageError(f"There is no finished run {name} in {self.folder}. The last runs: {known}.")
        return _load(folder)

    def _find(self, name: str) -> Path:
        if name == "last" and self.finished():
            return self.folder / self.finished()[-1]
        numbered = [run for run in self.names() if name.isdigit() and int(run.split("-")[0]) == int(name)]
        inside = self.folder / (numbered[0] if numbered else name)
        return inside if inside.exists() else Path(name)

    def _is_unfinished(self, folder: Path, plan: Mapping[str, Any]) -> bool:
        return not (folder / RUN).exists() and json.loads((folder / PLAN).read_text(encoding="utf-8")) == plan


def _load(folder: Path) -> Run:
    saved = json.loads((folder / RUN).read_text(encoding="utf-8"))
    note = saved["set"]
    return Run(
        id=saved["id"],
        set=SetNote(note["name"], note["sha256"], note["questions"], tuple(BadRow(**row) for row in note["bad_rows"])),
        mode=saved["mode"],
        threshold=saved["threshold"],
        passages_read=saved["passages_read"],
        resamples=saved["resamples"],
        rows=tuple(RowFile(folder / ROWS).read()),
        missing=tuple(saved["missing"]),
        made_with=saved["made_with"],
    )


def _slug(name: str) -> str:
    stem = re.sub(r"\.(jsonl|ndjson|json|csv)(\.gz)?$", "", name)
    return re.sub(r"[^A-Za-z0-9.]+", "-", stem).strip("-.")[:40] or "set"


def _pretty(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
