"""JSON files as the values they hold, be it one value or one per line, and values as what they should be.

Any value may be of any type in damaged or unusual files; the functions here give nothing for what is of the wrong one.
"""

import json
from codecs import BOM_UTF8
from collections.abc import Iterator
from typing import Any, NamedTuple

from argmine.readers.source import Source, clean_id, decode
from argmine.thread import Repair


class JsonValue(NamedTuple):
    """A decoded value, the line it stands in if each has its own, its size in bytes, and notes on its encoding."""

    value: Any
    line: int | None
    size: int
    notes: list[Repair]


def json_values(source: Source) -> Iterator[JsonValue]:
    """Yield the values of a file, one line after the other, or its only value.

    Raises
    ------
    ReadError
        If the JSON is damaged, or one value is larger than what is read as one thread.
    """
    if not _is_in_lines(source.head):
        data = source.read_bytes()
        text, notes = decode(data)
        yield JsonValue(source.parse_json(text), None, len(data), notes)
        return
    for number, line in source.lines():
        text, notes = decode(line)
        if text.strip():
            yield JsonValue(source.parse_json(text, line=number), number, len(line), notes)


def _is_in_lines(head: bytes) -> bool:
    """Return whether the first line is a value by itself, or too long to see its end."""
    first, newline, _ = head.removeprefix(BOM_UTF8).lstrip().partition(b"\n")
    try:
        json.loads(decode(first)[0])
    except (ValueError, RecursionError):
        return not newline
    return True


def objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects in a list."""
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def text_of(value: Any) -> str:
    """Return a text, or an empty one."""
    return value if isinstance(value, str) else ""


def line_of(value: Any) -> str:
    """Return a text without white space around it, or an empty one."""
    return text_of(value).strip()


def id_of(value: Any) -> str | None:
    """Return the id that a text or a whole number gives."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return clean_id(str(value)) or None


def count_of(value: Any) -> int:
    """Return a whole number of things, or 0."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def unwrapped(value: Any) -> dict[str, Any]:
    """Return an object, without the one around it in which archives keep what they fetched as ``data``.

    Examples
    --------
    >>> unwrapped({"fetched_on": 1500000000.0, "data": {"title": "Tea"}})
    {'title': 'Tea'}
    """
    if isinstance(value, dict) and isinstance(value.get("data"), dict):
        return dict(value["data"])
    return value if isinstance(value, dict) else {}
