"""Scores of labels and found sets, with the intervals around them.

Everything is computed from counts, so that an interval costs a matrix product and not a thousand re-scorings.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from argmine.evaluation.resampling import RESAMPLES, Estimate, Floats, bootstrap, ratio

#: The stances, in the order in which ties are broken.
STANCES = ("agreement", "rebuttal", "neutral", "off-topic")


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
