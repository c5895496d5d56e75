"""Mastodon threads, as served by ``/api/v1/statuses/ID/context``, and lists of statuses.

A context holds what stands above a status and what answers it, but not the status itself: where that is not in the
file, it is an empty post.  Lists of statuses may hold several threads.  Other servers with the API of Mastodon
(Pleroma, GoToSocial, Pixelfed) serve the same.  Media, polls and quoted statuses are lost.
"""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from argmine.readers.dates import parse_moment
from argmine.readers.html_fragment import fragment_text
from argmine.readers.json_values import id_of, line_of
from argmine.readers.source import Source, clean_url
from argmine.readers.trees import thread_of, threads_of
from argmine.thread import Post, Repair, Thread

NAME = "mastodon"
DESCRIPTION = "Mastodon API JSON: the context of a status, or a list of statuses"

_CONTEXT = re.compile(r'"(ancestors|descendants)"\s*:\s*\[')
_STATUS = re.compile(r'"(?:acct|reblog|spoiler_text|in_reply_to_account_id)"\s*:')
_BOOSTS = "boosts of other statuses were left out"
_OTHERS = "entries that are no statuses were left out"


def recognises(head: str) -> bool:
    """Return whether a file begins like the JSON of a context or of statuses."""
    if re.match(r"\s*[{[]", head) is None:
        return False
    in_context = set(_CONTEXT.findall(head)) == {"ancestors", "descendants"}
    return in_context or ('"in_reply_to_id"' in head and _STATUS.search(head) is not None)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of a context, or each thread in a list of statuses."""
    text, notes = source.read_text()
    value = source.parse_json(text)
    left_out: Counter[str] = Counter()
    if isinstance(value, dict) and not _is_status(value):
        posts, found = _of_context(value, left_out)
    else:
        posts, found = _posts(value if isinstance(value, list) else [value], left_out), []
    if not posts:
        raise source.no_thread("there is no status in it" + (" but boosts of others" if left_out[_BOOSTS] else ""))
    notes += [Repair(kind="reader_note", detail=f"{count} {what}") for what, count in sorted(left_out.items())]
    if isinstance(value, dict):
        yield thread_of(posts, notes=[*notes, *found])
    else:
        yield from threads_of(posts, notes=notes)


def _of_context(value: dict[str, Any], left_out: Counter[str]) -> tuple[list[Post], list[Repair]]:
    """Return the posts of a context; a status that is not in the file is put in empty where it stood."""
    inner = value.get("context")
    context = inner if isinstance(inner, dict) else value
    above = _posts(context.get("ancestors"), left_out)
    here = _posts([value["status"]] if value.get("status") else [], left_out)
    below = _posts(context.get("descendants"), left_out)
    posts = [*above, *here, *below]
    if here or not posts:
        return posts, []
    known = {post.id for post in posts}
    missing = next((post.reply_to for post in below if post.reply_to is not None and post.reply_to not in known), None)
    if missing is None:
        detail = "the status that this is the context of is not in the file, and nothing names it"
        return posts, [Repair(kind="reader_note", detail=detail)]
    if not above:
        return posts, []  # it opens the thread: mended with the tree
    detail = "the status that this is the context of is not in the file: put in empty"
    status = Post(id=missing, reply_to=above[-1].id, deleted=True)
    return [*above, status, *below], [Repair(kind="missing_parent", post=missing, detail=detail)]


def _posts(values: Any, left_out: Counter[str]) -> list[Post]:
    """Return the post of each status, and count what is none."""
    posts = []
    for value in values if isinstance(values, list) else []:
        if not _is_status(value):
            left_out[_OTHERS] += 1
        elif isinstance(value.get("reblog"), dict):
            left_out[_BOOSTS] += 1
        else:
            posts.append(_post(value))
    return posts


def _is_status(value: Any) -> bool:
    return isinstance(value, dict) and id_of(value.get("id")) is not None and isinstance(value.get("content"), str)


def _post(status: dict[str, Any]) -> Post:
    warning = line_of(status.get("spoiler_text"))
    content = fragment_text(status["content"])
    address = line_of(status.get("url")) or line_of(status.get("uri"))
    return Post(
        id=id_of(status.get("id")) or "status",
        author=_author(status.get("account")),
        text="\n\n".join(part for part in (warning, content) if part),
        reply_to=id_of(status.get("in_reply_to_id")),
        created_at=parse_moment(status.get("created_at")),
        url=clean_url(address) or None,
    )


def _author(account: Any) -> str | None:
    """Return the name by which others address an account, which is its own, or else the name that it shows."""
    if not isinstance(account, dict):
        return None
    names = (line_of(account.get(key)) for key in ("acct", "username", "display_name"))
    return next(filter(None, names), None)
