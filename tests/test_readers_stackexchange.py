"""The Stack Exchange reader, on questions as the API serves them."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given
from json_damage import damaged

from argmine.errors import ArgmineError, NoThreadError
from argmine.readers import read_thread, read_threads
from argmine.thread import Thread


def entry(kind: str, number: int, body: str = "<p>Indeed.</p>", **more: Any) -> dict[str, Any]:
    data = {f"{kind}_id": number, "owner": {"display_name": "Ann &amp; Ben", "user_id": 3}, "body": body}
    return data | {"creation_date": 1500000000, "score": 2} | more


def page(*items: dict[str, Any], has_more: bool = False) -> dict[str, Any]:
    return {"items": list(items), "has_more": has_more, "quota_max": 300, "quota_remaining": 299}


QUESTION = entry(
    "question",
    5,
    "<p>How long should <code>tea &lt;3&gt;</code> draw?</p>",
    title="Tea &amp; time",
    link="https://tea.example/questions/5/tea-time",
    answers=[
        entry(
            "answer",
            6,
            "<blockquote><p>How long</p></blockquote><p>Three minutes.</p>",
            question_id=5,
            comments=[entry("comment", 6, "Why three&#39;s enough?", post_id=6, post_type="answer")],
            comment_count=3,
        ),
        entry("answer", 7, question_id=5),
    ],
    comments=[entry("comment", 5, "Which tea?", post_id=5, post_type="question")],
    answer_count=2,
    comment_count=1,
)


def read(value: Any) -> Thread:
    return read_thread(StringIO(json.dumps(value)))


def links(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.id, post.reply_to) for post in thread.posts]


def test_a_question_with_answers_and_comments() -> None:
    thread = read(page(QUESTION))
    assert (thread.id, thread.title, thread.url) == ("q5", "Tea & time", "https://tea.example/questions/5/tea-time")
    assert links(thread) == [("q5", None), ("c5", "q5"), ("a6", "q5"), ("c6", "a6"), ("a7", "q5")]
    assert thread.opening_post.author == "Ann & Ben"
    assert thread.opening_post.created_at == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)
    assert [post.text for post in thread.posts[:4]] == [
        "How long should tea <3> draw?",
        "Which tea?",
        "> How long\n\nThree minutes.",
        "Why three's enough?",
    ]
    assert [(repair.kind, repair.post, repair.detail) for repair in thread.repairs] == [
        ("omitted_replies", "a6", "2 comments are not in the file")
    ]


def test_several_questions_are_several_threads() -> None:
    other = entry("question", 8, title="Cups", answer_count=1)
    threads = list(read_threads(StringIO(json.dumps(page(QUESTION, other, has_more=True), indent=1))))
    assert [thread.id for thread in threads] == ["q5", "q8"]
    assert [repair.detail for repair in threads[1].repairs] == [
        "the API has more items than are in the file (has_more)",
        "1 answers are not in the file",
    ]
    lines = "\n".join(map(json.dumps, [page(QUESTION), {"backend_name": "StackExchange", "data": other}]))
    assert [thread.id for thread in read_threads(StringIO(lines))] == ["q5", "q8"]
    assert [thread.id for thread in read_threads(StringIO(json.dumps([QUESTION, other])))] == ["q5", "q8"]


def test_answers_and_comments_that_come_by_themselves() -> None:
    items = [
        entry("comment", 1, post_id=6, post_type="answer"),
        entry("answer", 6, question_id=5),
        entry("comment", 2, post_id=9, post_type="answer"),
        entry("comment", 3, post_id=5, post_type="question"),
    ]
    first, second = read_threads(StringIO(json.dumps(page(*items))))
    assert sorted(links(first), key=str) == [("a6", "q5"), ("c1", "a6"), ("c3", "q5"), ("q5", None)]
    assert links(second) == [("a9", None), ("c2", "a9")]
    assert links(read(page(*items[:2], entry("question", 5))))[0] == ("q5", None)


def test_bodies_in_markdown_and_none_at_all() -> None:
    markdown = entry("question", 1, body_markdown="&gt; tea\r\n\r\nIt&#39;s *hot*.")
    del markdown["body"]
    assert read(markdown).opening_post.text == "> tea\r\n\r\nIt's *hot*."
    bare = entry("question", 1, title="Hot tea?")
    del bare["body"]
    thread = read(page(bare))
    assert thread.opening_post.text == "Hot tea?"
    assert "filter=withbody" in thread.repairs[0].detail


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (page(), "no question in it"),
        (page({"user_id": 3}), "no question, answer or comment"),
        (3, "no question, answer"),
    ],
)
def test_what_is_no_question(value: Any, problem: str) -> None:
    with pytest.raises(NoThreadError, match=problem):
        read_thread(StringIO(json.dumps(value)), format="stackexchange")


@given(damaged(page(QUESTION, QUESTION)) | damaged([QUESTION, QUESTION], lines=True))
def test_any_damage_gives_threads_or_one_error(data: bytes) -> None:
    for format_ in ("stackexchange", None):
        with suppress(ArgmineError):
            for thread in read_threads(BytesIO(data), format=format_):
                assert Thread.model_validate_json(thread.model_dump_json()) == thread
