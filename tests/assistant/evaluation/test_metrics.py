"""Metrics against numbers worked by hand, other people's code, and properties that must always hold."""

import math
import time

import ir_measures
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import permutation_test
from sklearn.metrics import brier_score_loss, roc_auc_score

from assistant.evaluation.metrics import confidence as metrics
from assistant.evaluation.metrics.intervals import draws, mean_interval, percentiles, resampled
from assistant.evaluation.metrics.levels import auroc, levels
from assistant.evaluation.metrics.paired import randomization_p
from assistant.evaluation.metrics.ranking import first_right, first_right_scores, rank_documents, ranking_scores
from assistant.evaluation.metrics.spans import contains, exact_match, f1, normalise
from assistant.evaluation.metrics.words import covered_words, word_f1
from assistant.evaluation.question_types import question_type

PAIRS = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), st.booleans()), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("answer", "golds", "exact", "overlap"),
    [
        ("the Eiffel Tower", ["Eiffel tower."], 1, 1),
        ("Eiffel", ["Eiffel Tower", "the tower"], 0, 2 / 3),
        ("over 40 minutes", ["40 minutes"], 0, 0.8),
        ("40-minutes", ["40 minutes"], 0, 0),  # SQuAD deletes the hyphen: "40minutes"
        ("", ["40 minutes"], 0, 0),
        ("a", ["the"], 1, 1),  # both normalise to nothing
        ("cat cat dog", ["cat dog dog"], 0, 2 / 3),
    ],
)
def test_squad_scores_by_hand(answer: str, golds: list[str], exact: float, overlap: float) -> None:
    assert exact_match(answer, golds) == exact
    assert f1(answer, golds) == pytest.approx(overlap)


@pytest.mark.parametrize(
    ("text", "gold", "inside"),
    [
        ("It lasts 40 minutes.", "40 minutes", True),
        ("It lasts 140 minutes.", "40 minutes", False),  # on token boundaries
        ("It lasts 40 long minutes.", "40 minutes", False),
        ("The “Tower” of Paris", "tower of Paris", False),  # SQuAD leaves curly quotation marks
        ('The "Tower" of the Paris', "tower of Paris", True),
        ("5 % of all", "%", True),
        ("5% of all", "%", True),
        ("A Four-valve counter", "four", True),  # SQuAD's tokens: "fourvalve"
        ("Under the Jin (1115–1234) it grew.", "1234", True),
        ("Wang Zhen's book", "Wang Zhen", True),
        ("That was in 1332.", "13", False),
        ("Tugh Temür", "Tem", False),
        ("5 of all", "%", False),
    ],
)
def test_containment(text: str, gold: str, inside: bool) -> None:
    assert contains(text, gold) is inside


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=30), st.text(max_size=30))
def test_an_answer_is_inside_itself_and_what_is_exact_is_inside(text: str, other: str) -> None:
    assert contains(text, text)
    assert normalise(normalise(text)) == normalise(text)
    assert f1(text, [other]) == pytest.approx(f1(other, [text]))
    if exact_match(text, [other]) and normalise(text):
        assert contains(text, other)
        assert f1(text, [other]) == 1


def test_ranking_against_formulas_by_hand() -> None:
    scores = ranking_scores(["x", "b", "a", "y"], {"a": 2, "b": 1, "c": 1, "x": 0})
    dcg = 1 / math.log2(3) + 2 / math.log2(4)
    ideal = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert scores["ndcg@10"] == pytest.approx(dcg / ideal)
    assert scores["recall@100"] == pytest.approx(2 / 3)
    assert scores["rr@10"] == pytest.approx(1 / 2)
    assert scores["map"] == pytest.approx((1 / 2 + 2 / 3 + 0) / 3)


def test_mean_over_queries_is_that_of_ir_measures_with_silent_queries_counted() -> None:
    rng = np.random.default_rng(0)
    names = [f"d{i}" for i in range(40)]
    qrels = {}
    for number in range(20):
        graded = zip(rng.permutation(names)[:5], rng.integers(0, 3, 5), strict=True)
        qrels[f"q{number}"] = {str(name): int(grade) for name, grade in graded}
    runs = {name: [str(d) for d in rng.permutation(names)[: rng.integers(1, 40)]] for name in qrels}
    ours = [ranking_scores(runs[name], qrels[name]) for name in qrels]
    judged = {name: {d: 40.0 - r for r, d in enumerate(documents)} for name, documents in runs.items()}
    theirs = ir_measures.calc_aggregate([ir_measures.nDCG @ 10, ir_measures.AP], qrels, judged)
    assert np.mean([s["ndcg@10"] for s in ours]) == pytest.approx(theirs[ir_measures.nDCG @ 10])
    assert np.mean([s["map"] for s in ours]) == pytest.approx(theirs[ir_measures.AP])
    assert ranking_scores([], {"a": 1}) == {"ndcg@10": 0, "recall@100": 0, "rr@10": 0, "map": 0}


