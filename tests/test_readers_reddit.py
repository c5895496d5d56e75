"""The Reddit reader, on listings as Reddit serves them."""

import json
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest

from argmine.errors import NoThreadError
from argmine.readers import read_thread
from argmine.thread import Thread


def listing(*things: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"modhash": "", "children": list(things), "after": None}}


def comment(id_: str, body: Any, *replies: dict[str, Any], parent: Any = "t3_s1", **more: Any) -> dict[str, Any]:
    data = {"id": id_, "name": f"t1_{id_}", "link_id": "t3_s1", "parent_id": parent, "author": "ann", "body": body}
    return {"kind": "t1", "data": data | {"replies": listing(*replies) if replies else ""} | more}


def submission(**more: Any) -> dict[str, Any]:
    data = {"id": "s1", "name": "t3_s1", "title": "Should ferries run &amp; sail on Sundays?", "author": "wren"}
    data |= {"selftext": "", "is_self": True, "permalink": "/r/isle/comments/s1/ferries/", "created_utc": 1500000000.0}
    return {"kind": "t3", "data": data | more}


def read(*listings: dict[str, Any]) -> Thread:
    return read_thread(StringIO(json.dumps(listings)))


def test_tree_texts_and_notes() -> None:
    more = {"kind": "more", "data": {"count": 7, "id": "m", "parent_id": "t1_b", "children": ["x", "y"]}}
    further = {"kind": "more", "data": {"count": 0, "id": "_", "parent_id": "t1_c", "children": []}}
    gone = comment("c", "[removed]", comment("d", "Why was it removed?", parent="t1_c"), further, parent="t1_a")
    quoting = comment(
        "b", "&gt; sail\n\nThey &lt;sail&gt; &amp;amp; steam&amp;#x200B;, R&amp;amp;D", more, author="[deleted]"
    )
    thread = read(
        listing(submission(selftext="I think so.\n\n* one\n* two")),
        listing(comment("a", "No.", gone, created_utc=1500000060), quoting),
    )
    assert thread.id == "s1"
    assert thread.title == "Should ferries run & sail on Sundays?"
    assert thread.url == "https://www.reddit.com/r/isle/comments/s1/ferries/"
    assert [(post.id, post.reply_to, post.author) for post in thread.posts] == [
        ("s1", None, "wren"),
        ("a", "s1", "ann"),
        ("c", "a", "ann"),
        ("d", "c", "ann"),
        ("b", "s1", None),
    ]
    assert thread.opening_post.text == "I think so.\n\n* one\n* two"
    assert thread.opening_post.created_at == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)
    assert (thread.post("c").deleted, thread.post("c").text) == (True, "")
    assert thread.post("b").text == "> sail\n\nThey <sail> & steam\u200b, R&D"
    assert [(repair.kind, repair.post, repair.detail) for repair in thread.repairs] == [
        ("omitted_replies", "c", "further replies are not in the file"),
        ("omitted_replies", "b", "7 replies are not in the file"),
    ]


def test_link_posts_and_raw_bodies() -> None:
    thread = read(
        listing(submission(url="https://isle.example/?a=1&amp;b=2", is_self=False, num_comments=3)),
        listing(comment("a", "> sail\n\nA & B &lt;"), comment("b", None)),
    )
    assert thread.opening_post.text == thread.title
    assert thread.opening_post.url == "https://isle.example/?a=1&b=2"
    assert thread.post("a").text == "> sail\n\nA & B <"
    assert thread.post("b").text == ""
    assert [repair.detail for repair in thread.repairs] == ["the submission announces 3 comments, 2 were found"]


@pytest.mark.parametrize(
    "body",
    [
        "[deleted]",
        "[removed]",
        "[deleted by user]",
        "[ Removed by Reddit ]",
        "[ Removed by reddit on account of violating the [content policy](/help/contentpolicy). ]",
    ],
)
def test_deleted_submissions_stay(body: str) -> None:
    thread = read(listing(submission(selftext=body, author="[deleted]")), listing(comment("a", "No [deleted] here.")))
    assert (thread.opening_post.deleted, thread.opening_post.text, thread.opening_post.author) == (True, "", None)
    assert not thread.post("a").deleted


def test_comments_without_their_submission_or_parent() -> None:
    thread = read_thread(StringIO(json.dumps(listing(comment("a", "No."), comment("b", "Yes.", parent="t1_x")))))
    assert thread.id == "s1"
    assert [(post.id, post.reply_to, post.deleted) for post in thread.posts] == [
        ("s1", None, True),
        ("a", "s1", False),
        ("x", "s1", True),
        ("b", "x", False),
    ]
    assert "comments alone" in thread.repairs[0].detail


def test_odd_values_do_no_harm() -> None:
    odd = comment("a", 3, author=["x"], created_utc="soon", permalink=None, id=None, name=None)
    far = comment("b", "Yes \ud800.", created_utc=1e300, id="b#7", parent=None)
    odd["data"]["replies"] = {"data": {"children": [far, None, {"kind": "t1"}]}}
    thread = read(listing(submission(title=None, url="https://isle.example/\ud800")), listing(odd), {"kind": "Listing"})
    assert [(post.id, post.reply_to, post.created_at) for post in thread.posts[1:]] == [
        ("1", "s1", None),
        ("b-7", "1", None),
    ]
    assert Thread.model_validate_json(thread.model_dump_json()) == thread


def test_a_page_of_submissions_is_no_thread() -> None:
    with pytest.raises(NoThreadError, match="several submissions"):
        read(listing(submission(), submission(id="s2")))


def test_replies_a_hundred_deep() -> None:
    thing = comment("c100", "Deepest.", parent="t1_c99")
    for depth in range(99, 0, -1):
        thing = comment(f"c{depth}", "Deep.", thing, parent=f"t1_c{depth - 1}" if depth > 1 else "t3_s1")
    assert read(listing(submission()), listing(thing)).depth("c100") == 100
