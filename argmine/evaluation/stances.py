"""Scores of judged replies: four-way as the pipeline decides, and restricted to the labels that gold uses."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from argmine.errors import EvaluationError
from argmine.evaluation.calibration import Calibration, calibration
from argmine.evaluation.resampling import RESAMPLES, Floats, Ints, sum_by_group
from argmine.evaluation.scores import STANCES, Classification, classification

_OFF_TOPIC = STANCES.index("off-topic")


@dataclass(frozen=True)
class Judgement:
    """What a pipeline says of one reply, beside its gold label.

    Parameters
    ----------
    gold : str
        One of the four stances.
    stance : str
        The one that the pipeline decided for.
    confidence : float
        Its confidence in that, 0 to 1.
    p_agreement, p_rebuttal, p_neutral, p_off_topic : float
        Probabilities, which sum to 1.
    id, corpus : str
        Together they name the item.
    group : str, optional
        The bootstrap resamples groups; without one, an item is a group of its own.
    """

    gold: str
    stance: str
    confidence: float
    p_agreement: float
    p_rebuttal: float
    p_neutral: float
    p_off_topic: float
    id: str = ""
    corpus: str = ""
    group: str | None = None

    def __post_init__(self) -> None:
        place = f"Item {self.id!r}"
        for label in (self.gold, self.stance):
            if label not in STANCES:
                raise EvaluationError(f"{place}: {label!r} is no stance", f"Stances: {', '.join(STANCES)}.")
        numbers = (self.confidence, *self.probabilities)
        if not all(0 <= number <= 1 for number in numbers):
            raise EvaluationError(f"{place}: a confidence or probability is not between 0 and 1: {numbers}")
        if abs(sum(self.probabilities) - 1) > 0.001:
            raise EvaluationError(f"{place}: the probabilities {self.probabilities} do not sum to 1")

    @classmethod
    def most_probable(cls, gold: str, probabilities: Sequence[float], *, item: str = "") -> "Judgement":
        """Judge by the highest of four probabilities, in the order of ``STANCES``, the first of equals."""
        agreement, rebuttal, neutral, off_topic = probabilities
        sure = max(probabilities)
        stance = STANCES[list(probabilities).index(sure)]
        return cls(gold, stance, sure, agreement, rebuttal, neutral, off_topic, id=item)

    @property
    def probabilities(self) -> tuple[float, float, float, float]:
        """The four probabilities, in the order of ``STANCES``."""
        return (self.p_agreement, self.p_rebuttal, self.p_neutral, self.p_off_topic)


@dataclass(frozen=True)
class StanceScores:
    """Scores of the stances of replies.

    Parameters
    ----------
    labels : tuple of str
        The stances that occur in gold.
    strict : Classification
        The pipeline's own decision among all four stances.  This is the score to report.
    strict_calibration : Calibration
        Of the same decision and its confidence.
    restricted : Classification
        The most probable of ``labels``: what the decision would be if the pipeline knew the label set.
    restricted_calibration : Calibration
        Of that, with the probabilities of ``labels`` scaled to sum to 1.
    false_off_topic : float or None
        Share called off-topic of the items that are not off-topic in gold.
    """

    labels: tuple[str, ...]
    strict: Classification
    strict_calibration: Calibration
    restricted: Classification
    restricted_calibration: Calibration
    false_off_topic: float | None


def score_stances(judgements: Sequence[Judgement], *, resamples: int = RESAMPLES, seed: int = 0) -> StanceScores:
    """Score judged replies.

    Parameters
    ----------
    judgements : sequence of Judgement
        Of one corpus: scores of different corpora should not be pooled.
    resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    StanceScores

    Raises
    ------
    EvaluationError
        If there is nothing to score.
    """
    if not judgements:
        raise EvaluationError("There is no labelled pair to score")
    gold = _indices([judgement.gold for judgement in judgements])
    decided = _indices([judgement.stance for judgement in judgements])
    confidence = np.array([judgement.confidence for judgement in judgements])
    chances = np.array([judgement.probabilities for judgement in judgements])
    groups = groups_of(judgements)
    used = np.unique(gold)
    among = _restrict(chances, used)

    def scored(predicted: Ints, sure: Floats, chance: Floats) -> tuple[Classification, Calibration]:
        confusion = np.zeros((len(gold), len(STANCES), len(STANCES)), dtype=np.int64)
        confusion[np.arange(len(gold)), gold, predicted] = 1
        squared_error = ((chance - np.eye(len(STANCES))[gold]) ** 2).sum(axis=1)
        return (
            classification(sum_by_group(groups, confusion), STANCES, resamples=resamples, seed=seed),
            calibration(sure, predicted == gold, squared_error, groups, resamples=resamples, seed=seed),
        )

    strict, strict_calibration = scored(decided, confidence, chances)
    best = used[among[:, used].argmax(axis=1)]
    restricted, restricted_calibration = scored(best, among.max(axis=1), among)
    on_topic = gold != _OFF_TOPIC
    return StanceScores(
        labels=tuple(STANCES[i] for i in used),
        strict=strict,
        strict_calibration=strict_calibration,
        restricted=restricted,
        restricted_calibration=restricted_calibration,
        false_off_topic=float((decided[on_topic] == _OFF_TOPIC).mean()) if on_topic.any() else None,
    )


def groups_of(judgements: Sequence[Judgement]) -> list[tuple[str, int | str]]:
    """Return the group of each judgement for the bootstrap; one without a group is a group of its own."""
    return [("item", i) if each.group is None else ("group", each.group) for i, each in enumerate(judgements)]


def _indices(labels: Sequence[str]) -> Ints:
    return np.array([STANCES.index(label) for label in labels], dtype=np.int64)


def _restrict(chances: Floats, used: Ints) -> Floats:
    """Set all columns but the used ones to 0 and scale these to sum to 1 (equal parts if all are 0)."""
    among = np.zeros_like(chances)
    among[:, used] = chances[:, used]
    total = among.sum(axis=1, keepdims=True)
    among[np.ix_(total[:, 0] == 0, used)] = 1.0
    among /= among.sum(axis=1, keepdims=True)
    return among
