"""The runs of an index: one numbered folder each, with its plan, its rows and its reports."""

import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.evaluation.questions import BadRow, EvaluationSet, Mode
from assistant.evaluation.results import Run, SetNote, figures_from
from assistant.evaluation.row_file import RowFile
from assistant.evaluation.state import overtaken, plan_of
from corpus.errors import UsageError

PLAN, RUN, ROWS, REPORT = "plan.json", "run.json", "rows.jsonl", "report.html"


class RunStore:
    """The folder `<index>/runs`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self, evaluation_set: EvaluationSet, mode: Mode, made_with: Mapping[str, str]) -> Path:
        """The folder of a new run, or of the latest one that had the same plan and was stopped.

        Runs that were stopped over another generation of the index go: it never comes back, nor do they go on.
        """
        plan = plan_of(evaluation_set, mode, made_with)
        self._drop_overtaken(plan)
        for name in reversed(self.names()):
            if not self._is_finished(name) and self._plan_of(name) == plan:
                return self.folder / name
        names = self.names()
        number = int(names[-1].split("-")[0]) + 1 if names else 1
        folder = self.folder / f"{number:04d}-{_slug(evaluation_set.name)}-{mode}"
        folder.mkdir(parents=True, exist_ok=True)  # it is there where a crash came before its plan
        (folder / ROWS).unlink(missing_ok=True)
        write_whole(folder / PLAN, _pretty(plan))
        return folder

    def _drop_overtaken(self, plan: Mapping[str, Any]) -> None:
        for name in self.names():
            if not self._is_finished(name) and overtaken(self._plan_of(name), plan):
                (self.folder / name / ROWS).unlink(missing_ok=True)  # first: nobody goes on with them after a crash
                shutil.rmtree(self.folder / name)

    def finish(self, run: Run, reports: Mapping[str, str]) -> None:
        """Keep a finished run's reports, by file name, and then its figures: with these it counts as finished."""
        folder = self.folder / run.id
        for name, text in reports.items():
            write_whole(folder / name, text)
        write_whole(folder / RUN, _pretty(run.as_dict()))

    def names(self) -> list[str]:
        """The runs, oldest first."""
        return sorted(path.parent.name for path in self.folder.glob(f"[0-9]*-*/{PLAN}"))

    def finished(self) -> list[str]:
        """The runs that went through, oldest first."""
        return [name for name in self.names() if self._is_finished(name)]

    def earlier(self, set_name: str, mode: Mode) -> Iterator[str]:
        """The finished runs of sets of this name in this mode, latest first."""
        for name in reversed(self.finished()):
            plan = self._plan_of(name)
            if (plan["set"], plan["mode"]) == (set_name, mode):
                yield name

    def like(self, evaluation_set: EvaluationSet, mode: Mode, made_with: Mapping[str, str]) -> str | None:
        """The latest finished run that had just this plan, so that another would give the same; null if none had."""
        plan = plan_of(evaluation_set, mode, made_with)
        return next((name for name in self.earlier(evaluation_set.name, mode) if self._plan_of(name) == plan), None)

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

    def report(self, name: str) -> str:
        """The HTML report of a finished run of this store, as it was written.

        Raises:
            UsageError: there is no such run.
        """
        if name not in self.finished():
            raise UsageError(f"There is no finished run {name}.")
        return (self.folder / name / REPORT).read_text(encoding="utf-8")

    def _find(self, name: str) -> Path:
        if name == "last" and self.finished():
            return self.folder / self.finished()[-1]
        numbered = [run for run in self.names() if name.isdigit() and int(run.split("-")[0]) == int(name)]
        inside = self.folder / (numbered[0] if numbered else name)
        return inside if inside.exists() else Path(name)

    def _is_finished(self, name: str) -> bool:
        return (self.folder / name / RUN).exists()

    def _plan_of(self, name: str) -> dict[str, Any]:
        plan: dict[str, Any] = json.loads((self.folder / name / PLAN).read_text(encoding="utf-8"))
        return plan


def write_whole(path: Path, text: str) -> None:
    """Write a file in one step; what is not valid Unicode, as in a file name, is escaped, in JSON too."""
    partial = path.with_name(f".{path.name}.part")
    partial.write_text(text, encoding="utf-8", errors="backslashreplace")
    os.replace(partial, path)


def _load(folder: Path) -> Run:
    saved = json.loads((folder / RUN).read_text(encoding="utf-8"))
    note = saved["set"]
    run = Run(
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
    # As they were computed: over thousands of questions the intervals take seconds.
    vars(run)["figures"] = figures_from(saved["figures"])
    vars(run)["splits"] = {
        split: {group: figures_from(of) for group, of in groups.items()} for split, groups in saved["splits"].items()
    }
    return run


def _slug(name: str) -> str:
    stem = re.sub(r"\.(jsonl|ndjson|json|csv)(\.gz)?$", "", name)
    return re.sub(r"[^A-Za-z0-9.]+", "-", stem).strip("-.")[:40] or "set"


def _pretty(value: Mapping[str, Any]) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False) + "\n"
