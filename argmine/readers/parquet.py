"""Tables in Parquet files, read by row groups: columns as in :mod:`argmine.readers.columns`.

Needs pyarrow, which the extra ``tables`` brings.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from argmine.errors import MissingExtraError
from argmine.readers.columns import check_columns, find_columns
from argmine.readers.rows import Row, grouped, row_from, thread_from_rows
from argmine.readers.source import MAX_BYTES, Source
from argmine.thread import Thread

NAME = "parquet"
DESCRIPTION = "Parquet: one post per row, in named columns (needs the extra tables)"

_ROWS_AT_ONCE = 1024


def recognises(head: str) -> bool:
    """Return whether a file begins as Parquet does, which is no text."""
    return re.match(r"PAR1[\x00-\x08\x0e-\x1f]", head) is not None


def read(source: Source) -> Iterator[Thread]:
    """Yield the threads of a table, in the order in which they begin."""
    empty = True
    for rows in grouped(_rows(source), limit=MAX_BYTES, error=source.error):
        yield thread_from_rows(rows, name=source.stem or NAME)
        empty = False
    if empty:
        raise source.no_thread("the table has no rows")


def _rows(source: Source) -> Iterator[Row]:
    try:
        import pyarrow  # noqa: PLC0415 - of an extra
        from pyarrow import parquet  # noqa: PLC0415
    except ModuleNotFoundError:
        raise MissingExtraError("pyarrow", extra="tables", purpose="Reading Parquet") from None
    damage = (pyarrow.ArrowException, OSError, ValueError, KeyError, OverflowError)
    number = 0
    try:
        table = parquet.ParquetFile(_whole(source))
        names = table.schema_arrow.names
        check_columns(names, error=source.error)
        columns = find_columns(names)
        wanted = [names[place] for place in columns.values()]
        for batch in table.iter_batches(batch_size=_ROWS_AT_ONCE, columns=wanted):
            for values in zip(*(_values(batch, name) for name in wanted), strict=True):
                number += 1
                yield row_from(dict(zip(columns, values, strict=True)), number)
    except damage as error:
        reason = " ".join(str(error).split()) or "no reason given"
        raise source.error(f"the Parquet is damaged, or of an unknown kind ({reason[:200]})") from None


def _whole(source: Source) -> Any:
    """Return the file as one that can be read at any place."""
    try:
        if source.rest.seekable() and source.rest.tell() == len(source.head):
            source.rest.seek(0)
            return source.rest
    except (AttributeError, OSError):  # what was given is hardly a file
        pass
    return BytesIO(source.read_bytes())


def _values(batch: Any, name: str) -> list[Any]:
    import pyarrow  # noqa: PLC0415 - of an extra

    array = batch.column(batch.schema.names.index(name))
    if pyarrow.types.is_timestamp(array.type):  # Python has no nanoseconds, and need not know the zone
        array = array.cast(pyarrow.timestamp("us", tz="UTC" if array.type.tz else None), safe=False)
    values: list[Any] = array.to_pylist()
    return values
