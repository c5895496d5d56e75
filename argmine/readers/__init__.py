"""Saved pages and dumps of discussions, read as threads.

Each format is one module of the same shape:

- ``NAME`` and ``DESCRIPTION``, as shown by :func:`formats`;
- ``recognises(head)``: whether the beginning of a file looks like this format;
- ``read(source)``: the threads in a :class:`~argmine.readers.source.Source`, one after the other.

To add a format, write such a module and put it into ``_READERS``.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Protocol

from argmine.errors import NoThreadError, ReadError, UnknownFormatError
from argmine.readers import convokit, html, json, jsonl, parquet, reddit, table, text
from argmine.readers.source import Readable, Source, decode, is_binary, opened, source_name
from argmine.thread import Thread

__all__ = ["formats", "read_thread", "read_threads"]


class Reader(Protocol):
    """What every format module provides."""

    NAME: str
    DESCRIPTION: str

    def recognises(self, head: str) -> bool:
        """Return whether the beginning of a file, at most 64 KiB of it, looks like this format."""

    def read(self, source: Source) -> Iterator[Thread]:
        """Yield the threads of a file."""


# The first that recognises a file reads it, so the formats with the surest marks stand first.
_READERS: tuple[Reader, ...] = (parquet, convokit, reddit, jsonl, json, html, table, text)


def formats() -> list[tuple[str, str]]:
    """Return the name and a one-line description of every format that can be read.

    Returns
    -------
    list of (str, str)
        Sorted by name.

    Examples
    --------
    >>> [name for name, _ in formats()]
    ['convokit', 'html', 'json', 'jsonl', 'parquet', 'reddit', 'table', 'text']
    """
    return sorted((reader.NAME, reader.DESCRIPTION) for reader in _READERS)


def read_thread(source: Readable, *, format: str | None = None) -> Thread:  # noqa: A002 - the plain word
    r"""Read the one thread of a file.

    Parameters
    ----------
    source : str, os.PathLike or file object
        A path, or an open file, binary or text.
    format : str, optional
        Name of the format, one of :func:`formats`; found by looking at the content if not given.

    Returns
    -------
    Thread
        With ``repairs`` saying what was mended, left out or assumed.

    Raises
    ------
    ReadError
        If the file cannot be read, is damaged, is too large, or holds several threads.
    UnknownFormatError
        If no format has that name, or none recognises the content.
    NoThreadError
        If there is no post in the file.

    Examples
    --------
    >>> import io
    >>> page = "Cats or dogs?\n\nCats are better.\n\n1 comment\n\n  1. No, dogs are.\n"
    >>> thread = read_thread(io.StringIO(page))
    >>> thread.title, [(post.id, post.reply_to, post.text) for post in thread.posts]
    ('Cats or dogs?', [('post', None, 'Cats are better.'), ('1', 'post', 'No, dogs are.')])
    """
    name = source_name(source)
    with closing(read_threads(source, format=format)) as threads:
        thread = next(threads, None)
        if thread is None:
            raise NoThreadError(name, "there is no thread in it")
        if next(threads, None) is not None:
            raise ReadError(name, "it holds several threads", hint="Read them one by one with read_threads.")
    return thread


def read_threads(source: Readable, *, format: str | None = None) -> Generator[Thread]:  # noqa: A002
    """Read the threads of a file, one after the other.

    Files of one thread per line are never held in memory whole, so they may have any size, and so may tables and
    corpora in which the posts of a thread stand near each other.  Errors are raised when the thread at fault is
    asked for.

    Parameters
    ----------
    source, format
        As for :func:`read_thread`.

    Yields
    ------
    Thread
        In the order of the file.

    Raises
    ------
    ReadError, UnknownFormatError, NoThreadError
        As for :func:`read_thread`.
    """
    with opened(source) as found:
        yield from _reader(found, format).read(found)


def _reader(source: Source, name: str | None) -> Reader:
    names = [reader.NAME for reader in _READERS]
    if name is not None and name not in names:
        raise UnknownFormatError(source.name, f"there is no reader named {name!r}", names)
    head, _ = decode(source.head)
    is_parquet = name in {None, parquet.NAME} and parquet.recognises(head)
    if is_binary(source.head) and not is_parquet:
        raise UnknownFormatError(source.name, "this is binary data, not text", names)
    for reader in _READERS:
        if name == reader.NAME or (name is None and reader.recognises(head)):
            return reader
    raise UnknownFormatError(source.name, "the content is in none of the known formats", names)
