"""Comments of a page in exports of commenting systems, which do not hold the page's article.

The opening post of such a thread stands for the article.  It has the title as its text, because the title is all that
is known of what the comments answer, or is empty where not even that is in the file.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from argmine.readers.source import clean_id, clean_url
from argmine.thread import Post, Repair, Thread

#: Id of the opening post, which has none of its own among the comments.
OPENING = "post"


def page_thread(
    comments: Iterable[Post],
    *,
    id: str,  # noqa: A002 - the field's own name
    title: str = "",
    text: str = "",
    url: str = "",
    author: str | None = None,
    created_at: datetime | None = None,
    deleted: bool = False,
    notes: Iterable[Repair] = (),
) -> Thread:
    """Return the thread of the comments on a page whose article is not in the file.

    Parameters
    ----------
    comments : iterable of Post
        In the order of the file; those on the article itself answer ``OPENING``.
    id, title, text, url : str
        Of the page, ``text`` being what the file tells of the article; empty where they are not known.
    author, created_at
        Of the page, if known.
    deleted : bool
        Whether the page was deleted; its text is then left out.
    notes : iterable of Repair
        Notes of the reader.

    Returns
    -------
    Thread
        With a note if the article is missing.
    """
    shown = "" if deleted else text or title
    opening = Post(
        id=OPENING,
        author=author,
        text=shown,
        created_at=created_at,
        url=clean_url(url) or None,
        deleted=not shown,
    )
    found = [] if shown and shown == text else [_missing(shown)]
    return Thread.repaired(
        [opening, *comments],
        id=id.strip() or "thread",
        title=title or None,
        url=clean_url(url) or None,
        notes=[*found, *notes],
    )


def _missing(shown: str) -> Repair:
    instead = "its title stands for it" if shown else "comments alone"
    return Repair(kind="reader_note", detail=f"the article is not in the file: {instead}")


def string(value: Any) -> str:
    """Return a string in JSON as it is, and nothing for any other value."""
    return value if isinstance(value, str) else ""


def id_of(value: Any) -> str:
    """Return an id in JSON, a string or a whole number, as a post can have it; empty where there is none."""
    is_number = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**30
    return clean_id(str(value) if is_number else string(value))


def left_out_note(what: str, counts: Counter[str]) -> list[Repair]:
    """Return the note that says how many of what were left out, if any were.

    Examples
    --------
    >>> left_out_note("comments", Counter({"spam": 2, "pingback": 1}))[0].detail
    'comments left out: 1 pingback, 2 spam'
    """
    listed = ", ".join(f"{count} {why}" for why, count in sorted(counts.items()) if count)
    return [Repair(kind="reader_note", detail=f"{what} left out: {listed}")] if listed else []
