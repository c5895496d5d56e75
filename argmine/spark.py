"""Mining on Spark: frames of posts or of Reddit's dumps to threads, and threads to what is mined of them.

Needs pyspark, which the extra ``spark`` brings, and Java; argmine is to be installed wherever Spark runs Python.  Each
thread gives exactly the row that :func:`argmine.arrow.mine_arrow` gives for it.  Nothing runs before Spark is asked
for rows.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from argmine.arrow import mined_schema, thread_schema
from argmine.engines import (
    check_settings,
    mine_batches,
    post_columns,
    post_threads,
    record_schema,
    reddit_records,
    reddit_threads,
)
from argmine.errors import MissingExtraError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

__all__ = ["mine_frame", "reddit_frame", "threads_frame"]


def mine_frame(threads: "DataFrame", *, pipeline: str = "en", min_confidence: float | None = None) -> "DataFrame":
    """Mine a frame of threads.

    Parameters
    ----------
    threads : pyspark.sql.DataFrame
        As :func:`argmine.arrow.thread_schema` says: those of :func:`threads_frame` and :func:`reddit_frame` are.  Each
        of its partitions is mined by one process, so it should have several times as many as there are cores.
    pipeline : str
        Name of the pipeline, or the path of a folder that ``nlp.to_disk`` wrote, which must be on every machine.  Each
        Python process of Spark loads it once, to use one core.
    min_confidence : float, optional
        As for :func:`argmine.mine`.

    Returns
    -------
    pyspark.sql.DataFrame
        As :func:`argmine.arrow.mined_schema` says: a row for each thread, with its nodes and edges as lists, which
        ``selectExpr("thread", "inline(nodes)")`` makes a flat table of.  A thread that cannot be mined has an
        ``error``; the others are mined all the same.

    Raises
    ------
    PipelineError
        If there is no such pipeline, or ``min_confidence`` is not between 0 and 1.
    MissingExtraError
        If pyspark is not installed.
    """
    check_settings(pipeline, min_confidence)
    return _mapped(threads, partial(mine_batches, pipeline=pipeline, min_confidence=min_confidence), mined_schema())


def threads_frame(posts: "DataFrame", *, columns: Mapping[str, str] | None = None) -> "DataFrame":
    """Bring the posts of each thread together.

    Parameters
    ----------
    posts : pyspark.sql.DataFrame
        One post in each row, in columns as those of :func:`argmine.threads_of`, ``thread`` among them.
    columns : mapping of str to str, optional
        Our names to those of the frame, where they are not found by themselves.

    Returns
    -------
    pyspark.sql.DataFrame
        As :func:`argmine.arrow.thread_schema` says, a thread in each row.  Rows of a frame have no order, so posts
        come by date, those without one last, and then by id.

    Raises
    ------
    ReadError
        If there is no column for the text or the thread, or one that is given is not there.
    """
    found = post_columns(posts.columns, columns)
    renamed = posts.select(*(_functions().col(f"`{theirs}`").alias(ours) for ours, theirs in found.items()))
    return _gathered(renamed, post_threads)


def reddit_frame(lines: "DataFrame", *, column: str = "value") -> "DataFrame":
    """Make threads of dumps of Reddit's submissions and comments.

    Parameters
    ----------
    lines : pyspark.sql.DataFrame
        A submission or comment as JSON in each row, in any order, as ``spark.read.text`` reads the files.
    column : str
        The column that they are in.

    Returns
    -------
    pyspark.sql.DataFrame
        As :func:`argmine.arrow.thread_schema` says: the threads that :func:`argmine.read_threads` would read.  Where a
        comment is there twice with different texts, either may come first.

    Raises
    ------
    ReadError
        When Spark runs it, inside an error of Spark, if a line is damaged or is neither a submission nor a comment.
    """
    take = partial(_each, partial(reddit_records, column=column))
    return _gathered(_mapped(lines.select(column), take, record_schema()), reddit_threads)


def _gathered(rows: "DataFrame", make: Callable[[Any], Any]) -> "DataFrame":
    functions = _functions()
    together = functions.collect_list(functions.struct(*(name for name in rows.columns if name != "thread")))
    return _mapped(rows.groupBy("thread").agg(together.alias("rows")), partial(_each, make), thread_schema())


def _each(make: Callable[[Any], Any], batches: Iterable[Any]) -> Iterator[Any]:
    return map(make, batches)


def _mapped(frame: "DataFrame", task: Callable[[Iterable[Any]], Iterator[Any]], schema: Any) -> "DataFrame":
    types = _module("pyspark.sql.pandas.types").from_arrow_schema(schema)
    return frame.mapInArrow(task, types)


def _functions() -> Any:
    return _module("pyspark.sql.functions")


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtraError("pyspark", extra="spark", purpose="Mining on Spark") from error
