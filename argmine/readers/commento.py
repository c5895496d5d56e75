"""Commento exports (JSON): the comments of all pages of all domains of an account.

Comments hold their text in Markdown and as HTML, of which the HTML is taken, as text.  Deleted comments stay, empty;
those that are not approved are left out, with a note.  The articles are not in the file, nor are their titles.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from argmine.readers.dates import parse_moment
from argmine.readers.html_fragment import fragment_text
from argmine.readers.page_comments import OPENING, id_of, left_out_note, page_thread, string
from argmine.readers.source import Source
from argmine.thread import Post, Thread

NAME = "commento"
DESCRIPTION = "Commento export (JSON): pages with their comments"


def recognises(head: str) -> bool:
    """Return whether a file begins like a JSON object with comments or commenters of Commento."""
    return re.match(r'\s*\{\s*"', head) is not None and re.search(r'"(?:comment|commenter)Hex"\s*:', head) is not None


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of each page."""
    text, notes = source.read_text()
    value = source.parse_json(text)
    names = {id_of(each.get("commenterHex")): string(each.get("name")) for each in _objects(value, "commenters")}
    pages: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for comment in _objects(value, "comments"):
        pages.setdefault((string(comment.get("domain")), string(comment.get("url"))), []).append(comment)
    if not pages:
        raise source.no_thread("there is no comment in it")
    for (domain, path), found in pages.items():
        shown = [comment for comment in found if not _why_left_out(comment)]
        left_out = Counter(filter(None, map(_why_left_out, found)))
        yield page_thread(
            [_comment(comment, number, names) for number, comment in enumerate(shown, start=1)],
            id=path if path.startswith("http") else f"{domain}{path}",
            url=path if path.startswith("http") else "",
            notes=[*notes, *left_out_note("comments", left_out)],
        )


def _objects(value: Any, name: str) -> list[dict[str, Any]]:
    found = value.get(name) if isinstance(value, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _why_left_out(comment: dict[str, Any]) -> str:
    state = string(comment.get("state"))
    if state in {"", "approved"} or comment.get("deleted") is True:
        return ""
    return "flagged" if state == "flagged" else "not approved"


def _comment(comment: dict[str, Any], number: int, names: dict[str, str]) -> Post:
    is_deleted = comment.get("deleted") is True
    parent = id_of(comment.get("parentHex"))
    markup = string(comment.get("html"))
    text = fragment_text(markup) if markup.strip() else string(comment.get("markdown"))
    return Post(
        id=id_of(comment.get("commentHex")) or str(number),
        author=names.get(id_of(comment.get("commenterHex"))) or None,
        text="" if is_deleted else text,
        reply_to=OPENING if parent in {"", "root"} else parent,
        created_at=parse_moment(comment.get("creationDate")),
        deleted=is_deleted,
    )
