"""More to train on, made of what there is: replies joined, plain statements, and words misspelt."""

import random
import re
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from itertools import combinations

from argmine.training.examples import Example, Part

_WORD = re.compile(r"[^\W\d_]{4,}")
_CHOICE = re.compile(r"\(([^()]*)\)")
_MISSPELT = 0.06  # share of the words, and at least one
_LOWER = 0.15  # share of the plain statements that somebody wrote without capitals
_JOINED = 3  # pairs of replies to one post at most


def splice(examples: Sequence[Example], *, seed: int, weight: float = 1.0) -> list[Example]:
    """Join replies of different labels to the same post, so that what each claim says is learned from its own words.

    Parameters
    ----------
    examples : sequence of Example
        The replies; only those with a label, of one corpus and to the same text, are joined.
    seed : int
        Of the choice and the order.
    weight : float
        Of a joined reply.

    Returns
    -------
    list of Example
        Two replies each, one behind the other, as parts: nothing is said of the whole.
    """
    chance = random.Random(seed)
    by_post: dict[tuple[str, str], list[Example]] = defaultdict(list)
    for example in examples:
        if example.label and example.answered:
            by_post[example.corpus, example.answered].append(example)
    found: list[Example] = []
    for replies in by_post.values():
        pairs = [pair for pair in combinations(replies, 2) if pair[0].label != pair[1].label]
        for pair in chance.sample(pairs, min(len(pairs), _JOINED)):
            first, second = chance.sample(pair, 2)
            behind = len(first.reply) + 1
            found.append(
                replace(
                    first,
                    reply=f"{first.reply} {second.reply}",
                    label="",
                    weight=weight,
                    moved=0.0,
                    parts=(*_parts(first, 0), *_parts(second, behind)),
                )
            )
    return found


def _parts(example: Example, at: int) -> tuple[Part, ...]:
    """Return what is known of the parts of a reply that is moved to a place, or else of all of it."""
    parts = example.parts or (Part(0, len(example.reply), example.label),)
    return tuple(part._replace(start=part.start + at, end=part.end + at) for part in parts)


def state_plainly(examples: Sequence[Example], *, most: int, seed: int, weight: float = 1.0) -> list[Example]:
    """Answer posts with plain statements ("I can't agree with that."), alone or before a reply of the same label.

    Parameters
    ----------
    examples : sequence of Example
        Replies, to whose posts the statements answer.
    most : int
        How many, as many of each label.
    seed : int
        Of the choice.
    weight : float
        Of each.

    Returns
    -------
    list of Example
        Of the corpus ``"plain"``; the statements are patterns in ``argmine/training/plain.toml``.
    """
    chance = random.Random(seed)
    patterns = tomllib.loads((files("argmine.training") / "plain.toml").read_text(encoding="utf-8"))
    found: list[Example] = []
    for number in range(most):
        label = list(patterns)[number % len(patterns)]
        said = _CHOICE.sub(lambda match: chance.choice(match[1].split("|")), chance.choice(patterns[label]))
        said = said.lower() if chance.random() < _LOWER else said
        host = chance.choice(examples)
        goes_on = host.label == label
        parts = (Part(0, len(said), label), *(_parts(host, len(said) + 1) if goes_on else ()))
        found.append(
            replace(
                host,
                corpus="plain",
                reply=f"{said} {host.reply}" if goes_on else said,
                label=label,
                weight=weight,
                moved=0.0,
                parts=parts,
            )
        )
    return found


def misspell(text: str, chance: random.Random) -> str:
    """Swap two letters in some of the words of a text, which stays as long as it is.

    Parameters
    ----------
    text : str
        Words of fewer than four letters stay as they are.
    chance : random.Random
        Chooses the words and the letters.
    """
    words = [(match.start(), match.end()) for match in _WORD.finditer(text)]
    letters = list(text)
    for start, end in chance.sample(words, max(bool(words), round(len(words) * _MISSPELT))):
        place = chance.randrange(start, end - 1)
        letters[place : place + 2] = letters[place + 1], letters[place]
    return "".join(letters)
