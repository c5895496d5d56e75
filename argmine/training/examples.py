"""Training examples of the reply reader: labelled replies, their claims, spam, and replies moved to another thread."""

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from argmine.errors import EvaluationError
from argmine.evaluation import Pair, read_pairs, read_rows
from argmine.training.labelled import fingerprint, given_labels

ON_TOPIC = ("agreement", "rebuttal", "neutral")
OFF_TOPIC = "off-topic"

_T = TypeVar("_T")

_ALWAYS = 1_000_000
_MOVABLE = 6  # words: a shorter reply fits anywhere
_MOVED_WEIGHT = 0.7  # a moved reply may happen to fit
_MOVED_PASSES = 2
_TRIES = 20  # to find a host


class Part(NamedTuple):
    """What is known of a part of a reply: of a claim of it, or of all of it.

    ``start`` and ``end`` are its first and last characters; ``stance`` is one of the four, ``role`` is ``"claim"`` or
    ``"premise"``, either ``""`` if it is not known; ``targets`` are the places of the claims that it answers.
    """

    start: int
    end: int
    stance: str = ""
    role: str = ""
    targets: tuple[int, ...] = ()


@dataclass(frozen=True)
class Example:
    """A reply to judge, or one of whose parts something is known.

    Parameters
    ----------
    corpus : str
        Examples of one corpus share the frequencies of their labels.
    title : str
        Of the thread, or ``""``.
    answered, reply : str
        The two texts.
    label : str
        One of the four stances, or ``""`` if only something of its parts is known.
    weight : float
        How much it counts.
    passes : int
        Epochs that read it, the first ones.
    group : str
        Thread, where it is known.
    topic : str
        Of the thread, where the corpus tells.
    moved : float
        How often it is also put under the post of another thread, on the average: 0 to 1.
    claims : tuple of (int, int)
        Character ranges of the claims of ``answered``; only with a target.
    parts : tuple of Part
        Of the reply, those of which something is known.
    """

    corpus: str
    title: str
    answered: str
    reply: str
    label: str
    weight: float = 1.0
    passes: int = _ALWAYS
    group: str = ""
    topic: str = ""
    moved: float = 0.0
    claims: tuple[tuple[int, int], ...] = ()
    parts: tuple[Part, ...] = ()


def read_examples(plan: Mapping[str, Any], corpora: Path | str, *, limit: int | None = None) -> list[Example]:
    """Read the labelled pairs that a plan names, in the order of its tables.

    Parameters
    ----------
    plan : mapping
        Made by :func:`argmine.training.recipe.read_plan`.
    corpora : path
        The folder that the files of the plan lie in.
    limit : int, optional
        At most this many of each table, spread over its file.

    Returns
    -------
    list of Example
        Pairs without a label or without words are left out.

    Raises
    ------
    EvaluationError
        If a file cannot be read.
    """
    examples: list[Example] = []
    for entry in plan.get("replies", []):
        path = Path(corpora) / entry["file"]
        rows = read_rows(path, where=entry.get("where"))
        pairs = read_pairs(path, where=entry.get("where"))
        of_table = [
            _example(pair, entry, str(row.get(entry.get("topic", "topic")) or ""))
            for pair, row in zip(pairs, rows, strict=True)
            if pair.label is not None and pair.reply.strip() and pair.parent.strip()
        ]
        if "labelled" in entry:
            of_table = list(with_labels(of_table, claims_only=entry["labelled"] == "claims"))
        examples += spread(of_table, limit)
    return examples


def with_labels(examples: Iterable[Example], *, claims_only: bool = False) -> Iterator[Example]:
    """Yield examples with the labels given to them for argmine, those that have none only if ``claims_only``.

    Where the same words answer the same words again, the labels go to the first.

    Parameters
    ----------
    examples : iterable of Example
        Replies of a corpus.
    claims_only : bool
        Keep the label of each reply; otherwise it gets the one given to it.
    """
    given = given_labels()
    for example in examples:
        labels = given.pop(fingerprint(example.answered, example.reply), None)
        if labels is not None:
            parts = tuple(Part(*claim) for claim in labels.claims)
            yield replace(example, label=example.label if claims_only else labels.label, parts=parts)
        elif claims_only:
            yield example


