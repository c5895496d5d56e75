"""Damage samples of every format and read them: python tests/benchmarks/fuzz_readers.py [N] [FORMAT…]

Each reader gets N damaged copies (2,000 by default) of its samples: bytes changed, left out, repeated, swapped or cut
off, pieces of other samples put in, and in JSON values dropped, doubled and of other types.  Anything but threads or
an argmine error, or more than ten seconds for one copy, stops the run and leaves the copy in a file.
"""

import json
import random
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

TESTS = Path(__file__).parents[1]
sys.path.insert(0, str(TESTS))

from test_readers import BY_FORMAT  # noqa: E402

from argmine.errors import ArgmineError  # noqa: E402
from argmine.readers import formats, read_threads  # noqa: E402

SECONDS = 10
PAGES = {
    "html": [*(TESTS / "data" / "readers").glob("*.html"), *(TESTS.parent / "examples" / "threads").glob("*.html")],
    "text": (TESTS / "data" / "readers").glob("*.txt"),
    "mbox": (TESTS.parent / "examples" / "threads").glob("*.mbox"),
    "discourse": (TESTS.parent / "examples" / "threads").glob("discourse.json"),
    "hacker_news": (TESTS.parent / "examples" / "threads").glob("hacker_news.json"),
    "reddit": (TESTS.parent / "examples" / "threads").glob("reddit.json"),
}
ODD = ["null", "true", "-1", "0", "1.5", "1e300", '""', '"x"', '"#3"', '"\\ud800"', '"<aside><p>"', "[]", "{}", "[[]]"]
TOKENS = [
    b"null", b"-1", b"1e999", b'""', b"[]", b"{}", b"[[", b"}}", b"true", b'"\\ud800"', b"\x00", b"\xff", b"<div>",
    b"</",    b"&x;", b"]]>", b"<!--", b"> ", b"\n\n", b"\r", b"From ", b"=?utf-8?q?=", b",", b";", b"\t", b"9" * 400,
]  # fmt: skip


def damaged(sample: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Return a copy of a sample with one to six places changed."""
    data = bytearray(sample)
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice([0, 1, 3, 20, 400]))
        kind = chance.randrange(7)
        if kind == 0:
            data[start:end] = bytes(chance.randrange(256) for _ in range(end - start))
        elif kind == 1:
            del data[start:end]
        elif kind == 2:
            data[start:start] = data[start:end] * chance.choice([1, 2, 50])
        elif kind == 3:
            data[start:end] = chance.choice(TOKENS)
        elif kind == 4:
            other = chance.choice(others)
            place = chance.randrange(len(other) + 1)
            data[start:end] = other[place : place + chance.choice([5, 60, 500])]
        elif kind == 5:
            del data[max(start, len(data) // 2) :]
        else:
            data[start:start] = chance.choice(TOKENS) * chance.choice([1, 30, 3000])
    return bytes(data)


def with_odd_values(sample: bytes, chance: random.Random) -> bytes | None:
    """Return JSON with one to six values dropped, doubled or of other types; None for what is no JSON."""
    lines = sample.splitlines()
    try:
        values = [json.loads(sample)]
    except ValueError:
        try:
            values = [json.loads(line) for line in lines if line.strip()]
        except ValueError:
            return None
    for _ in range(chance.randint(1, 6)):
        places = list(places_in(values))
        holder, key = chance.choice(places)
        what = chance.random()
        if what < 0.2:
            del holder[key]
        elif what < 0.4 and isinstance(holder, list):
            holder.append(holder[key])
        elif what < 0.6:
            other, place = chance.choice(places)
            holder[key] = json.loads(json.dumps(other[place])) if place in other or isinstance(other, list) else None
        else:
            holder[key] = json.loads(chance.choice(ODD))
        if not values:
            break
    return "\n".join(map(json.dumps, values)).encode()


def places_in(values: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Yield each place of a value inside others, as what holds it and its key."""
    waiting: list[Any] = [values]
    while waiting:
        holder = waiting.pop()
        for key, value in list(holder.items() if isinstance(holder, dict) else enumerate(holder)):
            yield holder, key
            if isinstance(value, dict | list):
                waiting.append(value)


def samples_of(name: str) -> list[bytes]:
    """Return what there is of a format: a small sample of the tests, and whole files."""
    found = [BY_FORMAT[name].encode()] if name in BY_FORMAT else []
    if name == "parquet":
        found.append(parquet_sample())
    return found + [path.read_bytes() for path in PAGES.get(name, ())]


def parquet_sample() -> bytes:
    """Return a table of posts."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = BytesIO()
    pq.write_table(pa.table({"id": ["a", "b"], "reply_to": [None, "a"], "text": ["Run the ferry.", "No."]}), file)
    return file.getvalue()


def read(data: bytes, name: str) -> str:
    """Read a damaged copy and say what came of it."""
    try:
        threads = sum(1 for _ in read_threads(BytesIO(data), format=name))
    except ArgmineError as error:
        return type(error).__name__
    return "threads" if threads else "no thread"


def main() -> None:
    numbers = [int(each) for each in sys.argv[1:] if each.isdecimal()]
    wanted = [each for each in sys.argv[1:] if not each.isdecimal()] or [name for name, _ in formats()]
    others = [sample for name, _ in formats() for sample in samples_of(name)]
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    for name in wanted:
        samples = samples_of(name)
        if not samples:
            print(f"{name}: no sample")
            continue
        chance, outcomes, slowest, began = random.Random(name), Counter(), 0.0, time.perf_counter()
        for number in range(numbers[0] if numbers else 2000):
            sample = samples[number // 2 % len(samples)]
            data = (with_odd_values(sample, chance) if number % 2 else None) or damaged(sample, others, chance)
            start = time.perf_counter()
            signal.alarm(SECONDS)
            try:
                outcomes[read(data, name)] += 1
            except BaseException:
                Path(f"fuzz-{name}.bin").write_bytes(data)
                raise
            finally:
                signal.alarm(0)
            slowest = max(slowest, time.perf_counter() - start)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        said = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
        took = f"slowest {slowest:.2f} s of {time.perf_counter() - began:.0f}"
        print(f"{name}: {said}; {took}; peak {peak} MiB", flush=True)


if __name__ == "__main__":
    main()
