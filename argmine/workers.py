"""Work spread over processes, each with the pipeline; what comes of it comes in the order of the work."""

import gc
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from threading import Thread, current_thread, main_thread
from typing import TypeVar

from spacy.language import Language

from argmine.errors import PipelineError

_Work = TypeVar("_Work")
_Result = TypeVar("_Result")

_WAITING = 4  # pieces of work, for each process, that are under way or not yet taken
_LOOK_SECONDS = 0.5


def core_count() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def use_threads(nlp: Language, threads: int) -> None:
    """Let the stages that would use all cores use so many threads, as other processes work beside this one."""
    for _, stage in nlp.pipeline:
        if getattr(stage, "threads", None) == 0:
            stage.threads = threads  # type: ignore[attr-defined]


def spread(
    task: Callable[[Language, _Work], _Result], work: Iterable[_Work], nlp: Language, *, n_process: int
) -> Generator[_Result]:
    """Do a task for each piece of work, in several processes.

    Parameters
    ----------
    task : callable
        Given the pipeline and a piece of work; a function of a module, or a partial of one.
    work : iterable
        Taken only a little faster than it is done.
    nlp : Language
        The pipeline, which each process gets once.  Its stages that would use all cores share them.
    n_process : int
        Number of processes; -1 for as many as there are cores.

    Yields
    ------
    object
        What the task returns for each piece, in order.

    Raises
    ------
    PipelineError
        If a process was ended from outside, mostly for lack of memory.
    """
    n_process = core_count() if n_process == -1 else n_process
    pieces = iter(work)
    threads = max(1, core_count() // n_process)
    pool = ProcessPoolExecutor(n_process, initializer=_begin, initargs=(nlp, threads))
    try:
        under_way: deque[Future[_Result]] = deque(
            _submitted(pool, task, piece) for piece in islice(pieces, _WAITING * n_process)
        )
        while under_way:
            result = under_way.popleft().result()
            under_way.extend(_submitted(pool, task, piece) for piece in islice(pieces, 1))
            yield result
    except BrokenProcessPool as error:
        raise PipelineError(
            "A process that was mining ended all of a sudden, perhaps for lack of memory",
            "Use fewer processes (n_process), or smaller batches (batch_size).",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, task: Callable[[Language, _Work], _Result], piece: _Work) -> Future[_Result]:
    with _without_ctrl_c():
        return pool.submit(_do, task, piece)


@contextmanager
def _without_ctrl_c() -> Iterator[None]:
    """Put Ctrl-C off: while a process is begun, Python would swallow the interrupt."""
    before = signal.getsignal(signal.SIGINT)
    if current_thread() is not main_thread() or before is None:  # signals are not for us to handle
        yield
        return
    came: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


_nlp: Language | None = None  # of a process of the pool


def _begin(nlp: Language, threads: int) -> None:
    global _nlp  # noqa: PLW0603 - a process of the pool is begun once, and has no other place to keep it
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl-C ends it at once and quietly; the first process says so
    Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    use_threads(nlp, threads)
    _nlp = nlp
    gc.freeze()  # what the first process had made is no garbage, and need not be looked through again and again


def _do(task: Callable[[Language, _Work], _Result], piece: _Work) -> _Result:
    assert _nlp is not None  # the pool has begun
    return task(_nlp, piece)


def _end_with(parent: int) -> None:
    """End this process when the one that began it was killed: nobody would ever take its results."""
    while os.getppid() == parent:
        time.sleep(_LOOK_SECONDS)
    os._exit(1)
