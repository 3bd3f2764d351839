"""Two runs compared by the figures of many questions at once: against a plain loop, by chance, and in time."""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, roc_auc_score

from assistant.evaluation.compare import Comparison, compare
from assistant.evaluation.comparison_table import comparison_cells
from assistant.evaluation.differences import RESAMPLES
from assistant.evaluation.metrics import levels as measures
from assistant.evaluation.metrics.intervals import draws
from assistant.evaluation.metrics.levels import levels
from assistant.evaluation.metrics.paired import bootstrap_p, randomization_p
from assistant.evaluation.plots import plots
from assistant.evaluation.report import html
from assistant.evaluation.results import Run, SetNote
from assistant.evaluation.rows import Quoted, Row

EXACT = Quoted("40 minutes", "40 minutes", "a.txt", None, True)
CONFIDENCE = ("auroc", "auroc_right", "brier", "ece", "aurc", "coverage@80", "coverage@90", "coverage@95")
SILENCE = ("no_answer_precision", "no_answer_recall")


def row(number: int, *, answerable: bool, right: bool, confidence: float, exact: bool = True) -> Row:
    scores = {"quote_hit@1": float(right), "exact_match": float(right), "f1": float(right)} if answerable else {}
    answers = ("40 minutes",) if answerable else ()
    quotes = (replace(EXACT, exact=exact),)
    return Row(f"q{number}", "How long?", answers, None, "", "how many", "", "", scores, confidence, quotes)


def run_of(name: str, rows: list[Row]) -> Run:
    return Run(name, SetNote("set.jsonl", "", len(rows)), "end-to-end", 0.5, 12, 20, tuple(rows))


def system(seed: int, n: int, *, knows: float) -> Run:
    """One question in five is not answered; `knows` is how much of the confidence is knowledge, the rest is chance."""
    rng, rows = np.random.default_rng(seed), []
    for number in range(n):
        answerable = number % 5 > 0
        right = answerable and bool(rng.random() < 0.6)
        confidence = round(knows * right + (1 - knows) * float(rng.random()), 4)
        rows.append(
            row(number, answerable=answerable, right=right, confidence=confidence, exact=bool(rng.random() < 0.9))
        )
    return run_of(f"{seed:04d}", rows)


@pytest.fixture(scope="module")
def found() -> Comparison:
    return compare(system(1, 120, knows=0.2), system(2, 120, knows=0.6))


def test_every_figure_of_abstention_confidence_and_citation_is_compared(found: Comparison) -> None:
    assert {*CONFIDENCE, *SILENCE, "citation_fidelity"} <= set(found.differences)
    for name, difference in found.differences.items():
        assert difference.delta == pytest.approx(difference.b - difference.a), name
        assert difference.low <= difference.delta <= difference.high, name
    a, b = system(1, 120, knows=0.2), system(2, 120, knows=0.6)
    for name in (*CONFIDENCE, *SILENCE, "citation_fidelity"):
        assert (found.differences[name].a, found.differences[name].b) == pytest.approx(
            (a.figures[name].value, b.figures[name].value)
        )


def trusted(run: Run, draw: np.ndarray) -> tuple[list[float], list[bool], list[bool]]:
    rows = [run.rows[i] for i in draw]
    confidence = [row.confidence or 0.0 for row in rows]
    return confidence, [bool(row.scores.get("quote_hit@1")) for row in rows], [row.answerable for row in rows]


def silence_kept(run: Run, draw: np.ndarray) -> float:
    rows = [run.rows[i] for i in draw if not run.rows[i].answerable]
    return sum((row.confidence or 0.0) < run.threshold for row in rows) / len(rows)


def silence_right(run: Run, draw: np.ndarray) -> float:
    rows = [run.rows[i] for i in draw if (run.rows[i].confidence or 0.0) < run.threshold]
    return sum(not row.answerable for row in rows) / len(rows)


def auroc(run: Run, draw: np.ndarray) -> float:
    confidence, _, answerable = trusted(run, draw)
    return float(roc_auc_score(answerable, confidence))


def brier(run: Run, draw: np.ndarray) -> float:
    confidence, right, _ = trusted(run, draw)
    return float(brier_score_loss(right, confidence))


@pytest.mark.parametrize(("name", "of"), [("auroc", auroc), ("brier", brier)])
def test_the_interval_and_p_are_those_of_a_plain_paired_bootstrap(
    found: Comparison, name: str, of: Callable[[Run, np.ndarray], float]
) -> None:
    a, b = system(1, 120, knows=0.2), system(2, 120, knows=0.6)
    shifts = [of(b, draw) - of(a, draw) for block in draws(120, RESAMPLES) for draw in block]
    difference, low_high = found.differences[name], np.percentile(shifts, [2.5, 97.5])
    assert (difference.low, difference.high) == pytest.approx(tuple(low_high))
    tail = min(sum(shift <= 0 for shift in shifts), sum(shift >= 0 for shift in shifts))
    assert difference.p == pytest.approx(2 * (tail + 1) / (RESAMPLES + 1))


