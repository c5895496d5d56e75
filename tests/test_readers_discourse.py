"""The Discourse reader, on topics and posts as Discourse serves them."""

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
from argmine.readers.discourse_text import cooked_text
from argmine.thread import Thread


def post(number: int, cooked: str = "<p>Indeed.</p>", reply_to: int | None = None, **more: Any) -> dict[str, Any]:
    data = {"id": 100 + number, "username": "ann", "name": "Ann A.", "created_at": "2017-07-14T02:40:00.000Z"}
    data |= {"cooked": cooked, "post_number": number, "post_type": 1, "reply_to_post_number": reply_to}
    return data | {"topic_id": 7, "topic_slug": "tea", "hidden": False, "user_deleted": False} | more


def topic(*posts: dict[str, Any], stream: Any = None, **more: Any) -> dict[str, Any]:
    listed = [each["id"] for each in posts] if stream is None else stream
    data = {"post_stream": {"posts": list(posts), "stream": listed}, "id": 7, "slug": "tea"}
    return data | {"title": "Green tea & black", "highest_post_number": 9} | more


def quote(number: object, text: str, *, user: str = "ben", of: object = 7) -> str:
    return (
        f'<aside class="quote no-group" data-username="{user}" data-post="{number}" data-topic="{of}">'
        f'<div class="title"><div class="quote-controls"></div><img class="avatar" src="a.png"> {user}:</div>'
        f"<blockquote><p>{text}</p></blockquote></aside>"
    )


def read(value: Any) -> Thread:
    return read_thread(StringIO(json.dumps(value)))


def links(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.id, post.reply_to) for post in thread.posts]


def details(thread: Thread) -> list[str]:
    return [repair.detail for repair in thread.repairs]


SAMPLE = topic(
    post(1, "<p>Which <em>tea</em>?</p>"),
    post(2, "<p>Green, for it is light.</p>", user_deleted=False),
    post(3, quote(2, "it is light") + "<p>Not always.</p>"),
    post(4, "", post_type=3, action_code="closed.enabled"),
    post(5, "<p>Why?</p>", 3, username="ben"),
    stream=[101, 102, 103, 104, 105, 106, 107],
)


def test_a_topic() -> None:
    thread = read(SAMPLE)
    assert (thread.id, thread.title, thread.url) == ("7", "Green tea & black", "/t/tea/7")
    assert links(thread) == [("1", None), ("2", "1"), ("3", "2"), ("5", "3")]
    assert thread.opening_post.text == "Which tea?"
    assert thread.opening_post.created_at == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)
    assert thread.post("3").text == "> it is light\n\nNot always."
    assert (thread.post("5").author, thread.post("5").url) == ("ben", "/t/tea/7/5")
    assert details(thread) == [
        "1 notices of what was done to the topic: left out",
        "1 posts name no post that they answer, but quote one: made replies to it",
        "2 posts of the topic are not in the file",
    ]


def test_quotations_tell_what_is_answered_only_where_they_leave_no_doubt() -> None:
    two = quote(1, "Which?") + quote(2, "Green.") + "<p>Both.</p>"
    nested = quote(3, "Both." + quote(2, "Green.")) + "<p>Really?</p>"
    thread = read(
        topic(
            post(1),
            post(2, reply_to=1),
            post(3, two),
            post(4, nested),
            post(5, quote(2, "Green.", of=8) + "<p>No.</p>"),
            post(6, quote(2, "Green.") + "<p>No.</p>", 5),
            post(7, quote(7, "No.") + quote(6, "No.")),
            post(8, quote(1, "Which?")),
        )
    )
    assert links(thread)[2:] == [("3", "1"), ("4", "3"), ("5", "1"), ("6", "5"), ("7", "6"), ("8", "1")]
    assert thread.post("4").text == "> Both.\n>\n> > Green.\n\nReally?"
    assert details(thread) == ["2 posts name no post that they answer, but quote one: made replies to it"]


def test_hidden_and_deleted_posts_stay_without_their_text() -> None:
    notice = "<p>(post deleted by author)</p>"
    thread = read(
        topic(
            post(1),
            post(2, notice, user_deleted=True),
            post(3, "<p>Hidden for now.</p>", hidden=True, cooked_hidden=True),
            post(4, "<p>Cheap tea!</p>", hidden=True),
            post(5, "<p>Old.</p>", 2, deleted_at="2017-07-15T02:40:00.000Z"),
        )
    )
    assert [(post.text, post.deleted) for post in thread.posts[1:]] == [("", True)] * 4
    assert details(thread) == ["2 hidden or deleted posts: kept without their text"]


