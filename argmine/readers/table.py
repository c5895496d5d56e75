"""Tables in text: CSV and TSV, one row for each post, below a line that names the columns.

Commas, semicolons or tabs part the cells, and quotation marks hold together what has them, or line ends, in it; only
a table with tabs may do without.  The names that columns may have are those in :mod:`argmine.readers.columns`.
"""

import csv
import re
from collections.abc import Iterator
from io import StringIO
from typing import Literal

from argmine.readers.columns import check_columns, find_columns, known_as
from argmine.readers.rows import Row, grouped, row_from, thread_from_rows
from argmine.readers.source import HEAD_BYTES, MAX_BYTES, MAX_PAGE_BYTES, Source, decode
from argmine.thread import Thread

NAME = "table"
DESCRIPTION = "CSV or TSV: one post per row, below a line that names the columns"

_DELIMITERS = ",;\t"
_LINE_END = re.compile(r"\r\n|\r|\n")
#: What a column may be called that is none of ours; the first one of a table written by pandas has no name.
_WORD = re.compile(r"(?:[^\W\d][\w.:/-]*)?")
_WIDE = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")


def recognises(head: str) -> bool:
    """Return whether the first line names columns, of which one has texts and another says where they belong.

    Columns that are not ours have names of one word, and the line below has as many cells.
    """
    first, second, *_ = [*_LINE_END.split(head.lstrip("\ufeff\r\n"), maxsplit=2), "", ""]
    names = _cells(first, delimiter := _delimiter(first))
    known = {known_as(name) for name in names}
    if "text" not in known or not known & {"id", "reply_to", "thread"}:
        return False
    if None not in known:
        return True
    words = all(known_as(name) or _WORD.fullmatch(name.strip()) for name in names)
    return words and ('"' in second or len(_cells(second, delimiter)) == len(names))


def read(source: Source) -> Iterator[Thread]:
    """Yield the threads of a table, in the order in which they begin."""
    empty = True
    for rows in grouped(_rows(source), limit=MAX_BYTES, error=source.error):
        yield thread_from_rows(rows, name=source.stem or NAME)
        empty = False
    if empty:
        raise source.no_thread("there are no rows below the names of the columns")


def _rows(source: Source) -> Iterator[Row]:
    lines = _Lines(source)
    header = next((line for line in lines if line.strip()), "")
    delimiter = _delimiter(header)
    names = _cells(header, delimiter)
    check_columns(names, error=source.error)
    columns = find_columns(names)
    reader = csv.reader(
        lines,
        delimiter=delimiter,
        quoting=csv.QUOTE_NONE if _is_unquoted(source, delimiter, len(names)) else csv.QUOTE_MINIMAL,
        skipinitialspace=header.count(f"{delimiter} ") == header.count(delimiter),
        strict=True,
    )
    number = 0
    while (cells := _next(reader, lines)) is not None:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            problem = f"this row has {len(cells)} cells, but {len(names)} columns are named"
            raise source.error(problem, line=lines.begun, hint="What holds delimiters needs quotation marks around it.")
        number += 1
        found = {ours: cells[place] for ours, place in columns.items()}
        yield row_from(found, number, line=lines.begun, notes=lines.notes)


def _next(reader: Iterator[list[str]], lines: "_Lines") -> list[str] | None:
    """Return the cells of the next row, or ``None`` at the end."""
    lines.begin()
    before = csv.field_size_limit(MAX_PAGE_BYTES)  # one for all of Python
    try:
        return next(reader, None)
    except csv.Error as error:
        hint = "Is a quotation mark missing? Within quotation marks they are written twice."
        raise lines.source.error(f"this row is broken ({error})", line=lines.begun, hint=hint) from None
    finally:
        csv.field_size_limit(before)


class _Lines:
    """The lines of a source, decoded, and where the row that is being read began."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.begun = 1
        self.notes: dict[str, None] = {}  # an ordered set
        self._number = 0
        self._size = 0
        self._lines = _decoded(source)

    def begin(self) -> None:
        """Count from here."""
        self.begun = self._number + 1
        self.notes = {}
        self._size = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line, notes = next(self._lines)
        self._number += 1
        self._size += len(line)
        self.notes.update(dict.fromkeys(notes))
        if self._size > MAX_BYTES:
            raise self.source.error(f"this row is longer than {MAX_BYTES >> 20} MiB", line=self.begun)
        return line


def _decoded(source: Source) -> Iterator[tuple[str, list[str]]]:
    """Yield the lines with their ends, each with what was guessed of its encoding."""
    if source.head.startswith(_WIDE):  # a line end has several bytes
        parts = iter([source.read_text()])
    else:
        parts = (decode(line) for _, line in source.lines())
    for text, notes in parts:
        for line in StringIO(text, newline=""):  # which sees the line ends of old Macs, too
            yield line, [note.detail for note in notes]


def _delimiter(header: str) -> str:
    """Return what parts most columns that are ours."""
    return max(_DELIMITERS, key=lambda mark: sum(known_as(name) is not None for name in _cells(header, mark)))


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True, strict=True), [])
    except csv.Error:
        return []


def _is_unquoted(source: Source, delimiter: str, width: int) -> bool:
    """Return whether quotation marks mean nothing in a table: its beginning makes sense only so."""
    if delimiter != "\t" or b'"' not in source.head:
        return False
    lines = list(StringIO(decode(source.head)[0], newline=""))
    is_cut = len(source.head) == HEAD_BYTES
    if is_cut:
        lines.pop()
    return _widths(lines, csv.QUOTE_MINIMAL, is_cut) != {width} and _widths(lines, csv.QUOTE_NONE, is_cut) == {width}


def _widths(lines: list[str], quoting: Literal[0, 3], is_cut: bool) -> set[int]:
    """Return how many cells the rows have, with 0 for a broken row; one may be cut off in the middle."""
    widths = set()
    try:
        for cells in csv.reader(lines, delimiter="\t", quoting=quoting, strict=True):
            if cells:  # not a blank line
                widths.add(len(cells))
    except csv.Error as error:
        if not (is_cut and str(error) == "unexpected end of data"):
            widths.add(0)
    return widths
