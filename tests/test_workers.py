"""Work spread over processes: in order, read no faster than needed, and with clear errors."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from argmine.errors import PipelineError
from argmine.workers import core_count, spread

NLP = spacy.blank("en")


def after_a_while(nlp: Language, seconds: float) -> tuple[str | None, float]:
    time.sleep(seconds)
    return nlp.lang, seconds


def same(nlp: Language, piece: int) -> int:
    return piece


def killed(nlp: Language, piece: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return piece


def wrong(nlp: Language, piece: int) -> int:
    if piece == 2:
        raise KeyError("tea")
    return piece


def test_results_come_in_the_order_of_the_work() -> None:
    seconds = [0.3, 0.0, 0.1, 0.0, 0.0, 0.05]
    assert list(spread(after_a_while, seconds, NLP, n_process=3)) == [("en", each) for each in seconds]
    assert list(spread(same, [], NLP, n_process=2)) == []


def test_work_is_taken_only_a_little_ahead() -> None:
    taken = []

    def endless() -> Iterator[int]:
        for number in count():
            taken.append(number)
            yield number

    results = spread(same, endless(), NLP, n_process=2)
    for number in range(20):
        assert next(results) == number
        assert len(taken) <= number + 10
    results.close()


def test_all_cores_are_used_if_asked_for() -> None:
    assert core_count() >= 1
    assert list(spread(same, range(3), NLP, n_process=-1)) == [0, 1, 2]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_a_process_that_was_killed_is_a_clear_error() -> None:
    with pytest.raises(PipelineError, match="ended all of a sudden"):
        list(spread(killed, range(3), NLP, n_process=2))


def test_an_error_of_the_task_arrives() -> None:
    results = spread(wrong, range(5), NLP, n_process=2)
    assert [next(results), next(results)] == [0, 1]
    with pytest.raises(KeyError, match="tea"):
        next(results)


def test_an_error_of_the_work_arrives() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("no more tea")

    with pytest.raises(ValueError, match="no more tea"):
        list(spread(same, broken(), NLP, n_process=2))


ENDLESS = """
import os, time
from itertools import count
import spacy
from argmine.workers import spread
def pid(nlp, piece):
    time.sleep(0.01)
    return os.getpid()
if __name__ == "__main__":
    for found in spread(pid, count(), spacy.blank("en"), n_process=2):
        print(found, flush=True)
"""


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.usefixtures("interruptible")
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")
@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGINT])
def test_processes_end_with_the_one_that_began_them(tmp_path: Path, sent: signal.Signals) -> None:
    script = tmp_path / "endless.py"
    script.write_text(ENDLESS)
    with subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as first:
        assert first.stdout
        pids = {int(first.stdout.readline()) for _ in range(100)}
        assert all(map(is_running, pids))
        first.send_signal(sent)
        first.stdout.read()
        first.wait(timeout=60)
    waited = time.monotonic() + 60
    while any(map(is_running, pids)) and time.monotonic() < waited:
        time.sleep(0.05)
    assert not any(map(is_running, pids))
