"""Saved pages and dumps of discussions, read as threads.

Each format is one module of the same shape:

- ``NAME`` and ``DESCRIPTION``, as shown by :func:`formats`;
- ``recognises(head)``: whether the beginning of a file looks like this format;
- ``read(source)``: the threads in a :class:`~argmine.readers.source.Source`, one after the other.

To add a format, write such a module and put it into ``_READERS``.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Protocol

from argmine.errors import NoThreadError, ReadError, UnknownFormatError
from argmine.readers import (
    activitypub,
    chat,
    commento,
    convokit,
    discourse,
    disqus,
    hacker_news,
    html,
    isso,
    json,
    jsonl,
    lemmy,
    mastodon,
    mbox,
    parquet,
    reddit,
    reddit_dump,
    reddit_vcr,
    remark42,
    stackexchange,
    table,
    text,
    wordpress,
)
from argmine.readers.compression import archive_of
from argmine.readers.folder import json_files
from argmine.readers.pseudonyms import checked_salt, pseudonymised
from argmine.readers.refusals import refusal_of
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
_READERS: tuple[Reader, ...] = (
    parquet, wordpress, disqus, commento, remark42, isso, reddit_dump, reddit_vcr, reddit, convokit, lemmy, mastodon,
    discourse, stackexchange, hacker_news, activitypub, chat, jsonl, json, mbox, html, table, text,
)  # fmt: skip


def formats() -> list[tuple[str, str]]:
    """Return the name and a one-line description of every format that can be read.

    Returns
    -------
    list of (str, str)
        Sorted by name.

    Examples
    --------
    >>> [name for name, _ in formats()]  # doctest: +NORMALIZE_WHITESPACE
    ['activitypub', 'chat', 'commento', 'convokit', 'discourse', 'disqus', 'hacker_news', 'html', 'isso', 'json',
    'jsonl', 'lemmy', 'mastodon', 'mbox', 'parquet', 'reddit', 'reddit_dump', 'reddit_vcr', 'remark42',
    'stackexchange', 'table', 'text', 'wordpress']
    """
    return sorted((reader.NAME, reader.DESCRIPTION) for reader in _READERS)


def read_thread(
    source: Readable,
    *,
    format: str | None = None,  # noqa: A002 - the plain word
    pseudonyms: str | None = None,
) -> Thread:
    r"""Read the one thread of a file.

    Parameters
    ----------
    source : str, os.PathLike or file object
        A path, or an open file, binary or text.
    format : str, optional
        Name of the format, one of :func:`formats`; found by looking at the content if not given.
    pseudonyms : str, optional
        A salt under which authors get pseudonyms, as :func:`~argmine.readers.pseudonyms.pseudonymised` makes them.

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
    ArgmineError
        If the salt is empty.

    Examples
    --------
    >>> import io
    >>> page = "Cats or dogs?\n\nCats are better.\n\n1 comment\n\n  1. No, dogs are.\n"
    >>> thread = read_thread(io.StringIO(page))
    >>> thread.title, [(post.id, post.reply_to, post.text) for post in thread.posts]
    ('Cats or dogs?', [('post', None, 'Cats are better.'), ('1', 'post', 'No, dogs are.')])
    """
    name = source_name(source)
    with closing(read_threads(source, format=format, pseudonyms=pseudonyms)) as threads:
        thread = next(threads, None)
        if thread is None:
            raise NoThreadError(name, "there is no thread in it")
        if next(threads, None) is not None:
            raise ReadError(name, "it holds several threads", hint="Read them one by one with read_threads.")
    return thread


def read_threads(
    source: Readable,
    *,
    format: str | None = None,  # noqa: A002
    pseudonyms: str | None = None,
) -> Generator[Thread]:
    """Read the threads of a file, one after the other.

    Files of one thread per line, and dumps, are never held in memory whole, so they may have any size, and so may
    tables and corpora in which the posts of a thread stand near each other.  Errors are raised when the thread at
    fault is asked for; those in a dump, when the first is.

    Parameters
    ----------
    source, format, pseudonyms
        As for :func:`read_thread`.

    Yields
    ------
    Thread
        In the order of the file; those of a dump, by id.

    Raises
    ------
    ReadError, UnknownFormatError, NoThreadError, ArgmineError
        As for :func:`read_thread`.
    """
    salt = None if pseudonyms is None else checked_salt(pseudonyms)
    with opened(source) as found:
        for thread in _reader(found, format).read(found):
            yield thread if salt is None else pseudonymised(thread, salt)


def is_read_whole(folder: Path, *, format: str | None = None) -> bool:  # noqa: A002
    """Return whether the files of a folder may be parts of the same threads, so that they are read together.

    Parameters
    ----------
    folder : Path
        Any other than one of ``.json`` files of Hacker News or Discourse is not.
    format : str, optional
        As for :func:`read_thread`.
    """
    if not json_files(folder):
        return False
    try:
        with opened(folder) as source:
            return _reader(source, format) in (discourse, hacker_news)
    except ReadError:
        return False


def _reader(source: Source, name: str | None) -> Reader:
    names = [reader.NAME for reader in _READERS]
    if name is not None and name not in names:
        raise UnknownFormatError(source.name, f"there is no reader named {name!r}", names)
    if archive := archive_of(source.head):
        raise UnknownFormatError(source.name, f"this is a {archive} archive: unpack it and read the files in it", names)
    head, _ = decode(source.head)
    is_parquet = name in {None, parquet.NAME} and parquet.recognises(head)
    if is_binary(source.head) and not is_parquet:
        raise UnknownFormatError(source.name, "this is binary data, not text", names)
    if name is None and (refusal := refusal_of(head)):
        problem, hint = refusal
        raise source.error(problem, hint=hint)
    for reader in _READERS:
        if name == reader.NAME or (name is None and reader.recognises(head)):
            return reader
    raise UnknownFormatError(source.name, "the content is in none of the known formats", names)
