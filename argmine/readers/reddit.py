"""Reddit threads, as served by adding ``.json`` to the address of a thread.

The file is a list of two listings, the submission and its comments; a comment holds its replies as another listing.
Bodies are kept in Reddit's Markdown, as written, with its ``>`` quotations; only the HTML entities in which Reddit
sends them are decoded.  What the listing leaves out ("load more comments") becomes a repair note.
"""

import re
from collections.abc import Iterator, Sequence
from html import unescape
from typing import Any

from argmine.readers.dates import parse_moment
from argmine.readers.source import Source, clean_id, clean_url
from argmine.thread import Post, Repair, Thread

NAME = "reddit"
DESCRIPTION = "Reddit listing JSON: a thread's address with .json added"

_GONE = re.compile(r"\[\s*(?:deleted|removed)(?: by [^]]*(?:\]\([^)]*\)[^]]*)?)?\s*\]", re.IGNORECASE)
#: Signs that a text was sent as it is (``raw_json=1``): what Reddit would have encoded.
_SENT_RAW = re.compile(r"[<>]|&(?!amp;|lt;|gt;)")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_ADDRESS = "https://www.reddit.com"


def recognises(head: str) -> bool:
    """Return whether a file begins like a listing, or a list of listings."""
    return (
        re.match(r"\s*\[?\s*\{", head) is not None and re.search(r'"kind"\s*:\s*"(?:Listing|t[13])"', head) is not None
    )


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread of a listing."""
    text, notes = source.read_text()
    value = source.parse_json(text)
    things = [thing for listing in (value if isinstance(value, list) else [value]) for thing in things_in(listing)]
    submissions = [data for kind, data in things if kind == "t3"]
    if len(submissions) > 1:
        raise source.no_thread("this is a listing of several submissions, not of one thread")
    comments, more = comments_of([thing for thing in things if thing[0] != "t3"])
    if not submissions and not comments:
        raise source.no_thread("there is neither a submission nor a comment in it")
    links = (bare_id(data.get("link_id")) for _, data in things)
    yield thread_of(submissions, comments, id=next(filter(None, links), None), notes=notes, more=more)


def thread_of(
    submissions: Sequence[dict[str, Any]],
    comments: Sequence[Post],
    *,
    id: str | None,  # noqa: A002 - the field's own name
    notes: Sequence[Repair] = (),
    more: Sequence[Repair] = (),
) -> Thread:
    """Put a thread together.

    Parameters
    ----------
    submissions : sequence of dict
        Its submission as Reddit describes it, or none; a second one is the same again.
    comments : sequence of Post
        Its comments in reading order.
    id : str or None
        Of the submission, as far as the comments name it.
    notes : sequence of Repair
        To put first.
    more : sequence of Repair
        Those about comments left out, as given by :func:`comments_of`.

    Returns
    -------
    Thread
        Where the submission is missing, under a placeholder, with a note.
    """
    if not submissions:
        alone = Repair(kind="reader_note", detail="the submission is not in the file: comments alone")
        placeholder = [Post(id=id, deleted=True)] if id else []
        return Thread.repaired([*placeholder, *comments], id=id or "reddit", notes=[*notes, alone, *more])
    openings = [_opening_post(data) for data in submissions]
    return Thread.repaired(
        [*openings, *comments],
        id=openings[0].id,
        title=_text(submissions[0].get("title")) or None,
        url=_permalink(submissions[0]),
        notes=[*notes, *more, *_count_note(submissions[0], len(comments), more)],
    )


def things_in(listing: Any) -> list[tuple[str, dict[str, Any]]]:
    """Return the kind and the data of each thing in a listing; nothing for what is no listing."""
    if isinstance(listing, dict) and listing.get("kind") in ("t1", "t3", "more"):
        children: Any = [listing]
    else:
        data = listing.get("data") if isinstance(listing, dict) else None
        children = data.get("children") if isinstance(data, dict) else None
    found = []
    for child in children if isinstance(children, list) else []:
        if isinstance(child, dict) and isinstance(child.get("data"), dict):
            found.append((str(child.get("kind")), child["data"]))
    return found


def comments_of(things: Sequence[tuple[str, dict[str, Any]]]) -> tuple[list[Post], list[Repair]]:
    """Return the comments in reading order, and a note for each stub of comments left out."""
    posts: list[Post] = []
    notes: list[Repair] = []
    waiting: list[tuple[str, dict[str, Any], str | None]] = [(*thing, None) for thing in reversed(things)]
    while waiting:
        kind, data, parent = waiting.pop()
        if kind == "t1":
            posts.append(comment_post(data, len(posts) + 1, parent))
            replies = reversed(things_in(data.get("replies")))  # an empty string where there are none
            waiting.extend((*reply, posts[-1].id) for reply in replies)
        elif kind == "more":
            notes.append(_left_out(data))
    return posts, notes


def _left_out(data: dict[str, Any]) -> Repair:
    count = data.get("count")
    what = f"{count} replies" if isinstance(count, int) and count > 0 else "further replies"
    return Repair(kind="omitted_replies", post=bare_id(data.get("parent_id")), detail=f"{what} are not in the file")


def _opening_post(data: dict[str, Any]) -> Post:
    body, deleted = _body(data.get("selftext"))
    if not deleted and not body.strip():
        body = _text(data.get("title"))  # it is all that the post says
    target = _text(data.get("url"))
    return Post(
        id=bare_id(data.get("id")) or bare_id(data.get("name")) or "post",
        author=_author(data),
        text=body,
        created_at=parse_moment(data.get("created_utc")),
        url=_absolute(target) if target else _permalink(data),
        deleted=deleted,
    )


def comment_post(data: dict[str, Any], number: int, parent: str | None = None) -> Post:
    """Return a comment as a post; number and parent are taken where it names none itself."""
    body, deleted = _body(data.get("body"))
    return Post(
        id=bare_id(data.get("id")) or bare_id(data.get("name")) or str(number),
        author=_author(data),
        text=body,
        reply_to=bare_id(data.get("parent_id")) or parent or bare_id(data.get("link_id")),
        created_at=parse_moment(data.get("created_utc")),
        url=_permalink(data),
        deleted=deleted,
    )


def bare_id(name: Any) -> str | None:
    """Return a Reddit id without the prefix that tells its kind (``t1_``, ``t3_``)."""
    return clean_id(re.sub(r"\At[0-9]_", "", name)) or None if isinstance(name, str) else None


def _body(value: Any) -> tuple[str, bool]:
    text = _text(value)
    return ("", True) if _GONE.fullmatch(text.strip()) else (text, False)


def _text(value: Any) -> str:
    """Return a text without the two layers of HTML entities: Reddit's when sending, and those in the Markdown."""
    if not isinstance(value, str):
        return ""
    if not _SENT_RAW.search(value):
        value = value.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return _ENTITY.sub(lambda match: unescape(match[0]), value)


def _author(data: dict[str, Any]) -> str | None:
    author = _text(data.get("author"))
    return None if author in {"", "[deleted]", "[removed]"} else author


def _permalink(data: dict[str, Any]) -> str | None:
    permalink = _text(data.get("permalink"))
    return _absolute(permalink) if permalink else None


def _absolute(address: str) -> str:
    return clean_url(f"{_ADDRESS}{address}" if address.startswith("/") else address)


def _count_note(data: dict[str, Any], found: int, more: Sequence[Repair]) -> list[Repair]:
    announced = data.get("num_comments")
    if more or not isinstance(announced, int) or announced <= found:  # deleted comments are not counted by Reddit
        return []
    return [Repair(kind="reader_note", detail=f"the submission announces {announced} comments, {found} were found")]
