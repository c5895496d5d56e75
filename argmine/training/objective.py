"""What the reply reader is trained to do: the loss, and the frequencies of labels that it allows for."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

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
    """Return, for each corpus, the logarithms of the shares of its labels; those of parts have a name of their own.

    They are added to the scores in training only (Menon et al. 2021, logit adjustment): so that what the network
    itself says does not depend on how common a label was where it learned it.  A label that a corpus does not have
    is out of the question there.
    """
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for example in examples:
        counts[example.corpus][example.label] += 1
        counts[_of_parts(example)].update(part.stance for part in example.parts)
    priors: dict[str, Tensor] = {}
    for corpus, found in counts.items():
        total = sum(found[label] for label in ON_TOPIC)
        if total:
            shares = (math.log(found[label] / total) if found[label] else _IMPOSSIBLE for label in ON_TOPIC)
            priors[corpus] = torch.tensor(list(shares))
    return priors


def _of_parts(example: Example) -> str:
    return f"{example.corpus} parts"


def loss_of(model: ReplyReader, batch: Batch, priors: Mapping[str, Tensor], settings: Settings) -> Tensor:
    """Return the mean loss of a batch over the weights of its examples."""
    device = batch.ids.device
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=settings.bfloat16):
        reading = model(batch.ids, batch.types, batch.mask)
    reading = type(reading)(*(part.float() for part in reading))
    weights = torch.tensor([example.weight for example in batch.examples], device=device)
    judged = _Judged(
        reading.first + pool(reading.words, batch.reply),
        [example.label for example in batch.examples],
        [example.corpus for example in batch.examples],
        weights,
    )
    total = _judging_loss(judged, priors, settings)
    if any(batch.known):
        total = total + _parts_loss(reading, batch, weights, priors, settings)
    return total / weights.sum()


class _Judged(NamedTuple):
    """Scores (n, 4) of replies or parts of them, the labels that they should get, their corpora and weights (n,)."""

    scores: Tensor
    labels: list[str]
    corpora: list[str]
    weights: Tensor


def _judging_loss(judged: _Judged, priors: Mapping[str, Tensor], settings: Settings) -> Tensor:
    """Return the losses of stance and of being off-topic, added up over what has a label."""
    scores, device = judged.scores, judged.scores.device
    total = torch.zeros((), device=device)
    if any(label in _LABELS for label in judged.labels):
        total = total + _stance_loss(judged, priors, settings.smoothing)
    known = torch.tensor([float(bool(label)) for label in judged.labels], device=device)
    off_topic = torch.tensor([float(label == OFF_TOPIC) for label in judged.labels], device=device)
    strays = functional.binary_cross_entropy_with_logits(scores[:, 3], off_topic, reduction="none")
    return total + settings.off_topic_weight * (strays * judged.weights * known).sum()


def _stance_loss(judged: _Judged, priors: Mapping[str, Tensor], smoothing: float) -> Tensor:
    """Return the cross-entropy of the three stances, its labels smoothed over those that the corpus has."""
    device = judged.scores.device
    labels = torch.tensor([_LABELS.get(label, _NO_STANCE) for label in judged.labels], device=device)
    prior = torch.stack([priors.get(corpus, torch.zeros(3)) for corpus in judged.corpora]).to(device)
    possible = prior > _IMPOSSIBLE / 2
    log_chance = functional.log_softmax(judged.scores[:, :3] + prior, dim=1)
    right = functional.nll_loss(log_chance, labels, reduction="none", ignore_index=_NO_STANCE)
    spread = -(log_chance * possible).sum(dim=1) / possible.sum(dim=1)
    return (((1 - smoothing) * right + smoothing * spread * (labels >= 0)) * judged.weights).sum()


def _parts_loss(
    reading: Reading, batch: Batch, weights: Tensor, priors: Mapping[str, Tensor], settings: Settings
) -> Tensor:
    """Return the losses of the parts of replies, which share the weight of their reply: stances, roles and targets.

    That of the targets is how little of the attention to the claims of the answered post goes to them.
    """
    total = torch.zeros((), device=weights.device)
    places = [(place, number) for place, known in enumerate(batch.known) for number in range(len(known))]
    owners = [place for place, _ in places]
    known = [batch.known[place][number] for place, number in places]
    marks = torch.stack([batch.parts[place][number] for place, number in places])
    shares = torch.stack([weights[place] / len(batch.known[place]) for place in owners])
    for place, part, own, share in zip(owners, known, marks, shares, strict=True):
        if part.targets:
            log_chance = functional.log_softmax(link_scores(reading, place, own, batch.claims[place]), dim=0)
            total = total - settings.link_weight * share * log_chance[list(part.targets)].logsumexp(dim=0)
    scores = reading.first[owners] + pool(reading.words[owners], marks)
    corpora = [_of_parts(batch.examples[place]) for place in owners]
    stances = _Judged(scores, [part.stance for part in known], corpora, shares * settings.claim_weight)
    total = total + _judging_loss(stances, priors, settings)
    premises = torch.tensor([float(part.role == "premise") for part in known], device=weights.device)
    told = torch.tensor([float(bool(part.role)) for part in known], device=weights.device)
    margin = pool(reading.premise[owners], marks)[:, 0]
    wrong = functional.binary_cross_entropy_with_logits(margin, premises, reduction="none")
    return total + settings.role_weight * (wrong * told * shares).sum()
