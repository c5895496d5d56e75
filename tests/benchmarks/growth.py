"""How time and memory grow: with the posts of one thread, and with the number of small threads."""

from itertools import cycle, islice
from typing import Any

from benchmarks.measuring import Target, apart, rounds
from benchmarks.performance_tables import number, seconds, table
from benchmarks.synthetic import SHAPES, make_thread

TITLE = "Growth"
_SMALL = 2  # posts of a small thread
_SMALL_WORDS = 30  # of each
_DISTINCT = 1_000  # small threads that are made; more are these again
_LONGEST = 300  # seconds that some number of small threads may take
_MEASURED = 2.0  # seconds that a size is mined for, again and again, unless once takes longer

_ABOUT = """\
Each row is a process of its own, which loads the pipeline, mines ten posts to warm up, and then mines one thread of so
many posts of about 60 words: *broad*, all replies to the opening post; *deep*, each a reply to the one before; *mixed*,
like a discussion. Small threads are mined several times, and the median counts. The peak is all that the process held:
Python, argmine, the thread, its Doc and its graph."""

_MANY = f"""\
Threads of {_SMALL} posts of about {_SMALL_WORDS} words, given to `mine_all` one after the other, with one process and
with two. Beyond {_DISTINCT:,} threads they come again. The graphs are not kept. The start of the processes is part of
the time; the peak is that of the largest process. What would take more than five minutes is left out."""


def measure(*, quick: bool, others: str) -> dict[str, Any]:
    """Measure both."""
    sizes = [10, 100] if quick else [10, 100, 1_000, 10_000, 50_000]
    rows = [_row("en_rules", shape, size) for shape in SHAPES for size in sizes]
    rows += [_row("en", shape, size) for shape in SHAPES for size in sizes[:3]]
    counts = [1, 10, 100] if quick else [1, 10, 100, 1_000, 10_000, 100_000]
    return {"one": rows, "many": [row for processes in (1, 2) for row in _many(counts, processes)]}


def one(pipeline: str, shape: str, posts: int) -> dict[str, Any]:
    """Time one thread; to be called in a process of its own."""
    import argmine

    nlp, thread = argmine.load(pipeline), make_thread(posts, shape)
    argmine.mine(make_thread(10, shape, seed=1), nlp)
    found = rounds(lambda: argmine.mine(thread, nlp), posts, times=1, warm=False)
    times = min(20, int(_MEASURED / found["seconds"]))
    return rounds(lambda: argmine.mine(thread, nlp), posts, times=times, warm=False) if times > 1 else found


def many(threads: int, processes: int) -> dict[str, Any]:
    """Time many small threads, by rules; to be called in a process of its own."""
    import argmine

    nlp = argmine.load("en_rules")
    made = [make_thread(_SMALL, words=_SMALL_WORDS, seed=seed) for seed in range(min(threads, _DISTINCT))]
    argmine.mine(make_thread(10), nlp)

    def work() -> None:
        for _ in argmine.mine_all(islice(cycle(made), threads), nlp, n_process=processes):
            pass

    return rounds(work, threads, times=1 if threads > 1_000 else 3, warm=False)


def targets(found: dict[str, Any]) -> list[Target]:
    """Return what was asked, as far as it was measured."""
    asked = []
    largest = [row for row in found["one"] if row["posts"] >= 50_000]
    if largest:
        ratios = {}
        for row in largest:
            small = next(each for each in found["one"] if _line(each) == _line(row) and each["posts"] == 1_000)
            ratios[row["shape"]] = small["rate"] / row["rate"]
        shape = max(ratios, key=lambda name: ratios[name])
        asked.append(
            Target(
                f"time for each post of 50,000, in times that of 1,000 ({shape}, the worst; `en_rules`)",
                "≤ 1.3",
                f"{ratios[shape]:.2f}",
                ratios[shape] <= 1.3,
            )
        )
        peak = max(row["peak_mib"] for row in largest) / 1024
        asked.append(Target("peak memory at 50,000 posts (the worst shape)", "< 4 GiB", f"{peak:.2f} GiB", peak < 4))
    gains = {one["threads"]: two["rate"] / one["rate"] for one, two in _pairs(found)}
    if gains and max(gains) >= 1_000:
        gain = gains[max(gains)]
        what = f"two processes against one, {max(gains):,} small threads"
        asked.append(Target(what, "≥ 1.7 times as fast", f"{gain:.2f} times", gain >= 1.7))
    return asked


def section(found: dict[str, Any]) -> list[str]:
    """Return the section as blocks of Markdown."""
    rows = [
        [
            f"`{row['pipeline']}`, {row['shape']}",
            f"{row['posts']:,}",
            seconds(row["seconds"]),
            number(row["rate"]),
            seconds(1 / row["rate"]),
            f"{row['peak_mib']:,.0f}",
        ]
        for row in found["one"]
    ]
    together = [
        [
            f"{one['threads']:,}",
            number(one["rate"]),
            number(two["rate"]),
            f"{two['rate'] / one['rate']:.2f}",
            f"{one['peak_mib']:,.0f}",
            f"{two['peak_mib']:,.0f}",
        ]
        for one, two in _pairs(found)
    ]
    return [
        _ABOUT,
        table(["one thread", "posts", "time", "posts a second", "time a post", "peak MiB"], rows),
        "### Many small threads",
        _MANY,
        table(["threads", "a second", "with two", "times", "peak MiB", "with two"], together),
    ]


def _row(pipeline: str, shape: str, posts: int) -> dict[str, Any]:
    settings = {"pipeline": pipeline, "shape": shape, "posts": posts}
    return settings | apart("growth", "one", **settings)


def _many(counts: list[int], processes: int) -> list[dict[str, Any]]:
    """Return a row for each number of threads, up to the first that would take too long."""
    rows: list[dict[str, Any]] = []
    for count in counts:
        if rows and count / rows[-1]["rate"] > _LONGEST:
            break
        settings = {"threads": count, "processes": processes}
        rows.append(settings | apart("growth", "many", **settings))
    return rows


def _line(row: dict[str, Any]) -> tuple[str, str]:
    return row["pipeline"], row["shape"]


def _pairs(found: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the rows with one process, each with that of as many threads with two."""
    double = {row["threads"]: row for row in found["many"] if row["processes"] == 2}
    alone = [row for row in found["many"] if row["processes"] == 1]
    return [(row, double[row["threads"]]) for row in alone if row["threads"] in double]
