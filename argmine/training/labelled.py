"""Labels given for argmine to replies of corpora: of the whole reply, and of each of its claims.

The stances lie in ``argmine/training/labelled.jsonl``, one reply a line, as a JSON object: ``texts``, the
:func:`fingerprint` of the answered text and the reply, since the texts themselves are not argmine's; ``label``, the
stance of the reply; and ``claims``, each ``[start, end, stance]``, by characters of the reply.  The roles of claims of
longer replies lie in ``argmine/training/roles.jsonl``, likewise: ``texts``, and ``claims``, each
``[start, end, role]``.
"""

import hashlib
import json
from importlib.resources import files
from typing import Any, NamedTuple


class Labels(NamedTuple):
    """What was said of a reply: its stance, and the first and last characters and the stance of each of its claims."""

    label: str
    claims: tuple[tuple[int, int, str], ...]


def given_labels() -> dict[str, Labels]:
    """Return the labels, by the fingerprints of their replies."""
    return {row["texts"]: Labels(row["label"], _claims(row)) for row in _rows("labelled.jsonl")}


def given_roles() -> dict[str, tuple[tuple[int, int, str], ...]]:
    """Return the first and last characters and the roles of claims, by the fingerprints of their replies."""
    return {row["texts"]: _claims(row) for row in _rows("roles.jsonl")}


def _rows(name: str) -> list[dict[str, Any]]:
    lines = (files("argmine.training") / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def _claims(row: dict[str, Any]) -> tuple[tuple[int, int, str], ...]:
    return tuple((*claim,) for claim in row["claims"])


def fingerprint(answered: str, reply: str) -> str:
    """Return 16 hexadecimal digits that name a reply by what it says to what, but for case and spaces."""
    return hashlib.sha256(f"{normal(answered)}\n{normal(reply)}".encode()).hexdigest()[:16]


def normal(text: str) -> str:
    """Return a text in lower case with single spaces, as texts are compared."""
    return " ".join(text.lower().split())
