"""Plain text copied from a page: a title, an article, and the comments under it.

The comments are found below a heading such as "3 responses to …" or "Comments (3)", as a numbered or bulleted list
whose indentation gives the nesting, or as blocks that begin with a byline ("Jane Doe says:", "Jane | March 3, 2012").
Page furniture and the comment form are left out.  All rules are general, and the phrases they use are data in
:mod:`argmine.readers.furniture`, for pages in English.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from argmine.readers.bylines import find_article_byline
from argmine.readers.dates import with_zone, zone_notes
from argmine.readers.furniture import begins_page_foot, is_deletion, is_furniture
from argmine.readers.headings import (
    announced_count,
    count_notes,
    is_heading,
    is_weak_heading,
    letters_of,
    repeated_title,
)
from argmine.readers.source import MAX_PAGE_BYTES, Source, slug
from argmine.readers.text_comments import Comment, find_comments, first_byline, tidied, unmarked_comments
from argmine.thread import Post, Repair, Thread

NAME = "text"
DESCRIPTION = "plain text copied from a page: title, article, comments as an indented list"

#: A title is one line, and not a long one.
_LONGEST_TITLE = 200
#: So many lines of site name, menu and the like may stand above the title that a comment heading repeats.
_LINES_ABOVE_TITLE = 60


class Section(NamedTuple):
    """The comment section of a page."""

    start: int
    comments: list[Comment]
    announced: int | None
    notes: list[Repair]


def recognises(head: str) -> bool:
    """Return whether a file is text, and neither JSON nor a document in angle brackets."""
    begin = head.lstrip("\ufeff \t\r\n")
    return bool(begin) and not re.match(r"[\[{]\s*[\"{\[\]}]|<[!?/a-zA-Z]", begin)


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread of a text."""
    text, notes = source.read_text(limit=MAX_PAGE_BYTES)
    lines = [_without_tabs(line.rstrip()) for line in re.split(r"\r\n|\r|\n", text)]
    if not any(lines):
        raise source.no_thread("there is no text in it")
    section = _find_section(lines)
    title, article = _split_title(lines[: section.start], "".join(lines[section.start : section.start + 1]))
    byline, article = _split_byline(article)
    opening = Post(id="post", author=byline[0], created_at=with_zone(byline[1]), text=_article(article) or title or "")
    posts = [opening, *_posts(section.comments)]
    if not any(post.text for post in posts):
        raise source.no_thread("there is nothing but page furniture in it")
    dates = [byline[1], *(comment.created_at for comment in section.comments)]
    notes = [*notes, *section.notes, *count_notes(section.announced, len(section.comments)), *zone_notes(dates)]
    yield Thread.repaired(posts, id=slug(title or "") or slug(source.stem) or "thread", title=title, notes=notes)


def _without_tabs(line: str) -> str:
    """Return a line with the tabs that indent it made spaces, so that columns can be compared."""
    body = line.lstrip(" \t")
    return line[: len(line) - len(body)].expandtabs(8) + body


def _posts(comments: Sequence[Comment]) -> Iterator[Post]:
    for comment in comments:
        text = "\n".join(comment.lines)
        deleted = is_deletion(text)
        yield Post(
            id=comment.number,
            author=comment.author,
            created_at=with_zone(comment.created_at),
            text="" if deleted else text,
            reply_to=comment.answers or "post",
            deleted=deleted,
        )


def _find_section(lines: Sequence[str]) -> Section:
    """Find the comments: below the heading that announces so many as there are, or else below the last heading."""
    headings = [i for i, line in enumerate(lines) if i > 0 and is_heading(line)]
    if len(headings) > 6:  # of many, the outer ones are tried, so that the time stays linear
        headings = [*headings[:3], *headings[-3:]]
    found = [section for start in headings if (section := _marked_section(lines, start)).comments]
    if found:
        return max(
            found,
            key=lambda each: (each.announced == len(each.comments), each.announced is not None, each.start),
        )
    start = first_byline(lines)
    if start is not None:
        return Section(start, find_comments(lines[start:]), None, [])
    counted = [i for i in headings if announced_count(lines[i]) is not None and _has_article(lines[:i])]
    if not counted:
        return Section(len(lines), [], None, [])
    announced = announced_count(lines[counted[-1]])
    comments, notes = unmarked_comments(lines[counted[-1] + 1 :], announced=announced or 0)
    return Section(counted[-1], comments, announced, notes)


def _marked_section(lines: Sequence[str], start: int) -> Section:
    comments = find_comments(lines[start + 1 :])
    if is_weak_heading(lines[start]) and not any(comment.author for comment in comments):
        comments = []  # an article may have a chapter "Discussion" and a list in it
    return Section(start, comments, announced_count(lines[start]), [])


def _has_article(lines: Sequence[str]) -> bool:
    return bool(_article(_split_title(lines, "")[1]))


def _split_title(lines: Sequence[str], heading: str) -> tuple[str | None, list[str]]:
    """Return the title and the lines below it; the title that the comment heading repeats is the surest."""
    shown = [i for i, line in enumerate(lines) if line and not is_furniture(line)]
    if not shown:
        return None, []
    at = shown[0]
    repeated = letters_of(repeated_title(heading) or "")
    if repeated:
        at = next((i for i in shown if i < _LINES_ABOVE_TITLE and letters_of(lines[i]) == repeated), at)
    rest = list(lines[at + 1 :])
    alone = not rest or not rest[0] or set(rest[0]) <= set("=-~_") or find_article_byline(rest[0]) is not None
    if not alone or len(lines[at].strip()) > _LONGEST_TITLE:
        return None, list(lines[at:])
    if rest and rest[0] and set(rest[0]) <= set("=-~_"):
        rest = rest[1:]
    return re.sub(r"^#+\s*", "", lines[at].strip()), rest


def _split_byline(lines: list[str]) -> tuple[tuple[str | None, datetime | None], list[str]]:
    """Return author and date, if a line under the title names them, and the lines below."""
    shown = [i for i, line in enumerate(lines) if line and not is_furniture(line)][:2]
    for i in shown:
        byline = find_article_byline(lines[i])
        if byline is not None:
            return (byline.author, byline.created_at), [*lines[:i], *lines[i + 1 :]]
    return (None, None), lines


def _article(lines: Sequence[str]) -> str:
    """Return the article without furniture and without boxes such as "Related posts"."""
    kept: list[str] = []
    in_box = False
    for line in lines:
        in_box = begins_page_foot(line) or (in_box and len(line) <= 80 and not re.search(r"[.!?…][\"'”’)]*$", line))
        if not in_box and not is_furniture(line):
            kept.append(line)
    return "\n".join(tidied(kept))
