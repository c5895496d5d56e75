"""Kill ``mine_batch`` again and again, and go on: ``python tests/benchmarks/kill_and_resume.py [--kills N] …``.

The inputs are a generated dump of small threads, one in 500 of which cannot be mined, a file that ends in the middle of
a line, and one that is no discussion.  They are mined once without disturbance, and once in processes that are killed
(SIGKILL) at random moments and begun again until one ends by itself.  Both folders must hold the same files, byte by
byte.  Needs POSIX and the extra ``tables``.
"""

import argparse
import filecmp
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from spacy.language import Language
from spacy.tokens import Doc

import argmine
from argmine import Post, Thread
from argmine.batch import BatchProgress, mine_batch
from argmine.doc import posts

SIDES = ["Tea is better than cocoa", "The ferry should run at night", "Paper maps are safer", "Bees need more thyme"]
REPLIES = [
    "I disagree, that is wrong.",
    "Exactly, everybody says so.",
    "Why? I doubt it.",
    "Yes, because it is cheaper.",
]
EVERY_BAD = 500


@Language.component("fails_on_poison")
def fails_on_poison(doc: Doc) -> Doc:
    """Stand for a stage that has no answer to some text."""
    if any("poison" in post.text for post in posts(doc)):
        raise ValueError("there is poison in it")
    return doc


def threads(count: int, seed: int) -> Iterator[Thread]:
    """Make small threads of one to six posts."""
    chance = random.Random(seed)
    for number in range(count):
        opening = chance.choice(SIDES) + (", poison." if number % EVERY_BAD == EVERY_BAD - 1 else ".")
        made = [Post(id="p0", author="Ann", text=opening)]
        for place in range(1, chance.randint(1, 6)):
            said = f"{chance.choice(REPLIES)} {chance.choice(SIDES)}."
            made.append(Post(id=f"p{place}", author="Ben", text=said, reply_to=f"p{chance.randrange(place)}"))
        yield Thread(id=f"t{number}", title="Tea", posts=tuple(made))


def write_inputs(folder: Path, count: int, seed: int) -> list[Path]:
    """Write the inputs and return them in the order in which they are read."""
    dump, cut, notes = folder / "dump.jsonl", folder / "cut.jsonl", folder / "notes.png"
    with dump.open("w", encoding="utf-8") as file:
        file.writelines(f"{thread.model_dump_json()}\n" for thread in threads(count, seed))
    lines = [thread.model_dump_json() for thread in threads(20, seed + 1)]
    cut.write_text("\n".join(lines)[:-40], encoding="utf-8")
    notes.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\0")
    return [cut, dump, notes]


def killed_run(inputs: list[Path], folder: Path, kills: list[float], **options: Any) -> int:
    """Mine in processes that are killed after so many seconds each; return how many were, when one ends by itself."""
    for done, seconds in enumerate([*kills, None]):
        child = os.fork()
        if child == 0:
            _go_on(inputs, folder, options)
        if seconds is not None:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            if status:
                sys.exit("A run ended with an error.")
            return done
    raise AssertionError("the last one is not killed")


def _go_on(inputs: list[Path], folder: Path, options: dict[str, Any]) -> NoReturn:
    """Do what a process does, and nothing of what its parent would do next."""
    status = 1
    try:
        mine_batch(inputs, folder, resume=True, **options)
        status = 0
    except BaseException:  # noqa: BLE001 - the parent says that it went wrong
        traceback.print_exc()
    finally:
        os._exit(status)


def differences(one: Path, other: Path) -> list[str]:
    """Return the files that only one of two folders has, or that are not the same."""
    names = {path.relative_to(each).as_posix() for each in (one, other) for path in each.rglob("*") if path.is_file()}
    return sorted(
        name
        for name in names
        if not ((one / name).is_file() and (other / name).is_file())
        or not filecmp.cmp(one / name, other / name, shallow=False)
    )


def rows_of(folder: Path) -> int:
    """Check that no place is there twice, and none is left out; return the number of rows of threads."""
    from pyarrow import parquet

    table = parquet.read_table(folder / "threads")
    places = list(zip(table["input"].to_pylist(), table["number"].to_pylist(), strict=True))
    assert len(set(places)) == len(places)
    last = dict(places)
    assert sum(last.values()) == len(places)
    return len(places)


def measure(given: argparse.Namespace, work: Path) -> None:
    """Do all of it, print what it took, and end with an error if anything differs."""
    inputs = write_inputs(work, given.threads, given.seed)
    nlp = argmine.load(given.pipeline)
    nlp.add_pipe("fails_on_poison", first=True)
    options: dict[str, Any] = {"nlp": nlp, "graphs": given.graphs}
    options |= {"n_process": given.processes, "part_posts": given.part_posts}
    start = time.perf_counter()
    whole: BatchProgress = mine_batch(inputs, work / "undisturbed", **options)
    seconds = time.perf_counter() - start
    print(f"undisturbed: {whole.threads:,} threads, {whole.posts:,} posts, {whole.errors:,} errors, {seconds:.1f} s")
    start = time.perf_counter()
    # all of them together have about the time of the undisturbed run
    chance, longest = random.Random(given.seed), 2 * seconds / (given.kills + 1)
    kills = [chance.uniform(0, longest) for _ in range(given.kills)]
    done = killed_run(inputs, work / "killed", kills, **options)
    print(f"killed {done} times: {time.perf_counter() - start:.1f} s")
    different = differences(work / "undisturbed", work / "killed")
    rows = rows_of(work / "killed")
    assert rows == whole.threads + whole.errors
    print(f"{rows:,} rows of threads, files that differ: {', '.join(different) or 'none'}")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--part-posts", type=int, default=10_000)
    parser.add_argument("--graphs", help="an ending: graph files in place of tables")
    parser.add_argument("--pipeline", default="en_rules", choices=argmine.pipelines())
    parser.add_argument("--seed", type=int, default=1)
    with tempfile.TemporaryDirectory(prefix="argmine-") as made:
        measure(parser.parse_args(), Path(made))
