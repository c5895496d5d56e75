"""Dumps of any size, mined into a folder of tables that can be gone on with after a kill.

:func:`mine_batch` is what ``argmine batch`` calls.  :mod:`argmine.batch.inputs` reads, :mod:`argmine.batch.folder`
writes.  Work goes through in parts of a fixed size, and a part is there whole or not at all, so memory is bounded by a
part, and a run that was stopped goes on behind the last one.  Needs pyarrow, which the extra ``tables`` brings.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language

from argmine import __version__
from argmine.arrow import Broken, mine_each, mined_schema, mined_to_arrow
from argmine.batch.facts import facts_of
from argmine.batch.folder import RunFolder, Tally, with_places
from argmine.batch.inputs import Entry, entries, found_inputs
from argmine.errors import ArgmineError
from argmine.loading import load
from argmine.readers import formats
from argmine.readers.pseudonyms import checked_salt
from argmine.readers.source import slug
from argmine.thread import Thread
from argmine.workers import core_count, spread
from argmine.writers import endings, write_graph

__all__ = ["BatchProgress", "mine_batch"]

_MOST_THREADS = 5_000  # of a part
_MOST_GRAPHS = 1_000  # of a part, which is a folder of them
_PIECE_THREADS, _PIECE_POSTS = 100, 500  # that a process mines at a time


class BatchProgress(NamedTuple):
    """How far a run is.

    Parameters
    ----------
    threads, posts, claims : int
        Mined, those of earlier calls included.
    errors : int
        Threads and inputs that could not be mined or read.
    resumed : int
        Threads and errors that were there already when the call began.
    share : float
        Between 0 and 1: how much of the bytes of all inputs was read.
    """

    threads: int
    posts: int
    claims: int
    errors: int
    resumed: int
    share: float


class _Piece(NamedTuple):
    """Neighbouring entries of a part, the place of the first of them in it, from 1, and whether the part ends there."""

    part: int
    first: int
    entries: list[Entry]
    is_last: bool


class _Mined(NamedTuple):
    rows: Any
    is_last: bool
    share: float


def mine_batch(
    inputs: Iterable[str | os.PathLike[str]],
    folder: str | os.PathLike[str],
    *,
    nlp: Language | None = None,
    format: str | None = None,  # noqa: A002 - as for read_threads
    pseudonyms: str | None = None,
    min_confidence: float | None = None,
    graphs: str | None = None,
    resume: bool = False,
    n_process: int = -1,
    part_posts: int = 10_000,
    report: Callable[[BatchProgress], None] | None = None,
) -> BatchProgress:
    """Mine all threads of files, dumps and folders into Parquet tables, or into a graph file each.

    Parameters
    ----------
    inputs : iterable of str or PathLike
        Files and folders that :func:`argmine.read_threads` reads; of any other folder each file below it.
    folder : str or PathLike
        Where the tables go; it must not be there yet, or be empty.
    nlp : Language, optional
        The pipeline; by default that of :func:`argmine.load`.
    format, pseudonyms
        As for :func:`argmine.read_threads`.
    min_confidence : float, optional
        As for :func:`argmine.mine`.
    graphs : str, optional
        An ending that :func:`argmine.write_graph` knows, as ``"graphml"``: each thread becomes a file, in place of rows
        in the tables of nodes and edges.
    resume : bool
        Go on with the run in the folder, which must have been begun with the same inputs and options.
    n_process : int
        Number of processes; -1 for as many as there are cores.  What is written does not depend on it.
    part_posts : int
        A part, which is one file of each table, is closed when it has so many posts, or 5,000 threads, or 1,000 graph
        files.
    report : callable, optional
        Told how far the run is, at its beginning and after every piece of work.

    Returns
    -------
    BatchProgress
        At the end of the run.

    Raises
    ------
    ArgmineError
        If the folder is not empty, or cannot be gone on with.
    ReadError
        If an input does not exist.  One that cannot be read is a row with an ``error``, and so is a thread that cannot
        be mined.
    PipelineError
        If ``min_confidence`` is not for this pipeline, or a process was ended from outside.
    MissingExtraError
        If pyarrow is not installed.
    OSError
        If the folder cannot be written.

    Examples
    --------
    >>> thread = Thread(id="pets", posts=[{"id": "a", "text": "Cats are better than dogs."}])
    >>> _ = Path("pets.jsonl").write_text(thread.model_dump_json())
    >>> mine_batch(["pets.jsonl"], "mined", n_process=1)
    BatchProgress(threads=1, posts=1, claims=1, errors=0, resumed=0, share=1.0)
    """
    mined_schema()  # says so if pyarrow is missing
    ending = None if graphs is None else _checked_ending(graphs)
    if part_posts < 1:
        raise ArgmineError(f"part_posts is {part_posts}; a part has at least one post")
    if format is not None and format not in (known := [name for name, _ in formats()]):
        raise ArgmineError(f"there is no reader named {format!r}", f"Formats that can be read: {', '.join(known)}.")
    if pseudonyms is not None:
        checked_salt(pseudonyms)
    nlp = nlp or load()
    mine_each([], nlp, min_confidence=min_confidence)  # says so if they do not go together
    found = found_inputs(inputs, folder, format=format)
    facts = facts_of(
        found, nlp, version=__version__, reader=format, pseudonyms=pseudonyms, min_confidence=min_confidence,
        graphs=ending, part_posts=part_posts,
    )  # fmt: skip
    run = RunFolder(Path(folder), facts, resume=resume)
    start = run.tally

    def tell(tally: Tally, share: float) -> BatchProgress:
        progress = BatchProgress(*tally, resumed=start.threads + start.errors, share=share)
        if report is not None:
            report(progress)
        return progress

    tell(start, float(run.is_finished))
    if not run.is_finished:
        read = entries(found, behind=run.last_place, format=format, pseudonyms=pseudonyms)
        pieces = _pieces(read, run.next_part, part_posts, _MOST_THREADS if ending is None else _MOST_GRAPHS)
        task = partial(_mine_piece, min_confidence=min_confidence, ending=ending, graphs=run.graphs)
        processes = core_count() if n_process == -1 else n_process
        done = map(partial(task, nlp), pieces) if processes == 1 else spread(task, pieces, nlp, n_process=processes)
        _commit(run, done, tell)
        run.finish()
    return tell(run.tally, 1.0)


def _commit(run: RunFolder, done: Iterable[_Mined], tell: Callable[[Tally, float], object]) -> None:
    """Write each part when all of it is mined, and tell how much there is by now."""
    tally, part = run.tally, list[Any]()
    for mined in done:
        tally = tally.plus(mined.rows)
        part.append(mined.rows)
        if mined.is_last:
            run.commit(part)
            part = []
        tell(tally, mined.share)
    if part:
        run.commit(part)


def _pieces(read: Iterable[Entry], part: int, most_posts: int, most_threads: int) -> Iterator[_Piece]:
    """Divide entries into pieces, none of which is of two parts.

    Where a part ends depends on what is in it alone, so that a run that was stopped makes the same parts as any other.
    """
    piece: list[Entry] = []
    first = 1
    piece_posts = part_posts = part_threads = 0
    for entry in read:
        posts = len(entry.thread.posts) if isinstance(entry.thread, Thread) else 0
        piece.append(entry)
        piece_posts, part_posts, part_threads = piece_posts + posts, part_posts + posts, part_threads + 1
        is_full = part_posts >= most_posts or part_threads >= most_threads
        if is_full or piece_posts >= _PIECE_POSTS or len(piece) >= _PIECE_THREADS:
            yield _Piece(part, first, piece, is_full)
            first += len(piece)
            piece, piece_posts = [], 0
        if is_full:
            part, first, part_posts, part_threads = part + 1, 1, 0, 0
    if piece:
        yield _Piece(part, first, piece, is_last=True)


def _mine_piece(
    nlp: Language, piece: _Piece, *, min_confidence: float | None, ending: str | None, graphs: Path
) -> _Mined:
    threads = [entry.thread for entry in piece.entries]
    mined = mine_each(threads, nlp, min_confidence=min_confidence)
    files: list[str | None] = [None] * len(threads)
    if ending is not None:
        folder = graphs / f"part-{piece.part:05d}"
        folder.mkdir(parents=True, exist_ok=True)
        for place, thread in enumerate(threads):
            if not isinstance(mined[place], str):
                path = folder / _file_name(piece.first + place, thread, ending)
                mined[place] = _written(mined[place], path)
                files[place] = None if isinstance(mined[place], str) else path.relative_to(graphs.parent).as_posix()
    rows = mined_to_arrow(threads, mined)
    return _Mined(with_places(rows, piece.entries, files), piece.is_last, piece.entries[-1].share)


def _file_name(number: int, thread: Thread | Broken, ending: str) -> str:
    name = slug(thread.id) if isinstance(thread, Thread) else ""
    return "-".join(filter(None, [f"{number:04d}", name])) + ending


def _written(graph: Any, path: Path) -> Any:
    """Write a graph and return it, or why its format cannot hold it; a folder that cannot be written is an error."""
    try:
        write_graph(graph, path)
    except ArgmineError as error:
        return f"{type(error).__name__}: {error}"
    return graph


def _checked_ending(name: str) -> str:
    ending = f".{name.lower().removeprefix('.')}"
    if ending not in endings():
        raise ArgmineError(f"no format has the ending {ending!r}", f"There are {', '.join(endings())}.")
    return ending
