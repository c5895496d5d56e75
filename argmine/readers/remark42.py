"""Comments of Remark42: the tree of one page as its interface serves it, or a backup of a site.

A backup has a line of metadata and then one comment per line, those of a page behind each other; it is read line by
line, so it may have any size.  Texts are HTML; deleted comments stay, empty.  The articles are not in the file.
"""

import re
from collections.abc import Iterator
from html import unescape
from itertools import groupby
from typing import Any

from argmine.readers.dates import parse_moment
from argmine.readers.html_fragment import fragment_text
from argmine.readers.page_comments import OPENING, id_of, page_thread, string
from argmine.readers.source import Source, decode
from argmine.thread import Post, Repair, Thread

NAME = "remark42"
DESCRIPTION = "Remark42 comments (JSON of a page, or the backup of a site)"

_TREE = re.compile(r'\s*\{\s*"(?:comments|info)"\s*:')
_BACKUP = re.compile(r'\s*\{"version":\s*\d+,\s*"users":')
_COMMENT = re.compile(r'\s*\{\s*"')


def recognises(head: str) -> bool:
    """Return whether a file begins like a backup, or has comments of Remark42."""
    has_comments = re.search(r'"locator"\s*:', head) is not None and re.search(r'"pid"\s*:', head) is not None
    return _BACKUP.match(head) is not None or (_COMMENT.match(head) is not None and has_comments)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of each page."""
    head, _ = decode(source.head)
    comments = _of_tree(source) if _TREE.match(head) else _of_lines(source)
    pages: set[str] = set()
    for address, group in groupby(comments, key=lambda found: _address(found[0])):
        yield _thread(address, list(group), is_again=address in pages)
        pages.add(address)
    if not pages:
        raise source.no_thread("there is no comment in it")


def _of_tree(source: Source) -> Iterator[tuple[dict[str, Any], str]]:
    """Yield each comment of a page with the id of the comment that it stands below, which is empty for most."""
    text, _ = source.read_text()
    value = source.parse_json(text)
    waiting = [(each, "") for each in reversed(_objects(value, "comments"))]
    while waiting:
        node, above = waiting.pop()
        comment = node.get("comment")
        here = above
        if isinstance(comment, dict):
            yield comment, above
            here = id_of(comment.get("id")) or above
        elif "comment" not in node:  # a plain list of comments instead of a tree
            yield node, above
        waiting.extend((reply, here) for reply in reversed(_objects(node, "replies")))


def _of_lines(source: Source) -> Iterator[tuple[dict[str, Any], str]]:
    for number, line in source.lines():
        text, _ = decode(line)
        if not text.strip():
            continue
        value = source.parse_json(text, line=number)
        if not isinstance(value, dict) or not ("locator" in value or "version" in value):
            raise source.error('this is no comment of Remark42: an object with "locator" is expected', line=number)
        if "locator" in value:
            yield value, ""


def _objects(value: Any, name: str) -> list[dict[str, Any]]:
    found = value.get(name) if isinstance(value, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _address(comment: dict[str, Any]) -> str:
    locator = comment.get("locator")
    return string(locator.get("url")) if isinstance(locator, dict) else ""


def _thread(address: str, comments: list[tuple[dict[str, Any], str]], *, is_again: bool) -> Thread:
    notes = [Repair(kind="reader_note", detail="other comments of this page stand before those of other pages")]
    titles = (string(comment.get("title")).strip() for comment, _ in comments)
    return page_thread(
        [_comment(comment, above, number) for number, (comment, above) in enumerate(comments, start=1)],
        id=address,
        title=unescape(next(filter(None, titles), "")),
        url=address,
        notes=notes if is_again else [],
    )


def _comment(comment: dict[str, Any], above: str, number: int) -> Post:
    is_deleted = comment.get("delete") is True
    user = comment.get("user")
    name = unescape(string(user.get("name"))).strip() if isinstance(user, dict) else ""
    markup = string(comment.get("text"))
    text = fragment_text(markup) if markup.strip() else string(comment.get("orig"))
    return Post(
        id=id_of(comment.get("id")) or str(number),
        author=None if is_deleted and name == "deleted" else name or None,
        text="" if is_deleted else text,
        reply_to=id_of(comment.get("pid")) or above or OPENING,
        created_at=parse_moment(comment.get("time")),
        deleted=is_deleted,
    )
