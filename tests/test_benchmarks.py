"""The benchmarks: the threads that they are made on, and the page that is made of their numbers; nothing is timed."""

import hashlib
import itertools
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from benchmarks import performance
from benchmarks.performance_page import FOLDER, PARTS, SCALE, with_plan, write_page
from benchmarks.synthetic import SHAPES, make_dump, make_thread, pairs

from argmine.thread import Thread

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "performance.md"


def fingerprint(*threads: Thread) -> str:
    return hashlib.sha256("".join(thread.model_dump_json() for thread in threads).encode()).hexdigest()[:16]


def test_threads_are_the_same_everywhere() -> None:
    assert fingerprint(*(make_thread(200, shape) for shape in SHAPES)) == "04586e52f2d04012"
    assert fingerprint(*make_dump(30)) == "4d146e47e6b1b57e"


@pytest.mark.parametrize("shape", SHAPES)
def test_first_posts_do_not_depend_on_how_many_follow(shape: str) -> None:
    assert make_thread(50, shape).posts == make_thread(80, shape).posts[:50]
    assert make_thread(50, shape, seed=1).posts != make_thread(50, shape, seed=2).posts


def test_shapes() -> None:
    broad, deep, mixed = (make_thread(300, shape) for shape in SHAPES)
    assert len(broad.children("p0")) == 299
    assert deep.depth("p299") == 299
    assert 5 < max(mixed.depth(post.id) for post in mixed.posts) < 100
    assert len(make_thread(1).posts) == 1
    assert len(pairs(mixed)) == 299


def test_posts_have_about_the_words_asked_for() -> None:
    sizes = [len(post.text.split()) for post in make_thread(1_000).posts[1:]]
    assert 56 < sum(sizes) / len(sizes) < 66
    assert min(sizes) > 35
    assert max(sizes) < 110


def test_replies_quote_address_agree_and_object() -> None:
    thread = make_thread(1_000)
    posts = {post.id: post for post in thread.posts}
    quoting = [post for post in thread.posts if post.text.startswith("> ")]
    said = [post.text.partition("\n")[0].removeprefix("> ").rstrip(".") for post in quoting]
    known = [quote in posts[str(post.reply_to)].text for post, quote in zip(quoting, said, strict=True)]
    assert sum(known) > 0.9 * len(known) > 50
    for cue in ("I agree", "I disagree", "“", "@", "Cheers, "):
        assert sum(cue in post.text for post in thread.posts) > 10
    assert all(post.reply_to is None or posts[post.reply_to].author != post.author for post in thread.posts)


def test_dump_has_threads_and_posts_of_very_different_sizes() -> None:
    threads = list(make_dump(300))
    sizes = sorted(len(thread.posts) for thread in threads)
    words = sorted(len(post.text.split()) for thread in threads for post in thread.posts)
    assert sizes[150] < 10 < 60 < sizes[-1]
    assert words[0] < 10 < 200 < words[-1]
    assert len({thread.id for thread in threads}) == 300


def timed(rate: float) -> dict[str, Any]:
    return {"seconds": 1 / rate, "shortest": 1 / rate, "longest": 2 / rate, "times": 3, "rate": rate, "peak_mib": 300.0}


