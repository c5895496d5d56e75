"""The columns of tables: what they are called here, and what others call them."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from argmine.errors import ReadError

#: Our name of each column, with the names that it goes by elsewhere.  Capitals, and whether words are joined by
#: ``_``, ``-``, a space or a capital, do not matter.  Where several columns fit, the first name listed is taken.
COLUMNS: dict[str, tuple[str, ...]] = {
    "id": ("id", "post_id", "comment_id", "message_id", "utterance_id", "tweet_id"),
    "reply_to": (
        "reply_to",
        "reply_to_id",
        "in_reply_to",
        "in_reply_to_id",
        "in_reply_to_status_id",
        "parent",
        "parent_id",
        "parent_comment_id",
        "comment_parent",
    ),
    "author": ("author", "author_name", "user", "user_name", "username", "screen_name", "display_name", "speaker"),
    "text": ("text", "body", "comment", "content", "message", "comment_text", "comment_body", "comment_content"),
    "thread": (
        "thread",
        "thread_id",
        "conversation",
        "conversation_id",
        "discussion_id",
        "topic_id",
        "link_id",
        "submission_id",
        "article_id",
    ),
    "title": ("title", "thread_title", "subject", "headline"),
    "created_at": ("created_at", "created", "created_utc", "date", "datetime", "time", "timestamp", "published_at"),
    "url": ("url", "link", "permalink"),
}


def known_as(name: Any) -> str | None:
    """Return our name of a column, or ``None`` if there is none.

    Examples
    --------
    >>> known_as("Parent ID"), known_as("commentBody"), known_as("score")
    ('reply_to', 'text', None)
    """
    written = _as_listed(name)
    return next((column for column, names in COLUMNS.items() if written in names), None)


def find_columns(names: Sequence[Any], given: Mapping[str, Any] | None = None) -> dict[str, int]:
    """Find the columns of a table by their names.

    Parameters
    ----------
    names : sequence
        What the columns are called, in their order.
    given : mapping, optional
        Our names to those of the table, where they are not to be guessed.

    Returns
    -------
    dict of str to int
        Our name to the place of the column, for those that are there.

    Examples
    --------
    >>> find_columns(["nr", "user", "comment"], {"id": "nr"})
    {'id': 0, 'author': 1, 'text': 2}
    """
    places = {ours: names.index(theirs) for ours, theirs in (given or {}).items() if theirs in names}
    written = [None if place in places.values() else _as_listed(name) for place, name in enumerate(names)]
    for ours, aliases in COLUMNS.items():
        fitting = [alias for alias in aliases if alias in written]
        if ours not in (given or {}) and fitting:
            places[ours] = written.index(fitting[0])
    return places


def check_columns(
    names: Sequence[Any], given: Mapping[str, Any] | None = None, *, error: Callable[..., ReadError]
) -> None:
    """Raise an error if columns of these names do not make a table of posts.

    Parameters
    ----------
    names, given
        As for :func:`find_columns`.
    error : callable
        Makes the error to raise of a problem and a hint.

    Raises
    ------
    ReadError
        If there is no column for the text, one that is given is not there, or there are two of the same name.
    """
    there = f"There are: {', '.join(map(str, names[:20]))}."
    for ours, theirs in (given or {}).items():
        if ours not in COLUMNS:
            raise error(f"columns: posts have no {ours!r}", hint=f"They have: {', '.join(COLUMNS)}.")
        if theirs not in names:
            raise error(f"there is no column {theirs!r}", hint=there)
    found = find_columns(names, given)
    for place in found.values():
        if names.count(names[place]) > 1:
            raise error(f"there are two columns {names[place]!r}", hint="Call one of them by another name.")
    if "text" not in found:
        hint = f"Call it text, or one of: {', '.join(COLUMNS['text'][1:])}. {there}"
        raise error("no column has the texts of the posts", hint=hint)


def _as_listed(name: Any) -> str:
    if not isinstance(name, str):
        return ""
    return re.sub(r"[\s_-]+|(?<=[a-z0-9])(?=[A-Z])", "_", name.strip()).lower()
