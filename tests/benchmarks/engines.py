"""Mine a dump of Reddit on Spark and on Ray, and compare it row for row with what one process makes of it.

``python tests/benchmarks/engines.py [spark] [ray] [--threads 5000] [--pipeline en_rules] [--processes 2]``; prints
seconds, with and without the start of the engine, and the peak memory of the largest Python process of the engine.
"""

import argparse
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from make_reddit_dump import lines

import argmine
from argmine.arrow import mine_threads
from argmine.ray import mine_dataset, reddit_dataset
from argmine.spark import mine_frame, reddit_frame

COMMENTS = 6  # of a thread on average; the largest has about a tenth of all


def on_spark(path: Path, pipeline: str, processes: int) -> tuple[float, list[dict[str, Any]]]:
    """Return the seconds from the start of the session on, and the rows."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local[{processes},4]").config("spark.driver.host", "127.0.0.1")
    builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
    spark = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", 200).getOrCreate()
    start = time.perf_counter()
    threads = reddit_frame(spark.read.text(str(path)).repartition(4 * processes)).repartition(16 * processes)
    rows = mine_frame(threads, pipeline=pipeline).toArrow().to_pylist()
    seconds = time.perf_counter() - start
    spark.stop()
    return seconds, rows


def on_ray(path: Path, pipeline: str, processes: int) -> tuple[float, list[dict[str, Any]]]:
    """Return the seconds from the start of the cluster on, and the rows."""
    import ray

    ray.init(num_cpus=processes, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    ray.data.DataContext.get_current().enable_progress_bars = False
    start = time.perf_counter()
    rows = mine_dataset(reddit_dataset(ray.data.read_text(str(path))), pipeline=pipeline).take_all()
    seconds = time.perf_counter() - start
    ray.shutdown()
    return seconds, rows


def descendants() -> Iterator[Path]:
    """Yield the folder in /proc of every process that this one started, directly or not."""
    parents = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            continue
    for process in parents:
        above = process
        while above in parents and above != os.getpid():
            above = parents[above]
        if above == os.getpid() != process:
            yield Path("/proc") / str(process)


@contextmanager
def watched() -> Iterator[list[int]]:
    """Note the peak memory, in MiB, of the largest Python process below this one."""
    found = [0]
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(0.5):
            for folder in descendants():
                try:
                    if "python" in (folder / "exe").readlink().name:
                        peak = (folder / "status").read_text().partition("VmHWM:")[2].split()[:1]
                        found[0] = max([found[0], *(int(kib) // 1024 for kib in peak)])
                except OSError:
                    continue

    looking = threading.Thread(target=look)
    looking.start()
    try:
        yield found
    finally:
        ended.set()
        looking.join()


def main() -> None:
    """Measure."""
    engines: dict[str, Callable[[Path, str, int], tuple[float, list[dict[str, Any]]]]] = {
        "spark": on_spark,
        "ray": on_ray,
    }
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("engines", nargs="*", choices=[*engines, []], help="both by default")
    parser.add_argument("--threads", type=int, default=5000)
    parser.add_argument("--pipeline", default="en_rules")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "dump.jsonl"
        with path.open("w", encoding="utf-8") as file:
            made = lines(given.threads * COMMENTS, seed=1, per_thread=COMMENTS)
            file.writelines(f"{json.dumps(line)}\n" for line in made)
        start = time.perf_counter()
        threads = list(argmine.read_threads(path))
        expected = mine_threads(threads, argmine.load(given.pipeline)).to_pylist()
        expected.sort(key=lambda row: row["thread"])
        largest = max(len(thread.posts) for thread in threads)
        print(f"{len(threads):,} threads, {sum(len(thread.posts) for thread in threads):,} posts, largest {largest:,}")
        print(f"this process: {time.perf_counter() - start:.1f} s")
        for name in given.engines or engines:
            start = time.perf_counter()
            with watched() as peak:
                seconds, rows = engines[name](path, given.pipeline, given.processes)
            whole = time.perf_counter() - start
            rows.sort(key=lambda row: row["thread"])
            same = sum(row == other for row, other in zip(rows, expected, strict=True))
            print(f"{name}, {given.processes} processes: {seconds:.1f} s, with its start and end {whole:.1f} s,")
            print(f"    largest process {peak[0]:,} MiB, {same:,} of {len(expected):,} rows the same")
            assert same == len(expected)


if __name__ == "__main__":
    main()
