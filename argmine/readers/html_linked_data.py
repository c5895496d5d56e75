"""Comments that a page lists as data for machines: schema.org types in JSON-LD."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from lxml import etree, html

from argmine.readers.dates import parse_date
from argmine.readers.html_text import element_text

_COMMENT_TYPES = {"Comment", "Answer", "UserComments"}
_COMMENT_KEYS = ("acceptedAnswer", "suggestedAnswer", "comment", "comments")


@dataclass(frozen=True)
class Statement:
    """A comment, or the text that is commented on, as listed; ``parent`` is the place of its parent in the list."""

    parent: int | None
    id: str | None
    text: str
    author: str | None
    created_at: datetime | None
    url: str | None


def linked_data_thread(root: etree._Element) -> list[Statement]:
    """Return the largest discussion that a page lists: first the text commented on, then the comments.

    Parameters
    ----------
    root : lxml element
        The page.

    Returns
    -------
    list of Statement
        Parents first; empty if none is listed.
    """
    best: list[Statement] = []
    for value in _values(root):
        for item in _objects(value):
            if not _types(item) & _COMMENT_TYPES and any(item.get(key) for key in _COMMENT_KEYS):
                found = _statements(item)
                best = found if len(found) > len(best) else best
    return best


def _values(root: etree._Element) -> Iterator[Any]:
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            try:
                yield json.loads(script.text or "", strict=False)
            except (ValueError, RecursionError):
                continue


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        here = waiting.pop()
        if isinstance(here, dict):
            yield here
            waiting.extend(reversed(list(here.values())))
        elif isinstance(here, list):
            waiting.extend(reversed(here))


def _statements(item: dict[str, Any]) -> list[Statement]:
    found: list[Statement] = []
    places: dict[str, int] = {}
    waiting: list[tuple[dict[str, Any], int | None]] = [(item, None)]
    while waiting:
        here, parent = waiting.pop()
        above = here.get("parentItem")
        if parent is not None and isinstance(above, dict) and isinstance(above.get("@id"), str):
            parent = places.get(above["@id"], parent)
        place = len(found)
        found.append(_statement(here, parent))
        if found[-1].id:
            places.setdefault(str(here.get("@id")), place)
        below = [each for key in _COMMENT_KEYS for each in _many(here.get(key)) if isinstance(each, dict)]
        waiting.extend((each, place) for each in reversed(below))
    return found


def _statement(item: dict[str, Any], parent: int | None) -> Statement:
    text = next(
        (item[key] for key in ("text", "commentText", "articleBody", "description") if isinstance(item.get(key), str)),
        "",
    )
    author = next((each for each in _many(item.get("author") or item.get("creator")) if each), None)
    name = author.get("name") if isinstance(author, dict) else author
    date = next(
        (item[key] for key in ("dateCreated", "datePublished", "commentTime") if isinstance(item.get(key), str)), None
    )
    return Statement(
        parent=parent,
        id=_string(item.get("@id")) or _string(item.get("identifier")),
        text=_plain(text),
        author=_string(name),
        created_at=parse_date(date),
        url=_string(item.get("url")),
    )


def _plain(text: str) -> str:
    """Return text that may be HTML as plain text."""
    if re.search(r"</?[a-zA-Z][^<>]*>", text):
        return element_text(html.fragment_fromstring(text, create_parent="div"))
    return unescape(text).strip()


def _string(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _types(item: dict[str, Any]) -> set[Any]:
    return {each for each in _many(item.get("@type")) if isinstance(each, str)}