def measured() -> dict[str, Any]:
    """Make numbers as the parts would measure them."""
    sizes = (1_000, 50_000)
    one = [
        {"pipeline": "en_rules", "shape": shape, "posts": posts} | timed(1_000 if posts == 1_000 else 500)
        for shape, posts in itertools.product(SHAPES, sizes)
    ]
    many = [{"threads": n, "processes": each} | timed(500.0 * each) for n in (10, 1_000) for each in (1, 2)]
    names = ("en", "en_rules, n_process=1", "en_rules, n_process=2")
    side = {
        "mined": dict(zip(names, (timed(100), timed(1_200), timed(2_000)), strict=True)),
        "claims": timed(1) | {"posts": 100, "claims": 300, "pairs": 44_000},
        "classifier": {"replies": timed(1) | {"batch": 8}, "claims": timed(20), "posts": 5, "versions": {"torch": "2"}},
        "embeddings": timed(70) | {"encoder": "MiniLM", "posts": 60},
        "convokit": {"absent": "convokit is not installed"},
    }
    ways = [{"what": f"{n} tokens", "calls": 2, "threads": 1, "rate": 100.0 * n} for n in (64, 128)]
    return {
        "side_by_side": side,
        "growth": {"one": one, "many": many},
        "encoder": {
            "whole": timed(12_000) | {"tokens": 900, "inputs": 9, "posts": 10},
            "bare": {"rows": ways, "takes batches": False},
        },
        "dumps": {
            name: timed(rate)
            | {
                "posts": 90,
                "threads": 9,
                "words": 50.0,
                "bytes": {"nodes": 200.0, "edges": 90.0, "threads": 10.0},
                "read": 400.0,
            }
            for name, rate in (("en_rules", 1_000), ("en", 50))
        },
        "start_up": {"commands": {"`import argmine`": timed(5)}, "imports": [("spacy", 0.4)]},
        "updating": {"absent": "this argmine has no argmine.update"},
    }


def kept(*parts: str) -> dict[str, Any]:
    machine = {"processor": "Abacus", "cores": 2, "versions": {"argmine": "0.1.0"}}
    return {name: {"machine": machine, "quick": False, "found": measured()[name]} for name in parts}


def test_page(tmp_path: Path) -> None:
    write_page(kept(*PARTS), tmp_path)
    page = (tmp_path / "performance.md").read_text(encoding="utf-8")
    verdicts = {
        row[1].strip(): row[4].strip() for row in (line.split("|") for line in page.splitlines()) if len(row) == 6
    }
    assert verdicts["two processes against one, 1,000 small threads"] == "met"
    assert (
        verdicts["time for each post of 50,000, in times that of 1,000 (broad, the worst; `en_rules`)"] == "**missed**"
    )
    assert verdicts["`en` against a BERT-base classifier, each reply with what it answers"] == "met"
    assert "convokit (convokit is not installed)" in page
    assert "Not measured: this argmine has no argmine.update." in page
    # 1e8 comments * 2 cores / 1,000 a second, and 300 bytes each
    assert "| 100 million, `en_rules` | 56 | 52 min | 1 | 30 GB |" in page
    plots = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page)
    assert len(plots) == 3
    for plot in plots:
        assert ElementTree.parse(tmp_path / plot).getroot().tag.endswith("svg")
    before = [path.read_bytes() for path in sorted(tmp_path.rglob("*.*"))]
    write_page(kept(*PARTS), tmp_path)
    assert [path.read_bytes() for path in sorted(tmp_path.rglob("*.*"))] == before


def test_page_of_some_parts(tmp_path: Path) -> None:
    write_page(kept("start_up"), tmp_path)
    assert (tmp_path / "performance.md").read_text(encoding="utf-8").count("Not measured yet.") == len(PARTS) - 1


def test_page_of_the_docs_is_made_of_what_is_kept_beside_it(tmp_path: Path) -> None:
    write_page(performance.read(PAGE.parent / FOLDER), tmp_path)
    assert (tmp_path / "performance.md").read_text(encoding="utf-8") == PAGE.read_text(encoding="utf-8")
    kept_parts = performance.read(PAGE.parent / FOLDER)
    assert not any(each["quick"] for each in kept_parts.values())
    said = SCALE.read_text(encoding="utf-8")
    assert "dumps" not in kept_parts or with_plan(said, kept_parts["dumps"]["found"]) == said


def test_kept_numbers_are_plain_json(tmp_path: Path) -> None:
    for name, each in kept(*PARTS).items():
        (tmp_path / f"{name}.json").write_text(json.dumps(each), encoding="utf-8")
    write_page(performance.read(tmp_path), tmp_path)
    assert "met" in (tmp_path / "performance.md").read_text(encoding="utf-8")
