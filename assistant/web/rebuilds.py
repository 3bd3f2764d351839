"""Rebuilds from the page: one at a time, and after each the set that builds ask."""

import threading

from assistant.web.backend import Backend
from assistant.web.jobs import Jobs
from assistant.web.site_parts import Site
from corpus.errors import UsageError
from corpus.phrases import count
from index.records import BuildReport


class Rebuilds:
    """Begins them; one that is asked for while another runs begins when that has ended.

    What was uploaded meanwhile may have come too late for the one that runs.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = threading.Lock()  # nobody begins one between a look whether one runs and what follows from it
        self._wanted = False

    @property
    def waiting(self) -> bool:
        """Whether another begins when the present one has ended."""
        return self._wanted

    def begin(self) -> None:
        """Rebuild now, or once more when the present rebuild has ended."""
        with self._lock:
            if self._site.builds.running:
                self._wanted = True
            else:
                self._start()

    def include(self, path: str) -> None:
        """Take a file off the exclusion list and rebuild. Raises: UsageError while a rebuild runs."""
        with self._lock:
            self._start(path)

    def stop(self) -> None:
        """Ask the present rebuild to end; none follows it."""
        with self._lock:
            self._wanted = False
            self._site.builds.stop()

    def _start(self, include: str = "") -> None:
        self._site.builds.start("Rebuilding", lambda jobs: self._work(jobs, include))
        self._wanted = False  # this is the one

    def _work(self, jobs: Jobs, include: str) -> str:
        try:
            return self._build(jobs, include)
        finally:
            threading.Thread(target=self._follow, args=(threading.current_thread(),), daemon=True).start()

    def _follow(self, job: threading.Thread) -> None:
        """Begin the one that was asked for meanwhile, as soon as this one's job has ended."""
        job.join()
        with self._lock:
            if self._wanted:
                self._start()

    def _build(self, jobs: Jobs, include: str) -> str:
        backend = self._site.desk.opened()
        if include:
            backend.include(include)
        built = said(backend.rebuild(progress=jobs, should_stop=jobs.should_stop))
        last = not jobs.should_stop() and not self.waiting
        return f"{built} {self._judge(backend)}".strip() if last else built

    def _judge(self, backend: Backend) -> str:
        """Begin the Evaluate tab's job for the set that builds ask, where it is due; the sentence that says so."""
        name = backend.set_due()
        if not name:
            return ""
        try:
            self._site.evaluations.start(
                f"Asking {name}",
                lambda jobs: backend.ask_set_due(progress=jobs, should_stop=jobs.should_stop, notice=jobs.note),
            )
        except UsageError as busy:
            return f"The set chosen for after builds is not asked: {busy} The next Rebuild asks it."
        return "The set chosen for after builds is being asked: see Evaluate."


def said(report: BuildReport) -> str:
    """What a build did, in one sentence."""
    changes = {"added": report.added, "changed": report.changed, "removed": report.removed, "renamed": report.renamed}
    done = ", ".join(f"{number} {name}" for name, number in changes.items() if number) or "nothing had changed"
    trouble = f" {count(len(report.problems), 'problem')}, listed below." if report.problems else ""
    return f"{count(report.documents, 'document')}, {count(report.passages, 'passage')}: {done}.{trouble}"
