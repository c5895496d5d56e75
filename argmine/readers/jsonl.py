"""argmine's own JSONL: one thread per line, each as in :mod:`argmine.readers.json`.  Read line by line."""

import json as json_syntax
from collections.abc import Iterator

from argmine.readers.json import recognises as recognises_json
from argmine.readers.json import thread_from
from argmine.readers.source import Source, decode
from argmine.thread import Thread

NAME = "jsonl"
DESCRIPTION = "argmine's own JSON lines: one thread per line"


def recognises(head: str) -> bool:
    """Return whether the first line is a JSON object with posts, or the beginning of one too long to see whole."""
    first, newline, _ = head.lstrip().partition("\n")
    if not recognises_json(first):
        return False
    try:
        json_syntax.loads(first)
    except (ValueError, RecursionError):
        return not newline
    return bool(newline)


def read(source: Source) -> Iterator[Thread]:
    """Yield the thread of each line that is not blank."""
    for number, line in source.lines():
        text, notes = decode(line)
        if text.strip():
            yield thread_from(source.parse_json(text, line=number), source, line=number, notes=notes)
