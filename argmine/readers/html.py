"""Saved web pages: an article and the comments under it, or the messages of a forum thread.

Comments are found as repeated elements that look like comments (WordPress lists, schema.org and microformats
markup, and what other sites use), or in the page's JSON-LD.  The article is found by trafilatura.  Quotations become
lines that begin with ``>``.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from lxml import etree

from argmine.readers.dates import with_zone, zone_notes
from argmine.readers.furniture import is_deletion
from argmine.readers.headings import announced_count, count_notes
from argmine.readers.html_article import Article, find_article
from argmine.readers.html_blocks import Group, find_group
from argmine.readers.html_linked_data import Statement, linked_data_thread
from argmine.readers.html_nesting import numbers_of, own_ids, parents_of
from argmine.readers.html_page import Page, drop, parse_page
from argmine.readers.html_parts import marked_text, signature_of
from argmine.readers.html_words import one_line, tokens, words
from argmine.readers.source import Source, clean_id, slug
from argmine.thread import Post, Repair, Thread

NAME = "html"
DESCRIPTION = "saved web page: an article with comments, or a forum thread"

_ELEMENT = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|div|main|article|section|ol|ul|table|p|h1)\b", re.IGNORECASE
)
#: Words of advertisements that look like submissions.
_PAID = {"promoted", "promotedlink"}
#: What would load comments that are not in the page.
_FURTHER = re.compile(
    r"(?:load|show|view|see) (?:(?P<count>\d{1,6}) )?more (?:comments?|repl(?:y|ies))"
    r"(?: \((?P<behind>\d{1,6}) (?:comments?|repl(?:y|ies))\))?|(?P<alone>\d{1,6}) more repl(?:y|ies)|"
    r"continue this thread\W*|more replies",
    re.IGNORECASE,
)


class _Draft(NamedTuple):
    """A post whose date may lack a time zone; ``parent`` is the place of the comment it answers, if it answers one."""

    id: str
    text: str
    parent: int | None = None
    author: str | None = None
    created_at: datetime | None = None
    url: str | None = None
    deleted: bool = False


def recognises(head: str) -> bool:
    """Return whether a file begins like HTML."""
    return head.lstrip("\ufeff \t\r\n").startswith("<") and _ELEMENT.search(head[:8192]) is not None


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread of a page."""
    root, page, notes = parse_page(source)
    announced, of_answers = _announced(root)
    left_out = _left_out(root)
    listed = linked_data_thread(root)
    group = find_group(root)
    submissions = _submissions(root)
    if len(submissions) > 1 and (group is None or group.opens):
        raise source.no_thread("this is a list of submissions, not a thread")
    if group is not None and len(group.blocks) >= len(listed) - 1:
        comments = _drafts_of_group(group, opener=page.author or "")
    else:
        comments = _drafts_of_list(listed[1:])
    if group is not None and group.opens and comments:
        announced = None  # forums count over several pages
        opening, *comments = comments
        opening = opening._replace(parent=None)
        comments = [draft._replace(parent=draft.parent - 1 if draft.parent else None) for draft in comments]
    else:
        for block in group.blocks if group else []:
            drop(block)
        opening = _opening(root, page, listed, replied=bool(comments))
        if of_answers and announced is not None and announced <= len(comments):
            announced = None  # there are comments on the answers, too
    if not opening.text and not comments:
        raise source.no_thread("there is neither an article nor a comment in this page")
    dates = [draft.created_at for draft in (opening, *comments)]
    yield Thread.repaired(
        _posts(opening, comments),
        id=page.url or slug(page.title or "") or slug(source.stem) or "thread",
        title=page.title,
        url=page.url,
        notes=[*notes, *count_notes(announced, len(comments)), *left_out, *zone_notes(dates)],
    )


def _announced(root: etree._Element) -> tuple[int | None, bool]:
    """Return the number of comments that the last heading announces, which stands nearest, and if they are answers."""
    headings = (one_line(each) for each in root.iter("h2", "h3", "h4", "h5"))
    counts = [(count, heading) for heading in headings if (count := announced_count(heading)) is not None]
    return (counts[-1][0], "answer" in counts[-1][1].lower()) if counts else (None, False)


