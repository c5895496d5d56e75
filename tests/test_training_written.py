"""The exchanges written for argmine: sound, and none of what the tests judge the pipelines by."""

import json
import re
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from labelled import labelled_threads
from test_golden import GOLDEN

import argmine
from argmine.doc import STANCES
from argmine.training.written import CORPUS, read_written

FILES = sorted((files("argmine.training") / "written").iterdir(), key=lambda path: path.name)
EXAMPLES = Path(__file__).parents[1] / "examples" / "threads"
ROWS = [json.loads(line) for path in FILES for line in path.read_text(encoding="utf-8").splitlines()]
SHARED = 7  # words in a row that two texts may have in common by chance, less one


def sound(row: dict[str, Any]) -> bool:
    """Say whether a row has what it needs: a role and a stance together, targets that are claims."""
    assert set(row) == {"title", "post", "replies"}
    assert row["post"]
    assert row["replies"]
    for text, role in row["post"]:
        assert text == text.strip() != ""
        assert role in {"claim", "premise", ""}
    for reply in row["replies"]:
        assert set(reply) == {"kind", "label", "reply"}
        assert reply["label"] in STANCES
        assert reply["reply"]
        for text, stance, role, target in reply["reply"]:
            assert text == text.strip() != ""
            assert role in {"claim", "premise", ""}
            assert stance in STANCES if role else stance == ""
            assert target is None or (role and target >= 0 and row["post"][target][1])
    return True


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_exchange_is_sound(path: Any) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert sum(len(row["replies"]) for row in rows) >= 100
    assert all(sound(row) for row in rows)


def test_no_exchange_is_there_twice() -> None:
    posts = [" ".join(text for text, _ in row["post"]) for row in ROWS]
    assert len(set(posts)) == len(posts)
    for row in ROWS:
        replies = [" ".join(text for text, *_ in reply["reply"]) for reply in row["replies"]]
        assert len(set(replies)) == len(replies)


def test_nothing_that_is_tested_is_trained_on() -> None:
    """No seven words in a row are the same as in a labelled, golden or example thread."""
    judged = [post.text for thread in labelled_threads()[0].values() for post in thread.posts]
    judged += [text for _, opening, reply, _ in GOLDEN for text in (opening, reply)]
    shown = [thread for path in EXAMPLES.iterdir() for thread in argmine.read_threads(path)]
    judged += [post.text for thread in shown for post in thread.posts]
    known = {words for text in judged for words in runs(text)}
    for row in ROWS:
        for text, *_ in [*row["post"], *(piece for reply in row["replies"] for piece in reply["reply"])]:
            assert not known & set(runs(text)), text


def runs(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return [tuple(words[place : place + SHARED]) for place in range(len(words) - SHARED + 1)]


def test_what_an_exchange_becomes() -> None:
    examples = iter(read_written({"written": [{"weight": 2.0}]}))
    for row in ROWS:
        *exchanges, alone = islice(examples, len(row["replies"]) + 1)
        assert {(one.corpus, one.weight, one.group) for one in exchanges} == {(CORPUS, 2.0, alone.group)}
        assert (alone.corpus, alone.weight, alone.label, alone.answered) == (CORPUS, 2.0, "", "")
        assert [alone.reply[part.start : part.end] for part in alone.parts] == [t for t, role in row["post"] if role]
        for exchange, reply in zip(exchanges, row["replies"], strict=True):
            assert exchange.answered == alone.reply == " ".join(text for text, _ in row["post"])
            assert exchange.label == reply["label"]
            pieces = [piece for piece in reply["reply"] if piece[2]]
            for part, (text, stance, role, target) in zip(exchange.parts, pieces, strict=True):
                assert (exchange.reply[part.start : part.end], part.stance, part.role) == (text, stance, role)
                found = [exchange.answered[slice(*exchange.claims[place])] for place in part.targets]
                assert found == ([] if target is None else [row["post"][target][0]])
    assert not list(examples)


def test_only_some_are_read_to_try_something_out() -> None:
    assert sum(not example.answered for example in read_written({"written": [{}]}, limit=3)) == 3
    assert read_written({}) == []
