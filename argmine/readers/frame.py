"""Threads from tables that are in memory: data frames, and dicts of anything that has rows."""

from collections.abc import Iterable, Iterator, Mapping, Sized
from functools import partial
from typing import Any

from argmine.errors import NoThreadError, ReadError
from argmine.readers.columns import check_columns, find_columns
from argmine.readers.rows import Row, grouped, row_from, thread_from_rows
from argmine.readers.source import MAX_BYTES
from argmine.thread import Thread


def threads_of(frame: Any, *, columns: Mapping[str, Any] | None = None) -> Iterator[Thread]:
    """Make threads of a table with one post in each row.

    The columns are ``text`` and, if there are such, ``id``, ``reply_to``, ``author``, ``thread``, ``title``,
    ``created_at`` and ``url``; many other names are known for each.  ``None``, ``NaN``, ``NaT`` and what is empty is
    missing, and whole numbers are ids without a point (``12.0`` is ``"12"``).

    Parameters
    ----------
    frame : pandas.DataFrame, polars.DataFrame or iterable of dict
        Of a frame all rows are in memory; an iterable may have any number, as those of a thread are near each other.
    columns : mapping of str to str, optional
        Our names to those of the table, where they are not found by themselves.

    Yields
    ------
    Thread
        In the order in which they begin, with ``repairs`` saying what was mended or assumed.

    Raises
    ------
    TypeError
        If this is no table.
    ReadError
        If there is no column of texts, or not the one that was named.
    NoThreadError
        If there are no rows.

    Examples
    --------
    >>> rows = [
    ...     {"id": 1, "reply_to": None, "text": "Cats are better."},
    ...     {"id": 2, "reply_to": 1.0, "text": "No, dogs are."},
    ... ]
    >>> [thread] = threads_of(rows)
    >>> [(post.id, post.reply_to) for post in thread.posts]
    [('1', None), ('2', '1')]
    """
    name = f"<{type(frame).__name__}>"
    error = partial(ReadError, name)
    if hasattr(frame, "columns") and hasattr(frame, "__getitem__"):
        rows = _rows_of_frame(frame, columns, error)
    elif isinstance(frame, Iterable) and not isinstance(frame, str | bytes | Mapping):
        rows = _rows_of_dicts(frame, columns, error)
    else:
        raise TypeError(f"expected a data frame, or dicts, got {type(frame).__name__}")
    limit = None if isinstance(frame, Sized) else MAX_BYTES
    return _threads(rows, limit, name)


def _threads(rows: Iterator[Row], limit: int | None, name: str) -> Iterator[Thread]:
    empty = True
    for found in grouped(rows, limit=limit, error=partial(ReadError, name)):
        yield thread_from_rows(found, name="thread")
        empty = False
    if empty:
        raise NoThreadError(name, "there are no rows in it")


def _rows_of_frame(frame: Any, given: Mapping[str, Any] | None, error: partial[ReadError]) -> Iterator[Row]:
    """Yield the rows of what has ``columns`` and gives the values of each by its name."""
    names = list(frame.columns)
    check_columns(names, given, error=error)
    columns = find_columns(names, given)
    cells = (frame[names[place]] for place in columns.values())
    for number, row in enumerate(zip(*cells, strict=True), start=1):
        yield row_from(dict(zip(columns, row, strict=True)), number)


def _rows_of_dicts(dicts: Iterable[Any], given: Mapping[str, Any] | None, error: partial[ReadError]) -> Iterator[Row]:
    """Yield the rows of dicts, which need not have the same keys."""
    seen: dict[Any, None] = {}  # an ordered set
    names: list[Any] = []
    columns: dict[str, int] = {}
    for number, cells in enumerate(dicts, start=1):
        if not isinstance(cells, Mapping):
            raise TypeError(f"row {number}: expected a dict, got {type(cells).__name__}")
        if list(cells) != names:
            names = list(cells)
            columns = find_columns(names, given)
            seen.update(dict.fromkeys(names))
        yield row_from({ours: cells[names[place]] for ours, place in columns.items()}, number)
    if seen:
        check_columns(list(seen), given, error=error)
