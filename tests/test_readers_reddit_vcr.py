"""Recorded exchanges with Reddit: threads put together from several answers."""

import base64
import gzip
import json
from io import StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmine.errors import ArgmineError, NoThreadError, ReadError, UnknownFormatError
from argmine.readers import read_thread, read_threads
from argmine.thread import Thread


def listing(*things: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "Listing", "data": {"children": list(things)}}


def comment(
    id_: str, body: str, *replies: dict[str, Any], parent: str = "t3_s1", link: str = "t3_s1"
) -> dict[str, Any]:
    data = {"id": id_, "link_id": link, "parent_id": parent, "author": "ann", "body": body}
    return {"kind": "t1", "data": data | {"replies": listing(*replies) if replies else ""}}


def stub(parent: str, *children: str) -> dict[str, Any]:
    return {"kind": "more", "data": {"parent_id": parent, "count": len(children), "children": list(children)}}


SUBMISSION = {"kind": "t3", "data": {"id": "s1", "title": "Which kettle?", "selftext": "Mine leaks.", "author": "wren"}}
PAGE = [listing(SUBMISSION), listing(comment("a", "A steel one.", stub("t1_a", "b")), stub("t3_s1", "x", "y"))]
LOADED = {"json": {"errors": [], "data": {"things": [comment("b", "They rust.", parent="t1_a")]}}}


def exchange(answer: Any, *, packed: bool = False) -> dict[str, Any]:
    body = answer if isinstance(answer, str) else json.dumps(answer)
    kept = {"base64_string": base64.b64encode(gzip.compress(body.encode())).decode()} if packed else {"string": body}
    request = {"method": "GET", "uri": "https://oauth.reddit.com/comments/s1/_/a?raw_json=1"}
    return {"recorded_at": "2020-01-01T00:00:00", "request": request, "response": {"body": kept, "headers": {}}}


def cassette(*exchanges: Any) -> StringIO:
    return StringIO(json.dumps({"interactions": list(exchanges), "version": 1}, indent=1))


@pytest.mark.parametrize("packed", [False, True])
def test_answers_about_one_submission_are_one_thread(packed: bool) -> None:
    token = exchange({"access_token": "<TOKEN>", "expires_in": 3600})
    info = exchange(listing(comment("b", "They rust.", parent="t1_a")))
    thread = read_thread(cassette(token, info, exchange(PAGE, packed=packed), exchange(LOADED), exchange("<html>")))
    assert (thread.id, thread.title) == ("s1", "Which kettle?")
    assert [(post.id, post.reply_to, post.text) for post in thread.posts] == [
        ("s1", None, "Mine leaks."),
        ("a", "s1", "A steel one."),
        ("b", "a", "They rust."),
    ]
    assert [(repair.kind, repair.post, repair.detail) for repair in thread.repairs] == [
        ("reader_note", None, "put together from 3 answers"),
        ("omitted_replies", "s1", "2 replies are not in the file"),
    ]


def test_several_submissions_are_several_threads() -> None:
    other = listing(comment("c", "Warm the pot first.", parent="t3_s2", link="t3_s2"))
    first, second = read_threads(cassette(exchange(PAGE), exchange(other)))
    assert [post.id for post in first.posts] == ["s1", "a"]
    assert [(post.id, post.deleted) for post in second.posts] == [("s2", True), ("c", False)]


def test_cassettes_without_a_thread_and_of_other_sites() -> None:
    with pytest.raises(NoThreadError, match="none of the recorded answers"):
        read_thread(
            cassette(exchange({"access_token": "<TOKEN>"}), None, {"response": {"body": {"base64_string": "?"}}})
        )
    with pytest.raises(ReadError, match="no cassette"):
        read_thread(StringIO("[]"), format="reddit_vcr")
    with pytest.raises(UnknownFormatError):
        read_thread(StringIO(cassette(exchange(PAGE)).getvalue().replace("reddit.com", "kettles.example")))


def test_answers_larger_than_what_is_read() -> None:
    large = exchange('["' + "x" * (1 << 25), packed=True)
    with pytest.raises(ReadError, match="answers are larger than 64 MiB"):
        read_thread(cassette(large, large, large))


values = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.integers(), max_size=2)
values |= st.sampled_from(["t1_a", "t3_s1", "s1", "#1", "\ud800", {"data": {"children": [{}]}}])
NAMES = ["kind", "data", "children", "id", "link_id", "parent_id", "body", "string", "response", "replies", "things"]


def changed(value: Any, name: str, put: Any) -> Any:
    if isinstance(value, dict):
        return {key: put if key == name else changed(each, name, put) for key, each in value.items()}
    return [changed(each, name, put) for each in value] if isinstance(value, list) else value


@settings(deadline=None)
@given(st.sampled_from(NAMES), values)
def test_any_values_give_threads_or_one_error(name: str, put: Any) -> None:
    exchanges = [exchange(changed(PAGE, name, put)), changed(exchange(PAGE), name, put)]
    exchanges.append(exchange(changed(LOADED, name, put)))
    try:
        threads = list(read_threads(cassette(*exchanges)))
    except ArgmineError:
        return
    for thread in threads:
        assert Thread.model_validate_json(thread.model_dump_json()) == thread
