"""Two runs of one set: what changed, whether it could be chance, and which questions were won and lost."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.evaluation.differences import Difference, Side, differences
from assistant.evaluation.figure_names import LOWER_IS_BETTER
from assistant.evaluation.questions import Question
from assistant.evaluation.results import Run
from assistant.evaluation.rows import Row
from assistant.evaluation.splits import HEADLINES
from assistant.evaluation.trust import curve
from corpus.errors import UsageError

SIGNIFICANT = 0.05  # the usual level
NAMED = 5  # questions named in the sentence; all are in the JSON


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run `b` against the earlier run `a`. `won` and `lost` are question ids by the headline figure.

    `curve` is the risk-coverage curve of `a`, to be drawn beside that of `b`; the JSON leaves it out.
    """

    a: str
    b: str
    headline: str
    differences: dict[str, Difference]
    won: tuple[str, ...]
    lost: tuple[str, ...]
    only_a: int
    only_b: int
    curve: tuple[tuple[float, float], ...] = ()

    @property
    def verdict(self) -> str:
        """One of "better", "worse" or "no clear difference", by the headline at p < 0.05."""
        return self.verdict_on(self.headline)

    def verdict_on(self, name: str) -> str:
        """The same by any figure: some are better when they are lower."""
        found = self.differences[name]
        if found.p >= SIGNIFICANT:
            return "no clear difference"
        return "better" if (found.delta > 0) != (name in LOWER_IS_BETTER) else "worse"

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
        told = {name: value for name, value in asdict(self).items() if name != "curve"}
        verdicts = {name: self.verdict_on(name) for name in self.differences}
        return {**told, "verdicts": verdicts, "verdict": self.verdict, "sentence": self.sentence}


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
    a, b = Side([row for row, _ in pairs], run_a.threshold), Side([row for _, row in pairs], run_b.threshold)
    found = differences(a, b)
    headline = next(name for name in HEADLINES[run_b.mode] if name in found)
    scores = zip(b.rows, a.scores(), b.scores(), strict=True)
    shift = [(row.id, _shift(before, after, headline)) for row, before, after in scores]
    return Comparison(
        a=run_a.id,
        b=run_b.id,
        headline=headline,
        differences=found,
        won=tuple(name for name, delta in shift if delta > 0),
        lost=tuple(name for name, delta in shift if delta < 0),
        only_a=len(run_a.rows) - len(pairs),
        only_b=len(run_b.rows) - len(pairs),
        curve=tuple(curve(a.rows)),
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


def _counted(names: Sequence[str]) -> str:
    return "1 question" if len(names) == 1 else f"{len(names)} questions"


def _names(names: Sequence[str]) -> str:
    if not names:
        return ""
    return ": " + ", ".join(names[:NAMED]) + (", …" if len(names) > NAMED else "")
