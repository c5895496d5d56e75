"""Make a dump of Reddit threads out of order: ``python tests/benchmarks/make_reddit_dump.py OUT.zst [--comments N]``.

The same number and seed give the same dump.  ``--read`` reads it instead, in a process that does nothing else, and
prints how long that took and how much memory it needed.
"""

import argparse
import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from argmine.readers import read_threads

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

#: Of comments to submissions; threads have very different sizes.
COMMENTS_PER_THREAD = 40
START = 1_500_000_000
WORDS = """
the a of and to in that is for not with this but have they as or if so we should because garden bench path tree gate
bus timetable library shelf loaf oven flour kettle harbour ferry market stall lamp street bicycle lane winter evening
""".split()  # noqa: SIM905 - a page of words, not of quotation marks
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def name_of(number: int) -> str:
    """Return a number as Reddit writes its ids, in base 36."""
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = DIGITS[digit] + digits
    return digits


def text(chance: random.Random) -> str:
    """Make some sentences."""
    sizes = (chance.randint(5, 15) for _ in range(chance.randint(1, 6)))
    return " ".join(" ".join(chance.choices(WORDS, k=size)).capitalize() + "." for size in sizes)


def lines(comments: int, seed: int, *, per_thread: int = COMMENTS_PER_THREAD) -> Iterator[dict[str, Any]]:
    """Yield the submissions and comments of a dump, shuffled."""
    chance = random.Random(seed)
    threads = max(1, comments // per_thread)
    thread_of: list[int] = []
    parent_of: list[int | None] = []
    members: list[list[int]] = [[] for _ in range(threads)]
    for number in range(comments):
        thread = int(threads * chance.random() ** 3)  # the first ones are talked about most
        known = members[thread]
        parent_of.append(chance.choice(known[-30:]) if known and chance.random() < 0.7 else None)
        thread_of.append(thread)
        known.append(number)
    order = [*range(comments + threads)]
    chance.shuffle(order)
    for number in order:
        author = f"reader{chance.randint(1, 1 + comments // 5)}"
        if number >= comments:
            thread = number - comments
            name = name_of(100_000 + thread)
            yield {
                "id": name, "title": text(chance), "selftext": text(chance), "author": author, "subreddit": "isle",
                "created_utc": START + thread, "permalink": f"/r/isle/comments/{name}/", "score": 1,
                "num_comments": len(members[thread]), "url": f"https://www.reddit.com/r/isle/comments/{name}/",
            }  # fmt: skip
            continue
        link, parent = f"t3_{name_of(100_000 + thread_of[number])}", parent_of[number]
        yield {
            "id": name_of(50_000_000 + number), "link_id": link, "body": text(chance), "author": author,
            "parent_id": link if parent is None else f"t1_{name_of(50_000_000 + parent)}", "subreddit": "isle",
            "created_utc": str(START + threads + number), "score": 1, "edited": False, "distinguished": None,
            "gilded": 0, "stickied": False, "author_flair_text": None, "controversiality": 0,
        }  # fmt: skip


def write_dump(path: Path, comments: int, *, seed: int = 1) -> None:
    """Write a dump, compressed."""
    with zstd.ZstdFile(path, "wb") as file:
        made = lines(comments, seed)
        for first in made:
            file.write("".join(f"{json.dumps(line)}\n" for line in chain([first], islice(made, 999))).encode())


def measure(path: Path) -> None:
    """Read a dump and print what was found and what it took."""
    start = time.perf_counter()
    threads = posts = largest = 0
    for thread in read_threads(path):
        threads += 1
        posts += len(thread.posts)
        largest = max(largest, len(thread.posts))
    seconds = time.perf_counter() - start
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{threads:,} threads, {posts:,} posts, the largest {largest:,}; {seconds:.0f} s, peak {mib:,} MiB")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="the file to write")
    parser.add_argument("--comments", type=int, default=1_000_000, help="how many to write")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--read", action="store_true", help="read the file instead; print time and memory")
    given = parser.parse_args()
    if given.read:
        measure(given.out)
    else:
        write_dump(given.out, given.comments, seed=given.seed)
