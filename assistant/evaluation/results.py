"""What a run leaves: its rows and everything that is computed from them."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from assistant.evaluation.figures import Figure, figures
from assistant.evaluation.outcomes import Blame, blame, reading_note
from assistant.evaluation.questions import BadRow, Mode
from assistant.evaluation.rows import Row
from assistant.evaluation.splits import HEADLINES, Splits, splits
from assistant.evaluation.state import REBUILT

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class SetNote:
    """Which set was run: `questions` counts those that can be used in the run's mode."""

    name: str
    sha256: str
    questions: int
    bad_rows: tuple[BadRow, ...] = ()


@dataclass(frozen=True)
class Run:
    """One set, asked. `missing` are the ids of the questions whose gold answers no document holds."""

    id: str
    set: SetNote
    mode: Mode
    threshold: float
    passages_read: int
    resamples: int
    rows: tuple[Row, ...]
    missing: tuple[str, ...] = ()
    made_with: Mapping[str, str] = field(default_factory=dict)

    @property
    def finished(self) -> bool:
        """Whether every question was asked."""
        return len(self.rows) == self.set.questions

    @property
    def rebuilt(self) -> str:
        """That the index was rebuilt while it was asked, so that its answers are of two generations; else empty."""
        return f"{REBUILT} {self.made_with[REBUILT]}" if REBUILT in self.made_with else ""

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """Every figure that this set and mode can give, by name."""
        return figures(self.rows, threshold=self.threshold, resamples=self.resamples)

    @cached_property
    def splits(self) -> Splits:
        """Every figure by question type, document and format."""
        return splits(self.rows, threshold=self.threshold, resamples=self.resamples)

    @property
    def headline(self) -> str:
        """The name of the figure that stands for the run."""
        return next((name for name in HEADLINES[self.mode] if name in self.figures), HEADLINES[self.mode][0])

    @cached_property
    def blames(self) -> dict[str, Blame]:
        """Where each failed question was lost, by its id, in the set's order."""
        found = {row.id: blame(row, threshold=self.threshold, passages_read=self.passages_read) for row in self.rows}
        return {name: lost for name, lost in found.items() if lost}

    @property
    def notes(self) -> dict[str, str]:
        """Of each failed question whose answer was found below the passages that were read, where, by its id."""
        found = {row.id: reading_note(row) for row in self.rows if row.id in self.blames}
        return {name: note for name, note in found.items() if note}

    @cached_property
    def timings(self) -> dict[str, dict[str, float]]:
        """Seconds by stage: p50, p95, p99 (linear between neighbours) and n."""
        stages = dict.fromkeys(stage for row in self.rows for stage in row.seconds)
        return {stage: _percentiles([r.seconds[stage] for r in self.rows if stage in r.seconds]) for stage in stages}

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionaries and lists; all but `timings` is the same for the same index and set."""
        return {
            "schema": SCHEMA,
            "id": self.id,
            "set": asdict(self.set),
            "mode": self.mode,
            "threshold": self.threshold,
            "passages_read": self.passages_read,
            "resamples": self.resamples,
            "made_with": dict(self.made_with),
            "finished": self.finished,
            "headline": self.headline,
            "figures": _plain(self.figures),
            "splits": {s: {group: _plain(of) for group, of in groups.items()} for s, groups in self.splits.items()},
            "blame": {
                "counts": dict(Counter(self.blames.values())),
                "questions": self.blames,
                "notes": self.notes,
            },
            "missing": list(self.missing),
            "timings": self.timings,
        }


def _percentiles(seconds: list[float]) -> dict[str, float]:
    p50, p95, p99 = np.percentile(seconds, [50, 95, 99])
    return {"p50": round(p50, 4), "p95": round(p95, 4), "p99": round(p99, 4), "n": len(seconds)}


def figures_from(saved: Mapping[str, Mapping[str, Any]]) -> dict[str, Figure]:
    """The figures that `Run.as_dict` gave, to six decimals."""
    return {name: Figure(**figure) for name, figure in saved.items()}


def _plain(figures: Mapping[str, Figure]) -> dict[str, dict[str, float | None]]:
    """Six decimals: what lies below differs between machines."""
    return {
        name: {key: value if value is None else round(value, 6) for key, value in asdict(figure).items()}
        for name, figure in figures.items()
    }
