"""Intervals: scores of resampled groups of items that depend on each other.

A score that is not defined for the data (a precision without predictions, a calibration error of nothing) is
``None`` and never 0 or 1.
"""

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

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
        Between 0 and 1, if it is a share.
    low, high : float or None
        The 2.5th and the 97.5th percentile over the resamples; ``None`` with fewer than ``FEWEST_GROUPS``
        groups, or if the score is not defined in most of the resamples.
    """

    value: float | None
    low: float | None = None
    high: float | None = None


def ratio(above: npt.NDArray[Any], below: npt.NDArray[Any]) -> Floats:
    """Divide; NaN, without a warning, where there is nothing to divide by."""
    out = np.full(np.broadcast(above, below).shape, np.nan)
    np.divide(above, below, out=out, where=np.asarray(below) > 0)
    return out


def defined(value: Any) -> float | None:
    """Return a plain number, ``None`` for NaN."""
    return None if math.isnan(value) else float(value)


def number_groups(groups: Iterable[Hashable]) -> tuple[Ints, int]:
    """Return the number of the group of each item, in order of first occurrence, and how many groups there are."""
    numbers: dict[Hashable, int] = {}
    rows = [numbers.setdefault(group, len(numbers)) for group in groups]
    return np.array(rows, dtype=np.int64), len(numbers)


def sum_by_group(groups: Sequence[Hashable], counts: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Add up the rows of counts that share a group; shape (groups, ...), in order of first occurrence."""
    rows, n_groups = number_groups(groups)
    summed = np.zeros((n_groups, *counts.shape[1:]), dtype=np.result_type(counts, np.int64))
    np.add.at(summed, rows, counts)
    return summed


def bootstrap(
    counts: npt.NDArray[Any],
    statistic: Callable[[npt.NDArray[Any]], Floats],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """Score counts, with a percentile bootstrap interval over groups.

    Parameters
    ----------
    counts : ndarray of shape (groups, ...)
        Counts of each group; groups are drawn with replacement, their counts added up.
    statistic : callable
        From summed counts of shape (n, ...) to n scores, NaN where not defined.
    resamples, seed : int
        As for :func:`resample`.

    Returns
    -------
    Estimate
        Resamples in which the score is not defined are left out of the percentiles.
    """
    flat = counts.reshape(len(counts), math.prod(counts.shape[1:])).astype(np.float64)

    def scored(weights: Floats) -> Floats:
        return statistic((weights @ flat).reshape(len(weights), *counts.shape[1:]))

    return resample(len(counts), scored, resamples=resamples, seed=seed)


def resample(
    n_groups: int,
    statistic: Callable[[Floats], Floats],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    width: int = 0,
) -> Estimate:
    """Score weighted groups, with a percentile bootstrap interval over the groups (Efron 1979).

    Parameters
    ----------
    n_groups : int
        Number of groups.
    statistic : callable
        From weights of shape (n, groups), which say how often each group was drawn, to n scores, NaN where not
        defined.
    resamples : int
        Number of draws.
    seed : int
        The same seed gives the same interval.
    width : int
        Numbers that the statistic needs for one draw, if more than ``n_groups``: it bounds the memory.

    Returns
    -------
    Estimate
        The value is that of all groups once.  Resamples in which the score is not defined are left out.
    """
    value = defined(statistic(np.ones((1, n_groups)))[0])
    if value is None or n_groups < FEWEST_GROUPS:
        return Estimate(value)
    rng = np.random.default_rng(seed)
    scores = np.empty(resamples)
    step = max(1, 2_000_000 // max(n_groups, width))
    for first in range(0, resamples, step):
        n_draws = min(step, resamples - first)
        drawn = rng.integers(n_groups, size=(n_draws, n_groups)) + n_groups * np.arange(n_draws)[:, None]
        weights = np.bincount(drawn.ravel(), minlength=n_draws * n_groups).reshape(n_draws, n_groups)
        scores[first : first + n_draws] = statistic(weights.astype(np.float64))
    scores = scores[~np.isnan(scores)]
    if len(scores) < resamples / 2:
        return Estimate(value)
    low, high = np.percentile(scores, [2.5, 97.5])
    return Estimate(value, float(low), float(high))


def share(
    hits: Sequence[bool] | npt.NDArray[np.bool_],
    groups: Sequence[Hashable],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """Return the share of items that are hits; not defined without items."""
    counts = np.stack([np.asarray(hits, dtype=np.int64), np.ones(len(hits), dtype=np.int64)], axis=-1)
    summed = sum_by_group(groups, counts)
    return bootstrap(summed, lambda drawn: ratio(drawn[..., 0], drawn[..., 1]), resamples=resamples, seed=seed)
