"""Exchanges written for argmine: posts with replies, of whose claims stance, role and target are labelled too.

They lie in ``argmine/training/written``, one post a line, as a JSON object: ``title``; ``post``, its pieces, each
``[text, role]``; and ``replies``, each an object with ``reply``, its pieces, each ``[text, stance, role, target]``;
``label``, the stance of the whole reply; and ``kind``, what it is meant to show.  The pieces of a text are joined by
blanks; one that is no claim, such as a greeting, has the role ``""``.  A target is the place of a piece of the post, or
null.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from typing import Any

from argmine.training.examples import Example, Part, spread

CORPUS = "written"


def read_written(plan: Mapping[str, Any], *, limit: int | None = None) -> list[Example]:
    """Read the exchanges: of each post, its replies with what they answer, then itself, of which roles are known.

    Parameters
    ----------
    plan : mapping
        Made by :func:`argmine.training.recipe.read_plan`.
    limit : int, optional
        At most this many posts.
    """
    examples: list[Example] = []
    for entry in plan.get("written", []):
        for row in spread(list(_rows()), limit):
            answered, pieces = _joined([text for text, _ in row["post"]])
            claims = [place for place, (_, role) in enumerate(row["post"]) if role]
            post = Example(
                CORPUS,
                row["title"],
                "",
                answered,
                "",
                weight=entry.get("weight", 1.0),
                passes=entry.get("passes", Example.passes),
                group=hashlib.sha256(answered.encode()).hexdigest(),
                parts=tuple(
                    Part(start, end, role=role)
                    for (start, end), (_, role) in zip(pieces, row["post"], strict=True)
                    if role
                ),
            )
            in_sight = tuple(pieces[place] for place in claims)
            for one in row["replies"]:
                reply, parts = _joined([text for text, *_ in one["reply"]])
                known = tuple(
                    Part(start, end, stance, role, () if target is None else (claims.index(target),))
                    for (start, end), (_, stance, role, target) in zip(parts, one["reply"], strict=True)
                    if role
                )
                examples.append(
                    replace(post, answered=answered, reply=reply, label=one["label"], claims=in_sight, parts=known)
                )
            examples.append(post)
    return examples


def _rows() -> Iterator[dict[str, Any]]:
    folder = files("argmine.training") / "written"
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        yield from (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def _joined(pieces: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text of pieces, and the first and last characters of each in it."""
    ranges, here = [], 0
    for piece in pieces:
        ranges.append((here, here + len(piece)))
        here += len(piece) + 1
    return " ".join(pieces), ranges
