"""Time and memory of a pipeline on large threads: ``python tests/benchmarks/scale.py [POSTS …] [--pipeline NAME]``.

Each thread is mined in a process of its own, so that its peak memory is its own.  The posts have 60 words of invented
text; one in ten quotes the post it answers, one in five concedes and objects.
"""

import argparse
import random
import resource
import subprocess
import sys
import time

import argmine
from argmine import Post, Thread

SHAPES = ("mixed", "chain", "broad")
WORDS = """
the of and to in is that it you for not are with this but have on be they as if or at what all so just like people would
can about more think get their one when an who there up out do know because was how will from my me your government law
right country money work time world point good control science evidence church tax health insurance school police city
news media company product team community tools agency customer service research question answer reason fact idea
""".split()  # noqa: SIM905 - a page of words, not of quotation marks


def text(chance: random.Random, words: int = 60) -> str:
    """Make a text of sentences."""
    sentences, left = [], words
    while left > 0:
        size = chance.randint(6, 18)
        sentences.append(" ".join(chance.choices(WORDS, k=size)).capitalize() + chance.choice("...?!"))
        left -= size
    opening = "I agree, but " if chance.random() < 0.2 else ""
    return opening + " ".join(sentences)


def thread(size: int, shape: str) -> Thread:
    """Make a thread: a chain of replies, all replies to one post, or something in between."""
    chance = random.Random(size)
    posts = [Post(id="p0", author="a0", text=text(chance, 200))]
    for number in range(1, size):
        parent = {"broad": 0, "chain": number - 1, "mixed": chance.randint(max(0, number - 50), number - 1)}[shape]
        said = text(chance)
        if chance.random() < 0.1:
            words = posts[parent].text.split()
            start = chance.randint(0, max(0, len(words) - 12))
            said = f"> {' '.join(words[start : start + 12])}\n\n{said}"
        author = f"a{chance.randint(0, size // 3)}"
        posts.append(Post(id=f"p{number}", author=author, text=said, reply_to=f"p{parent}"))
    return Thread(posts=posts)


def measure(size: int, shape: str, pipeline: str) -> None:
    """Mine one thread and print a row."""
    made = thread(size, shape)
    nlp = argmine.load(pipeline)
    argmine.mine(thread(10, shape), nlp)
    start = time.perf_counter()
    graph = argmine.mine(made, nlp)
    seconds = time.perf_counter() - start
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"| {shape} | {size:,} | {len(graph):,} | {seconds:.1f} | {size / seconds:,.0f} | {mib:,} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("posts", nargs="*", type=int, default=[2_000, 10_000])
    parser.add_argument("--pipeline", default="en", choices=argmine.pipelines(), help="which one mines")
    parser.add_argument("--shape", choices=SHAPES, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.shape:
        measure(given.posts[0], given.shape, given.pipeline)
    else:
        print(
            "| shape | posts | nodes | seconds | posts per second | peak MiB |\n|---|---|---|---|---|---|", flush=True
        )
        for shape in SHAPES:
            for size in given.posts:
                options = ["--shape", shape, "--pipeline", given.pipeline]
                subprocess.run([sys.executable, __file__, str(size), *options], check=True)
