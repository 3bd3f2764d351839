"""Two runs of one set: what changed, whether it could be chance, and which questions were won and lost."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from assistant.evaluation.figure_names import NEITHER_IS_BETTER, ORDER
from assistant.evaluation.metrics.intervals import mean_interval
from assistant.evaluation.metrics.paired import randomization_p
from assistant.evaluation.outcomes import outcome_scores
from assistant.evaluation.questions import Question
from assistant.evaluation.results import Run
from assistant.evaluation.rows import Row
from assistant.evaluation.splits import HEADLINES
from corpus.errors import UsageError

SIGNIFICANT = 0.05  # the usual level
NAMED = 5  # questions named in the sentence; all are in the JSON


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure in both runs, over the questions that have it in both: `delta` is b minus a with its 95 % interval."""

    a: float
    b: float
    delta: float
    low: float
    high: float
    p: float
    n: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run `b` against the earlier run `a`. `won` and `lost` are question ids by the headline figure."""

    a: str
    b: str
    headline: str
    differences: dict[str, Difference]
    won: tuple[str, ...]
    lost: tuple[str, ...]
    only_a: int
    only_b: int

    @property
    def verdict(self) -> str:
        """One of "better", "worse" or "no clear difference", by the headline at p < 0.05."""
        main = self.differences[self.headline]
        if main.p >= SIGNIFICANT:
            return "no clear difference"
        return "better" if main.delta > 0 else "worse"

    @property
    def worse(self) -> bool:
        """Whether the headline fell by more than chance explains."""
        return self.verdict == "worse"

    @property
    def sentence(self) -> str:
        """The comparison in one sentence."""
        main = self.differences[self.headline]
        moved = f"{100 * main.delta:+.1f} points of {self.headline} ({main.a:.3f} to {main.b:.3f})"
        p = "p < 0.001" if main.p < 0.001 else f"p = {main.p:.2g}"
        changes = f"{_counted(self.won)} won; {_counted(self.lost)} lost{_names(self.lost)}"
        return f"{self.verdict}: {moved}, {p}; {changes}"

    def as_dict(self) -> dict[str, Any]:
        """Plain dictionaries and lists."""
        return {**asdict(self), "verdict": self.verdict, "sentence": self.sentence}


def compare(run_a: Run, run_b: Run) -> Comparison:
    """What run `b` changed against run `a`, over the questions that are the same in both.

    Raises:
        UsageError: other modes, or no question in common.
    """
    if run_a.mode != run_b.mode:
        raise UsageError(f"{run_a.id} was run as {run_a.mode}, {run_b.id} as {run_b.mode}. Compare runs of one mode.")
    earlier = {row.id: row for row in run_a.rows}
    pairs = [(earlier[row.id], row) for row in run_b.rows if row.id in earlier and _same(earlier[row.id], row)]
    if not pairs:
        raise UsageError(f"{run_a.id} and {run_b.id} have no question in common. Compare runs of one set.")
    scores = [(_scores(a, run_a), _scores(b, run_b)) for a, b in pairs]
    differences = _differences(scores)
    headline = next(name for name in HEADLINES[run_b.mode] if name in differences)
    shift = [(row.id, _shift(*both, headline)) for (_, row), both in zip(pairs, scores, strict=True)]
    return Comparison(
        a=run_a.id,
        b=run_b.id,
        headline=headline,
        differences=differences,
        won=tuple(name for name, delta in shift if delta > 0),
        lost=tuple(name for name, delta in shift if delta < 0),
        only_a=len(run_a.rows) - len(pairs),
        only_b=len(run_b.rows) - len(pairs),
    )


def shares_questions(run: Run, questions: Sequence[Question]) -> bool:
    """Whether at least one question is the same in a run and in a set that is to be run."""
    asked = {row.id: row for row in run.rows}
    return any(q.id in asked and _same(asked[q.id], q) for q in questions)


def _shift(a: dict[str, float], b: dict[str, float], name: str) -> float:
    return b[name] - a[name] if name in a and name in b else 0.0


def _same(a: Row, b: Row | Question) -> bool:
    """A question whose text or answers were edited between the runs is not the same question."""
    return (a.question, a.answers, a.document) == (b.question, b.answers, b.document)


def _scores(row: Row, run: Run) -> dict[str, float]:
    return {**row.scores, **outcome_scores(row, run.threshold)}


def _differences(scores: Sequence[tuple[dict[str, float], dict[str, float]]]) -> dict[str, Difference]:
    found: dict[str, Difference] = {}
    for name in (name for name in ORDER if name not in NEITHER_IS_BETTER):
        both = np.array([(a[name], b[name]) for a, b in scores if name in a and name in b], dtype=np.float64)
        if len(both):
            delta = both[:, 1] - both[:, 0]
            interval = mean_interval(delta, 1000)
            means = float(both[:, 0].mean()), float(both[:, 1].mean()), float(delta.mean())
            found[name] = Difference(*means, *interval, randomization_p(delta), len(both))
    return found


def _counted(names: Sequence[str]) -> str:
    return "1 question" if len(names) == 1 else f"{len(names)} questions"


def _names(names: Sequence[str]) -> str:
    if not names:
        return ""
    return ": " + ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