@settings(max_examples=40, deadline=None)
@given(st.permutations(list("abcdefgh")), st.sets(st.sampled_from(list("abcdefgh")), min_size=1), st.integers(0, 6))
def test_a_worse_ranking_never_scores_higher(ranked: list[str], relevant: set[str], place: int) -> None:
    grades = dict.fromkeys(relevant, 1)
    before = ranking_scores(ranked, grades)
    assert all(0 <= value <= 1 + 1e-9 for value in before.values())
    if ranked[place] in relevant and ranked[place + 1] not in relevant:
        ranked[place], ranked[place + 1] = ranked[place + 1], ranked[place]
        after = ranking_scores(ranked, grades)
        assert all(after[name] <= before[name] + 1e-9 for name in before)


def test_a_document_stands_where_its_best_passage_stands() -> None:
    assert rank_documents([("a", 0.2), ("b", 0.9), ("a", 0.8), ("c", 0.8)]) == ["b", "a", "c"]
    assert rank_documents([]) == []


def test_rank_of_the_first_right_passage() -> None:
    assert first_right([False, False, True, True]) == 3
    assert first_right([]) is None
    assert first_right_scores(12) == {
        "passage_rr@10": 0,
        "passage_hit@10": 0,
        "passage_hit@20": 1,
        "passage_hit@100": 1,
    }
    assert first_right_scores(4)["passage_rr@10"] == 0.25
    assert set(first_right_scores(None).values()) == {0.0}


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_auroc_and_brier_are_those_of_scikit_learn(pairs: list[tuple[float, bool]]) -> None:
    confidence, right = np.array([c for c, _ in pairs]), np.array([float(r) for _, r in pairs])
    assert metrics.brier(confidence, right) == pytest.approx(brier_score_loss(right, confidence, pos_label=1.0))
    if 0 < right.sum() < len(right):
        assert metrics.auroc(confidence, right) == pytest.approx(roc_auc_score(right, confidence))
    else:
        assert math.isnan(metrics.auroc(confidence, right))


@settings(max_examples=40, deadline=None)
@given(PAIRS, st.randoms())
def test_the_order_of_questions_does_not_matter(pairs: list[tuple[float, bool]], random: object) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    for metric in (metrics.aurc, metrics.ece, metrics.brier, lambda c, r: metrics.coverage_at(0.8, c, r)):
        values = [metric(np.array([c for c, _ in p]), np.array([float(r) for _, r in p])) for p in (pairs, shuffled)]
        assert values[0] == pytest.approx(values[1])
        assert 0 <= values[0] <= 1


def test_calibration_error_by_hand() -> None:
    confidence, right = np.array([0.95, 0.85, 0.82, 0.1]), np.array([1.0, 1.0, 0.0, 0.0])
    # bins: 0.1 (1 question, 0 right), 0.8 (mean 0.835, half right), 0.9 (0.95, all right)
    assert metrics.ece(confidence, right) == pytest.approx((0.1 + 2 * 0.335 + 0.05) / 4)
    assert metrics.ece(np.array([1.0, 0.0]), np.array([1.0, 0.0])) == 0


def test_risk_coverage_by_hand() -> None:
    confidence, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([1.0, 1.0, 0.0, 1.0])
    coverage, risk = metrics.risk_coverage(confidence, right)
    assert coverage.tolist() == [0.25, 0.5, 0.75, 1.0]
    assert risk.tolist() == pytest.approx([0, 0, 1 / 3, 1 / 4])
    assert metrics.aurc(confidence, right) == pytest.approx((1 / 3 + 1 / 4) / 4)
    assert metrics.coverage_at(0.8, confidence, right) == 0.5
    assert metrics.coverage_at(0.75, confidence, right) == 1.0


def test_questions_of_equal_confidence_are_answered_together_or_not_at_all() -> None:
    confidence, right = np.array([0.9, 0.9, 0.5]), np.array([1.0, 0.0, 1.0])
    assert metrics.risk_coverage(confidence, right)[1].tolist() == pytest.approx([0.5, 0.5, 1 / 3])
    assert metrics.coverage_at(0.9, confidence, right) == 0.0  # no threshold lets the right one through alone


