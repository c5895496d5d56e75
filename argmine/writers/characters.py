"""Characters that files cannot hold, and short lines to draw.

Text keeps its length: each character that XML forbids (most control characters, lone surrogates) becomes U+FFFD,
in every format alike, so that no offset moves and all tools can read the file.  Ids stay apart: there such a
character becomes ``_xHHHH_``, which can be undone.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2
_UNSAFE_IN_ID = re.compile(FORBIDDEN.pattern + "|_(?=x)")
_ESCAPE_IN_ID = re.compile(r"_x((?:10|[1-9A-F])?[0-9A-F]{4})_")
_LABEL_LENGTH = 60


def clean_text(text: str) -> str:
    """Return a text with U+FFFD for each character that XML forbids."""
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def clean(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return attributes, sorted by name, with clean texts."""
    return {name: clean_text(value) if type(value) is str else value for name, value in sorted(attributes.items())}


def escaped_id(node: str, unsafe: re.Pattern[str] = _UNSAFE_IN_ID) -> str:
    """Return an id with ``_xHHHH_`` for each character that is unsafe; no two ids become one."""
    return unsafe.sub(lambda match: f"_x{ord(match[0]):04X}_", node)


def original_id(escaped: str) -> str:
    """Undo :func:`escaped_id`."""
    return _ESCAPE_IN_ID.sub(lambda match: chr(int(match[1], 16)), escaped)


def one_line(text: object) -> str:
    """Return a text on one clean line, each run of white space as one space."""
    return clean_text(" ".join(str(text).split()))


def shortened(text: str) -> str:
    """Return the first words of a text as one line to draw."""
    line = " ".join(text[: 20 * _LABEL_LENGTH].split())  # no need to split 200,000 characters
    if len(line) <= _LABEL_LENGTH:
        return line
    words = line[:_LABEL_LENGTH].rsplit(" ", maxsplit=1)[0]
    return words + "…"


def node_label(node: str, attributes: Mapping[str, Any]) -> str:
    """Return what to draw for a node: the start of its text, or else its author, or else its id."""
    return shortened(str(attributes.get("text", ""))) or shortened(str(attributes.get("author", ""))) or node


def edge_label(attributes: Mapping[str, Any]) -> str:
    """Return what to draw for an edge: its stance, or else its kind."""
    return shortened(str(attributes.get("stance") or attributes.get("kind", "")))


def unused_prefix(prefix: str, names: Iterable[str]) -> str:
    """Return the prefix, lengthened until none of the names starts with it."""
    taken = list(names)
    while any(name.startswith(prefix) for name in taken):
        prefix += "_"
    return prefix
