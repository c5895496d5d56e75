"""ConvoKit corpora: the file ``utterances.jsonl``, one utterance per line, in the shape of ConvoKit 1 to 3.

The other files of a corpus (speakers, conversations, and what they say of them) are not read.

References
----------
J. P. Chang et al., "ConvoKit: A Toolkit for the Analysis of Conversations", SIGDIAL 2020;
https://convokit.cornell.edu/documentation/data_format.html.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from argmine.readers.rows import Row, grouped, row_from, thread_from_rows
from argmine.readers.source import MAX_BYTES, Source, decode
from argmine.thread import Thread

NAME = "convokit"
DESCRIPTION = "ConvoKit corpora: utterances.jsonl, one utterance per line"

#: Our names to those of the versions of ConvoKit, the newest first.
_KEYS = {
    "id": ("id",),
    "thread": ("conversation_id", "root"),
    "reply_to": ("reply_to", "reply-to"),
    "author": ("speaker", "user"),
    "text": ("text",),
    "created_at": ("timestamp",),
}
_MARKS = ("thread", "reply_to", "author")


def recognises(head: str) -> bool:
    """Return whether the first line is an utterance, or the beginning of one too long to see whole."""
    first, newline, _ = head.lstrip().partition("\n")
    if not first.startswith("{"):
        return False
    try:
        value = json.loads(first)
    except (ValueError, RecursionError):
        # the long text may hide what stands behind it
        return not newline and re.search(r'\A\{.{,400}?"(?:conversation_id|root)"\s*:', first) is not None
    return (
        isinstance(value, dict) and "text" in value and all(any(key in value for key in _KEYS[mark]) for mark in _MARKS)
    )


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each conversation, in the order in which they begin."""
    rows = (row for _, row, _ in utterances(source) if row is not None)
    empty = True
    for found in grouped(rows, limit=MAX_BYTES, error=source.error):
        yield thread_from_rows(found, name=thread_name(source))
        empty = False
    if empty:
        raise source.no_thread("there are no utterances in it")


def thread_name(source: Source) -> str:
    """Return the id of the thread made of utterances that name no conversation."""
    return source.stem or NAME


def utterances(source: Source) -> Iterator[tuple[bytes, Row | None, dict[str, Any]]]:
    """Read the lines of a file of utterances.

    Yields
    ------
    line : bytes
        As it stands in the file.
    row : Row or None
        What it says of a post; ``None`` for a blank line.
    value : dict
        The decoded JSON.

    Raises
    ------
    ReadError
        If a line is no utterance.
    """
    for number, line in source.lines():
        text, notes = decode(line)
        if not text.strip():
            yield line, None, {}
            continue
        value = source.parse_json(text, line=number)
        if not isinstance(value, dict) or not {"id", "text"} & value.keys():
            raise source.error('this is no utterance: an object with "id" and "text" is expected', line=number)
        cells = {ours: value[key] for ours, keys in _KEYS.items() for key in reversed(keys) if key in value}
        if isinstance(cells.get("author"), dict):  # as some programs write a speaker
            cells["author"] = cells["author"].get("id")
        cells.setdefault("reply_to", None)
        cells.setdefault("thread", None)
        yield line, row_from(cells, number, line=number, notes=[note.detail for note in notes]), value
