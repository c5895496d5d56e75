"""What the reply reader is trained to do: the loss, and the frequencies of labels that it allows for."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.nn import functional

from argmine.training.batches import Batch
from argmine.training.examples import OFF_TOPIC, ON_TOPIC, Example
from argmine.training.reader import Reading, ReplyReader, link_scores, pool
from argmine.training.settings import Settings

_LABELS = {label: number for number, label in enumerate(ON_TOPIC)}
_NO_STANCE = -100
_IMPOSSIBLE = -1e4


def log_priors(examples: Sequence[Example]) -> dict[str, Tensor]:
    """Return, for each corpus, the logarithms of the shares of its labels.

    They are added to the scores in training only (Menon et al. 2021, logit adjustment): so that what the network
    itself says does not depend on how common a label was where it learned it.  A label that a corpus does not have
    is out of the question there.
    """
    counts: dict[str, Counter[str]] = {}
    for example in examples:
        if example.label in _LABELS:
            counts.setdefault(example.corpus, Counter())[example.label] += 1
    return {
        corpus: torch.tensor(
            [math.log(found[label] / found.total()) if found[label] else _IMPOSSIBLE for label in ON_TOPIC]
        )
        for corpus, found in counts.items()
    }


def loss_of(model: ReplyReader, batch: Batch, priors: Mapping[str, Tensor], settings: Settings) -> Tensor:
    """Return the mean loss of a batch over the weights of its examples."""
    device = batch.ids.device
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=settings.bfloat16):
        reading = model(batch.ids, batch.types, batch.mask)
    reading = type(reading)(*(part.float() for part in reading))
    scores = reading.first + pool(reading.words, batch.reply)
    weights = torch.tensor([example.weight for example in batch.examples], device=device)
    total = torch.zeros((), device=device)
    if any(example.label in _LABELS for example in batch.examples):
        total = total + _stance_loss(scores[:, :3], batch, weights, priors, settings.smoothing)
    judged = torch.tensor([float(bool(example.label)) for example in batch.examples], device=device)
    off_topic = torch.tensor([float(example.label == OFF_TOPIC) for example in batch.examples], device=device)
    strays = functional.binary_cross_entropy_with_logits(scores[:, 3], off_topic, reduction="none")
    total = total + settings.off_topic_weight * (strays * weights * judged).sum()
    return _with_links(total, reading, batch, weights, settings.link_weight) / weights.sum()


def _stance_loss(
    scores: Tensor, batch: Batch, weights: Tensor, priors: Mapping[str, Tensor], smoothing: float
) -> Tensor:
    """Return the cross-entropy of the three stances, its labels smoothed over those that the corpus has."""
    device = scores.device
    labels = torch.tensor([_LABELS.get(example.label, _NO_STANCE) for example in batch.examples], device=device)
    prior = torch.stack([priors.get(example.corpus, torch.zeros(3)) for example in batch.examples]).to(device)
    possible = prior > _IMPOSSIBLE / 2
    log_chance = functional.log_softmax(scores + prior, dim=1)
    right = functional.nll_loss(log_chance, labels, reduction="none", ignore_index=_NO_STANCE)
    spread = -(log_chance * possible).sum(dim=1) / possible.sum(dim=1)
    return (((1 - smoothing) * right + smoothing * spread * (labels >= 0)) * weights).sum()


def _with_links(total: Tensor, reading: Reading, batch: Batch, weights: Tensor, link_weight: float) -> Tensor:
    """Add, for each reply whose targets are known, how little of its attention to claims goes to them."""
    if any(batch.targets):
        links = link_scores(reading, batch.reply, batch.claims)
        for found, targets, weight in zip(links, batch.targets, weights, strict=True):
            if targets:
                log_chance = functional.log_softmax(found, dim=0)
                total = total - link_weight * weight * log_chance[targets].logsumexp(dim=0)
    return total
