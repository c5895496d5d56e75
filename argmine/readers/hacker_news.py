"""Hacker News: items of the Algolia API, which hold their replies, and of the Firebase API, which name them.

Items of the first kind are read one after the other, each as a thread.  Those of the second kind may stand in any
order, as a list, one per line or one per file of a folder; they are kept until all are read, and then sorted out by
story.  Removed items (``deleted``, ``dead``) stay as posts without their text.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any, NamedTuple

from argmine.readers.dates import parse_moment
from argmine.readers.html_fragment import fragment_text
from argmine.readers.json_values import id_of, json_values, objects, text_of
from argmine.readers.reply_order import in_reading_order, root_of
from argmine.readers.source import MAX_BYTES, Source, clean_url
from argmine.thread import Post, Repair, Thread

NAME = "hacker_news"
DESCRIPTION = "Hacker News items as JSON, of the Algolia or the Firebase API"

_ADDRESS = "https://news.ycombinator.com/item?id="
_TYPE = re.compile(r'"type"\s*:\s*"(?:story|comment|poll|pollopt|job)"')
_MARK = re.compile(r'"(?:by"\s*:\s*"|created_at_i"\s*:\s*\d|time"\s*:\s*\d)')
_PARTS = {"type", "title", "text", "children", "kids", "parent"}
_GONE = re.compile(r"(?:\[(?:deleted|removed|dead|flagged)\]\s*)*")
#: Long addresses are shown cut off; the link has them whole.
_SHORT_LINK = re.compile(r'<a href="([^"<>]{1,4000})"[^<>]{0,100}>([^<>]{1,300})\.\.\.</a>')
_QUOTE_LINE = re.compile(r"\n(?=\s*(?:<i>)?&gt;)")


class _Item(NamedTuple):
    post: Post
    kind: str
    title: str
    kids: list[str]
    withheld: bool


def recognises(head: str) -> bool:
    """Return whether a file begins like an item, a list of items, or items one per line."""
    begins = re.match(r"[\s\[]*(?:null[\s,]+)*\{", head) is not None
    return begins and _TYPE.search(head) is not None and _MARK.search(head) is not None


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of each item that holds its replies, and then those of the other items, one per story."""
    loose: list[_Item] = []
    notes: list[Repair] = []
    size = found = 0
    for entry in json_values(source):
        notes += entry.notes
        for value in entry.value if isinstance(entry.value, list) else [entry.value]:
            if value is None:  # what Firebase gives for an item that it does not serve
                continue
            if not isinstance(value, dict) or _PARTS.isdisjoint(value):
                raise source.no_thread("this is no item with a text or replies", line=entry.line)
            items = _unfolded(value)
            if isinstance(value.get("children"), list) and items[0].post.reply_to is None:
                yield _thread(items[0].post.id, items, notes=notes)
                notes, found = [], found + 1
            else:
                loose += items
        size += entry.size if loose else 0
        if size > MAX_BYTES:
            raise source.error(f"its items are more than {MAX_BYTES >> 20} MiB", hint="Split it by stories.")
    if not loose and not found:
        raise source.no_thread("there is no item in it")
    for story, items in _by_story(loose).items():
        yield _thread(story, items, notes=notes)
        notes = []


def _unfolded(value: dict[str, Any]) -> list[_Item]:
    """Return an item and all that it holds, in reading order."""
    items: list[_Item] = []
    waiting: list[tuple[dict[str, Any], str | None]] = [(value, None)]
    while waiting:
        data, parent = waiting.pop()
        items.append(_item(data, parent, len(items) + 1))
        waiting.extend((child, items[-1].post.id) for child in reversed(objects(data.get("children"))))
    return items


def _item(data: dict[str, Any], parent: str | None, number: int) -> _Item:
    item_id = id_of(data.get("id")) or f"item-{number}"
    above = parent or id_of(data.get("parent")) or id_of(data.get("parent_id")) or id_of(data.get("poll"))
    title, author, text = unescape(text_of(data.get("title"))).strip(), _author(data), _text(data.get("text"))
    says_nothing = _GONE.fullmatch(text) is not None
    gone = says_nothing and not title and (text != "" or author is None)
    deleted = data.get("deleted") is True or data.get("dead") is True or gone
    address = clean_url(text_of(data.get("url"))) or _address(item_id)
    post = Post(
        id=item_id,
        author=author,
        text="" if deleted else text or title,
        reply_to=above,
        created_at=parse_moment(data.get("time") or data.get("created_at_i") or data.get("created_at")),
        url=address,
        deleted=deleted,
    )
    listed = [id_of(kid) for key in ("parts", "kids") for kid in _list(data.get(key))]
    kids = [kid for kid in listed if kid is not None]
    return _Item(post, text_of(data.get("type")), title, kids, withheld=deleted and not says_nothing)


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _address(item_id: str) -> str | None:
    return f"{_ADDRESS}{item_id}" if item_id.isdecimal() else None


def _author(data: dict[str, Any]) -> str | None:
    return text_of(data.get("by")) or text_of(data.get("author")) or None


def _text(markup: Any) -> str:
    """Return a text as it was typed: each line that begins with ``>`` by itself, and addresses whole."""
    markup = _SHORT_LINK.sub(_whole_link, text_of(markup))
    return fragment_text(_QUOTE_LINE.sub("<br>", markup))


def _whole_link(match: re.Match[str]) -> str:
    return match[1] if unescape(match[1]).startswith(unescape(match[2])) else match[0]


def _by_story(items: list[_Item]) -> dict[str, list[_Item]]:
    """Return the items under the id of the topmost one that is known, be it in the file or not."""
    parents: dict[str, str | None] = {}
    for item in items:
        parents.setdefault(item.post.id, item.post.reply_to)
    roots: dict[str, str] = {}
    stories: dict[str, list[_Item]] = {}
    for item in items:
        stories.setdefault(root_of(item.post.id, parents, roots), []).append(item)
    return stories


def _thread(story: str, items: list[_Item], *, notes: list[Repair]) -> Thread:
    kids = {item.post.id: item.kids for item in reversed(items)}
    opening = next((item for item in items if item.post.id == story), None)
    posts = in_reading_order(story, [item.post for item in items], ranks=kids)
    if opening is not None and opening.kind == "poll":
        options = {item.post.id for item in items if item.kind == "pollopt" and item.post.reply_to == story}
        posts = _with_options(posts, options)
    return Thread.repaired(
        posts,
        id=story,
        title=(opening.title if opening else "") or None,
        url=_address(story),
        notes=[*notes, *_notes(items, is_whole=opening is not None)],
    )


def _with_options(posts: list[Post], options: set[str]) -> list[Post]:
    """Return the posts of a poll without its options, which become a list at the end of its text."""
    opening, *others = posts
    lines = [f"- {post.text}" for post in others if post.id in options and post.text]
    text = "\n\n".join(filter(None, [opening.text, "\n".join(lines)]))
    return [opening.model_copy(update={"text": text}), *(post for post in others if post.id not in options)]


def _notes(items: list[_Item], *, is_whole: bool) -> Iterator[Repair]:
    if not is_whole:
        yield Repair(kind="reader_note", detail="the story is not in the file: comments alone")
    known = {item.post.id for item in items}
    for item in items:
        missing = len(set(item.kids) - known)
        what = "replies or options" if item.kind == "poll" else "replies"
        if missing:
            yield Repair(kind="omitted_replies", post=item.post.id, detail=f"{missing} {what} are not in the file")
    withheld = sum(item.withheld for item in items)
    if withheld:
        yield Repair(kind="reader_note", detail=f"{withheld} removed items: kept without their text")
