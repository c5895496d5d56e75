"""Labels that a forum gives by itself: openers and quotations."""

from pathlib import Path
from typing import Any

import pytest
from replies_corpus import forum_thread, write_lines

from argmine.training.examples import Example
from argmine.training.forum import openers, quotations

SOURCE = "The ferry of Norwick leaves too early in the morning"


def write(folder: Path, *threads: dict[str, Any]) -> list[Path]:
    write_lines(folder / "forum.jsonl", list(threads))
    return [folder / "forum.jsonl"]


def with_reply(text: str) -> dict[str, Any]:
    """Return a thread whose only reply is this."""
    thread = forum_thread("Norwick")
    thread["posts"] = [thread["posts"][0], {"id": 2, "parent": 1, "author": "tom", "text": text, "quotes": []}]
    return thread


def opened(folder: Path, text: str, *, seed: int = 1) -> list[Example]:
    return openers(write(folder, with_reply(text)), most=5, seed=seed)


def test_replies_that_open_with_their_stance(tmp_path: Path) -> None:
    found = openers(write(tmp_path, forum_thread("Norwick")), most=5, seed=1)
    assert [(example.corpus, example.label) for example in found] == [("openers", "agreement"), ("openers", "rebuttal")]
    for example in found:
        assert example.answered.startswith(SOURCE)
        assert (example.group, example.title) == ("Norwick", "The ferry of Norwick")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("I agree. The late boat costs us a whole hour.", "The late boat costs us a whole hour."),
        ("Exactly, the late boat costs us a whole hour.", "the late boat costs us a whole hour."),
        ("I agree with you there. The late boat costs us an hour.", "The late boat costs us an hour."),
        ("You are wrong! The boat was never once late.", "The boat was never once late."),
    ],
)
def test_half_of_them_lose_their_opener(tmp_path: Path, text: str, rest: str) -> None:
    seen = {example.reply for seed in range(12) for example in opened(tmp_path, text, seed=seed)}
    assert seen == {text, rest}


@pytest.mark.parametrize(
    "text",
    [
        "I agree, but the boat was on time when I took it.",
        "The boat was on time when I took it, I agree.",
        "You are right about the boat, though not about the ticket.",
        "No. But it was so last year, as I remember it.",
        "I agree.",
    ],
)
def test_doubtful_openers_tell_nothing(tmp_path: Path, text: str) -> None:
    assert opened(tmp_path, text) == []


def test_at_most_so_many_of_either_side(tmp_path: Path) -> None:
    threads = [forum_thread(f"Norwick {number}") for number in range(6)]
    found = openers(write(tmp_path, *threads), most=2, seed=1)
    assert [example.label for example in found] == ["agreement"] * 2 + ["rebuttal"] * 2
    assert found == openers(write(tmp_path, *threads), most=2, seed=1)
    assert found != openers(write(tmp_path, *threads), most=2, seed=2)


def test_threads_and_topics_that_are_left_out(tmp_path: Path) -> None:
    threads = [forum_thread("one"), forum_thread("two", topic="weather"), {**forum_thread("three"), "thread": 3}]
    for find in (openers, quotations):
        found = find(
            write(tmp_path, *threads), most=9, seed=1, leave_out=frozenset({"3"}), topics=frozenset({"weather"})
        )
        assert {example.group for example in found} == {"one"}


def test_a_quotation_shows_what_is_answered(tmp_path: Path) -> None:
    [example] = quotations(write(tmp_path, forum_thread("Norwick")), most=5, seed=1)
    assert example.label == ""
    assert example.reply == "That is because the diesel for the engine has doubled in price since last year."
    claims = [example.answered[start:end] for start, end in example.claims]
    assert len(claims) == 3
    assert [claims[place] for place in example.parts[0].targets] == ["The ticket has become dear for families."]


def test_a_quotation_of_everything_or_of_other_words_shows_nothing(tmp_path: Path) -> None:
    whole, other = forum_thread("whole"), forum_thread("other")
    first = whole["posts"][0]["text"]
    whole["posts"][3]["text"] = first + " This is all there is to say about the boat."
    whole["posts"][3]["quotes"][0]["end"] = len(first)
    other["posts"][0]["text"] = other["posts"][0]["text"].replace("dear", "costly")
    assert quotations(write(tmp_path, whole, other), most=5, seed=1) == []


def test_the_words_behind_each_quotation_answer_it_alone(tmp_path: Path) -> None:
    thread = forum_thread("Norwick")
    early, dear = "The ferry of Norwick leaves too early in the morning.", "The ticket has become dear for families."
    text = f"{early} It leaves when the mill begins to work. {dear} So take the yearly ticket for them."
    quotes = [
        {"start": text.index(quoted), "end": text.index(quoted) + len(quoted), "source_post": 1}
        for quoted in (dear, early)
    ]
    thread["posts"][3] |= {"text": text, "quotes": quotes}
    found = quotations(write(tmp_path, thread), most=5, seed=1)
    said = {
        example.reply: [example.answered[slice(*example.claims[place])] for place in example.parts[0].targets]
        for example in found
    }
    assert said == {"It leaves when the mill begins to work.": [early], "So take the yearly ticket for them.": [dear]}
