"""How the reply reader is trained."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from argmine.errors import EvaluationError


@dataclass(frozen=True)
class Settings:
    """How the reply reader is trained.

    Parameters
    ----------
    seed : int
        Of everything that chance decides.
    epochs : int
        Times that an example is read, if it does not say fewer.
    batch_tokens : int
        Tokens of a batch, padding included.
    learning_rate : float
        Its highest value, after the warm-up; from there it falls to 0.
    warm_up : float
        Share of the steps.
    smoothing : float
        Of the labels.
    off_topic_weight, claim_weight, role_weight, link_weight : float
        Of the losses beside that of the stance of the reply: whether it is off-topic, and of each of its claims the
        stance, the role and what it answers.
    title_tokens, answered_tokens, reply_tokens : int
        What is read of each at most, from its beginning.
    title_dropout : float
        Share of the readings without the title.
    misspelt : float
        Share of the readings of texts with typing errors.
    average : float
        Decay of the running mean of the weights, which is what is kept.
    bfloat16 : bool
        Multiply in bfloat16; two to three times as fast on processors made for it, slow on others.
    """

    seed: int = 1
    epochs: int = 3
    batch_tokens: int = 3200
    learning_rate: float = 8e-5
    warm_up: float = 0.08
    smoothing: float = 0.05
    off_topic_weight: float = 0.5
    claim_weight: float = 1.0
    role_weight: float = 0.3
    link_weight: float = 0.5
    title_tokens: int = 24
    answered_tokens: int = 100
    reply_tokens: int = 128
    title_dropout: float = 0.3
    misspelt: float = 0.0
    average: float = 0.995
    bfloat16: bool = True

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Self:
        """Make settings from those that a recipe gives.

        Raises
        ------
        EvaluationError
            If there is no such setting, or its value is of the wrong type.
        """
        known = {field.name: type(field.default) for field in fields(cls)}
        if unknown := sorted(set(given) - set(known)):
            raise EvaluationError(f"Unknown settings: {', '.join(unknown)}", f"There are: {', '.join(sorted(known))}.")
        taken: dict[str, Any] = {}
        for name, value in given.items():
            number = known[name] is float and type(value) is int
            if not number and type(value) is not known[name]:
                raise EvaluationError(f"The setting {name} is {value!r}, and must be of type {known[name].__name__}")
            taken[name] = float(value) if number else value
        return cls(**taken)
