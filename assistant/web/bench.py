"""What happens in the Evaluate tab."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.evaluation.compare import Comparison, compare
from assistant.evaluation.results import Run
from assistant.evaluation.store import ROWS, RunStore
from assistant.web import render_evaluation
from assistant.web.feedback import TO_COMPLETE
from assistant.web.jobs import Jobs
from assistant.web.present import changed_at, last_run
from assistant.web.render import text
from assistant.web.render_job import job_html, refused
from assistant.web.site_parts import Site
from assistant.web.uploads import SETS
from corpus.errors import AssistantError, UsageError

Update = Any  # Gradio's own word for a changed component has no type
Look = tuple[Update, Update, Update, Update, str, Update]
"""The job's panel, the run shown, the run it is compared with, the table, what was seen, the stop button."""
Acted = tuple[str, Update, Update, Update, Update, str, Update]
"""Why what was asked for was not done, empty where it was, and then a look."""
Names = tuple[Update, list[str]]
"""The sets to choose from, and their names."""
ALONE = "no other run"
Kept = tuple[Path, int]
"""A run's folder and when its rows were last written: what a document's removal takes out is not shown again."""


class Bench:
    """Runs sets, one at a time, and shows the runs that are kept."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def names(self, chosen: str | None, seen: list[str]) -> Names:
        """The sets on offer where they are others than those `seen`; what is chosen stays if it is among them.

        Else the first of the own ones is: the example set asks about other documents than most people's.
        """
        sets = self._sets()
        names = [path.name for path in sets]
        if names == seen:
            return gr.skip(), seen
        if chosen in names:
            return gr.update(choices=names), names
        own = self._own(sets)
        return gr.update(choices=names, value=own[0].name if own else None), names

    def uploaded(self) -> Names:
        """The sets on offer, the one that was uploaded last chosen."""
        sets = self._sets()
        names = [path.name for path in sets]
        newest = max(self._own(sets), key=lambda path: path.stat().st_mtime_ns, default=None)
        return gr.update(choices=names, value=newest.name if newest else None), names

    def look(self) -> Look:
        """Everything as it is now: the last run, compared with the one before it."""
        mark = self.sign()  # first: what changes while the rest is drawn is seen at the next tick
        jobs, backend = self._site.evaluations, self._site.desk.ready
        runs = backend.runs.finished()[::-1] if backend is not None else []
        last = runs[0] if runs else None
        shown = gr.update(choices=runs, value=last, visible=bool(runs))
        return job_html(jobs.job), shown, *self.show(last), mark, gr.update(visible=jobs.running)

    def tick(self, seen: str) -> Look:
        """What has changed since `seen`; while a job runs only its panel changes."""
        mark = self.sign()
        if mark == seen:
            return gr.skip(), gr.skip(), gr.skip(), gr.skip(), seen, gr.skip()
        if self._site.evaluations.running and seen:
            running = gr.update(visible=True)
            return job_html(self._site.evaluations.job), gr.skip(), gr.skip(), gr.skip(), mark, running
        return self.look()

    def run(self, name: str | None) -> Acted:
        """Begin to run a set."""
        said = ""
        try:
            questions = self._set(name)
            self._site.evaluations.start(f"Asking {questions.name}", lambda jobs: self._work(jobs, questions))
        except AssistantError as error:
            said = refused(str(error))
        return said, *self.look()

    def stop(self) -> Acted:
        """Ask the run to end."""
        self._site.evaluations.stop()
        return "", *self.look()

    def show(self, name: str | None) -> tuple[Update, str]:
        """Another run, compared with the one before it: the earlier runs of its set in its mode, and the table."""
        if name is None:
            return gr.update(choices=[], visible=False), ""
        run, runs = self._run(name), self._site.desk.opened().runs
        earlier = [other for other in runs.earlier(run.set.name, run.mode) if other < name]
        value = earlier[0] if earlier else ALONE
        return gr.update(choices=[*earlier, ALONE], value=value, visible=bool(earlier)), self.table(name, value)

    def table(self, name: str | None, against: str | None) -> str:
        """A run, and what changed against another."""
        if name is None:
            return ""
        run = self._run(name)
        if against in (None, ALONE):
            return render_evaluation.run_html(run)
        try:
            return render_evaluation.run_html(run, _compared(self._kept(str(against)), self._kept(name)))
        except UsageError as error:
            return f'<p class="note">{text(str(error))}</p>{render_evaluation.run_html(run)}'

    def sign(self, _key: str = "") -> str:
        """Changes with everything that the tab shows by itself."""
        backend = self._site.desk.ready
        runs = "not yet" if backend is None else last_run(backend.runs.folder)
        return f"{runs} {self._site.evaluations.job}"

    def sign_of_sets(self, _key: str = "") -> str:
        """Changes with the sets on offer: those that were uploaded, and what readers say of answers."""
        return str(changed_at(self._site.own_sets))

    def _work(self, jobs: Jobs, questions: Path) -> str:
        backend = self._site.desk.opened()
        run = backend.evaluate(questions, progress=jobs, should_stop=jobs.should_stop, notice=jobs.note)
        asked = f"{len(run.rows)} of {run.set.questions} questions asked."
        return asked if run.finished else f"{asked} Run the set again to go on with the next."

    def _run(self, name: str) -> Run:
        return _loaded(self._kept(name))

    def _kept(self, name: str) -> Kept:
        folder = self._site.desk.opened().runs.folder / name
        return folder, (folder / ROWS).stat().st_mtime_ns

    def _sets(self) -> list[Path]:
        own = sorted(self._site.own_sets.iterdir()) if self._site.own_sets.is_dir() else []
        usable = (path for path in own if path.suffix.lower() in SETS and path.name != TO_COMPLETE)
        return list({path.name: path for path in [*self._site.sets, *usable]}.values())  # an uploaded one goes first

    def _own(self, sets: list[Path]) -> list[Path]:
        """Those that were uploaded, and what readers say of answers."""
        return [path for path in sets if path.parent == self._site.own_sets]

    def _set(self, name: str | None) -> Path:
        for path in self._sets():
            if path.name == name:
                return path
        raise UsageError("Choose a set first, or upload one.")


@lru_cache(maxsize=4)
def _loaded(kept: Kept) -> Run:
    return RunStore(kept[0].parent).load(kept[0])


@lru_cache(maxsize=4)
def _compared(before: Kept, after: Kept) -> Comparison:
    return compare(_loaded(before), _loaded(after))
