"""From training examples to tensors: tokens, batches of like length, and their order."""

import random
from collections.abc import Sequence
from typing import NamedTuple, Self

import torch
from tokenizers import Tokenizer
from torch import Tensor

from argmine.training.examples import Example
from argmine.training.settings import Settings

_CHUNK = 2000  # items that are sorted by length together: few enough to keep their order random


class Item(NamedTuple):
    """An example as tokens: the parts of its input, the tokens of each claim of the answered post, and the targets."""

    title: list[int]
    answered: list[int]
    reply: list[int]
    claims: list[tuple[int, int]]
    targets: list[int]
    example: Example

    @property
    def width(self) -> int:
        """Tokens of the whole input."""
        return len(self.title) + len(self.answered) + len(self.reply) + 4


class Batch(NamedTuple):
    """Items as tensors; ``reply`` (B, L) is 1 in the tokens of the reply, ``claims`` has one (n, L) per item."""

    ids: Tensor
    types: Tensor
    mask: Tensor
    reply: Tensor
    claims: list[Tensor]
    targets: list[list[int]]
    examples: list[Example]

    def to(self, device: torch.device) -> Self:
        """Return the batch with its tensors on a device."""
        ids, types, mask, reply = (part.to(device) for part in self[:4])
        claims = [marks.to(device) for marks in self.claims]
        return self._replace(ids=ids, types=types, mask=mask, reply=reply, claims=claims)


def encode(tokenizer: Tokenizer, examples: Sequence[Example], settings: Settings) -> list[Item]:
    """Turn examples into items; an answered post with targets is read from where the first target is in sight."""
    texts = [text for example in examples for text in (example.title, example.answered, example.reply)]
    encodings = tokenizer.encode_batch(texts, add_special_tokens=False)
    items = []
    for number, example in enumerate(examples):
        title, answered, reply = encodings[3 * number : 3 * number + 3]
        limit = 2 * settings.answered_tokens if example.targets else settings.answered_tokens
        ranges = [_token_range(answered.offsets, claim) for claim in example.claims]
        start = 0
        if example.targets:
            start = max(0, min(ranges[example.targets[0]][1] - limit * 2 // 3, len(answered.ids) - limit))
        inside = [
            (place, (max(0, first - start), min(last - start, limit)))
            for place, (first, last) in enumerate(ranges)
            if max(first, start) < min(last, start + limit)
        ]
        items.append(
            Item(
                title.ids[: settings.title_tokens],
                answered.ids[start : start + limit],
                reply.ids[: settings.reply_tokens],
                [tokens for _, tokens in inside],
                [number for number, (place, _) in enumerate(inside) if place in example.targets],
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
    for place, ((row, answered_at, reply_at), item) in enumerate(zip(rows, items, strict=True)):
        ids[place, : len(row)] = torch.tensor(row)
        mask[place, : len(row)] = 1
        types[place, reply_at : len(row)] = 1
        reply[place, reply_at : len(row) - 1] = 1
        marks = torch.zeros(len(item.claims), width, dtype=torch.long)
        for number, (start, end) in enumerate(item.claims):
            marks[number, answered_at + start : answered_at + end] = 1
        claims.append(marks)
    return Batch(ids, types, mask, reply, claims, [item.targets for item in items], [item.example for item in items])


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
