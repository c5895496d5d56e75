"""How well a score puts the items of one class above those of the other."""

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from argmine.evaluation.resampling import RESAMPLES, Estimate, Floats, number_groups, ratio, resample


def area_under_curve(
    scores: Sequence[float] | Floats,
    positive: Sequence[bool] | npt.NDArray[np.bool_],
    groups: Sequence[Hashable] | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Estimate:
    """Return the area under the ROC curve: the chance that a positive item has the higher score.

    It is counted over all pairs of a positive and a negative item, a tie as half (Mann & Whitney 1947; Hanley &
    McNeil 1982), in O(n log n).

    Parameters
    ----------
    scores : sequence of float, shape (items,)
        Any numbers; only their order counts.
    positive : sequence of bool, shape (items,)
        Which items should have the higher scores.
    groups : sequence, optional
        The bootstrap resamples groups of items; by default each item is one.
    resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    Estimate
        Not defined if there is no positive or no negative item.

    Examples
    --------
    >>> area_under_curve([0.9, 0.4, 0.4, 0.1], [True, True, False, False]).value
    0.875
    """
    values = np.asarray(scores, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    ranked = values[order]
    is_positive = np.asarray(positive, dtype=bool)[order]
    group_of, n_groups = number_groups(range(len(values)) if groups is None else groups)
    group_of = group_of[order]
    below, not_above = np.searchsorted(ranked, ranked, side="left"), np.searchsorted(ranked, ranked, side="right")

    def areas(weights: Floats) -> Floats:
        each = weights[:, group_of]
        negative = np.zeros((len(each), len(ranked) + 1))
        np.cumsum(each * ~is_positive, axis=1, out=negative[:, 1:])
        beaten = (negative[:, below] + negative[:, not_above]) / 2
        won = (each * is_positive * beaten).sum(axis=1)
        return ratio(won, (each * is_positive).sum(axis=1) * negative[:, -1])

    return resample(n_groups, areas, resamples=resamples, seed=seed, width=len(values))
