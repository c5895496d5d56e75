"""Mining on Ray: datasets of posts or of Reddit's dumps to threads, and threads to what is mined of them.

Needs Ray Data, which the extra ``ray`` brings; argmine is to be installed on every machine of the cluster.  Each thread
gives exactly the row that :func:`argmine.arrow.mine_arrow` gives for it.  Nothing runs before Ray is asked for rows,
and they come as they are ready, in no order.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from argmine.engines import (
    check_settings,
    mine_batches,
    post_columns,
    post_threads,
    reddit_records,
    reddit_threads,
)
from argmine.errors import MissingExtraError, PipelineError

if TYPE_CHECKING:
    from ray.data import Dataset

__all__ = ["mine_dataset", "reddit_dataset", "threads_dataset"]


def mine_dataset(
    threads: "Dataset",
    *,
    pipeline: str = "en",
    min_confidence: float | None = None,
    concurrency: int | None = None,
    batch_size: int = 32,
) -> "Dataset":
    """Mine a dataset of threads.

    Parameters
    ----------
    threads : ray.data.Dataset
        As :func:`argmine.arrow.thread_schema` says: those of :func:`threads_dataset` and :func:`reddit_dataset` are.
    pipeline : str
        Name of the pipeline, or the path of a folder that ``nlp.to_disk`` wrote, which must be on every machine.  Each
        actor loads it once, to use one core.
    min_confidence : float, optional
        As for :func:`argmine.mine`.
    concurrency : int, optional
        Number of actors at most, a core each; by default as many as the cluster has room for.  There is one at first,
        and more when threads wait, so that what comes before the mining gets a core, too.
    batch_size : int
        Number of threads that are sent to an actor together.

    Returns
    -------
    ray.data.Dataset
        As :func:`argmine.arrow.mined_schema` says: a row for each thread, with its nodes and edges as lists, which
        :func:`argmine.arrow.nodes_of` and :func:`argmine.arrow.edges_of` make flat tables of.  A thread that cannot be
        mined has an ``error``; the others are mined all the same.

    Raises
    ------
    PipelineError
        If there is no such pipeline, ``min_confidence`` is not between 0 and 1, or there is no actor.
    MissingExtraError
        If Ray Data is not installed.
    """
    if concurrency is not None and concurrency < 1:
        raise PipelineError(f"concurrency is {concurrency}: there must be an actor", "Leave it out to use all cores.")
    actors = _data().ActorPoolStrategy(min_size=1, max_size=concurrency)
    check_settings(pipeline, min_confidence)
    return threads.repartition(target_num_rows_per_block=batch_size).map_batches(
        _Miner,
        fn_constructor_kwargs={"pipeline": pipeline, "min_confidence": min_confidence},
        batch_format="pyarrow",
        batch_size=batch_size,
        compute=actors,
    )


class _Miner:
    """What each actor runs."""

    def __init__(self, *, pipeline: str, min_confidence: float | None) -> None:
        self._mine = partial(mine_batches, pipeline=pipeline, min_confidence=min_confidence)

    def __call__(self, batch: Any) -> Iterator[Any]:
        for mined in self._mine([batch]):  # Ray takes generators, but no other iterators
            yield _table(mined)


def threads_dataset(posts: "Dataset", *, columns: Mapping[str, str] | None = None) -> "Dataset":
    """Bring the posts of each thread together.

    Parameters
    ----------
    posts : ray.data.Dataset
        One post in each row, in columns as those of :func:`argmine.threads_of`, ``thread`` among them.
    columns : mapping of str to str, optional
        Our names to those of the dataset, where they are not found by themselves.

    Returns
    -------
    ray.data.Dataset
        As :func:`argmine.arrow.thread_schema` says, a thread in each row.  Rows of a dataset have no order, so posts
        come by date, those without one last, and then by id.

    Raises
    ------
    ReadError
        If there is no column for the text or the thread, or one that is given is not there.
    """
    found = post_columns(posts.columns(), columns)
    renamed = posts.select_columns([*found.values()]).rename_columns({theirs: ours for ours, theirs in found.items()})
    return _gathered(renamed, post_threads)


def reddit_dataset(lines: "Dataset", *, column: str = "text") -> "Dataset":
    """Make threads of dumps of Reddit's submissions and comments.

    Parameters
    ----------
    lines : ray.data.Dataset
        A submission or comment as JSON in each row, in any order, as ``ray.data.read_text`` reads the files.
    column : str
        The column that they are in.

    Returns
    -------
    ray.data.Dataset
        As :func:`argmine.arrow.thread_schema` says: the threads that :func:`argmine.read_threads` would read.  Where a
        comment is there twice with different texts, either may come first.

    Raises
    ------
    ReadError
        When Ray runs it, inside an error of Ray, if a line is damaged or is neither a submission nor a comment.
    """
    take = partial(_as_table, partial(reddit_records, column=column))
    return _gathered(lines.map_batches(take, batch_format="pyarrow"), reddit_threads)


def _gathered(rows: "Dataset", make: Callable[[Any], Any]) -> "Dataset":
    return rows.groupby("thread").map_groups(partial(_of_group, make), batch_format="pyarrow")


def _of_group(make: Callable[[Any], Any], group: Any) -> Any:
    """Make the thread of a table of its rows."""
    arrow = import_module("pyarrow")
    rows = group.drop_columns(["thread"]).to_struct_array()
    together = arrow.ListArray.from_arrays([0, len(group)], arrow.concat_arrays(rows.chunks))
    return _table(make(arrow.record_batch([group["thread"].combine_chunks()[:1], together], ["thread", "rows"])))


def _as_table(make: Callable[[Any], Any], batch: Any) -> Any:
    return _table(make(batch))


def _table(batch: Any) -> Any:
    return import_module("pyarrow").Table.from_batches([batch])  # which is what Ray takes


def _data() -> Any:
    try:
        return import_module("ray.data")
    except ImportError as error:
        raise MissingExtraError("ray", extra="ray", purpose="Mining on Ray") from error
