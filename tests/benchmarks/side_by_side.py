"""argmine beside what one would otherwise write, on the same threads, in one run."""

from itertools import combinations
from typing import Any

from benchmarks.measuring import TESTS, Target, apart, rounds
from benchmarks.performance_tables import number, seconds, table
from benchmarks.synthetic import make_thread, pairs

from argmine.thread import Post, Thread

TITLE = "Side by side"
_POSTS = 20  # of each of the threads
_RIVALS = ("classifier", "embeddings", "convokit")
_LONG = 100  # posts of the thread whose claims are all compared
_TOKENIZER = TESTS.parent / "argmine" / "models" / "reply_reader" / "tokenizer.json"

_ABOUT = f"""\
The same seeded threads of {_POSTS} posts of about 60 words for everyone; whoever is slower gets the first of them only.
Each is given two cores and as many rounds; the median counts. Loading is not part of the time.

- *BERT-base classifier*: a `text-classification` pipeline of `transformers` on torch, 32-bit, with the sizes of
  BERT-base and random weights, on each reply with what it answers. The batch size is the fastest of those tried.
- *Embeddings*: each post embedded once by MiniLM-L6, and a logistic regression of scikit-learn on the embeddings of a
  reply and of what it answers, their difference and their product.
- *ConvoKit*: its parser (`TextParser`), which does the linguistic part only: no claims, no stances.

argmine finds claims, roles, links between claims and stances, and makes the graph; the first two rivals say one stance
for each reply."""

_ALL_PAIRS = f"""\
Judging claims with such a classifier means to ask it about every claim with every claim of earlier posts. A thread of
{_LONG} posts has so many pairs that only some were timed; the time of all of them is calculated from these."""


def measure(*, quick: bool, others: str) -> dict[str, Any]:
    """Measure every competitor; ``others`` is the Python that has the packages of the rivals."""
    few, some, many = (1, 2, 4) if quick else (3, 40, 300)
    size, times = (4, 1) if quick else (_POSTS, 3)
    wanted = {
        "en_rules, n_process=1": ("en_rules", many, 1),
        "en_rules, n_process=2": ("en_rules", many, 2),
        "en": ("en", some, 1),
    }
    found: dict[str, Any] = {
        "mined": {
            name: apart(
                "side_by_side", "mined", pipeline=pipeline, threads=threads, posts=size, processes=each, times=times
            )
            for name, (pipeline, threads, each) in wanted.items()
        }
    }
    claims = apart("side_by_side", "all_claims", posts=size if quick else _LONG, times=times)
    found["classifier"] = {"posts": few * size} | apart(
        "rivals",
        "classifier",
        python=others,
        pairs=[pair for thread in _threads(few, size) for pair in pairs(thread)],
        claim_pairs=claims.pop("sample")[: 4 if quick else None],
        tokenizer=str(_TOKENIZER),
        batch_sizes=[8] if quick else [1, 8, 32],
        times=times,
    )
    posts, places = _flat(_threads(some, size))
    embedded = apart("rivals", "embeddings", python=others, posts=posts, replies=places, times=times)
    parsed = apart("rivals", "convokit", python=others, posts=posts, times=times)
    return found | {"claims": claims, "embeddings": embedded, "convokit": parsed}


def mined(pipeline: str, threads: int, posts: int, processes: int, times: int) -> dict[str, Any]:
    """Time ``mine_all`` on the first of the threads; to be called in a process of its own."""
    import argmine

    nlp, made = argmine.load(pipeline), _threads(threads, posts)
    list(argmine.mine_all(made[:2], nlp))

    def work() -> None:
        for _ in argmine.mine_all(made, nlp, n_process=processes):
            pass

    return rounds(work, threads * posts, times=times, warm=False) | {"posts": threads * posts}