def test_evidence_words() -> None:
    passage = "Ann left. Bob stayed on. I slept."
    found, right = covered_words(passage, [(0, 9), (10, 24)]), covered_words(passage, [(10, 24), (25, 33)])
    assert (len(found & right), len(found), len(right)) == (3, 5, 5)
    assert word_f1(3, 5, 5) == pytest.approx(0.6)
    assert word_f1(0, 0, 0) == 1
    assert covered_words(passage, []) == set()


def test_interval_of_a_mean_is_close_to_the_normal_one_and_always_the_same() -> None:
    values = np.array([0.0, 1.0] * 200)
    low, high = mean_interval(values, 2000)
    assert (low, high) == pytest.approx((0.5 - 1.96 * 0.025, 0.5 + 1.96 * 0.025), abs=0.006)
    assert (low, high) == mean_interval(values, 2000)
    means = resampled(values[:, None], lambda tables: tables.mean(axis=(1, 2)), 500)
    assert percentiles(means) == pytest.approx((low, high), abs=0.01)


def test_undefined_resamples_are_left_out() -> None:
    (drawn,) = draws(2, 50)
    found = auroc(levels(np.array([0.9, 0.1]), np.array([1.0, 0.0]), drawn))
    assert 0 < np.isnan(found).sum() < 50  # those in which one question was drawn twice
    assert percentiles(found) == (1.0, 1.0)
    assert all(math.isnan(bound) for bound in percentiles(found[np.isnan(found)]))


def test_randomization_by_counting_all_signs() -> None:
    differences = np.array([0.5, 0.3, 0.2, -0.1])
    signs = np.array(np.meshgrid(*[[1, -1]] * 4)).reshape(4, -1).T
    means = (signs * differences).mean(axis=1)
    expected = 2 * np.mean(means >= differences.mean() - 1e-12)
    assert randomization_p(differences) == pytest.approx(expected)
    assert randomization_p(np.append(differences, [0.0, 0.0])) == pytest.approx(expected)
    assert randomization_p(np.array([1.0, 1.0, 1.0, 1.0, 1.0, -1.0])) == pytest.approx(14 / 64)
    assert randomization_p(np.zeros(5)) == 1.0


def test_randomization_over_more_questions_is_that_of_scipy_up_to_chance() -> None:
    for seed in range(3):
        differences = np.random.default_rng(seed).normal(0.1, 0.5, size=50)
        theirs = permutation_test(
            (differences,), np.mean, permutation_type="samples", n_resamples=2999, rng=np.random.default_rng(seed)
        )
        assert randomization_p(differences) == pytest.approx(theirs.pvalue, abs=0.04)
    assert randomization_p(np.linspace(0.1, 1, 40)) == 2 / 10_000  # no pattern but the observed one, of 9,999 and it


def test_7595_questions_are_compared_in_seconds() -> None:
    differences = np.random.default_rng(0).normal(size=7595)
    randomization_p(differences[:2])  # imports scipy
    began = time.process_time()
    randomization_p(differences)
    assert time.process_time() - began < 10  # of the processor; scipy's own takes minutes


def test_two_runs_of_the_same_system_differ_significantly_in_about_5_percent() -> None:
    rng = np.random.default_rng(7)
    graded = [randomization_p(rng.normal(size=25), resamples=99) for _ in range(300)]
    assert 0.02 < np.mean(np.array(graded) < 0.05) < 0.08
    hits = [randomization_p((rng.random(400) < 0.6) - (rng.random(400) < 0.6).astype(float)) for _ in range(300)]
    assert 0.015 < np.mean(np.array(hits) < 0.05) < 0.07  # exact, so never above the level but by chance


def test_a_real_difference_is_found() -> None:
    rng = np.random.default_rng(8)
    assert randomization_p(rng.normal(0.5, 1, size=200), resamples=999) < 0.01


def test_documents_whose_names_are_no_unicode_are_ranked_too() -> None:
    assert ranking_scores(["b", "caf\udce9.txt"], {"caf\udce9.txt": 1})["rr@10"] == 0.5  # pytrec_eval crashed on it


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who made it?", "who"),
        ("In which year was it approved?", "when"),
        ("When was it?", "when"),
        ("How long does it last?", "how many"),
        ("What percentage responded?", "how many"),
        ("Why was it withdrawn?", "why"),
        ("What was the reason for it?", "why"),
        ("How is it given?", "how"),
        ("Is it given to those who sleep?", "yes/no"),
        ("Could it be why?", "yes/no"),
        ("Where is it made?", "where"),
        ("Name the maker.", "other"),
    ],
)
def test_the_type_of_a_question(question: str, kind: str) -> None:
    assert question_type(question) == kind
