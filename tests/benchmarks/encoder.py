"""How much of what the network could read at best a whole run of ``mine_all`` does read."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from benchmarks.measuring import CORES, TESTS, Target, apart, rounds
from benchmarks.performance_tables import number, table
from benchmarks.synthetic import make_dump

TITLE = "The network and what is around it"
_MODEL = TESTS.parent / "argmine" / "models" / "reply_reader" / "model.onnx"
_BATCH = 32
_MEASURED = 3.0  # seconds for each way of running the bare network
_VOCABULARY = 20_000  # tokens are drawn from the numbers 1,000 up to this; the time does not depend on them

_ABOUT = """\
`mine_all` with `en` on a dump of mixed threads, from one post to hundreds, with posts from a few words to hundreds.
Tokens are counted as they go into the network: title, answered post and reply of every input, with the marks between
them, without padding. Beside it the bare network, the shipped `model.onnx` run by onnxruntime on the same two cores,
with nothing before and behind it: on the very inputs of the dump, on single inputs of one length, and on full batches
of one length where the shipped graph takes batches. The best of them is the limit."""


def measure(*, quick: bool, others: str) -> dict[str, Any]:
    """Measure the whole and the bare network, each in a process of its own."""
    threads, times = (4, 1) if quick else (40, 3)
    lengths = [64, 192] if quick else [32, 64, 128, 256, 384]
    return {
        "whole": apart("encoder", "whole", threads=threads, times=times),
        "bare": apart("encoder", "bare", threads=threads, lengths=lengths, seconds=0.3 if quick else _MEASURED),
    }


def whole(threads: int, times: int) -> dict[str, Any]:
    """Time ``mine_all`` on a dump; to be called in a process of its own."""
    import argmine

    nlp, dump = argmine.load("en"), list(make_dump(threads))

    def work() -> None:
        for _ in argmine.mine_all(dump, nlp):
            pass

    read = _inputs_of(work)  # counted apart from the rounds that are timed
    tokens = sum(len(row) for rows, _ in read for row in rows)
    found = rounds(work, tokens, times=times, warm=False)
    posts = [post for thread in dump for post in thread.posts]
    return found | {"tokens": tokens, "inputs": sum(len(rows) for rows, _ in read), "posts": len(posts)}


def bare(threads: int, lengths: list[int], seconds: float) -> dict[str, Any]:
    """Time the network alone, in several ways; to be called in a process of its own."""
    import numpy as np

    import argmine

    chance = np.random.default_rng(0)
    single, wide = _session(1), _session(CORES)
    read = _inputs_of(lambda: list(argmine.mine_all(make_dump(threads), argmine.load("en"))))
    feeds = [feed for _, feed in read]
    tokens = sum(len(row) for rows, _ in read for row in rows)
    _in_threads(single, iter(feeds[:8]))  # warms up
    start = time.perf_counter()
    _in_threads(single, iter(feeds))
    rows = [_way("the inputs of the dump, as the reader gives them", CORES, 1, tokens / (time.perf_counter() - start))]
    for length in lengths:
        for batch in (1, _BATCH) if _takes_batches(single) else (1,):
            feed = _feed(single, chance.integers(1_000, _VOCABULARY, (batch, length)))
            name = f"{length} tokens, batches of {batch}" if batch > 1 else f"{length} tokens, one by one"
            ways = ((single, CORES, 1), (wide, 1, CORES))
            rows += [
                _way(name, outer, inner, _rate(session, feed, outer, batch * length, seconds))
                for session, outer, inner in ways
            ]
    return {"rows": rows, "takes batches": _takes_batches(single)}


def targets(found: dict[str, Any]) -> list[Target]:
    """Return what was asked."""
    best = max(found["bare"]["rows"], key=lambda row: row["rate"])
    share = found["whole"]["rate"] / best["rate"]
    return [
        Target(
            "tokens that `mine_all` reads, of what the bare network reads",
            "≥ 85 %",
            f"{100 * share:.0f} %",
            share >= 0.85,
        )
    ]


def section(found: dict[str, Any]) -> list[str]:
    """Return the section as blocks of Markdown."""
    rate, bare_rows = found["whole"]["rate"], found["bare"]["rows"]
    best = max(bare_rows, key=lambda row: row["rate"])
    rows = [["**`mine_all`, all of it**", "", number(rate), ""]]
    for row in bare_rows:
        marked = f"**{row['what']}** (the limit)" if row is best else row["what"]
        ways = f"{row['calls']} × {row['threads']}"
        rows.append([marked, ways, number(row["rate"]), f"{100 * rate / row['rate']:.0f} %"])
    whole_run = found["whole"]
    counted = (
        f"The dump has {whole_run['posts']:,} posts; the network gets {whole_run['inputs']:,} inputs of "
        f"{whole_run['tokens'] / max(1, whole_run['inputs']):.0f} tokens on average. "
        f"*Calls* is how many run at once, times the threads that each has."
    )
    batches = [] if found["bare"]["takes batches"] else ["The shipped graph takes one input at a time: no batches."]
    head = ["", "calls", "tokens a second", "`mine_all` reaches"]
    return [_ABOUT, counted, *batches, table(head, rows)]


def _way(what: str, calls: int, threads: int, rate: float) -> dict[str, Any]:
    return {"what": what, "calls": calls, "threads": threads, "rate": rate}


def _session(threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(os.fspath(_MODEL), options, providers=["CPUExecutionProvider"])


def _takes_batches(session: Any) -> bool:
    return not isinstance(_ids(session).shape[0], int)


def _ids(session: Any) -> Any:
    return next(each for each in session.get_inputs() if each.name == "ids")


def _feed(session: Any, ids: Any) -> dict[str, Any]:
    """Return what a session takes: the tokens, a mask of ones where it has one, and zeros for the rest."""
    import numpy as np

    rest = {
        each.name: np.ones_like(ids) if "mask" in each.name else np.zeros_like(ids) for each in session.get_inputs()
    }
    return rest | {"ids": ids}


def _rate(session: Any, feed: dict[str, Any], calls: int, tokens: int, seconds: float) -> float:
    """Return the tokens a second of one input, given again and again by so many threads at once."""
    start = time.perf_counter()
    session.run(None, feed)
    times = max(calls, int(seconds / (time.perf_counter() - start)) // calls * calls)
    start = time.perf_counter()
    _in_threads(session, (feed for _ in range(times)), calls=calls)
    return times * tokens / (time.perf_counter() - start)


def _in_threads(session: Any, feeds: Iterator[dict[str, Any]], *, calls: int = CORES) -> None:
    with ThreadPoolExecutor(calls) as pool:
        for _ in pool.map(lambda feed: session.run(None, feed), feeds):
            pass


def _inputs_of(work: Any) -> list[tuple[list[Any], dict[str, Any]]]:
    """Return what goes into the network while some work is done: the tokens of each row, and the whole feed."""
    import onnxruntime

    read: list[tuple[list[Any], dict[str, Any]]] = []
    run = onnxruntime.InferenceSession.run

    def noted(self: Any, outputs: Any, feed: dict[str, Any], options: Any = None) -> Any:
        read.append(([row[row != 0] for row in feed["ids"]], feed))  # 0 is the token that fills up
        return run(self, outputs, feed, options)

    onnxruntime.InferenceSession.run = noted
    try:
        work()
    finally:
        onnxruntime.InferenceSession.run = run
    return read
