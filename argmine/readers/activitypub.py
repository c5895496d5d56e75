"""ActivityPub objects, as Lemmy, Mastodon, NodeBB, PeerTube, WordPress and others exchange them.

One object, a list or a collection of them, or one per line; of Create, Update and Announce activities the object in
them is taken.  Objects belong together by ``inReplyTo``, so one file may hold several threads, and is held in memory.
Likes, follows and other activities say nothing and are left out.  Attachments and the options of polls are lost.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from argmine.readers.activitypub_objects import POSTS, id_of, many, post_of, title_of, type_of
from argmine.readers.source import Source
from argmine.readers.trees import threads_of
from argmine.thread import Post, Repair, Thread

NAME = "activitypub"
DESCRIPTION = "ActivityPub objects: notes and pages, collections and activities of them"

#: Activities that carry an object.
_WRAPPERS = {"Announce", "Create", "Update"}
_COLLECTIONS = {"Collection", "CollectionPage", "OrderedCollection", "OrderedCollectionPage"}
_OTHERS = {
    "Accept", "Add", "Application", "Block", "ChatMessage", "Delete", "Dislike", "EmojiReact", "Flag", "Follow",
    "Group", "Join", "Leave", "Like", "Lock", "Move", "Organization", "Person", "Reject", "Remove", "Resolve",
    "Service", "Tombstone", "Undo", "View",
}  # fmt: skip
_TYPE = re.compile(rf'"type"\s*:\s*"(?:{"|".join(sorted(POSTS | _WRAPPERS | _COLLECTIONS | _OTHERS))})"')
_SIGN = re.compile(r'activitystreams|"(?:actor|attributedTo|inReplyTo|orderedItems|preferredUsername)"\s*:|"Tombstone"')


@dataclass
class _Found:
    """What is in a file: objects that are posts, ids of deleted ones, and how many of what else."""

    objects: list[dict[str, Any]] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    deleted: dict[str, str] = field(default_factory=dict)
    left_out: Counter[str] = field(default_factory=Counter)
    edited: int = 0


def recognises(head: str) -> bool:
    """Return whether a file begins like JSON with objects of ActivityPub."""
    return re.match(r"\s*[{[]", head) is not None and _TYPE.search(head) is not None and _SIGN.search(head) is not None


def read(source: Source) -> Iterator[Thread]:
    """Yield the threads that the objects of a file make up."""
    text, notes = source.read_text()
    found = _found(_values(source, text))
    posts = [post_of(each, number=number) for number, each in enumerate(found.objects, start=1)]
    posts = _without_deleted(posts, found)
    what = ", ".join(f"{count} × {kind}" for kind, count in sorted(found.left_out.items()))
    if not posts:
        raise source.no_thread(
            f"it holds {what or 'no object'}; threads are made of {', '.join(sorted(POSTS))} objects"
        )
    if what:
        notes.append(Repair(kind="reader_note", detail=f"what says nothing was left out: {what}"))
    if found.edited:
        notes.append(Repair(kind="reader_note", detail=f"{found.edited} edits: the last version of each was taken"))
    titles = {post.id: title_of(each) for post, each in zip(posts, found.objects, strict=False)}
    yield from threads_of(posts, notes=[*notes, *_omitted(posts, found)], titles=titles)


def _values(source: Source, text: str) -> list[Any]:
    """Return the value of a file, or that of each of its lines."""
    first, _, rest = text.strip().partition("\n")
    try:
        by_line = bool(rest.strip()) and json.loads(first) is not None
    except (ValueError, RecursionError):
        by_line = False
    if not by_line:
        return [source.parse_json(text)]
    lines = enumerate(text.split("\n"), start=1)
    return [source.parse_json(line, line=number) for number, line in lines if line.strip()]


def _found(values: list[Any]) -> _Found:
    """Take collections and activities apart."""
    found = _Found()
    waiting: list[tuple[Any, bool]] = [(value, False) for value in reversed(values)]
    while waiting:
        value, edits = waiting.pop()
        inner: list[Any] = []
        if isinstance(value, list):
            inner = value
        elif not isinstance(value, dict):
            found.left_out["object that is only named" if isinstance(value, str) else "value of no type"] += 1
        elif (kind := type_of(value)) in POSTS:
            _take(value, found, edits=edits)
            inner = [each for each in _items(value.get("replies")) if isinstance(each, dict)]
            edits = False
        elif kind in _WRAPPERS and (inner := [each for each in many(value.get("object")) if isinstance(each, dict)]):
            edits = kind == "Update"
            if kind != "Announce":  # who announces is another than who wrote
                inner = [{"attributedTo": value.get("actor"), **each} for each in inner]
        elif kind in _COLLECTIONS:
            inner = _items(value)
        elif kind in {"Delete", "Tombstone"} and (gone := id_of(value.get("object") if kind == "Delete" else value)):
            found.deleted.setdefault(gone, kind)
            if kind == "Tombstone" and id_of(value.get("inReplyTo")):
                _take(value, found, edits=False)
        else:
            found.left_out[kind if kind in _OTHERS | _WRAPPERS else "object of another type"] += 1
        waiting.extend((each, edits) for each in reversed(inner))
    return found


def _take(value: dict[str, Any], found: _Found, *, edits: bool) -> None:
    name = id_of(value)
    if edits and name in found.places:
        found.objects[found.places[name]] = value
        found.edited += 1
        return
    if name is not None:
        found.places.setdefault(name, len(found.objects))
    found.objects.append(value)


def _items(collection: Any) -> list[Any]:
    """Return what a collection, or the first page of it, holds."""
    items: list[Any] = []
    while isinstance(collection, dict):
        items += [*many(collection.get("items")), *many(collection.get("orderedItems"))]
        collection = collection.get("first")
    return items


def _without_deleted(posts: list[Post], found: _Found) -> list[Post]:
    """Return the posts, those deleted without their text; deleted ones that nobody answers are only counted."""
    kept = [
        post.model_copy(update={"text": "", "deleted": True}) if post.id in found.deleted else post for post in posts
    ]
    known, answered = {post.id for post in posts}, {post.reply_to for post in posts}
    for name, kind in found.deleted.items():
        if name not in known and name in answered:
            kept.append(Post(id=name, deleted=True))
        elif name not in known:
            found.left_out[kind] += 1
    return kept


def _omitted(posts: list[Post], found: _Found) -> Iterator[Repair]:
    """Yield a note for each post with replies that are named, but are not in the file."""
    known = {post.id for post in posts}
    for post, value in zip(posts, found.objects, strict=False):
        replies = {id_of(each) for each in _items(value.get("replies")) if isinstance(each, str)}
        if missing := len(replies - known):
            yield Repair(kind="omitted_replies", post=post.id, detail=f"{missing} replies are not in the file")
