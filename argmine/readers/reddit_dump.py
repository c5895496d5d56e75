"""Dumps of Reddit's submissions and comments, one JSON object per line, as Pushshift and Arctic Shift publish them.

The lines of a dump are in no order that helps: the comments of a thread lie months apart, and its submission in another
file.  So the whole dump is read first, and sorted by submission in a temporary folder, before the first thread comes.
The threads come in the order of the ids of their submissions, which is the order in which Reddit gave them out; the
comments of each by date, then by id.  A thread of more than 64 MiB is an error.
"""

import json
import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

from argmine.readers.dates import parse_moment
from argmine.readers.grouping import grouped
from argmine.readers.reddit import bare_id, comment_post, thread_of
from argmine.readers.source import MAX_BYTES, Source, decode
from argmine.thread import Repair, Thread

NAME = "reddit_dump"
DESCRIPTION = "Reddit dump: one submission or comment per line, as JSON"

#: What is kept of a line while the dump is sorted.
_FIELDS = (
    "id", "name", "link_id", "parent_id", "author", "created_utc", "permalink", "body", "title", "selftext", "url",
    "num_comments",
)  # fmt: skip
_LONG_LINE = re.compile(r'\s*\{.*(?:"link_id"\s*:\s*"t3_|"selftext"\s*:\s*")', re.DOTALL)
_LATEST = datetime.max.replace(tzinfo=UTC)


def recognises(head: str) -> bool:
    """Return whether the first line is a JSON object like those of Reddit, or the beginning of one too long to see."""
    first, newline, _ = head.lstrip("\ufeff \t\r\n").partition("\n")
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        return not newline and _LONG_LINE.match(first) is not None
    if not isinstance(value, dict):
        return False
    submission = "title" in value and ("selftext" in value or {"permalink", "num_comments"} <= value.keys())
    return submission or ("body" in value and _thread_id("t1", value) is not None)


def read(source: Source) -> Generator[Thread]:
    """Yield the threads of a dump, in the order of the ids of their submissions."""
    with closing(grouped(source, records(source))) as threads:
        for thread_id, texts in threads:
            yield thread_from_records(thread_id, _bounded(source, thread_id, texts))


def records(source: Source) -> Iterator[tuple[str, str]]:
    """Yield, for each line, the id of its submission, and its kind, fields and notes as JSON."""
    for number, line in source.lines():
        text, notes = decode(line)
        if not text.strip():
            continue
        value = source.parse_json(text, line=number)
        kind = _kind(value)
        if kind is None:
            raise source.error("this is neither a submission nor a comment of Reddit", line=number)
        thread_id = _thread_id(kind, value)
        if thread_id is None:
            missing = '"link_id", which names its submission' if kind == "t1" else '"id"'
            raise source.error(f"the {'comment' if kind == 't1' else 'submission'} has no {missing}", line=number)
        fields = {name: value[name] for name in _FIELDS if isinstance(value.get(name), str | int | float)}
        yield thread_id, json.dumps([kind, fields, [note.detail for note in notes]])


def _kind(value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    if "body" in value or "link_id" in value:
        return "t1"
    return "t3" if "title" in value or "selftext" in value else None


def _thread_id(kind: str, data: dict[str, Any]) -> str | None:
    if kind == "t3":
        return bare_id(data.get("id")) or bare_id(data.get("name"))
    parent = data.get("parent_id")
    return bare_id(data.get("link_id")) or (bare_id(parent) if str(parent).startswith("t3_") else None)


def _bounded(source: Source, thread_id: str, texts: Iterable[str]) -> Iterator[str]:
    size = 0
    for text in texts:
        size += len(text)
        if size > MAX_BYTES:
            raise source.error(f"the thread {thread_id} is larger than {MAX_BYTES >> 20} MiB")
        yield text


def thread_from_records(thread_id: str, texts: Iterable[str]) -> Thread:
    """Return the thread of a submission, from what :func:`records` gave for its lines."""
    submissions: list[dict[str, Any]] = []
    comments: list[dict[str, Any]] = []
    details: dict[str, None] = {}
    for text in texts:
        kind, fields, noted = json.loads(text)
        (comments if kind == "t1" else submissions).append(fields)
        details.update(dict.fromkeys(noted))
    comments.sort(key=_place)
    unplaced = sum(bare_id(data.get("parent_id")) is None for data in comments)
    if unplaced:
        details[f"{unplaced} comments do not say what they answer: taken as answers to the submission"] = None
    notes = [Repair(kind="reader_note", detail=detail) for detail in details]
    posts = [comment_post(data, number, thread_id) for number, data in enumerate(comments, start=1)]
    return thread_of(submissions, posts, id=thread_id, notes=notes)


def _place(data: dict[str, Any]) -> tuple[datetime, int, str]:
    """Return what comments are sorted by: the date, those without one last, and the id, a number in base 36."""
    name = bare_id(data.get("id")) or ""
    return parse_moment(data.get("created_utc")) or _LATEST, len(name), name
