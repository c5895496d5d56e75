"""Scores of labels, probabilities and found sets, and the intervals around them.

Everything is computed from counts, so that an interval costs a matrix product and not a thousand re-scorings.
A score that is not defined for the data (a precision without predictions, a calibration error of nothing) is
``None`` and never 0 or 1.
"""

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

#: The stances, in the order in which ties are broken.
STANCES = ("agreement", "rebuttal", "neutral", "off-topic")
RESAMPLES = 1000
#: With fewer groups to resample, an interval would say more than is known.
FEWEST_GROUPS = 5

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Estimate:
    """A score with its 95 % bootstrap interval; ``None`` where it is not defined.

    Parameters
    ----------
    value : float or None
        Between 0 and 1.
    low, high : float or None
        The 2.5th and the 97.5th percentile over the resamples; ``None`` with fewer than ``FEWEST_GROUPS``
        groups, or if the score is not defined in most of the resamples.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Found:
    """Precision, recall and F1 of a found set against a gold set.

    Parameters
    ----------
    tp, fp, fn : int
        Right finds, wrong finds, and misses.
    precision, recall : float or None
        ``None`` if nothing was found, or if there is no gold.
    f1 : Estimate
        ``2 tp / (2 tp + fp + fn)``: not defined only if nothing was found and there was nothing to find.
    """

    tp: int
    fp: int
    fn: int
    precision: float | None
    recall: float | None
    f1: Estimate


@dataclass(frozen=True)
class Classification:
    """Scores of predicted labels against gold labels.

    Parameters
    ----------
    items, groups : int
        Number of items, and of groups that the bootstrap resamples.
    accuracy, macro_f1 : Estimate
        Macro-F1 is the mean of the F1 of the labels that occur in gold.
    majority : str
        The most frequent gold label.
    majority_accuracy, majority_macro_f1 : float or None
        The floor: the scores of always answering with that label.
    per_label : dict
        For each gold label: precision, recall, F1 and the counts.
    confusion : dict
        ``confusion[gold][predicted]`` is a number of items.
    """

    items: int
    groups: int
    accuracy: Estimate
    macro_f1: Estimate
    majority: str | None
    majority_accuracy: float | None
    majority_macro_f1: float | None
    per_label: dict[str, Found]
    confusion: dict[str, dict[str, int]]


def ratio(above: npt.NDArray[Any], below: npt.NDArray[Any]) -> Floats:
    """Divide; NaN, without a warning, where there is nothing to divide by."""
    out = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=out, where=np.asarray(below) > 0)
    return out


def defined(value: Any) -> float | None:
    """Return a plain number, ``None`` for NaN."""
    return None if math.isnan(value) else float(value)


def f1_of_counts(counts: npt.NDArray[Any]) -> Floats:
    """Return F1 for each row of an array whose last axis holds tp, fp, fn; NaN where not defined."""
    tp, fp, fn = counts[..., 0], counts[..., 1], counts[..., 2]
    return ratio(2 * tp, 2 * tp + fp + fn)


def accuracy_of_confusion(confusion: npt.NDArray[Any]) -> Floats:
    """Return accuracy for an array of shape (..., gold labels, predicted labels); NaN without items."""
    right = np.trace(confusion, axis1=-2, axis2=-1)
    return ratio(right, confusion.sum(axis=(-2, -1)))


def macro_f1_of_confusion(confusion: npt.NDArray[Any], labels: Sequence[int]) -> Floats:
    """Return the mean F1 of some labels for an array of shape (..., gold labels, predicted labels).

    NaN where one of them does not occur in gold: a mean over fewer labels would be another score.
    """
    tp = np.diagonal(confusion, axis1=-2, axis2=-1)[..., labels]
    gold = confusion.sum(axis=-1)[..., labels]
    f1 = ratio(2 * tp, gold + confusion.sum(axis=-2)[..., labels])
    occurs = (gold > 0).all(axis=-1)
    return ratio(np.where(gold > 0, f1, 0).sum(axis=-1), occurs * len(labels))


def sum_by_group(groups: Sequence[Hashable], counts: npt.NDArray[Any]) -> Ints:
    """Add up the rows of counts that share a group; shape (groups, ...), in order of first occurrence."""
    numbers: dict[Hashable, int] = {}
    rows = [numbers.setdefault(group, len(numbers)) for group in groups]
    summed = np.zeros((len(numbers), *counts.shape[1:]), dtype=np.int64)
    np.add.at(summed, rows, counts)
    return summed


def bootstrap(
    counts: npt.NDArray[Any],
    statistic: Callable[[npt.NDArray[Any]], Floats],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """Score counts, with a percentile bootstrap interval over groups (Efron 1979).

    Parameters
    ----------
    counts : ndarray of shape (groups, ...)
        Counts of each group; groups are drawn with replacement, their counts added up.
    statistic : callable
        From summed counts of shape (n, ...) to n scores, NaN where not defined.
    resamples : int
        Number of draws.
    seed : int
        The same seed gives the same interval.

    Returns
    -------
    Estimate
        Resamples in which the score is not defined are left out of the percentiles.
    """
    n_groups = len(counts)
    value = defined(statistic(counts.sum(axis=0, keepdims=True))[0])
    if value is None or n_groups < FEWEST_GROUPS:
        return Estimate(value)
    flat = counts.reshape(n_groups, -1).astype(np.float64)
    rng = np.random.default_rng(seed)
    scores = np.empty(resamples)
    step = max(1, 2_000_000 // n_groups)
    for first in range(0, resamples, step):
        n_draws = min(step, resamples - first)
        drawn = rng.integers(n_groups, size=(n_draws, n_groups)) + n_groups * np.arange(n_draws)[:, None]
        weights = np.bincount(drawn.ravel(), minlength=n_draws * n_groups).reshape(n_draws, n_groups)
        scores[first : first + n_draws] = statistic((weights @ flat).reshape(n_draws, *counts.shape[1:]))
    scores = scores[~np.isnan(scores)]
    if len(scores) < resamples / 2:
        return Estimate(value)
    low, high = np.percentile(scores, [2.5, 97.5])
    return Estimate(value, float(low), float(high))


def found(counts: npt.NDArray[Any], *, resamples: int = RESAMPLES, seed: int = 0) -> Found:
    """Score a found set from counts of shape (groups, 3): tp, fp, fn."""
    tp, fp, fn = (int(n) for n in counts.sum(axis=0))
    return Found(
        tp=tp,
        fp=fp,
        fn=fn,
        precision=tp / (tp + fp) if tp + fp else None,
        recall=tp / (tp + fn) if tp + fn else None,
        f1=bootstrap(counts, f1_of_counts, resamples=resamples, seed=seed),
    )


def classification(
    confusion: npt.NDArray[Any], labels: Sequence[str], *, resamples: int = RESAMPLES, seed: int = 0
) -> Classification:
    """Score labels from confusion counts of shape (groups, labels, labels): gold, then predicted."""
    total = confusion.sum(axis=0)
    tp = np.diagonal(confusion, axis1=1, axis2=2)
    per_group = np.stack([tp, confusion.sum(axis=1) - tp, confusion.sum(axis=2) - tp], axis=-1)
    gold = total.sum(axis=1)
    items = int(gold.sum())
    occurring = [i for i in range(len(labels)) if gold[i]]
    floor = int(gold.max()) / items if items else None

    def macro_f1(counts: npt.NDArray[Any]) -> Floats:
        return macro_f1_of_confusion(counts, occurring)

    return Classification(
        items=items,
        groups=len(confusion),
        accuracy=bootstrap(confusion, accuracy_of_confusion, resamples=resamples, seed=seed),
        macro_f1=bootstrap(confusion, macro_f1, resamples=resamples, seed=seed),
        majority=labels[int(gold.argmax())] if items else None,
        majority_accuracy=floor,
        majority_macro_f1=None if floor is None else 2 * floor / (1 + floor) / len(occurring),
        per_label={labels[i]: found(per_group[:, i], resamples=resamples, seed=seed) for i in occurring},
        confusion={labels[i]: {labels[j]: int(total[i, j]) for j in range(len(labels))} for i in occurring},
    )
