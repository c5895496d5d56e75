"""argmine's own JSON: one :class:`~argmine.Thread`, as written by ``thread.model_dump_json()``.

Files made by other means need ``posts`` with ``id``, ``text`` and ``reply_to``; all else is optional.  A tree that is
not sound is mended, as by every reader.
"""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from argmine.readers.source import Source
from argmine.thread import Post, Repair, Thread

NAME = "json"
DESCRIPTION = "argmine's own JSON: one thread"

_MENDABLE = {"no_root", "several_roots", "duplicate_post", "dangling_reply", "reply_cycle"}
_POSTS = TypeAdapter(list[Post])
_REPAIRS = TypeAdapter(list[Repair])


def recognises(head: str) -> bool:
    """Return whether a file begins like a JSON object with posts."""
    return re.match(r'\s*\{\s*"', head) is not None and '"posts"' in head


def read(source: Source) -> Iterator[Thread]:
    """Yield the one thread of a JSON file."""
    text, notes = source.read_text()
    yield thread_from(source.parse_json(text), source, notes=notes)


def thread_from(value: Any, source: Source, *, line: int | None = None, notes: list[Repair]) -> Thread:
    """Return the thread that a JSON value describes.

    Parameters
    ----------
    value : object
        A decoded JSON value.
    source : Source
        Where it comes from.
    line : int, optional
        The line that it comes from, where each line is a value of its own.
    notes : list of Repair
        Notes to put before those of the thread itself.

    Returns
    -------
    Thread
        Mended if its posts are no sound reply tree.

    Raises
    ------
    ReadError
        If the value is no thread.
    NoThreadError
        If it has no posts.
    """
    if not isinstance(value, dict) or "posts" not in value:
        raise source.error('this is no thread: an object with "posts" is expected', line=line)
    if value["posts"] == []:
        raise source.no_thread("the list of posts is empty")
    try:
        thread = Thread.model_validate(value)
    except ValidationError as error:
        if not {fault["type"] for fault in error.errors()} <= _MENDABLE:
            raise source.error(_first_fault(error), line=line) from None
        return Thread.repaired(
            _POSTS.validate_python(value["posts"]),
            **{key: value[key] for key in ("id", "title", "url") if key in value},
            notes=[*notes, *_REPAIRS.validate_python(value.get("repairs", ()))],
        )
    return thread.model_copy(update={"repairs": (*notes, *thread.repairs)}) if notes else thread


def _first_fault(error: ValidationError) -> str:
    fault = error.errors(include_url=False)[0]
    where = ".".join(str(part) for part in fault["loc"]) or "thread"
    return f"this is no thread: {where}: {fault['msg'][0].lower()}{fault['msg'][1:]}"
