"""How fast a pipeline is: replies per second when it is warm, and a whole ``argmine mine`` from nothing."""

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import argmine
from argmine.errors import EvaluationError
from argmine.evaluation.resampling import Estimate
from argmine.thread import Post, Thread

if TYPE_CHECKING:
    from spacy.language import Language

#: Words of the post and of its reply.
POST_WORDS, REPLY_WORDS = 100, 60

_POST = (
    "The tram to the harbour should run all night, because the last bus leaves long before the restaurants close.",
    "People who work late have no way home except a taxi, and a taxi costs more than they earn in an hour.",
    "I know that it is not cheap to pay drivers after midnight.",
    "But the city already pays for empty parking garages, and nobody asks what those cost.",
    "Would it not be fair to try it for one summer and count the passengers?",
    "In Westerholm they did just that, and the number of accidents on the coast road fell.",
    "My sister cleans offices there, so I have seen how much it changed for her.",
)
_REPLY = (
    "I agree that the last bus leaves too early, but a tram all night is the wrong answer.",
    "Most of the line runs past houses where people sleep, and the rails are loud in every curve.",
    "Two small buses would do the same work for half of the money.",
    "Besides, Westerholm closed the coast road to lorries in the same year, which is why there were fewer accidents.",
    "How many passengers do you expect on a Tuesday in November?",
)


def replies_per_second(nlp: "Language", *, replies: int = 64, rounds: int = 5) -> Estimate:
    """Measure how many replies of 60 words, each answering a post of its own of 100 words, a pipeline reads a second.

    The texts are made of a few written sentences, in turn; no two threads are the same.  Reading the posts and making
    the graphs is part of the time, loading the pipeline is not.

    Parameters
    ----------
    nlp : Language
        The pipeline.
    replies : int
        How many are mined in a round.
    rounds : int
        A first one, which warms up, is not counted.

    Returns
    -------
    Estimate
        Replies per second: the median of the rounds, the slowest and the fastest.
    """
    rates = []
    for number in range(rounds + 1):
        threads = [_thread(number * replies + each) for each in range(replies)]
        start = time.perf_counter()
        for _ in argmine.mine_all(threads, nlp):
            pass
        rates.append(replies / (time.perf_counter() - start))
    return _spread(rates[1:])


def cold_start(pipeline: str | None = None, *, thread: Path | str | None = None, rounds: int = 3) -> Estimate:
    """Measure the wall time of ``argmine mine`` of one thread in a process of its own, from start to exit.

    Parameters
    ----------
    pipeline : str, optional
        Name for ``--pipeline``; by default the option is not given.
    thread : path, optional
        What is mined; by default a thread of six posts made for this.
    rounds : int
        A first one, which fills the system's cache of files, is not counted.

    Returns
    -------
    Estimate
        Seconds: the median of the rounds, the shortest and the longest.

    Raises
    ------
    EvaluationError
        If the command fails; with the last line that it said.
    """
    with TemporaryDirectory() as folder:
        path = Path(thread).resolve() if thread is not None else Path(folder) / "thread.json"
        if thread is None:
            path.write_text(_example().model_dump_json(), encoding="utf-8")
        command = [sys.executable, "-m", "argmine", "mine", str(path), "-o", "thread.graphml", "--quiet"]
        if pipeline is not None:
            command += ["--pipeline", pipeline]
        return _spread([_wall_time(command, folder) for _ in range(rounds + 1)][1:])


def _wall_time(command: Sequence[str], folder: str) -> float:
    start = time.perf_counter()
    # our own interpreter and our own module, and no shell
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    passed = time.perf_counter() - start
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise EvaluationError(f"argmine mine failed: {said[-1].strip().rstrip('.')}")
    return passed


def _spread(values: Sequence[float]) -> Estimate:
    return Estimate(statistics.median(values), min(values), max(values))


def _thread(number: int) -> Thread:
    texts = _text(_POST, POST_WORDS, number), _text(_REPLY, REPLY_WORDS, number)
    return Thread(
        id=str(number),
        title="Trams at night",
        posts=(Post(id="post", text=texts[0]), Post(id="reply", text=texts[1], reply_to="post")),
    )


def _text(sentences: Sequence[str], words: int, number: int) -> str:
    """Return so many words of the sentences in turn, from another beginning for each number."""
    start = number % len(sentences)
    turned = [*sentences[start:], *sentences[:start]]
    numbered = [f"{sentence[:-1]} in {1900 + number}{sentence[-1]}" for sentence in turned]
    return " ".join(islice(cycle(" ".join(numbered).split()), words))


def _example() -> Thread:
    posts = [Post(id="0", author="Runa", text=" ".join(_POST))]
    posts += [
        Post(id=str(number), author=f"Reader {number}", text=text, reply_to=str(max(0, number - 2)))
        for number, text in enumerate(_REPLY, start=1)
    ]
    return Thread(id="trams", title="Trams at night", posts=tuple(posts))