def spread(found: Sequence[_T], limit: int | None) -> Sequence[_T]:
    """Return at most so many of some, from the beginning to the end: files are often sorted by label."""
    if limit is None or limit >= len(found):
        return found
    return [found[place * len(found) // limit] for place in range(limit)]


def _example(pair: Pair, entry: Mapping[str, Any], topic: str) -> Example:
    return Example(
        corpus=pair.corpus,
        title=pair.context or "",
        answered=pair.parent,
        reply=pair.reply,
        label=str(pair.label),
        weight=entry.get("weight", 1.0) * (1.0 if pair.weight is None else 0.5 + 0.5 * pair.weight),
        passes=entry.get("passes", _ALWAYS),
        group=pair.thread or "",
        topic=topic,
        moved=entry.get("moved", 0.0),
    )


def read_spam(
    plan: Mapping[str, Any], corpora: Path | str, hosts: Sequence[Example], *, seed: int, limit: int | None = None
) -> list[Example]:
    """Read the spam that a plan names, each comment put under the post of one of the hosts.

    The parameters are those of :func:`read_examples`; ``seed`` decides which post.

    Raises
    ------
    EvaluationError
        If a file cannot be read, or a line of it has no ``text``.
    """
    chance = random.Random(seed)
    found: list[Example] = []
    for entry in plan.get("spam", []):
        path = Path(corpora) / entry["file"]
        rows = read_rows(path, where=entry.get("where"))
        if any("text" not in row for row in rows):
            raise EvaluationError(f"{path}: a comment without 'text'")
        texts = sorted(text for text in {str(row["text"]) for row in rows} if text.strip())
        found += [
            replace(
                chance.choice(hosts),
                corpus="spam",
                reply=text,
                label=OFF_TOPIC,
                parts=(),
                weight=entry.get("weight", 1.0),
            )
            for text in spread(texts, limit)
        ]
    return found


def move(examples: Sequence[Example], *, seed: int) -> list[Example]:
    """Put replies under the post of another thread, where they are off-topic.

    Where a corpus tells the topics of its threads, they go in turn to a far one (another topic) and to a near one (the
    same topic).  How many of a corpus is the sum of ``moved`` over its examples; very short replies stay.

    Parameters
    ----------
    examples : sequence of Example
        The replies, and the posts to put them under; a reply stays within its corpus.
    seed : int
        Of the choice.

    Returns
    -------
    list of Example
        Of the corpus ``"moved"``: each the post, title and thread of one example with the reply of another.
    """
    chance = random.Random(seed)
    by_corpus: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_corpus[example.corpus].append(example)
    found: list[Example] = []
    for hosts in by_corpus.values():
        by_topic: dict[str, list[Example]] = defaultdict(list)
        for example in hosts:
            by_topic[example.topic].append(example)
        movable = [example for example in hosts if len(example.reply.split()) >= _MOVABLE]
        wanted = int(math.fsum(example.moved for example in hosts))
        for example in chance.sample(movable, min(len(movable), wanted)):
            if len(by_topic) == 1:
                host = _host_for(example, hosts, chance)
            elif len(found) % 2 == 1:
                host = _host_for(example, by_topic[example.topic], chance)
            else:
                host = _host_for(example, hosts, chance, far=True)
            if host is not None:
                found.append(
                    replace(
                        host,
                        corpus="moved",
                        reply=example.reply,
                        label=OFF_TOPIC,
                        parts=(),
                        weight=_MOVED_WEIGHT,
                        passes=_MOVED_PASSES,
                    )
                )
    return found


def _host_for(
    example: Example, hosts: Sequence[Example], chance: random.Random, *, far: bool = False
) -> Example | None:
    """Return an example of another thread, as far as the corpus tells; if ``far``, of another topic as well."""
    for _ in range(_TRIES):
        host = chance.choice(hosts)
        same_thread = bool(host.group) and host.group == example.group
        same_title = bool(host.title) and host.title == example.title
        same_topic = far and host.topic == example.topic
        if not (same_thread or same_title or same_topic or host.answered == example.answered):
            return host
    return None
