"""How far the confidences of a pipeline can be taken at their word."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from argmine.evaluation.resampling import RESAMPLES, Floats, bootstrap, defined, ratio, sum_by_group

#: Number of bins of a reliability diagram, of equal width.
BINS = 15


@dataclass(frozen=True)
class Bin:
    """One bin of a reliability diagram: confidences above ``low``, up to and with ``high``."""

    low: float
    high: float
    count: int
    confidence: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Calibration:
    """How far confidences can be taken at their word.

    Parameters
    ----------
    expected_error : float or None
        Expected calibration error (Guo et al. 2017) of the confidence in the predicted label, ``BINS`` bins.
    brier : float or None
        Brier score (Brier 1950): the squared distance of the probabilities to the gold label, summed over the
        labels and averaged over the items; 0 is perfect, 2 the worst.
    bins : tuple of Bin
        The reliability diagram.
    low, high : float or None
        95 % bootstrap interval of the expected calibration error, as in :class:`Estimate`.  Chance makes bins look
        worse calibrated than they are, in a resample once more: the interval leans upwards.
    by_chance : float or None
        The error of the same confidences if each were exactly right, so that chance alone makes it: the mean of draws.
    most_by_chance : float or None
        What 95 % of these draws stay below; a larger error is not by chance.
    """

    expected_error: float | None
    brier: float | None
    bins: tuple[Bin, ...]
    low: float | None = None
    high: float | None = None
    by_chance: float | None = None
    most_by_chance: float | None = None


def calibration(
    confidence: Floats,
    right: npt.NDArray[np.bool_],
    squared_error: Floats,
    groups: Sequence[Hashable] | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Calibration:
    """Score confidences.

    Parameters
    ----------
    confidence : ndarray of shape (items,)
        In the predicted label, 0 to 1.
    right : ndarray of shape (items,)
        Whether that label is gold.
    squared_error : ndarray of shape (items,)
        Squared distance of the probabilities to the gold label, summed over the labels.
    groups : sequence, optional
        Groups for the interval; there is none without them.
    resamples, seed : int
        Of the bootstrap, and of what comes by chance.

    Returns
    -------
    Calibration
    """
    if not len(confidence):
        return Calibration(None, None, ())
    edges = np.linspace(0, 1, BINS + 1)
    index = np.clip(np.searchsorted(edges, confidence, side="left") - 1, 0, BINS - 1)
    count = np.bincount(index, minlength=BINS)
    mean_confidence = ratio(np.bincount(index, confidence, minlength=BINS), count)
    mean_right = ratio(np.bincount(index, right, minlength=BINS), count)
    gap = np.where(count > 0, np.abs(mean_confidence - mean_right), 0)
    bins = (
        Bin(
            float(edges[i]),
            float(edges[i + 1]),
            int(count[i]),
            defined(mean_confidence[i]),
            defined(mean_right[i]),
        )
        for i in range(BINS)
    )
    error = float((gap * count).sum() / count.sum())
    low = high = None
    if groups is not None:
        surplus = np.zeros((len(index), 2, BINS))
        surplus[np.arange(len(index)), 0, index] = confidence - right
        surplus[np.arange(len(index)), 1, index] = 1
        interval = bootstrap(sum_by_group(groups, surplus), _expected_error, resamples=resamples, seed=seed)
        low, high = interval.low, interval.high
    by_chance = _by_chance(confidence, index, resamples, seed)
    return Calibration(
        error,
        float(squared_error.mean()),
        tuple(bins),
        low,
        high,
        float(by_chance.mean()),
        float(np.percentile(by_chance, 95)),
    )


def _by_chance(confidence: Floats, index: npt.NDArray[np.int64], draws: int, seed: int) -> Floats:
    """Return the errors (draws,) if each decision is right with its confidence, in the bins of ``index``."""
    right = np.random.default_rng(seed).random((draws, len(confidence))) < confidence
    surplus: Floats = (confidence - right) @ np.eye(BINS)[index]
    return np.asarray(np.abs(surplus).sum(axis=1) / len(confidence))


def _expected_error(drawn: Floats) -> Floats:
    """Return the error for each row of shape (2, bins): confidence less right decisions, and items."""
    return ratio(np.abs(drawn[:, 0]).sum(axis=-1), drawn[:, 1].sum(axis=-1))
