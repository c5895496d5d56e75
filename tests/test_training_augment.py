"""Replies joined and words misspelt for the training."""

import random
import re
import tomllib
from collections import Counter
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argmine.doc import STANCES
from argmine.training.augment import misspell, splice, state_plainly
from argmine.training.examples import Example, Part

POST = "The ferry should run on Sundays."
YES = Example("own", "Ferry", POST, "Agreed, it would fill up.", "agreement")
NO = Example("own", "Ferry", POST, "Nobody would take it.", "rebuttal")
IN_PARTS = replace(
    NO,
    corpus="written",
    claims=((0, 32),),
    parts=(Part(0, 6, "rebuttal", "claim", (0,)), Part(7, 21, "rebuttal", "premise")),
)


def test_replies_of_different_labels_to_one_post_are_joined_as_parts() -> None:
    (joined,) = splice([YES, NO], seed=1, weight=0.5)
    assert (joined.answered, joined.title, joined.corpus) == (POST, "Ferry", "own")
    assert (joined.label, joined.weight) == ("", 0.5)
    assert {joined.reply[part.start : part.end]: part.stance for part in joined.parts} == {
        YES.reply: "agreement",
        NO.reply: "rebuttal",
    }
    orders = {splice([YES, NO], seed=seed)[0].reply for seed in range(20)}
    assert orders == {f"{YES.reply} {NO.reply}", f"{NO.reply} {YES.reply}"}


def test_known_parts_move_along() -> None:
    agreeing = replace(IN_PARTS, reply=YES.reply, label="agreement", parts=(Part(0, 7, "agreement", "claim", (0,)),))
    (joined,) = splice([agreeing, IN_PARTS], seed=1)
    assert joined.claims == IN_PARTS.claims
    words = {joined.reply[part.start : part.end]: part[2:] for part in joined.parts}
    assert words == {
        "Agreed,": ("agreement", "claim", (0,)),
        "Nobody": ("rebuttal", "claim", (0,)),
        "would take it.": ("rebuttal", "premise", ()),
    }


@pytest.mark.parametrize(
    "other",
    [
        replace(NO, label="agreement"),
        replace(NO, label=""),
        replace(NO, corpus="other"),
        replace(NO, answered="The bus should run on Sundays."),
    ],
    ids=["the same label", "no label", "another corpus", "another post"],
)
def test_other_replies_are_not_joined(other: Example) -> None:
    assert splice([YES, other], seed=1) == []


def test_posts_without_an_answered_text_are_not_joined() -> None:
    assert splice([replace(YES, answered=""), replace(NO, answered="")], seed=1) == []


def test_a_post_with_many_replies_gives_few() -> None:
    many = [replace(one, reply=f"{one.reply} {number}") for number in range(10) for one in (YES, NO)]
    found = splice(many, seed=1)
    assert len(found) == len({example.reply for example in found}) == 3
    assert found == splice(many, seed=1)


def test_plain_statements_stand_alone_or_before_a_reply_of_their_label() -> None:
    found = state_plainly([YES, IN_PARTS], most=80, seed=1, weight=0.5)
    assert Counter(example.label for example in found) == dict.fromkeys(STANCES, 20)
    assert {(example.corpus, example.weight, example.moved) for example in found} == {("plain", 0.5, 0.0)}
    for example in found:
        first, *others = example.parts
        said = example.reply[: first.end]
        assert (first.start, first.stance) == (0, example.label)
        assert not set("()|") & set(said)
        host = {"agreement": YES, "rebuttal": IN_PARTS}.get(example.label)
        if others:
            assert host is not None
            assert example.reply == f"{said} {host.reply}"
            words = [host.reply[part.start : part.end] for part in host.parts] or [host.reply]
            assert [example.reply[part.start : part.end] for part in others] == words
        else:
            assert example.reply == said
    assert any(len(example.parts) > 1 for example in found)
    assert found == state_plainly([YES, IN_PARTS], most=80, seed=1, weight=0.5)


def test_the_patterns_of_plain_statements_are_sound() -> None:
    patterns = tomllib.loads((files("argmine.training") / "plain.toml").read_text(encoding="utf-8"))
    assert set(patterns) == set(STANCES)
    for pattern in (pattern for of_label in patterns.values() for pattern in of_label):
        assert not set("()|") & set(re.sub(r"\([^()]*\)", "", pattern)), pattern
        assert "||" not in pattern
        assert re.sub(r"\([^()]*\)", "?", pattern)[-1] in ".?!", pattern


@given(st.text(st.sampled_from("abCé .,1\n'")), st.integers(0, 5))
def test_a_misspelt_text_is_as_long_and_its_words_have_the_same_letters(text: str, seed: int) -> None:
    wrong = misspell(text, random.Random(seed))
    assert len(wrong) == len(text)
    assert [Counter(word) for word in wrong.split()] == [Counter(word) for word in text.split()]


def test_at_least_one_of_the_longer_words_is_misspelt() -> None:
    for seed in range(20):
        wrong = misspell("It is a brown horse.", random.Random(seed)).split()
        assert sum(new != old for new, old in zip(wrong, ["It", "is", "a", "brown", "horse."], strict=True)) == 1
    assert misspell("It is a cat.", random.Random(1)) == "It is a cat."
    text = "word " * 100
    wrong = [new != old for new, old in zip(misspell(text, random.Random(1)).split(), text.split(), strict=True)]
    assert sum(wrong) == 6
