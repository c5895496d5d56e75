"""Discourse: topics and posts as served by adding ``.json`` to their address.

A topic holds its posts in ``post_stream``; lists of posts and single posts are sorted out by topic.  Posts are known
by their number in the topic, which is what replies and quotations go by.  The texts come from the HTML that Discourse
shows (``cooked``).
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from argmine.readers.dates import parse_moment
from argmine.readers.discourse_text import cooked_text
from argmine.readers.json_values import JsonValue, id_of, json_values, objects, text_of, unwrapped
from argmine.readers.source import MAX_BYTES, Source
from argmine.thread import Post, Repair, Thread

NAME = "discourse"
DESCRIPTION = "Discourse topic JSON: a topic's address with .json added; lists of posts"

_MARKS = re.compile(
    r'"(?:post_stream|topic_list)"\s*:\s*\{|"latest_posts"\s*:\s*\[|"(?:highest_post_number|post_number)"\s*:\s*\d'
)
_SMALL_ACTION = 3


class _Topic(NamedTuple):
    id: str
    data: dict[str, Any]
    posts: list[dict[str, Any]]
    notes: list[Repair]


def recognises(head: str) -> bool:
    """Return whether a file begins like a topic, a list of posts, or a list of topics, which is no thread."""
    return re.match(r"\s*\[?\s*\{", head) is not None and _MARKS.search(head) is not None


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of each topic, and then those of posts that came without their topic."""
    found = False
    for _, parts in groupby(_topics(source), key=lambda topic: topic.id):
        yield _thread(list(parts))
        found = True
    if not found:
        raise source.no_thread("there is no post in it")


def _topics(source: Source) -> Iterator[_Topic]:
    """Yield the topics of a file; pages of one topic that follow each other have the same id."""
    loose: dict[str, _Topic] = {}
    size = 0
    for entry in json_values(source):
        for value in entry.value if isinstance(entry.value, list) else [entry.value]:
            data = unwrapped(value)
            stream = data.get("post_stream")
            if isinstance(stream, dict):
                posts = objects(stream.get("posts"))
                if not posts:
                    raise source.no_thread("the topic is in it without its posts", line=entry.line)
                yield _Topic(_topic_id(data, posts[0]), data, posts, entry.notes)
                continue
            for post in _loose_posts(data, source, entry):
                topic = id_of(post.get("topic_id")) or "topic"
                loose.setdefault(topic, _Topic(topic, {}, [], entry.notes)).posts.append(post)
        size += entry.size if loose else 0
        if size > MAX_BYTES:
            raise source.error(f"its posts are more than {MAX_BYTES >> 20} MiB", hint="Split it by topics.")
    yield from loose.values()


def _loose_posts(data: dict[str, Any], source: Source, entry: JsonValue) -> list[dict[str, Any]]:
    for key in ("latest_posts", "posts"):
        if isinstance(data.get(key), list):
            return objects(data[key])
    if "topic_list" in data:
        raise source.no_thread("this is a list of topics, without their posts", line=entry.line)
    if "post_number" not in data and "cooked" not in data:
        raise source.no_thread("this is neither a topic nor a post", line=entry.line)
    return [data]


def _topic_id(data: dict[str, Any], post: dict[str, Any]) -> str:
    return id_of(data.get("id")) or id_of(post.get("topic_id")) or "topic"


def _thread(parts: list[_Topic]) -> Thread:
    """Return the thread of the pages of one topic."""
    topic = parts[0].id
    found = sorted((post for part in parts for post in part.posts), key=_place)
    said_by = [part.data for part in parts] + found
    title = _first(said_by, "title") or _first(said_by, "topic_title")
    address = f"/t/{_first(said_by, 'slug') or _first(said_by, 'topic_slug') or '-'}/{topic}"
    posts, notes = _posts(found, topic=topic, address=address)
    opening = next((place for place, post in enumerate(posts) if post.id == "1"), None)
    if opening is None:
        posts.insert(0, Post(id="1", deleted=True))
        notes.append(Repair(kind="missing_parent", post="1", detail="the first post is not in the file: put in empty"))
    elif not posts[opening].text and not posts[opening].deleted:
        posts[opening] = posts[opening].model_copy(update={"text": title})
    notes = [*dict.fromkeys(note for part in parts for note in part.notes), *notes, *_missing(parts, found)]
    return Thread.repaired(posts, id=topic, title=title or None, url=address, notes=notes)


def _posts(found: list[dict[str, Any]], *, topic: str, address: str) -> tuple[list[Post], list[Repair]]:
    """Return the posts of a topic, and notes on what was left out or guessed."""
    posts: list[Post] = []
    actions = guessed = withheld = 0
    for data in found:
        if data.get("post_type") == _SMALL_ACTION or text_of(data.get("action_code")):
            actions += 1
            continue
        number = _number(data)
        text, quoted = cooked_text(text_of(data.get("cooked")), topic=topic)
        answered = id_of(data.get("reply_to_post_number"))
        if answered is None and len(quoted - {number}) == 1:
            [answered] = quoted - {number}
            guessed += number != "1" != answered
        removed = any(data.get(key) for key in ("hidden", "user_deleted", "deleted_at"))
        withheld += bool(removed and text and not data.get("user_deleted") and not data.get("cooked_hidden"))
        posts.append(
            Post(
                id=number,
                author=text_of(data.get("username")) or text_of(data.get("name")) or None,
                text="" if removed else text or ("" if data.get("cooked") else text_of(data.get("raw"))),
                reply_to=None if number == "1" else answered or "1",
                created_at=parse_moment(data.get("created_at")),
                url=f"{address}/{number}" if number.isdecimal() else None,
                deleted=removed,
            )
        )
    details = {
        f"{actions} notices of what was done to the topic: left out": actions,
        f"{guessed} posts name no post that they answer, but quote one: made replies to it": guessed,
        f"{withheld} hidden or deleted posts: kept without their text": withheld,
    }
    return posts, [Repair(kind="reader_note", detail=detail) for detail, count in details.items() if count]


def _missing(parts: list[_Topic], found: list[dict[str, Any]]) -> list[Repair]:
    """Return a note if the topic lists more posts than the file holds."""
    listed: set[str] = set()
    for part in parts:
        stream = part.data.get("post_stream")
        ids = stream.get("stream") if isinstance(stream, dict) else None
        listed.update(str(each) for each in map(id_of, ids if isinstance(ids, list) else []) if each)
    ids_found = {id_of(post.get("id")) for post in found}
    missing = min(len(listed - ids_found), len(listed) - len(ids_found))
    detail = f"{missing} posts of the topic are not in the file"
    return [Repair(kind="omitted_replies", post="1", detail=detail)] if missing > 0 else []


def _number(data: dict[str, Any]) -> str:
    return id_of(data.get("post_number")) or f"post-{id_of(data.get('id')) or 'unnumbered'}"


def _place(data: dict[str, Any]) -> int:
    number = _number(data)
    return int(number) if number.isascii() and number.isdecimal() and len(number) < 20 else 1 << 64


def _first(values: list[dict[str, Any]], key: str) -> str:
    return next((text for value in values if (text := text_of(value.get(key)).strip())), "")
