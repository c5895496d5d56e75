"""A dump from file to tables: how many posts a second, how many bytes a post, and so what very many would take."""

import math
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measuring import CORES, Target, apart, rounds
from benchmarks.performance_tables import number, table
from benchmarks.synthetic import make_dump

TITLE = "A dump, and what a larger one would take"
_COMMENTS = {"100 million": 1e8, "14 billion": 1.4e10}
_MACHINE = 64  # cores of a machine that one can rent
_TABLES = ("nodes", "edges", "threads")

_ABOUT = f"""\
`argmine batch` with {CORES} processes on a dump of mixed threads in JSON Lines, one thread a line: reading, mining and
writing Parquet, start-up included."""


def measure(*, quick: bool, others: str) -> dict[str, Any]:
    """Measure both pipelines, each in a process of its own."""
    threads = {"en_rules": 40 if quick else 4_000, "en": 4 if quick else 200}
    return {name: apart("dumps", "mined", pipeline=name, threads=number) for name, number in threads.items()}


def mined(pipeline: str, threads: int) -> dict[str, Any]:
    """Time one run; to be called in a process of its own."""
    import argmine

    with TemporaryDirectory() as folder:
        dump, out = Path(folder, "dump.jsonl"), Path(folder, "out")
        made = list(make_dump(threads))
        dump.write_text("".join(f"{thread.model_dump_json()}\n" for thread in made), encoding="utf-8")
        posts = [post for thread in made for post in thread.posts]
        words = sum(len(post.text.split()) for post in posts)
        work = partial(argmine.mine_batch, [dump], out, nlp=argmine.load(pipeline), n_process=CORES)
        found = rounds(work, len(posts), times=1, warm=False)
        sizes = {name: sum(path.stat().st_size for path in (out / name).iterdir()) for name in _TABLES}
        return found | {
            "posts": len(posts),
            "threads": threads,
            "words": words / len(posts),
            "bytes": {name: size / len(posts) for name, size in sizes.items()},
            "read": dump.stat().st_size / len(posts),
        }


def targets(found: dict[str, Any]) -> list[Target]:
    """Return what was asked: nothing here."""
    return []


def section(found: dict[str, Any]) -> list[str]:
    """Return the section as blocks of Markdown."""
    rows = [
        [
            f"`{name}`",
            f"{each['threads']:,}",
            f"{each['posts']:,}",
            number(each["words"]),
            number(each["rate"]),
            number(each["read"]),
            *(number(each["bytes"][part]) for part in _TABLES),
        ]
        for name, each in found.items()
    ]
    head = ["", "threads", "posts", "words a post", "posts a second", "bytes read a post", *_TABLES]
    return [_ABOUT, table(head, rows), plan(found)]


def plan(found: dict[str, Any]) -> str:
    """Return what very many posts would take at the measured rates, as a table."""
    rows = []
    for name, comments in _COMMENTS.items():
        for pipeline, each in found.items():
            hours = comments * CORES / each["rate"] / 3600
            stored = comments * sum(each["bytes"].values())
            rows.append(
                [
                    f"{name}, `{pipeline}`",
                    number(_two_digits(hours)),
                    _days(hours / _MACHINE),
                    number(_two_digits(max(1, hours / _MACHINE / 24))),
                    _terabytes(stored),
                ]
            )
    head = ["comments", "core hours", f"on one machine of {_MACHINE} cores", "such machines for a day", "Parquet"]
    return table(head, rows)


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")


def _days(hours: float) -> str:
    if hours < 1:
        return f"{_two_digits(hours * 60):.0f} min"
    return f"{_two_digits(hours):,.0f} h" if hours < 48 else f"{math.ceil(_two_digits(hours / 24)):,} days"


def _terabytes(size: float) -> str:
    return f"{size / 1e9:,.0f} GB" if size < 1e12 else f"{size / 1e12:.1f} TB"
