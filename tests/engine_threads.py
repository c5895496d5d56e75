"""Threads and dumps for the tests of what runs on Spark and Ray, and what is to come of them."""

import json
from collections.abc import Iterable, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from benchmarks.make_reddit_dump import lines

import argmine
from argmine import Post, Thread
from argmine.arrow import mine_threads

OPENINGS = ["Cats are better pets than dogs.", "The market should open earlier.", "Trams are quieter than buses."]
REPLIES = [
    "I agree, because they need less care.",
    "No, that is wrong. It costs far more than people think.",
    "> {opening}\n\nI doubt that. Nobody has measured it.",
    "Buy cheap watches at my shop today!",
]


def small_threads(number: int) -> list[Thread]:
    """Make threads of one to five posts, some of which had to be mended."""
    threads = []
    for place in range(number):
        opening = OPENINGS[place % 3]
        posts = [Post(id="p0", author="ann", text=opening, created_at="2024-01-31T12:00:00+02:00")]
        for reply in range(place % 5):
            text = REPLIES[(place + reply) % 4].format(opening=opening)
            posts.append(Post(id=f"p{reply + 1}", author=f"ben{reply}", text=text, reply_to=f"p{max(0, reply - 1)}"))
        if place % 7 == 0:
            posts.append(Post(id="late", text="This answers what is gone.", reply_to="gone"))
        threads.append(Thread.repaired(posts, id=f"t{place}", title=f"Talk {place}" if place % 2 else None))
    return threads


def long_thread(number: int, *, name: str) -> Thread:
    """Make a thread of so many posts, which all answer the first."""
    replies = (Post(id=str(place), text=f"{REPLIES[place % 2]} {place}", reply_to="0") for place in range(1, number))
    return Thread(id=name, posts=[Post(id="0", text=OPENINGS[0]), *replies])


def mined(threads: Sequence[Thread], pipeline: str = "en_rules") -> list[dict[str, Any]]:
    """Return the rows that any engine has to give."""
    return in_order(mine_threads(threads, argmine.load(pipeline)).to_pylist())


def in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: row["thread"])


def broken_row() -> dict[str, Any]:
    """Return a row that is no thread: the id of its post is that of a claim."""
    return {"thread": "broken", "title": None, "url": None, "posts": [{"id": "p#1", "text": "No."}], "repairs": []}


def write_dump(folder: Path, comments: int) -> list[Thread]:
    """Write a dump to RS.jsonl and RC.jsonl and return its threads as they are read from one file."""
    made = [json.dumps(line) for line in lines(comments, seed=5)]
    for name, is_comment in (("RS.jsonl", False), ("RC.jsonl", True)):
        kept = [line for line in made if ('"body"' in line) == is_comment]
        (folder / name).write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
    return list(argmine.read_threads(BytesIO("\n".join(made).encode())))


def post_rows(threads: Iterable[Thread]) -> list[dict[str, Any]]:
    """Return the posts of threads as rows of a table."""
    return [
        {
            "conversation": thread.id,
            "comment_id": post.id,
            "parent": post.reply_to,
            "user": post.author,
            "body": post.text,
            "created": post.created_at,
            "title": thread.title,
        }
        for thread in threads
        for post in thread.posts
    ]