@pytest.mark.parametrize(("name", "of"), [("no_answer_recall", silence_kept), ("no_answer_precision", silence_right)])
def test_silence_is_compared_over_the_questions_that_count_in_either_run(
    found: Comparison, name: str, of: Callable[[Run, np.ndarray], float]
) -> None:
    a, b = system(1, 120, knows=0.2), system(2, 120, knows=0.6)
    silent = [any((run.rows[i].confidence or 0.0) < run.threshold for run in (a, b)) for i in range(120)]
    counting = [i for i in range(120) if (silent[i] if name == "no_answer_precision" else not a.rows[i].answerable)]
    chosen = draws(len(counting), RESAMPLES)
    shifts = [of(b, np.array(counting)[d]) - of(a, np.array(counting)[d]) for block in chosen for d in block]
    difference, low_high = found.differences[name], np.percentile(shifts, [2.5, 97.5])
    assert (difference.low, difference.high) == pytest.approx(tuple(low_high))
    assert difference.n == len(counting)


def test_bootstrap_p_by_hand() -> None:
    assert bootstrap_p(np.array([0.1, 0.2, 0.3, -0.1])) == pytest.approx(2 * (1 + 1) / 5)
    assert bootstrap_p(np.linspace(0.1, 1, 999)) == pytest.approx(2 / 1000)
    assert bootstrap_p(np.zeros(50)) == 1.0


def test_a_run_differs_in_nothing_from_itself() -> None:
    run = system(1, 60, knows=0.2)
    found = compare(run, run)
    assert {(d.delta, d.low, d.high, d.p) for d in found.differences.values()} == {(0, 0, 0, 1)}
    assert {found.verdict_on(name) for name in found.differences} == {"no clear difference"}


def test_lower_is_better_where_it_is_an_error(found: Comparison) -> None:
    back = compare(system(2, 120, knows=0.6), system(1, 120, knows=0.2))
    for name, sign in (("brier", -1), ("aurc", -1), ("auroc_right", 1)):
        assert sign * found.differences[name].delta > 0
        assert found.verdict_on(name) == "better"
        assert back.verdict_on(name) == "worse"
    assert found.as_dict()["verdicts"]["brier"] == "better"
    cells = {name: verdict for name, *_, verdict in comparison_cells(found)}
    assert cells["brier"] == "better"
    assert found.verdict == found.verdict_on("quote_hit@1") == found.sentence.split(":")[0]


def test_two_runs_of_the_same_system_differ_significantly_in_about_5_percent() -> None:
    rng = np.random.default_rng(11)
    graded = []
    for _ in range(300):
        answerable = (rng.random(150) < 0.7).astype(float)
        (drawn,) = draws(150, 199)
        a, b = (measures.auroc(levels(0.3 * answerable + rng.random(150), answerable, drawn)) for _ in "ab")
        graded.append(bootstrap_p(b - a))
    assert 0.02 < np.mean(np.array(graded) < 0.05) < 0.09


def test_figures_that_one_run_lacks_are_not_compared() -> None:
    chatty = [row(n, answerable=n > 5, right=True, confidence=0.9) for n in range(12)]
    quiet = [row(n, answerable=n > 5, right=True, confidence=0.1) for n in range(12)]
    found = compare(run_of("a", chatty), run_of("b", quiet))
    assert "no_answer_precision" not in found.differences  # there was no silence in the first
    assert found.differences["no_answer_recall"].delta == 1
    answered = compare(run_of("a", chatty[6:]), run_of("b", quiet[6:]))
    assert not {"auroc", "auroc_right", *SILENCE} & set(answered.differences)


def test_runs_without_confidence_are_compared_by_what_they_have() -> None:
    rows = [replace(row(n, answerable=True, right=True, confidence=0.0), confidence=None, quotes=()) for n in range(4)]
    found = compare(run_of("a", rows), run_of("b", rows))
    assert (set(found.differences), found.curve) == ({"quote_hit@1", "exact_match", "f1"}, ())
    assert plots(run_of("a", rows), found.curve) == []


def test_the_curve_of_the_run_before_is_drawn_beside_the_new_one(found: Comparison) -> None:
    run = system(2, 120, knows=0.6)
    assert len(found.curve) == 120
    assert found.curve[-1] == pytest.approx((1, 1 - system(1, 120, knows=0.2).figures["quote_hit@1"].value * 0.8))  # type: ignore[operator]
    assert "curve" not in found.as_dict()
    alone, beside = plots(run)[0], plots(run, found.curve)[0]
    assert (alone.count('class="line"'), alone.count('class="guide"')) == (1, 0)
    assert (beside.count('class="line"'), beside.count('class="guide"')) == (1, 1)
    assert beside in html(run, found)
    assert alone in html(run)


def test_7595_questions_are_compared_in_seconds() -> None:
    a, b = system(1, 7595, knows=0.2), system(2, 7595, knows=0.6)
    randomization_p(np.array([0.5, 0.2]))  # imports scipy
    began = time.process_time()
    compare(a, b)
    assert time.process_time() - began < 20  # of the processor
