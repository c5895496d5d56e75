"""What it costs to bring a graph up to date when a reply has come, against mining the whole thread again."""

import time
from typing import Any

from benchmarks.measuring import Absent, Target, apart, rounds
from benchmarks.performance_tables import seconds, table
from benchmarks.synthetic import SHAPES, make_thread

TITLE = "One new reply"

_ABOUT = """\
A thread is mined without its last reply; then that comes, and `argmine.update` makes the new graph from the old one.
*Equal* says that it is the graph of the whole thread mined afresh, where that was made too."""


def measure(*, quick: bool, others: str) -> dict[str, Any]:
    """Measure all shapes by rules, and one with the network."""
    posts = 100 if quick else 10_000
    wanted = [("en_rules", shape, shape == "mixed") for shape in SHAPES] + [("en", "mixed", False)]
    rows = []
    for pipeline, shape, check in wanted:
        settings = {"pipeline": pipeline, "shape": shape, "posts": posts}
        found = apart("updating", "one", check=check, **settings)
        if "absent" in found:
            return found
        rows.append(settings | found)
    return {"rows": rows}


def one(pipeline: str, shape: str, posts: int, check: bool) -> dict[str, Any]:
    """Time both on one thread; to be called in a process of its own."""
    import argmine

    if not hasattr(argmine, "update"):
        raise Absent("this argmine has no argmine.update")
    nlp, thread = argmine.load(pipeline), make_thread(posts, shape)
    earlier = thread.model_copy(update={"posts": thread.posts[:-1]})
    argmine.mine(make_thread(10, shape, seed=1), nlp)
    start = time.perf_counter()
    graph = argmine.mine(earlier, nlp)
    whole = time.perf_counter() - start
    found = {"whole": whole, "update": rounds(lambda: argmine.update(graph, thread, nlp), 1)}
    if check:
        updated, afresh = argmine.update(graph, thread, nlp), argmine.mine(thread, nlp)
        same = list(updated.nodes(data=True)) == list(afresh.nodes(data=True))
        found["equal"] = same and list(updated.edges(data=True)) == list(afresh.edges(data=True))
    return found


def targets(found: dict[str, Any]) -> list[Target]:
    """Return what was asked, for each pipeline its worst shape."""
    shares: dict[str, float] = {}
    for row in found["rows"]:
        shares[row["pipeline"]] = max(shares.get(row["pipeline"], 0), row["update"]["seconds"] / row["whole"])
    return [
        Target(
            f"`argmine.update` of one reply against mining all of it, `{pipeline}`",
            "< 1 %",
            f"{100 * share:.2f} %",
            share < 0.01,
        )
        for pipeline, share in shares.items()
    ]


def section(found: dict[str, Any]) -> list[str]:
    """Return the section as blocks of Markdown."""
    rows = [
        [
            f"`{row['pipeline']}`, {row['shape']}",
            f"{row['posts']:,}",
            seconds(row["whole"]),
            seconds(row["update"]["seconds"]),
            f"{100 * row['update']['seconds'] / row['whole']:.2f} %",
            {True: "yes", False: "no", None: "not compared"}[row.get("equal")],
        ]
        for row in found["rows"]
    ]
    return [_ABOUT, table(["one thread", "posts", "mining", "updating", "share", "equal"], rows)]
