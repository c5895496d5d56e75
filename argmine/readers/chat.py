r"""Threads in the history of a chat: Slack and Mattermost, as their APIs and exports give it.

Every message with replies is the opening post of a thread of two levels, for chats have no deeper ones.  Messages that
are in no thread are left out: nothing says what they answer.  Authors are names where the file has them, and else
the ids of accounts.  Mentions and links of Slack become the names that they show; attachments are lost.
"""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from argmine.readers.dates import parse_moment
from argmine.readers.json_values import line_of
from argmine.readers.source import Source, clean_id
from argmine.readers.trees import split_trees, thread_of
from argmine.thread import Post, Repair, Thread

NAME = "chat"
DESCRIPTION = "Slack or Mattermost history JSON: the threads in a channel"

_SLACK = re.compile(r'"(?:ts|thread_ts)"\s*:\s*"\d{9,10}\.\d{6}"')
_MATTERMOST = re.compile(r'"root_id"\s*:\s*"')
#: A mention, a channel or a link, with or without the words that are shown for it.
_BRACKETS = re.compile(r"<(?P<sign>[@#!]?)(?P<target>[^<>|\n]{1,2000})(?:\|(?P<shown>[^<>\n]{0,2000}))?>")


def recognises(head: str) -> bool:
    """Return whether a file begins like JSON with messages of a chat."""
    if re.match(r"\s*[{[]", head) is None:
        return False
    return _SLACK.search(head) is not None or (_MATTERMOST.search(head) is not None and '"channel_id"' in head)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of each message that has replies."""
    text, notes = source.read_text()
    posts = [post for message in _messages(source.parse_json(text)) if (post := _post(message)) is not None]
    if not posts:
        raise source.no_thread("there is no message in it")
    trees = split_trees(posts)
    threads = [tree for tree in trees if any(post.reply_to is not None for post in tree)]
    if not threads:
        raise source.no_thread(f"none of the {len(posts)} messages in it answers another: a channel without threads")
    if alone := len(trees) - len(threads):
        notes.append(Repair(kind="reader_note", detail=f"{alone} messages that are in no thread were left out"))
    for tree in threads:
        tree.sort(key=lambda post: (post.created_at is None, post.created_at.timestamp() if post.created_at else 0.0))
        yield thread_of(tree, notes=notes)
        notes = []


def _messages(value: Any) -> list[dict[str, Any]]:
    """Return the messages in a list, in the answer of Slack, or in that of Mattermost."""
    if isinstance(value, dict):
        value = value.get("messages", value.get("posts"))
    if isinstance(value, dict):  # by id
        value = list(value.values())
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _post(message: dict[str, Any]) -> Post | None:
    return _of_slack(message) if "ts" in message else _of_mattermost(message)


def _of_slack(message: dict[str, Any]) -> Post | None:
    name, opening = line_of(message.get("ts")), line_of(message.get("thread_ts"))
    if not name:
        return None
    gone = message.get("subtype") == "tombstone"
    return Post(
        id=clean_id(name),
        author=_author(message, message.get("user_profile"), "user", "bot_id"),
        text="" if gone else _slack_text(line_of(message.get("text"))),
        reply_to=clean_id(opening) if opening and opening != name else None,
        created_at=parse_moment(name),
        deleted=gone,
    )


def _of_mattermost(message: dict[str, Any]) -> Post | None:
    name, deleted = line_of(message.get("id")), message.get("delete_at")
    if not name or not isinstance(message.get("message"), str):
        return None
    gone = isinstance(deleted, int) and deleted > 0
    return Post(
        id=clean_id(name),
        author=_author(message, message.get("props"), "override_username", "user_id"),
        text="" if gone else message["message"],
        reply_to=clean_id(line_of(message.get("root_id"))) or None,
        created_at=parse_moment(message.get("create_at")),
        deleted=gone,
    )


def _author(message: dict[str, Any], profile: Any, *keys: str) -> str | None:
    """Return the name that a message or the profile in it shows, or else the id of the account."""
    shown = profile if isinstance(profile, dict) else {}
    names = [shown.get(key) for key in ("display_name", "real_name", "name", *keys)]
    names += [message.get(key) for key in ("username", *keys)]
    return next((name for each in names if (name := line_of(each))), None)


def _slack_text(text: str) -> str:
    """Return a text of Slack without its marks for mentions and links, and with quotations as lines after ``>``."""
    shown = _BRACKETS.sub(_shown, text)
    return re.sub(r"&(?:amp|lt|gt);", lambda match: unescape(match[0]), shown)


def _shown(match: re.Match[str]) -> str:
    sign, words = match["sign"].replace("!", "@"), match["shown"] or match["target"]
    return words if words.startswith(sign) else f"{sign}{words}"
