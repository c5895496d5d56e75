"""Records of many threads, mixed in a file of any size, brought together thread by thread in bounded memory.

They are sorted in runs that fit into memory, each run is written to a temporary folder, and the runs are then read
side by side (an external merge sort).  The folder is removed when the last group was taken, or the groups are closed.
"""

import heapq
import json
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from argmine.errors import ReadError
from argmine.readers.source import Source

#: Of one run in memory, counting what Python needs for each record besides its text.
RUN_BYTES = 64 * 1024 * 1024
_RECORD_BYTES = 300
#: So many files are open at a time.
MOST_RUNS = 64


class _Record(NamedTuple):
    """A record, in the order of sorting: shorter keys first, and those of one key as they came."""

    length: int
    key: str
    number: int
    text: str


def grouped(source: Source, records: Iterable[tuple[str, str]]) -> Generator[tuple[str, Iterator[str]]]:
    """Bring the records of each key together.

    Parameters
    ----------
    source : Source
        Where they come from, for messages.
    records : iterable of (str, str)
        A key, and a text in ASCII without line ends.

    Yields
    ------
    (str, iterator of str)
        A key and its texts in the order in which they came; shorter keys first, and those of one length by
        alphabet, which is the order of numbers in any base.  The texts are to be taken before the next key.

    Raises
    ------
    ReadError
        If the temporary folder cannot take them.
    """
    with ExitStack() as opened:
        try:
            folder = Path(opened.enter_context(TemporaryDirectory(prefix="argmine-")))
        except OSError as error:
            raise _no_room(source, error) from None
        runs, last = _sorted_runs(source, records, folder)
        merged = heapq.merge(*(_read(path, opened) for path in runs), last)
        for key, group in groupby(merged, key=lambda record: record.key):
            yield key, (record.text for record in group)


def _sorted_runs(
    source: Source, records: Iterable[tuple[str, str]], folder: Path
) -> tuple[Sequence[Path], list[_Record]]:
    """Return the files of sorted runs, at most so many as may be open, and the last run, which stays in memory."""
    paths = (folder / str(number) for number in range(1_000_000_000))
    runs: list[Path] = []
    run: list[_Record] = []
    size = 0
    for number, (key, text) in enumerate(records):
        run.append(_Record(len(key), key, number, text))
        size += len(text) + _RECORD_BYTES
        if size > RUN_BYTES:
            runs.append(_written(source, sorted(run), next(paths)))
            run, size = [], 0
    while len(runs) > MOST_RUNS:
        parts = [runs[start : start + MOST_RUNS] for start in range(0, len(runs), MOST_RUNS)]
        runs = [_merged(source, part, next(paths)) for part in parts]
    return runs, sorted(run)


def _merged(source: Source, runs: Sequence[Path], path: Path) -> Path:
    with ExitStack() as opened:
        _written(source, heapq.merge(*(_read(run, opened) for run in runs)), path)
    for run in runs:
        run.unlink()
    return path


def _written(source: Source, records: Iterable[_Record], path: Path) -> Path:
    try:
        with path.open("w", encoding="ascii", newline="\n") as file:
            file.writelines(f"{json.dumps(key)}\t{number}\t{text}\n" for _, key, number, text in records)
    except OSError as error:
        raise _no_room(source, error) from None
    return path


def _read(path: Path, opened: ExitStack) -> Iterator[_Record]:
    file = opened.enter_context(path.open(encoding="ascii", newline="\n"))
    for line in file:
        name, number, text = line.rstrip("\n").split("\t", 2)
        key: str = json.loads(name)
        yield _Record(len(key), key, int(number), text)


def _no_room(source: Source, error: OSError) -> ReadError:
    return source.error(
        f"its threads could not be sorted in the temporary folder ({error.strerror or error})",
        hint="Set TMPDIR to a folder with as much room as the file takes when it is not compressed.",
    )
