"""Disqus exports (XML): the comments of all pages of a site.

Deleted comments stay, empty; those marked as spam or as not approved are left out, with a note.  A deleted thread
stays where comments of it are left, under an empty opening post.  Messages are HTML.  The articles are not in the
file.  The comments of a page may stand anywhere in the file, so that it is read whole.
"""

import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from lxml import etree

from argmine.readers.dates import parse_moment
from argmine.readers.html_fragment import fragment_text
from argmine.readers.page_comments import OPENING, left_out_note, page_thread
from argmine.readers.source import Source, clean_id
from argmine.readers.xml_stream import whole_xml
from argmine.thread import Post, Repair, Thread

NAME = "disqus"
DESCRIPTION = "Disqus export (XML): pages with their comments"


def recognises(head: str) -> bool:
    """Return whether near the beginning of a file there is the root element of Disqus."""
    return re.search(r"<disqus\b[^<>]*\bxmlns\s*=\s*[\"']https?://disqus\.com", head[:4096]) is not None


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of each page that has a comment; the last one has the note on pages without."""
    root = whole_xml(source)
    if etree.QName(root).localname != "disqus":
        raise source.error("this is no export of Disqus: its root should be <disqus>")
    comments: dict[str, list[etree._Element]] = {}
    for post in root.iterchildren("{*}post"):
        comments.setdefault(_id_of(post.find("{*}thread")), []).append(post)
    pages: dict[str, etree._Element | None] = {
        _id_of(element): element for element in root.iterchildren("{*}thread") if _id_of(element)
    }
    known = [name for name in pages if name in comments]
    unknown = [name for name in comments if name not in pages]
    if not comments:
        raise source.no_thread("there is no comment in it")
    bare = len(pages) - len(known)
    for number, name in enumerate(chain(known, unknown), start=1):
        is_last = number == len(known) + len(unknown)
        notes = left_out_note("pages", Counter({"without comments": bare} if is_last else {}))
        yield _thread(name, pages.get(name), comments.pop(name), notes)


def _thread(name: str, page: etree._Element | None, elements: list[etree._Element], notes: list[Repair]) -> Thread:
    left_out: Counter[str] = Counter()
    comments = []
    for number, element in enumerate(elements, start=1):
        why = "spam" if _says(element, "isSpam") else "not approved" if _denies(element, "isApproved") else ""
        if why:
            left_out[why] += 1
        else:
            comments.append(_comment(element, number))
    notes = [*notes, *left_out_note("comments", left_out)]
    if page is None:
        return page_thread(comments, id=name or "disqus", notes=notes)
    is_deleted = _says(page, "isDeleted")
    if is_deleted:
        notes = [*notes, Repair(kind="reader_note", detail="the thread was deleted from its page")]
    title = " ".join(fragment_text(_word(page, "title")).split())
    message = "" if is_deleted else fragment_text(_word(page, "message"))
    return page_thread(
        comments,
        id=name,
        title=title,
        text=message,
        url=_word(page, "link"),
        deleted=is_deleted,
        author=None if is_deleted else _author(page),
        created_at=parse_moment(_word(page, "createdAt")),
        notes=notes,
    )


def _comment(element: etree._Element, number: int) -> Post:
    is_deleted = _says(element, "isDeleted")
    return Post(
        id=_id_of(element) or clean_id(_word(element, "id")) or str(number),
        author=_author(element),
        text="" if is_deleted else fragment_text(_word(element, "message")),
        reply_to=_id_of(element.find("{*}parent")) or OPENING,
        created_at=parse_moment(_word(element, "createdAt")),
        deleted=is_deleted,
    )


def _author(element: etree._Element) -> str | None:
    return _word(element, "author/{*}name") or _word(element, "author/{*}username") or None


def _id_of(element: etree._Element | None) -> str:
    """Return the id in the attribute ``dsq:id``; empty where there is none."""
    attributes = element.attrib.items() if element is not None else []
    return next((clean_id(str(value)) for name, value in attributes if str(name).rpartition("}")[2] == "id"), "")


def _word(element: etree._Element, path: str) -> str:
    return (element.findtext(f"{{*}}{path}") or "").strip()


def _says(element: etree._Element, name: str) -> bool:
    return _word(element, name).lower() == "true"


def _denies(element: etree._Element, name: str) -> bool:
    return _word(element, name).lower() == "false"
