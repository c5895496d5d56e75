"""Recorded exchanges with Reddit's API: cassettes of VCR and Betamax in JSON, as kept by tests of programs.

Every answer that holds submissions or comments is read, those of one submission together as one thread, since a program
asks for a thread piece by piece.  What several answers hold alike is taken once.  Cassettes in YAML are not read.
"""

import base64
import binascii
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import Any

from argmine.readers.reddit import bare_id, comments_of, things_in, thread_of
from argmine.readers.source import MAX_BYTES, Source
from argmine.thread import Post, Repair, Thread

NAME = "reddit_vcr"
DESCRIPTION = "recorded exchanges with Reddit's API: a VCR or Betamax cassette in JSON"

_Things = list[tuple[str, dict[str, Any]]]


def recognises(head: str) -> bool:
    """Return whether a file begins like a cassette in JSON in which Reddit is asked."""
    return (
        re.match(r"\s*\{\s*\"", head) is not None
        and '"interactions"' in head
        and re.search(r'"ur[il]"\s*:\s*"https?://(?:[\w-]+\.)?reddit\.com/', head) is not None
    )


def read(source: Source) -> Iterator[Thread]:
    """Yield a thread for each submission that the answers speak of, in the order in which they do."""
    text, notes = source.read_text()
    cassette = source.parse_json(text)
    interactions = cassette.get("interactions") if isinstance(cassette, dict) else None
    if not isinstance(interactions, list):
        raise source.error('this is no cassette: an object with a list of "interactions" is expected')
    threads: dict[str | None, list[_Things]] = {}
    size = 0
    for answer in map(_answer, interactions):
        size += len(answer)
        if size > MAX_BYTES:
            raise source.error(f"its answers are larger than {MAX_BYTES >> 20} MiB")
        for thread_id, things in _by_thread(answer).items():
            threads.setdefault(thread_id, []).append(things)
    if not threads:
        raise source.no_thread("none of the recorded answers holds a submission or a comment")
    for thread_id, answers in threads.items():
        yield _thread(thread_id, answers, notes)


def _answer(interaction: Any) -> str | bytes:
    """Return what was answered; nothing if that was no text."""
    response = interaction.get("response") if isinstance(interaction, dict) else None
    body = response.get("body") if isinstance(response, dict) else None
    if isinstance(body, dict):
        body = body.get("string") or _unpacked(body.get("base64_string"))
    return body if isinstance(body, str | bytes) else ""


def _unpacked(value: Any) -> bytes:
    """Return what an answer in base 64 holds, which Betamax leaves compressed as it came."""
    try:
        data = base64.b64decode(value) if isinstance(value, str) else b""
        return zlib.decompressobj(wbits=31).decompress(data, MAX_BYTES) if data.startswith(b"\x1f\x8b") else data
    except (binascii.Error, ValueError, zlib.error):
        return b""


def _by_thread(answer: str | bytes) -> dict[str | None, _Things]:
    """Return the things in an answer by the submission that they belong to; a stub belongs to what is before it."""
    found: dict[str | None, _Things] = {}
    here: str | None = None
    for listing in _listings(answer):
        for kind, data in things_in(listing):
            if kind == "t3":
                here = bare_id(data.get("id")) or bare_id(data.get("name"))
            elif kind == "t1":
                here = bare_id(data.get("link_id")) or here
            if kind in {"t1", "t3"} or here is not None:
                found.setdefault(here, []).append((kind, data))
    return found


def _listings(answer: str | bytes) -> list[Any]:
    """Return the listings in an answer; what is loaded for "more comments" is one without the usual cover."""
    try:
        value = json.loads(answer)
    except (ValueError, RecursionError):  # a page, a picture, nothing
        return []
    for name in ("json", "data"):
        value = value[name] if isinstance(value, dict) and name in value and "kind" not in value else value
    if isinstance(value, dict) and "things" in value:
        value = {"data": {"children": value["things"]}}
    return value if isinstance(value, list) else [value]


def _thread(thread_id: str | None, answers: list[_Things], notes: list[Repair]) -> Thread:
    submissions: list[dict[str, Any]] = []
    comments: dict[tuple[str, str], Post] = {}
    stubs: list[tuple[Repair, int]] = []
    for things in answers:
        submissions += [data for kind, data in things if kind == "t3"]
        posts, more = comments_of([thing for thing in things if thing[0] != "t3"])
        replies = Counter(post.reply_to for post in posts)
        stubs += [(stub, replies[stub.post]) for stub in more]
        for post in posts:
            comments.setdefault((post.id, post.text), post)
    if len(answers) > 1:
        notes = [*notes, Repair(kind="reader_note", detail=f"put together from {len(answers)} answers")]
    replies = Counter(post.reply_to for post in comments.values())
    # what one answer leaves out may be in another
    left_out = [stub for stub, known in stubs if replies[stub.post] <= known]
    posts = list(comments.values())
    return thread_of(submissions[:1], posts, id=thread_id, notes=notes, more=list(dict.fromkeys(left_out)))
