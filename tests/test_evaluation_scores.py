"""The arithmetic of the scores, against values worked out by hand or by the plainest code."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import argmine.doc
from argmine.errors import EvaluationError
from argmine.evaluation import Judgement, score_stances
from argmine.evaluation.calibration import BINS, calibration
from argmine.evaluation.predictions import mcnemar
from argmine.evaluation.resampling import bootstrap, sum_by_group
from argmine.evaluation.scores import STANCES, accuracy_of_confusion, classification, found, macro_f1_of_confusion

# gold, predicted: 4 + 3 + 3 items
LABELLED = [
    *[("agreement", "agreement")] * 3,
    ("agreement", "rebuttal"),
    *[("rebuttal", "rebuttal")] * 1,
    ("rebuttal", "neutral"),
    ("rebuttal", "off-topic"),
    *[("neutral", "neutral")] * 2,
    ("neutral", "off-topic"),
]


def judged(gold: str, stance: str, sure: float = 0.7) -> Judgement:
    rest = (1 - sure) / 3
    return Judgement.most_probable(gold, [sure if label == stance else rest for label in STANCES])


def confusion_of(labelled: list[tuple[str, str]], labels: tuple[str, ...] = STANCES) -> np.ndarray:
    counts = np.zeros((len(labelled), len(labels), len(labels)), dtype=int)
    for i, (gold, predicted) in enumerate(labelled):
        counts[i, labels.index(gold), labels.index(predicted)] = 1
    return counts


def test_the_stances_are_those_of_the_graph_in_the_same_order() -> None:
    assert STANCES == argmine.doc.STANCES


def test_scores_by_hand() -> None:
    scores = score_stances([judged(gold, stance) for gold, stance in LABELLED])
    strict = scores.strict
    assert scores.labels == ("agreement", "rebuttal", "neutral")
    assert strict.items == 10
    assert strict.accuracy.value == pytest.approx(6 / 10)
    # agreement: P 3/3, R 3/4, F 6/7; rebuttal: P 1/2, R 1/3, F 2/5; neutral: P 2/3, R 2/3, F 2/3
    assert strict.per_label["agreement"].precision == 1
    assert strict.per_label["agreement"].recall == pytest.approx(3 / 4)
    assert strict.per_label["rebuttal"].f1.value == pytest.approx(2 / 5)
    assert strict.per_label["neutral"].f1.value == pytest.approx(2 / 3)
    assert set(strict.per_label) == {"agreement", "rebuttal", "neutral"}
    assert strict.macro_f1.value == pytest.approx((6 / 7 + 2 / 5 + 2 / 3) / 3)
    assert strict.confusion["rebuttal"] == {"agreement": 0, "rebuttal": 1, "neutral": 1, "off-topic": 1}
    assert scores.false_off_topic == pytest.approx(2 / 10)


def test_the_floor_is_always_answering_with_the_most_frequent_label() -> None:
    labelled = [*[("rebuttal", "agreement")] * 6, *[("neutral", "agreement")] * 4]
    scores = score_stances([judged(*one) for one in labelled]).strict
    always = score_stances([judged(gold, "rebuttal") for gold, _ in labelled]).strict
    assert scores.majority == "rebuttal"
    assert scores.majority_accuracy == always.accuracy.value == pytest.approx(0.6)
    assert scores.majority_macro_f1 == pytest.approx(always.macro_f1.value)
    assert scores.majority_macro_f1 == pytest.approx((2 * 0.6 / 1.6) / 2)


def test_restricted_takes_the_most_probable_of_the_labels_of_gold() -> None:
    judgements = [
        Judgement.most_probable("agreement", [0.3, 0.1, 0.2, 0.4]),  # off-topic, restricted agreement
        Judgement.most_probable("rebuttal", [0.1, 0.2, 0.7, 0.0]),  # neutral, restricted rebuttal
        Judgement.most_probable("rebuttal", [0.0, 0.0, 0.5, 0.5]),  # nothing left to choose by: the first label
    ]
    scores = score_stances(judgements)
    assert scores.labels == ("agreement", "rebuttal")
    assert scores.strict.accuracy.value == 0
    assert scores.restricted.accuracy.value == pytest.approx(2 / 3)
    assert scores.restricted.confusion["rebuttal"]["rebuttal"] == 1
    # scaled to sum to 1 over agreement and rebuttal: .75/.25, .333/.667, .5/.5
    squared = [2 * 0.25**2, 2 * (1 / 3) ** 2, 2 * 0.5**2]
    assert scores.restricted_calibration.brier == pytest.approx(sum(squared) / 3)
    # .75 and .667 sure and right, .5 sure and wrong
    assert scores.restricted_calibration.expected_error == pytest.approx((1 / 4 + 1 / 3 + 1 / 2) / 3)


def test_the_decision_of_the_pipeline_counts_and_not_the_highest_probability() -> None:
    judgement = Judgement("neutral", "neutral", 0.3, 0.4, 0.2, 0.3, 0.1)
    scores = score_stances([judgement])
    assert scores.strict.accuracy.value == 1
    assert scores.restricted.accuracy.value == 1  # neutral is the only label of gold
    assert scores.strict_calibration.expected_error == pytest.approx(0.7)


def test_off_topic_in_gold_is_scored_like_any_label() -> None:
    scores = score_stances([judged("off-topic", "off-topic"), judged("off-topic", "neutral")])
    assert scores.strict.per_label["off-topic"].recall == 0.5
    assert scores.false_off_topic is None


def test_calibration_by_hand() -> None:
    confidence = np.array([0.95, 0.97, 0.5, 0.52, 0.0, 1 / BINS])
    right = np.array([True, False, True, True, False, False])
    result = calibration(confidence, right, np.array([0.0, 2.0, 0.5, 0.5, 1.0, 1.0]))
    # bins (14/15, 1]: 2 items, .96 sure, .5 right; (7/15, 8/15]: .51, 1; (0 and up to 1/15]: mean 1/30, 0
    assert result.expected_error == pytest.approx((2 * 0.46 + 2 * 0.49 + 2 * (1 / 30)) / 6)
    assert result.brier == pytest.approx(5 / 6)
    assert [each.count for each in result.bins] == [2, *[0] * 6, 2, *[0] * 6, 2]
    assert result.bins[1].accuracy is None
    assert result.bins[14].accuracy == 0.5


def test_the_interval_of_the_calibration_error_resamples_groups() -> None:
    confidence, right = np.full(60, 0.75), np.arange(60) % 2 == 0
    squares = np.zeros(60)
    alone = calibration(confidence, right, squares)
    assert (alone.expected_error, alone.low, alone.high) == (0.25, None, None)
    by_item = calibration(confidence, right, squares, range(60))
    # one bin of 60 fair coins: .25 and 1.96 * sqrt(.25 / 60) = .127 on either side
    assert (by_item.low, by_item.high) == (pytest.approx(0.123, abs=0.02), pytest.approx(0.377, abs=0.02))
    # groups of a right and a wrong item are all alike
    by_two = calibration(confidence, right, squares, [i // 2 for i in range(60)])
    assert (by_two.low, by_two.high) == (pytest.approx(0.25), pytest.approx(0.25))


def test_what_the_calibration_error_would_be_by_chance() -> None:
    squares, sure = np.zeros(100), np.full(100, 0.5)
    result = calibration(sure, np.arange(100) % 2 == 0, squares)
    # one bin of 100 fair coins: the mean distance of their share from .5 is sqrt(.25 / 100 * 2 / pi) = .040, and
    # 95 % are within 1.96 * .05 = .098
    assert result.expected_error == 0
    assert result.by_chance == pytest.approx(0.040, abs=0.003)
    assert result.most_by_chance == pytest.approx(0.098, abs=0.01)
    certain = calibration(np.ones(100), np.zeros(100, dtype=bool), squares)
    assert (certain.expected_error, certain.by_chance, certain.most_by_chance) == (1, 0, 0)


def test_brier_is_nothing_for_certainty_and_two_for_certain_error() -> None:
    assert score_stances([judged("neutral", "neutral", 1.0)]).strict_calibration.brier == 0
    assert score_stances([judged("neutral", "rebuttal", 1.0)]).strict_calibration.brier == 2


def test_found_by_hand() -> None:
    result = found(np.array([[2, 1, 0], [1, 1, 4]]))
    assert (result.tp, result.fp, result.fn) == (3, 2, 4)
    assert result.precision == pytest.approx(3 / 5)
    assert result.recall == pytest.approx(3 / 7)
    assert result.f1.value == pytest.approx(6 / 12)


def test_what_is_not_defined_is_none() -> None:
    nothing = found(np.array([[0, 0, 0]]))
    assert (nothing.precision, nothing.recall, nothing.f1.value) == (None, None, None)
    only_gold = found(np.array([[0, 0, 5]]))
    assert (only_gold.precision, only_gold.recall, only_gold.f1.value) == (None, 0, 0)
    only_found = found(np.array([[0, 5, 0]]))
    assert (only_found.precision, only_found.recall, only_found.f1.value) == (0, None, 0)
    empty = classification(np.zeros((3, 2, 2), dtype=int), ("claim", "premise"))
    assert (empty.items, empty.accuracy.value, empty.macro_f1.value) == (0, None, None)
    assert (empty.majority, empty.majority_accuracy, empty.per_label) == (None, None, {})
    assert calibration(np.array([]), np.array([], dtype=bool), np.array([])).expected_error is None


def test_the_interval_resamples_groups() -> None:
    right, wrong = ("neutral", "neutral"), ("neutral", "rebuttal")
    items = [judged(*one) for one in [right] * 50 + [wrong] * 50]
    by_item = score_stances(items).strict
    tenths = [replace(item, group=str(i // 10)) for i, item in enumerate(items)]
    by_tenth = score_stances(tenths).strict
    assert (by_item.groups, by_tenth.groups) == (100, 10)
    assert by_item.accuracy.value == by_tenth.accuracy.value == 0.5
    # 100 fair coins: 1.96 * sqrt(.25 / 100) = .098 on either side
    assert by_item.accuracy.low == pytest.approx(0.402, abs=0.012)
    assert by_item.accuracy.high == pytest.approx(0.598, abs=0.012)
    # as good as 10 coins: 2 to 8 heads
    assert (by_tenth.accuracy.low, by_tenth.accuracy.high) == (pytest.approx(0.2), pytest.approx(0.8))


@pytest.mark.parametrize(("groups", "has_interval"), [(1, False), (4, False), (5, True)])
def test_few_groups_have_no_interval(groups: int, has_interval: bool) -> None:
    items = [replace(judged(*one), group=str(i % groups)) for i, one in enumerate(LABELLED)]
    accuracy = score_stances(items).strict.accuracy
    assert accuracy.value == pytest.approx(0.6)
    assert (accuracy.low is not None) == (accuracy.high is not None) == has_interval


def test_a_group_is_never_mistaken_for_an_item() -> None:
    items = [judged("neutral", "neutral"), replace(judged("neutral", "neutral"), group="0")]
    assert score_stances(items).strict.groups == 2


def test_the_interval_depends_on_nothing_but_the_seed() -> None:
    counts = confusion_of(LABELLED * 7)
    one = bootstrap(counts, accuracy_of_confusion, seed=3)
    assert one == bootstrap(counts, accuracy_of_confusion, seed=3)
    assert one.low < one.value < one.high  # type: ignore[operator]


def test_the_interval_agrees_with_plain_resampling() -> None:
    counts = confusion_of(LABELLED * 5)
    quick = bootstrap(counts, accuracy_of_confusion, resamples=4000)
    rng = np.random.default_rng(99)
    plain = []
    for _ in range(2000):
        draw = counts[rng.integers(len(counts), size=len(counts))].sum(axis=0)
        plain.append(np.trace(draw) / draw.sum())
    low, high = np.percentile(plain, [2.5, 97.5])
    assert quick.low == pytest.approx(low, abs=0.025)
    assert quick.high == pytest.approx(high, abs=0.025)


def test_resamples_that_lack_a_label_of_gold_are_left_out() -> None:
    # the one agreement is a miss: macro-F1 is about .5 with it, and would be 1 in every draw without it
    scores = score_stances([judged("agreement", "rebuttal"), *[judged("rebuttal", "rebuttal")] * 30]).strict
    assert scores.macro_f1.value == pytest.approx((60 / 61) / 2)
    assert scores.macro_f1.high <= 0.5  # type: ignore[operator]


def test_resamples_without_the_score_are_left_out_unless_they_are_most() -> None:
    full, empty = [[1, 0], [0, 0]], [[0, 0], [0, 0]]
    result = bootstrap(np.array([full, *[empty] * 4]), accuracy_of_confusion)  # defined in 67 %
    assert (result.value, result.low, result.high) == (1, 1, 1)
    counts = np.array([[[1, 0], [0, 0]], [[0, 0], [0, 1]], *[empty] * 20])  # both labels in 40 %
    result = bootstrap(counts, lambda drawn: macro_f1_of_confusion(drawn, [0, 1]))
    assert (result.value, result.low, result.high) == (1, None, None)


@pytest.mark.parametrize(
    ("only_first", "only_second", "method", "p_value"),
    [
        (1, 9, "exact", 22 / 1024),
        (9, 1, "exact", 22 / 1024),
        (0, 5, "exact", 2 / 32),
        (4, 4, "exact", 1.0),
        (0, 0, "exact", None),
        (10, 30, "chi-squared", 0.00266),  # (20 - 1)^2 / 40 = 9.025
        (20, 20, "chi-squared", 1.0),
        (5, 20, "chi-squared", 0.00511),  # (15 - 1)^2 / 25 = 7.84
    ],
)
def test_mcnemar(only_first: int, only_second: int, method: str, p_value: float | None) -> None:
    test = mcnemar(only_first, only_second)
    assert test.method == method
    assert test.p_value == (None if p_value is None else pytest.approx(p_value, rel=2e-3))


def test_groups_are_summed_in_the_order_of_their_first_item() -> None:
    summed = sum_by_group(["b", "a", "b"], np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1]]))
    assert summed.tolist() == [[1, 0, 1], [0, 1, 0]]


def plain_macro_f1(labelled: list[tuple[str, str]]) -> float:
    scores = []
    for label in {gold for gold, _ in labelled}:
        tp = sum(gold == predicted == label for gold, predicted in labelled)
        n_gold = sum(gold == label for gold, _ in labelled)
        n_predicted = sum(predicted == label for _, predicted in labelled)
        precision = tp / n_predicted if n_predicted else 0.0
        recall = tp / n_gold
        scores.append(2 * precision * recall / (precision + recall) if tp else 0.0)
    return math.fsum(scores) / len(scores)


labels = st.sampled_from(STANCES)


@given(st.lists(st.tuples(labels, labels), min_size=1, max_size=60))
def test_macro_f1_and_accuracy_are_those_of_the_plainest_code(labelled: list[tuple[str, str]]) -> None:
    scores = classification(confusion_of(labelled), STANCES, resamples=20)
    assert scores.macro_f1.value == pytest.approx(plain_macro_f1(labelled))
    assert scores.accuracy.value == pytest.approx(sum(g == p for g, p in labelled) / len(labelled))
    for estimate in (scores.macro_f1, scores.accuracy, *(each.f1 for each in scores.per_label.values())):
        assert estimate.low is None or 0 <= estimate.low <= estimate.high <= 1  # type: ignore[operator]
    total = sum(n for row in scores.confusion.values() for n in row.values())
    assert total == scores.items == len(labelled)


@given(st.lists(st.tuples(labels, st.lists(st.integers(0, 9), min_size=4, max_size=4)), min_size=1, max_size=40))
def test_calibration_stays_within_its_bounds(items: list[tuple[str, list[int]]]) -> None:
    judgements = []
    for gold, weights in items:
        total = sum(weights)
        chances = [weight / total for weight in weights] if total else [0.25] * 4
        judgements.append(Judgement.most_probable(gold, chances))
    scores = score_stances(judgements, resamples=5)
    for result in (scores.strict_calibration, scores.restricted_calibration):
        assert 0 <= result.expected_error <= 1  # type: ignore[operator]
        assert 0 <= result.brier <= 2 + 1e-9  # type: ignore[operator]
        assert sum(each.count for each in result.bins) == len(items)
    # a right decision among four is a right one among fewer
    assert (scores.restricted.accuracy.value or 0) >= (scores.strict.accuracy.value or 0)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"gold": "maybe"}, "'maybe' is no stance"),
        ({"p_neutral": 0.9}, "do not sum to 1"),
        ({"confidence": 1.2}, "not between 0 and 1"),
        ({"p_agreement": math.nan}, "not between 0 and 1"),
    ],
)
def test_a_judgement_that_makes_no_sense_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(EvaluationError, match=says):
        replace(judged("neutral", "neutral"), **change)  # type: ignore[arg-type]


def test_nothing_to_score_is_an_error() -> None:
    with pytest.raises(EvaluationError, match="no labelled pair"):
        score_stances([])