def _left_out(root: etree._Element) -> list[Repair]:
    """Return a note if there are buttons or links that would load further comments."""
    found = [match for each in root.iter("a", "button") if (match := _FURTHER.fullmatch(one_line(each)))]
    counted = sum(int(match["count"] or match["behind"] or match["alone"] or 0) for match in found)
    replies = f"{counted} replies or more" if counted else "further replies"
    detail = f"{replies} are not in the page, but behind buttons or links to load them ({len(found)})"
    return [Repair(kind="omitted_replies", detail=detail)] if found else []


def _opening(root: etree._Element, page: Page, listed: Sequence[Statement], *, replied: bool) -> _Draft:
    """Return the article as the opening post; where there is none, the title is what the comments answer."""
    first = listed[0] if listed else None
    submissions = _submissions(root)
    if len(submissions) == 1:
        article = Article(marked_text(submissions[0]), submissions[0])
    else:
        article = find_article(_question(root) if replied else root, page.title)
    text = article.text or (first.text if first else "") or (page.title or "" if replied else "")
    author = page.author or (first.author if first else None)
    created_at = page.created_at or (first.created_at if first else None)
    scope = _scope(root, article.element)
    if scope is not None and (author is None or created_at is None):
        named, dated = signature_of(scope)
        author, created_at = author or named, created_at or dated
    return _Draft("post", text, None, author, created_at, page.url, deleted=is_deletion(article.text))


def _question(root: etree._Element) -> etree._Element:
    """Return the element of the question that a page is about, or else the whole page."""
    found = [each for each in root.iter("div") if not {"question", "js-question"}.isdisjoint(tokens(each))]
    return found[0] if len(found) == 1 else root


def _scope(root: etree._Element, holder: etree._Element | None) -> etree._Element | None:
    """Return the element that holds the article together with its author and date."""
    if holder is None:  # Hacker News: what is commented on is a link
        return next((each for each in root.iter("table") if "fatitem" in tokens(each)), None)
    if holder in _submissions(root):
        return holder
    for each in [holder, *holder.iterancestors()]:
        if each.tag == "article" or "hentry" in tokens(each) or (each.tag == "div" and "question" in words(each)):
            return each
    return None


def _submissions(root: etree._Element) -> list[etree._Element]:
    """Return what is commented on in a page of Reddit, a text or a link; several if it is a list of them."""
    links = [each for each in root.iter("div") if {"thing", "link"} <= set(tokens(each)) and not words(each) & _PAID]
    return [*links, *root.iter("shreddit-post")]


def _drafts_of_group(group: Group, *, opener: str) -> list[_Draft]:
    ids = own_ids(group.blocks)
    parents = parents_of(group.blocks, group.parts, ids, opener=group.parts[0].names if group.opens else opener)
    return [
        _Draft(own_id or number, part.text, parent, part.author, part.created_at, deleted=part.deleted)
        for own_id, number, parent, part in zip(ids, numbers_of(parents), parents, group.parts, strict=True)
    ]


def _drafts_of_list(listed: Sequence[Statement]) -> list[_Draft]:
    # the first statement of the page's list is what is commented on, so places are one lower here
    parents = [each.parent - 1 if each.parent else None for each in listed]
    return [
        _Draft(
            clean_id(each.id or number),
            each.text,
            parent,
            each.author,
            each.created_at,
            each.url,
            is_deletion(each.text),
        )
        for each, number, parent in zip(listed, numbers_of(parents), parents, strict=True)
    ]


def _posts(opening: _Draft, comments: Sequence[_Draft]) -> Iterator[Post]:
    for draft in (opening, *comments):
        parent = None if draft.parent is None else comments[draft.parent].id
        yield Post(
            id=draft.id,
            author=draft.author,
            text="" if draft.deleted else draft.text,
            reply_to=None if draft is opening else parent or opening.id,
            created_at=with_zone(draft.created_at),
            url=draft.url,
            deleted=draft.deleted,
        )