def test_previews_pictures_and_links() -> None:
    preview = (
        '<aside class="onebox allowlistedgeneric" data-onebox-src="https://tea.example/green"><header class="source">'
        '<a href="https://tea.example/green">tea.example</a></header><article class="onebox-body"><h3>Green</h3>'
        "<p>All about it.</p></article></aside>"
    )
    picture = (
        '<div class="lightbox-wrapper"><a class="lightbox" href="b.png"><img src="b.png"><div class="meta"><span '
        'class="filename">b.png</span> <span class="informations">690×200</span></div></a></div>'
    )
    linked = (
        '<aside class="quote" data-post="1" data-topic="7"><div class="title"><a href="/t/tea/7">Green tea</a></div>'
        "<blockquote>Which…</blockquote></aside>"
    )
    cooked = f'<p>See:</p>{preview}<p>And <img class="emoji" alt=":tea:"></p>{picture}'
    assert cooked_text(cooked, topic="7") == ("See:\n\nhttps://tea.example/green\n\nAnd :tea:", set())
    assert cooked_text(linked, topic="7") == ("> Green tea\n>\n> Which…", set())
    assert cooked_text('<aside class="onebox"><p>x</p></aside>', topic="7") == ("x", set())


def test_lists_of_posts_are_sorted_out_by_topic() -> None:
    latest = [post(3, reply_to=2), post(1, topic_id=8, topic_title="Cups"), post(2), post(1)]
    first, second = read_threads(StringIO(json.dumps({"latest_posts": latest})))
    assert links(first) == [("1", None), ("2", "1"), ("3", "2")]
    assert (second.id, second.title, links(second)) == ("8", "Cups", [("1", None)])
    assert list(read_threads(StringIO(json.dumps(latest)))) == [first, second]
    assert list(read_threads(StringIO("\n".join(map(json.dumps, latest))))) == [first, second]


def test_the_first_post_is_put_in_where_it_is_missing() -> None:
    thread = read(post(5, reply_to=3))
    assert links(thread) == [("1", None), ("3", "1"), ("5", "3")]
    assert thread.opening_post.deleted
    assert details(thread)[0] == "the first post is not in the file: put in empty"


def test_pages_of_a_topic_that_follow_each_other_are_one() -> None:
    pages = [topic(post(1), post(2), stream=[101, 102, 103]), {"post_stream": {"posts": [post(3)]}, "id": 7}]
    others = [topic(post(1, topic_id=8), id=8), {"backend_name": "Discourse", "data": topic(post(1), id=9)}]
    lines = "\n".join(map(json.dumps, [*pages, *others]))
    threads = list(read_threads(StringIO(lines)))
    assert [(thread.id, len(thread.posts)) for thread in threads] == [("7", 3), ("8", 1), ("9", 1)]
    assert threads[0].repairs == ()


def test_a_first_post_without_words_says_the_title() -> None:
    assert read(topic(post(1, '<img src="a.png">'))).opening_post.text == "Green tea & black"
    assert read(post(1, "", raw="> Tea\n\nNo.")).opening_post.text == "> Tea\n\nNo."


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"users": [], "topic_list": {"topics": [{"id": 7, "title": "Tea"}]}}, "a list of topics, without their posts"),
        ({"post_stream": {"posts": []}, "id": 7}, "without its posts"),
        ({"latest_posts": [], "post_number": 1}, "no post in it"),
        ([{"post_number": 1, "cooked": ""}, {"highest_post_number": 3}], "neither a topic nor a post"),
    ],
)
def test_what_is_no_topic(value: Any, problem: str) -> None:
    with pytest.raises(NoThreadError, match=problem):
        read(value)


def test_a_chain_of_thousands() -> None:
    posts = [post(number, "", number - 1 or None) for number in range(1, 5001)]
    assert read(topic(*posts)).depth("5000") == 4999


@given(damaged(SAMPLE) | damaged({"latest_posts": SAMPLE["post_stream"]["posts"]}) | damaged([SAMPLE] * 2, lines=True))
def test_any_damage_gives_threads_or_one_error(data: bytes) -> None:
    for format_ in ("discourse", None):
        with suppress(ArgmineError):
            for thread in read_threads(BytesIO(data), format=format_):
                assert Thread.model_validate_json(thread.model_dump_json()) == thread
