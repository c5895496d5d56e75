"""What a run reads: the files of its inputs, and their threads one after the other."""

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from argmine.arrow import Broken
from argmine.errors import ArgmineError, NoThreadError, ReadError
from argmine.readers import is_read_whole, read_threads
from argmine.readers.folder import json_files
from argmine.thread import Thread

_UTTERANCES = "utterances.jsonl"  # of a ConvoKit corpus, whose other files hold no posts
_LOOKED_AT = 1 << 20  # bytes at each end of a file that its fingerprint is made of


class Input(NamedTuple):
    """A file, or a folder that is read as one: what it is called in tables, its size and its fingerprint."""

    given: str
    name: str
    path: Path
    size: int
    digest: str


class Place(NamedTuple):
    """Where a row of the table of threads comes from; behind one that is the last of its input, nothing was read."""

    input: str
    number: int
    is_last: bool


class Entry(NamedTuple):
    """A thread, its place in its input, from 1, and the share of the bytes of all inputs read so far."""

    input: str
    number: int
    thread: Thread | Broken
    share: float


def found_inputs(
    paths: Iterable[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    *,
    format: str | None,  # noqa: A002
) -> list[Input]:
    """Find the files of the inputs of a run, in the order in which they are read.

    Parameters
    ----------
    paths : iterable of str or PathLike
        As they are given.
    folder : str or PathLike
        Where the run writes, which must not be in one of them.
    format : str, optional
        Name of the reader.

    Raises
    ------
    ReadError
        If one does not exist, or cannot be looked at.
    ArgmineError
        If there are none, a file is among them twice, or the run would read what it writes.
    """
    found: list[Input] = []
    target = Path(folder).resolve()
    for path in map(Path, paths):
        if path.is_dir() and target.is_relative_to(path.resolve()):
            raise ArgmineError(f"{folder} is in the input {path}", "Name a folder outside of it.")
        if not path.exists():
            raise ReadError(_name(path), "there is no such file or folder")
        found += [_looked_at(_name(path), each) for each in _sources(path, format)]
    if not found:
        raise ArgmineError("There are no files in the inputs", "Name files, or folders that hold some.")
    name, count = Counter(each.name for each in found).most_common(1)[0]
    if count > 1:
        raise ArgmineError(f"{name} is among the inputs {count} times", "Name it once.")
    return found


def _sources(path: Path, format: str | None) -> Iterator[Path]:  # noqa: A002
    """Yield a file or, of a folder, all that is below it, sorted by name; hidden files and links to folders are not."""
    waiting = [path]
    while waiting:
        here = waiting.pop()
        if not here.is_dir() or is_read_whole(here, format=format):
            yield here
        elif (here / _UTTERANCES).is_file():
            yield here / _UTTERANCES
        else:
            inside = sorted(here.iterdir(), key=lambda each: each.name, reverse=True)
            waiting += [
                each
                for each in inside
                if not each.name.startswith(".") and (each.is_file() or (each.is_dir() and not each.is_symlink()))
            ]


def _name(path: Path) -> str:
    return os.fspath(path).encode("utf-8", "backslashreplace").decode()


def _looked_at(given: str, path: Path) -> Input:
    """Return an input with its fingerprint: its size and both of its ends, since a dump takes hours to read."""
    files = json_files(path) if path.is_dir() else [path]
    seen = hashlib.sha256()
    total = 0
    try:
        for file in files:
            with file.open("rb") as stream:
                size = stream.seek(0, os.SEEK_END)
                stream.seek(0)
                seen.update(f"{file.name} {size} ".encode("utf-8", "backslashreplace"))
                seen.update(stream.read(_LOOKED_AT))
                stream.seek(max(size - _LOOKED_AT, 0))
                seen.update(stream.read(_LOOKED_AT))
            total += size
    except OSError as error:
        seen.update(str(error.strerror).encode())  # it is an error again when it is read
    return Input(given, _name(path), path, total, seen.hexdigest())


def entries(
    inputs: list[Input],
    *,
    behind: Place | None,
    format: str | None,  # noqa: A002
    pseudonyms: str | None,
) -> Iterator[Entry]:
    """Read the threads of all inputs; one that cannot be read, or not further, gives an entry that says why.

    Parameters
    ----------
    inputs : list of Input
        In their order.
    behind : Place or None
        The last place that is done already.
    format, pseudonyms
        As for :func:`argmine.read_threads`.
    """
    total = sum(each.size for each in inputs) or 1
    names = [each.name for each in inputs]
    begin, skipped = (0, 0) if behind is None else (names.index(behind.input), behind.number)
    if behind is not None and behind.is_last:
        begin, skipped = begin + 1, 0
    before = sum(each.size for each in inputs[:begin])
    for each in inputs[begin:]:
        for number, (thread, position) in enumerate(_read(each, format, pseudonyms), start=1):
            if number > skipped:
                yield Entry(each.name, number, thread, (before + position) / total)
        before += each.size
        skipped = 0


def _read(each: Input, format: str | None, pseudonyms: str | None) -> Iterator[tuple[Thread | Broken, int]]:  # noqa: A002
    """Yield the threads of an input, each with how many bytes of it were read by then."""
    found = 0
    try:
        if each.path.is_dir():
            for thread in read_threads(each.path, format=format, pseudonyms=pseudonyms):
                found += 1
                yield thread, 0
        else:
            with each.path.open("rb") as stream:
                for thread in read_threads(stream, format=format, pseudonyms=pseudonyms):
                    found += 1
                    yield thread, stream.tell()
        if not found:
            raise NoThreadError(each.name, "there is no thread in it")
    except Exception as error:  # noqa: BLE001 - whatever one file does to a reader, the others are read
        yield Broken(None, f"{type(error).__name__}: {error}"), each.size
