"""From training examples to tensors: tokens, batches of like length, and their order."""

import random
from collections.abc import Sequence
from typing import NamedTuple, Self

import torch
from tokenizers import Tokenizer
from torch import Tensor

from argmine.training.examples import Example, Part
from argmine.training.settings import Settings

_CHUNK = 2000  # items that are sorted by length together: few enough to keep their order random


class Item(NamedTuple):
    """An example as tokens: the texts of its input, and those claims and parts that are in sight, as tokens too."""

    title: list[int]
    answered: list[int]
    reply: list[int]
    claims: list[tuple[int, int]]
    parts: list[Part]
    example: Example

    @property
    def width(self) -> int:
        """Tokens of the whole input."""
        return len(self.title) + len(self.answered) + len(self.reply) + 4


class Batch(NamedTuple):
    """Items as tensors.

    ``reply`` (B, L) is 1 in the tokens of the reply; ``claims`` and ``parts`` have one (n, L) per item, 1 in the tokens
    of each claim of the answered post and of each part of the reply.
    """

    ids: Tensor
    types: Tensor
    mask: Tensor
    reply: Tensor
    claims: list[Tensor]
    parts: list[Tensor]
    known: list[list[Part]]
    examples: list[Example]

    def to(self, device: torch.device) -> Self:
        """Return the batch with its tensors on a device."""
        ids, types, mask, reply = (part.to(device) for part in self[:4])
        claims, parts = ([marks.to(device) for marks in every] for every in (self.claims, self.parts))
        return self._replace(ids=ids, types=types, mask=mask, reply=reply, claims=claims, parts=parts)


def encode(tokenizer: Tokenizer, examples: Sequence[Example], settings: Settings) -> list[Item]:
    """Turn examples into items; an answered post with targets is read from where the first target is in sight."""
    texts = [text for example in examples for text in (example.title, example.answered, example.reply)]
    encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
    items = []
    for number, example in enumerate(examples):
        title, answered, reply = encodings[3 * number : 3 * number + 3]
        targets = [target for part in example.parts for target in part.targets]
        limit = 2 * settings.answered_tokens if targets else settings.answered_tokens
        ranges = [_token_range(answered.offsets, claim) for claim in example.claims]
        start = max(0, min(ranges[targets[0]][1] - limit * 2 // 3, len(answered.ids) - limit)) if targets else 0
        claims = {
            place: (max(0, first - start), min(last - start, limit))
            for place, (first, last) in enumerate(ranges)
            if max(first, start) < min(last, start + limit)
        }
        order = {place: number for number, place in enumerate(claims)}
        parts = []
        for part in example.parts:
            first, last = _token_range(reply.offsets, part[:2])
            if first < min(last, settings.reply_tokens):
                seen = tuple(order[target] for target in part.targets if target in order)
                parts.append(part._replace(start=first, end=min(last, settings.reply_tokens), targets=seen))
        items.append(
            Item(
                title.ids[: settings.title_tokens],
                answered.ids[start : start + limit],
                reply.ids[: settings.reply_tokens],
                list(claims.values()),
                parts,
                example,
            )
        )
    return items


def _token_range(offsets: Sequence[tuple[int, int]], claim: tuple[int, int]) -> tuple[int, int]:
    inside = [place for place, (start, end) in enumerate(offsets) if start < claim[1] and end > claim[0]]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def collate(items: Sequence[Item], titled: Sequence[bool], special: tuple[int, int]) -> Batch:
    """Make tensors of items: ``[CLS] title [SEP] answered [SEP] reply [SEP]``, the title only where it is wanted."""
    first, between = special
    rows: list[tuple[list[int], int, int]] = []
    for item, with_title in zip(items, titled, strict=True):
        head = [first, *item.title, between] if with_title and item.title else [first]
        row = [*head, *item.answered, between, *item.reply, between]
        rows.append((row, len(head), len(head) + len(item.answered) + 1))
    width = max(len(row) for row, _, _ in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    types, mask, reply = torch.zeros_like(ids), torch.zeros_like(ids), torch.zeros_like(ids)
    claims: list[Tensor] = []
    parts: list[Tensor] = []
    for place, ((row, answered_at, reply_at), item) in enumerate(zip(rows, items, strict=True)):
        ids[place, : len(row)] = torch.tensor(row)
        mask[place, : len(row)] = 1
        types[place, reply_at : len(row)] = 1
        reply[place, reply_at : len(row) - 1] = 1
        claims.append(_marks(item.claims, answered_at, width))
        parts.append(_marks([part[:2] for part in item.parts], reply_at, width))
    known, examples = [item.parts for item in items], [item.example for item in items]
    return Batch(ids, types, mask, reply, claims, parts, known, examples)


def _marks(ranges: Sequence[tuple[int, int]], at: int, width: int) -> Tensor:
    marks = torch.zeros(len(ranges), width, dtype=torch.long)
    for number, (start, end) in enumerate(ranges):
        marks[number, at + start : at + end] = 1
    return marks


def plan_batches(items: Sequence[Item], settings: Settings, epoch: int) -> list[list[int]]:
    """Return the places of the items of each batch of an epoch: of like length, in a random order."""
    chance = random.Random(f"{settings.seed} order {epoch}")
    order = [place for place, item in enumerate(items) if item.example.passes > epoch]
    chance.shuffle(order)
    batches: list[list[int]] = []
    for start in range(0, len(order), _CHUNK):
        batch: list[int] = []
        for place in sorted(order[start : start + _CHUNK], key=lambda one: items[one].width):
            if batch and items[place].width * (len(batch) + 1) > settings.batch_tokens:
                batches.append(batch)
                batch = []
            batch.append(place)
        batches.append(batch)
    chance.shuffle(batches)
    return batches
