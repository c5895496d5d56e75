"""Isso's generic import format (JSON): pages with their comments, as scripts write it that leave another system.

The format knows no replies: all comments answer the page, except where a ``parent`` is given, as in Isso itself.  Texts
are Markdown and stay as they are written, and so do titles.  The articles are not in the file.
"""

import re
from collections.abc import Iterator
from typing import Any

from argmine.readers.dates import parse_date, parse_moment, with_zone, zone_notes
from argmine.readers.page_comments import OPENING, id_of, page_thread, string
from argmine.readers.source import Source
from argmine.thread import Post, Repair, Thread

NAME = "isso"
DESCRIPTION = "Isso's generic import format (JSON): pages with their comments"

_KEYS = ("comments", "title", "author", "created")


def recognises(head: str) -> bool:
    """Return whether a file begins like a list of objects with a title and comments with an author and a date."""
    has_keys = all(re.search(rf'"{key}"\s*:', head) for key in _KEYS)
    return re.match(r'\s*\[\s*\{\s*"(?:comments|id|title)"', head) is not None and has_keys


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of each page."""
    text, notes = source.read_text()
    value = source.parse_json(text)
    pages = [page for page in value if isinstance(page, dict)] if isinstance(value, list) else []
    if not any(isinstance(page.get("comments"), list) for page in pages):
        raise source.no_thread("no page with comments is in it")
    for page in pages:
        yield _thread(page, notes)


def _thread(page: dict[str, Any], notes: list[Repair]) -> Thread:
    found = page.get("comments")
    comments = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    dates = [parse_date(string(comment.get("created"))) for comment in comments]
    address = string(page.get("id"))
    return page_thread(
        [
            Post(
                id=id_of(comment.get("id")) or str(number),
                author=string(comment.get("author")) or None,
                text=string(comment.get("text")),
                reply_to=id_of(comment.get("parent")) or OPENING,
                created_at=with_zone(date) or parse_moment(comment.get("created")),
            )
            for number, (comment, date) in enumerate(zip(comments, dates, strict=True), start=1)
        ],
        id=id_of(page.get("id")),
        title=string(page.get("title")),
        url=address if address.startswith("http") else "",
        notes=[*notes, *zone_notes(dates)],
    )
