"""What runs in the processes of an engine such as Spark or Ray: rows of a dump to threads, and threads to graphs.

All of it takes and gives Arrow batches, and knows no engine.  Rows of one thread come together as ``thread`` and
``rows``, a list of structs; the engine gathers them, in whatever order, so they are put in order here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from importlib import import_module
from io import BytesIO
from typing import Any

from spacy.language import Language

from argmine.arrow import mine_threads, threads_from_arrow, threads_to_arrow
from argmine.errors import ReadError
from argmine.loading import load, mine_all
from argmine.readers.columns import check_columns, find_columns
from argmine.readers.dates import with_zone
from argmine.readers.reddit_dump import records, thread_from_records
from argmine.readers.rows import Row, row_from, thread_from_rows
from argmine.readers.source import Source
from argmine.thread import Thread
from argmine.workers import use_threads

_TOGETHER = 32  # threads whose graphs are in memory at once
_SHOWN = 80  # characters of a damaged line
_LATEST = datetime.max.replace(tzinfo=UTC)
_error = partial(ReadError, "<posts>")


def check_settings(pipeline: str, min_confidence: float | None) -> None:
    """Raise ``PipelineError`` for what would go wrong in every process, before any of them begins."""
    list(mine_all([], load(pipeline), min_confidence=min_confidence))


@cache
def _pipeline(name: str) -> Language:
    """Return the pipeline of this process, which has one core to itself."""
    nlp = load(name)
    use_threads(nlp, 1)
    return nlp


def mine_batches(batches: Iterable[Any], *, pipeline: str, min_confidence: float | None) -> Iterator[Any]:
    """Mine batches of threads as they come, a few threads at a time.

    Parameters
    ----------
    batches : iterable of pyarrow.RecordBatch or pyarrow.Table
        As :func:`argmine.arrow.thread_schema` says.
    pipeline : str
        Name or folder of the pipeline; loaded once in a process, for one core.
    min_confidence : float or None
        As for :func:`argmine.mine`.

    Yields
    ------
    pyarrow.RecordBatch
        Of :func:`argmine.arrow.mined_schema`, each of at most 32 threads.
    """
    nlp = _pipeline(pipeline)
    for batch in batches:
        for start in range(0, batch.num_rows, _TOGETHER):
            some = batch.slice(start, _TOGETHER)
            yield mine_threads(list(threads_from_arrow(some)), nlp, min_confidence=min_confidence)


def record_schema() -> Any:
    """Return the schema of the records of a dump of Reddit."""
    arrow = import_module("pyarrow")
    return arrow.schema([("thread", arrow.string()), ("record", arrow.string())])


def reddit_records(batch: Any, *, column: str) -> Any:
    """Take the lines of a dump apart: a batch of ``thread``, the id of the submission, and ``record``, what is kept.

    Raises
    ------
    ReadError
        If a line is damaged, or neither a submission nor a comment; the message begins with the line.
    """
    found: list[tuple[str, str]] = []
    for line in batch.column(column).to_pylist():
        data = (line or "").encode("utf-8", "replace")
        found += records(Source(name=f"<{(line or '')[:_SHOWN]}>", head=data, rest=BytesIO()))
    columns = [list(column) for column in zip(*found, strict=True)] or [[], []]
    return import_module("pyarrow").record_batch(columns, schema=record_schema())


def reddit_threads(batch: Any) -> Any:
    """Make threads of the records of Reddit, as :mod:`argmine.readers.reddit_dump` does; a batch of threads."""
    return _threads(batch, lambda thread, rows: thread_from_records(thread, sorted(row["record"] for row in rows)))


def post_columns(names: Sequence[str], columns: Mapping[str, str] | None) -> dict[str, str]:
    """Return our names to those of a table with one post in each row, as :func:`argmine.threads_of` finds them.

    Raises
    ------
    ReadError
        If there is no column for the text or the thread, or one that is given is not there.
    """
    check_columns(names, columns, error=_error)
    found = {ours: names[place] for ours, place in find_columns(names, columns).items()}
    if "thread" not in found:
        raise _error("no column names the threads", hint=f"Call it thread. There are: {', '.join(names[:20])}.")
    return found


def post_threads(batch: Any) -> Any:
    """Make threads of posts, by date, those without one last, then by id; a batch of threads."""
    return _threads(batch, _thread_of_posts)


def _thread_of_posts(thread: Any, rows: Sequence[Mapping[str, Any]]) -> Thread:
    found = [row_from({**{name: _in_utc(cell) for name, cell in row.items()}, "thread": thread}, 0) for row in rows]
    found.sort(key=_place)
    return thread_from_rows([row._replace(number=n) for n, row in enumerate(found, start=1)], name="thread")


def _in_utc(cell: Any) -> Any:
    """Return a moment in UTC, whatever the time zone of the engine's session."""
    return cell.astimezone(UTC) if isinstance(cell, datetime) and cell.tzinfo is not None else cell


def _place(row: Row) -> tuple[datetime, bool, int, str, str, str, str]:
    moment = with_zone(row.created_at) or _LATEST
    return moment, row.reply_to != "", len(row.id), row.id, row.reply_to, row.author, row.text


def _threads(batch: Any, make: Callable[[Any, list[dict[str, Any]]], Thread]) -> Any:
    return threads_to_arrow(make(row["thread"], row["rows"]) for row in batch.to_pylist())