def all_claims(posts: int, times: int) -> dict[str, Any]:
    """Time one thread with ``en``; with its number of pairs of claims, and a sample of them, spread over the thread."""
    import argmine

    thread, nlp = make_thread(posts), argmine.load("en")
    graph = argmine.mine(thread, nlp)
    order = {post.id: place for place, post in enumerate(thread.posts)}
    claims = [(order[facts["post"]], facts["text"]) for _, facts in graph.nodes(data=True) if facts["kind"] == "claim"]
    wanted = [(a[1], b[1]) for a, b in combinations(sorted(claims), 2) if a[0] != b[0]]
    found = rounds(lambda: argmine.mine(thread, nlp), posts, times=times, warm=False)
    step = max(1, len(wanted) // 128)
    return found | {"posts": posts, "claims": len(claims), "pairs": len(wanted), "sample": wanted[::step][:128]}


def _threads(number: int, posts: int) -> list[Thread]:
    return [make_thread(posts, seed=seed) for seed in range(number)]


def _flat(threads: list[Thread]) -> tuple[list[str], list[tuple[int, int]]]:
    """Return the texts of all posts, and the places of what is answered and of what answers it."""
    places = {(thread.id, post.id): place for place, (thread, post) in enumerate(_posts(threads))}
    texts = [post.text for _, post in _posts(threads)]
    return texts, [
        (places[thread.id, post.reply_to], places[thread.id, post.id])
        for thread, post in _posts(threads)
        if post.reply_to is not None
    ]


def _posts(threads: list[Thread]) -> list[tuple[Thread, Post]]:
    return [(thread, post) for thread in threads for post in thread.posts]


def targets(found: dict[str, Any]) -> list[Target]:
    """Return what was asked, as far as it was measured."""
    rules = found["mined"]["en_rules, n_process=2"]["rate"]
    asked = [Target("`en_rules`, posts a second, two processes", "≥ 1,500", number(rules), rules >= 1500)]
    ratios = _ratios(found)
    if ratios is not None:
        replies, claims = ratios
        asked += [
            Target(
                "`en` against a BERT-base classifier, each reply with what it answers",
                "≥ 8 times as fast, aim 20",
                f"{replies:.1f} times",
                replies >= 8,
            ),
            Target(
                f"the same, all pairs of claims of a thread of {found['claims']['posts']} posts",
                "≥ 1,000 times as fast",
                f"{number(claims)} times",
                claims >= 1000,
            ),
        ]
    return asked


def section(found: dict[str, Any]) -> list[str]:
    """Return the section as blocks of Markdown."""
    rates = rates_of(found)
    base = rates.get("en")
    rows = [[name, number(rate), "" if base is None else f"{rate / base:.3g}"] for name, rate in rates.items()]
    blocks = [_ABOUT, table(["", "posts a second", "times `en`"], rows)]
    used = {name: text for rival in _RIVALS for name, text in found[rival].get("versions", {}).items()}
    if used:
        blocks.append("With " + ", ".join(f"{name} {text}" for name, text in sorted(used.items())) + ".")
    absent = {name: found[name]["absent"] for name in _RIVALS if _absent(found[name])}
    if absent:
        blocks.append("Not measured: " + "; ".join(f"{name} ({why})" for name, why in absent.items()) + ".")
    return [*blocks, *_claims(found)]


def rates_of(found: dict[str, Any]) -> dict[str, float]:
    """Return the posts a second of all that were measured, the fastest first."""
    rates = {f"argmine `{name}`": each["rate"] for name, each in found["mined"].items() if name != "en"}
    rates["argmine `en`"] = found["mined"]["en"]["rate"]
    if not _absent(found["classifier"]):
        judged = found["classifier"]
        rates[f"BERT-base classifier (batches of {judged['replies']['batch']})"] = (
            judged["posts"] / judged["replies"]["seconds"]
        )
    if not _absent(found["embeddings"]):
        rates[f"Embeddings ({found['embeddings']['encoder']})"] = found["embeddings"]["rate"]
    if not _absent(found["convokit"]):
        rates["ConvoKit's parser"] = found["convokit"]["rate"]
    return dict(sorted(rates.items(), key=lambda entry: -entry[1]))


def _claims(found: dict[str, Any]) -> list[str]:
    claims, judged = found["claims"], found["classifier"]
    if _absent(judged):
        return []
    rate = judged["claims"]["rate"]
    rows = [
        ["BERT-base classifier", f"{number(rate)} pairs a second", seconds(claims["pairs"] / rate)],
        ["argmine `en`", f"{number(claims['rate'])} posts a second", seconds(claims["seconds"])],
    ]
    head = ["", "measured", f"{claims['posts']} posts, {claims['claims']:,} claims, {claims['pairs']:,} pairs"]
    return ["### All pairs of claims", _ALL_PAIRS, table(head, rows)]


def _ratios(found: dict[str, Any]) -> tuple[float, float] | None:
    """Return how many times as fast as the classifier ``en`` is: replies of threads, and all claims of one."""
    judged = found["classifier"]
    if _absent(judged):
        return None
    replies = found["mined"]["en"]["rate"] * judged["replies"]["seconds"] / judged["posts"]
    return replies, found["claims"]["pairs"] / judged["claims"]["rate"] / found["claims"]["seconds"]


def _absent(found: dict[str, Any]) -> bool:
    return "absent" in found
