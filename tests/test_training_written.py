"""The exchanges written for argmine: sound, and none of what the tests judge the pipelines by."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from labelled import labelled_threads
from test_golden import GOLDEN

import argmine
from argmine.doc import STANCES
from argmine.training.examples import Part
from argmine.training.written import CORPUS, read_written

FILES = sorted((files("argmine.training") / "written").iterdir(), key=lambda path: path.name)
EXAMPLES = Path(__file__).parents[1] / "examples" / "threads"
ROWS = [json.loads(line) for path in FILES for line in path.read_text(encoding="utf-8").splitlines()]
SHARED = 7  # words in a row that two texts may have in common by chance, less one


def sound(row: dict[str, Any]) -> bool:
    """Say whether a row has what it needs: a role and a stance together, targets that are claims."""
    assert set(row) == {"kind", "title", "post", "reply", "label"}
    assert row["label"] in STANCES
    assert row["post"]
    assert row["reply"]
    for text, role in row["post"]:
        assert text == text.strip() != ""
        assert role in {"claim", "premise", ""}
    for text, stance, role, target in row["reply"]:
        assert text == text.strip() != ""
        assert role in {"claim", "premise", ""}
        assert stance in STANCES if role else stance == ""
        assert target is None or (role and target >= 0 and row["post"][target][1])
    return True


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_exchange_is_sound(path: Any) -> None:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert len(rows) >= 100
    assert all(sound(row) for row in rows)


def test_no_exchange_is_there_twice() -> None:
    texts = [" ".join(text for text, *_ in [*row["post"], *row["reply"]]) for row in ROWS]
    assert len(set(texts)) == len(texts)


def test_nothing_that_is_tested_is_trained_on() -> None:
    """No seven words in a row are the same as in a labelled, golden or example thread."""
    judged = [post.text for thread in labelled_threads()[0].values() for post in thread.posts]
    judged += [text for _, opening, reply, _ in GOLDEN for text in (opening, reply)]
    judged += [post.text for path in EXAMPLES.iterdir() for post in argmine.read_thread(path).posts]
    known = {words for text in judged for words in runs(text)}
    for row in ROWS:
        for piece in [*row["post"], *row["reply"]]:
            assert not known & set(runs(piece[0])), piece[0]


def runs(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return [tuple(words[place : place + SHARED]) for place in range(len(words) - SHARED + 1)]


def test_what_an_exchange_becomes() -> None:
    examples = read_written({"written": [{"weight": 2.0}]})
    assert len(examples) == 2 * len(ROWS)
    assert {(example.corpus, example.weight) for example in examples} == {(CORPUS, 2.0)}
    for row, exchange, alone in zip(ROWS, examples[::2], examples[1::2], strict=True):
        assert exchange.answered == alone.reply == " ".join(text for text, _ in row["post"])
        assert (exchange.label, alone.label, alone.answered) == (row["label"], "", "")
        assert exchange.group == alone.group  # so that both are held out, or neither
        assert [alone.reply[part.start : part.end] for part in alone.parts] == [t for t, role in row["post"] if role]
        pieces = [piece for piece in row["reply"] if piece[2]]
        for part, (text, stance, role, target) in zip(exchange.parts, pieces, strict=True):
            assert (exchange.reply[part.start : part.end], part.stance, part.role) == (text, stance, role)
            found = [exchange.answered[slice(*exchange.claims[place])] for place in part.targets]
            assert found == ([] if target is None else [row["post"][target][0]])
    assert isinstance(examples[0].parts[0], Part)


def test_only_some_are_read_to_try_something_out() -> None:
    assert len(read_written({"written": [{}]}, limit=3)) == 6
    assert read_written({}) == []
