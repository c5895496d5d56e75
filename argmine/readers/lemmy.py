"""Lemmy posts and their comments, as its API serves them (``/api/v3/post`` and ``/api/v3/comment/list``).

The two answers in one object or in a list, or the comments alone, which repeat what they are about.  What a comment
answers stands in its path.  Texts are kept in Markdown, as written.  Votes, and which community it is, are lost.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from argmine.readers.activitypub_objects import handle_of
from argmine.readers.dates import parse_moment
from argmine.readers.json_values import text_of
from argmine.readers.source import Source, clean_id, clean_url
from argmine.thread import Post, Repair, Thread

NAME = "lemmy"
DESCRIPTION = "Lemmy API JSON: a post and its comments"

_SIGNS = re.compile(r'"(?:post_view|comment_view)"\s*:\s*\{|"path"\s*:\s*"0(?:\.\d+)+"')


@dataclass
class _Topic:
    """A post as its own view or a comment shows it, and the views of its comments."""

    post: dict[str, Any]
    creator: Any = None
    announced: Any = None
    comments: list[dict[str, Any]] = field(default_factory=list)


def recognises(head: str) -> bool:
    """Return whether a file begins like JSON with the view of a post, or comments with paths."""
    return re.match(r"\s*[{[]", head) is not None and _SIGNS.search(head) is not None


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of each post."""
    text, notes = source.read_text()
    topics, unknown = _topics(source.parse_json(text))
    if not topics:
        raise source.no_thread("there is neither the view of a post nor of a comment in it")
    if unknown:
        detail = f"{unknown} comments without an id, a path or a text were left out"
        notes.append(Repair(kind="reader_note", detail=detail))
    for name, topic in topics.items():
        yield _thread(name, topic, notes)
        notes = []


def _topics(value: Any) -> tuple[dict[str, _Topic], int]:
    """Return the posts by their ids, and the number of comments that could not be understood."""
    topics: dict[str, _Topic] = {}
    unknown = 0
    for answer in value if isinstance(value, list) else [value]:
        for view in _views(answer):
            post, comment = view.get("post"), view.get("comment")
            name = _number(post.get("id")) if isinstance(post, dict) else None
            if isinstance(comment, dict):
                name = name or _number(comment.get("post_id"))
                if name is None or not _is_comment(comment):
                    unknown += 1
                    continue
                topic = topics.setdefault(name, _Topic({}))
                topic.comments.append(view)
                topic.post = topic.post or (post if isinstance(post, dict) else {})
            elif name is not None and isinstance(post, dict):
                counts = view.get("counts")
                topic = topics.setdefault(name, _Topic({}))
                topic.post, topic.creator = post, view.get("creator")
                topic.announced = counts.get("comments") if isinstance(counts, dict) else post.get("comments")
    return topics, unknown


def _views(answer: Any) -> Iterator[dict[str, Any]]:
    """Yield the views in an answer: an object that has them, or a view itself."""
    if not isinstance(answer, dict):
        return
    comments = answer.get("comments")
    views = [answer.get("post_view"), *(comments if isinstance(comments, list) else []), answer.get("comment_view")]
    yield from (view for view in [answer, *views] if isinstance(view, dict))


def _is_comment(comment: dict[str, Any]) -> bool:
    return bool(_path(comment)) and (isinstance(comment.get("content"), str) or _is_gone(comment))


def _thread(name: str, topic: _Topic, notes: list[Repair]) -> Thread:
    post, notes = topic.post, list(notes)
    title, body, gone = text_of(post.get("name")), text_of(post.get("body")), _is_gone(post)
    address = clean_url(text_of(post.get("ap_id"))) or None
    opening = Post(
        id=f"post-{name}",  # comments are numbered, too
        author=_author(topic.creator),
        text="" if gone else body if body.strip() else title,
        created_at=parse_moment(post.get("published") or post.get("published_at")),
        url=clean_url(text_of(post.get("url"))) or address,
        deleted=gone or not post,
    )
    if not post:
        detail = "the post is not in the file: put in empty"
        notes.append(Repair(kind="missing_parent", post=opening.id, detail=detail))
    elif topic.creator is None:
        notes.append(Repair(kind="reader_note", detail="the file does not say who wrote the post"))
    comments = _comments(topic.comments, opening.id, notes)
    announced, found = topic.announced, len(topic.comments)
    if isinstance(announced, int) and announced > found:
        detail = f"the post announces {announced} comments, {found} were found"
        notes.append(Repair(kind="reader_note", detail=detail))
    return Thread.repaired([opening, *comments], id=opening.id, title=title or None, url=address, notes=notes)


def _comments(views: list[dict[str, Any]], opening: str, notes: list[Repair]) -> list[Post]:
    """Return the comments, with empty ones where a path names one that is not in the file."""
    known = {_path(view["comment"])[-1] for view in views}
    posts = []
    for view in views:
        path = _path(view["comment"])
        posts.append(_comment(view, path[-1], path[-2] if len(path) > 1 else opening))
        for place in range(len(path) - 2, -1, -1):
            if path[place] in known:
                break
            known.add(path[place])
            above = path[place - 1] if place else opening
            posts.append(Post(id=path[place], reply_to=above, deleted=True))
            detail = f"answered by '{path[place + 1]}' but missing: put in empty"
            notes.append(Repair(kind="missing_parent", post=path[place], detail=detail))
    return posts


def _comment(view: dict[str, Any], name: str, reply_to: str) -> Post:
    comment = view["comment"]
    gone = _is_gone(comment)
    return Post(
        id=name,
        author=_author(view.get("creator")),
        text="" if gone else text_of(comment.get("content")),
        reply_to=reply_to,
        created_at=parse_moment(comment.get("published") or comment.get("published_at")),
        url=clean_url(text_of(comment.get("ap_id"))) or None,
        deleted=gone,
    )


def _path(comment: dict[str, Any]) -> list[str]:
    """Return the ids on the way from the post to a comment, its own the last; empty if they are not given."""
    path = text_of(comment.get("path"))
    return path.split(".")[1:] if re.fullmatch(r"0(?:\.\d{1,20})+", path) else []


def _is_gone(value: dict[str, Any]) -> bool:
    return value.get("deleted") is True or value.get("removed") is True


def _author(creator: Any) -> str | None:
    """Return the name of an account, with its server where that is another one."""
    if not isinstance(creator, dict):
        return None
    name, address = text_of(creator.get("name")).strip(), text_of(creator.get("actor_id") or creator.get("ap_id"))
    if creator.get("local") is False and address:
        return handle_of(address)
    return name or None


def _number(value: Any) -> str | None:
    return clean_id(str(value)) or None if isinstance(value, int | str) and not isinstance(value, bool) else None
