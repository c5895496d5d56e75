"""The readers of Mastodon, ActivityPub, Lemmy and chats."""

import json
from io import BytesIO, StringIO
from typing import Any

import pytest
from fediverse_samples import (
    CONTEXT,
    CREATE,
    LEMMY,
    LIKE,
    MATTERMOST,
    OUTBOX,
    PAGE,
    POST_VIEW,
    SAMPLES,
    SLACK,
    STATUS,
    channel_post,
    comment,
    message,
    note,
    status,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from argmine.errors import ArgmineError, NoThreadError, ReadError
from argmine.readers import read_thread, read_threads
from argmine.thread import Thread


def read(value: Any, **options: Any) -> list[Thread]:
    return list(read_threads(StringIO(value if isinstance(value, str) else json.dumps(value)), **options))


def links(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.id.rpartition("/")[2], (post.reply_to or "").rpartition("/")[2] or None) for post in thread.posts]


def details(thread: Thread) -> list[str]:
    return [repair.detail for repair in thread.repairs]


# Mastodon


@pytest.mark.parametrize("value", [{"status": STATUS, "context": CONTEXT}, {"status": STATUS, **CONTEXT}])
def test_a_status_with_its_context(value: Any) -> None:
    [thread] = read(value)
    assert links(thread) == [("11", None), ("12", "11"), ("13", "12"), ("14", "13"), ("15", "12")]
    assert (thread.id, thread.url, thread.repairs) == ("11", "https://isle.example/@nadia/11", ())
    assert [post.author for post in thread.posts[:2]] == ["nadia", "emil@shore.example"]
    assert thread.post("12").text == "Nobody works there on Sundays,\nas it is."
    assert thread.post("14").text == "Money\n\nWho pays them?"
    assert str(thread.post("14").created_at) == "2023-05-01 10:14:00+00:00"


def test_a_context_alone_has_an_empty_post_where_the_status_stood() -> None:
    [thread] = read(CONTEXT)
    assert links(thread) == [("11", None), ("12", "11"), ("13", "12"), ("14", "13"), ("15", "12")]
    assert thread.post("12").deleted
    assert [(repair.kind, repair.post) for repair in thread.repairs] == [("missing_parent", "12")]
    [below] = read(CONTEXT | {"ancestors": []})
    assert links(below)[:2] == [("12", None), ("13", "12")]
    [above] = read(CONTEXT | {"descendants": []})
    assert details(above) == ["the status that this is the context of is not in the file, and nothing names it"]


def test_a_list_of_statuses_holds_several_threads() -> None:
    boost = status(30, "", reblog=status(31, "<p>Look.</p>"))
    other = status(21, "<p>Never again.</p>", answers=20)
    first, second = read([STATUS, other, boost, *CONTEXT["ancestors"], {"id": 5}])
    assert links(first) == [("11", None), ("12", "11")]
    assert details(first) == [
        "1 boosts of other statuses were left out",
        "1 entries that are no statuses were left out",
    ]
    assert links(second) == [("20", None), ("21", "20")]


@pytest.mark.parametrize("value", [CONTEXT | {"ancestors": [], "descendants": []}, [status(1, "", reblog=STATUS)]])
def test_no_status_is_no_thread(value: Any) -> None:
    with pytest.raises(NoThreadError, match="no status"):
        read(value)


# ActivityPub


def test_an_outbox_is_taken_apart_into_threads() -> None:
    first, second = read(OUTBOX)
    assert links(first) == [("1", None), ("2", "1"), ("3", "2")]
    assert (first.id, first.title) == ("https://isle.example/notes/1", "Is the oven worth it?")
    assert [post.author for post in first.posts] == ["emil@shore.example", "nadia@isle.example", "nadia@isle.example"]
    assert first.opening_post.text == "Bread from the village oven keeps for a week."
    assert details(first) == ["what says nothing was left out: 1 × Like"]
    assert links(second) == [("5", None)]


def test_lines_and_announced_activities() -> None:
    lines = [PAGE, {"type": "Announce", "actor": "https://isle.example/c/food", "object": CREATE}]
    [thread] = read("\n" + "\n".join(map(json.dumps, lines)) + "\n")
    assert links(thread) == [("1", None), ("2", "1")]
    with pytest.raises(ReadError, match="line 2"):
        read(json.dumps(PAGE) + '\n{"type": "Note"')


def test_a_note_alone_has_an_empty_post_above() -> None:
    [thread] = read(note(7, "Text alone", answers={"type": "Note", "id": "https://isle.example/notes/6"}))
    assert links(thread) == [("6", None), ("7", "6")]
    assert thread.opening_post.deleted


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"content": "*So*  it\n> is", "mediaType": "text/markdown"}, "*So*  it\n> is"),
        ({"content": None, "source": {"content": "*So*", "mediaType": "text/markdown"}}, "*So*"),
        ({"content": None, "contentMap": {"en": "<p>So</p>"}}, "So"),
        ({"summary": "Weather", "content": "<p>So</p>"}, "Weather\n\nSo"),
        ({"type": "Article", "summary": "Teaser", "content": "<p>So</p>"}, "So"),
        ({"content": None, "name": "Yes, daily"}, "Yes, daily"),
    ],
)
def test_where_the_text_of_an_object_stands(fields: dict[str, Any], text: str) -> None:
    [thread] = read(note(1, "") | fields)
    assert thread.opening_post.text == text


def test_edits_deletions_and_replies_that_are_only_named() -> None:
    edited = {"type": "Update", "actor": "x", "object": note(2, "<p>Better.</p>", answers=1)}
    gone = [{"type": "Tombstone", "id": f"https://isle.example/notes/{number}"} for number in (3, 4, 9)]
    replies = {
        "type": "Collection",
        "first": {"items": ["https://isle.example/notes/2", "https://isle.example/notes/8"]},
    }
    posts = [note(1, "<p>A.</p>", replies=replies), note(2, "<p>B.</p>", answers=1), note(3, "<p>C.</p>", answers=1)]
    [thread] = read([*posts, edited, *gone, note(6, "<p>D.</p>", answers=4), note(4, "", answers=2)])
    assert [(post.text, post.deleted) for post in thread.posts] == [
        ("A.", False), ("Better.", False), ("", True), ("", True), ("D.", False),
    ]  # fmt: skip
    assert [(repair.kind, repair.detail) for repair in thread.repairs] == [
        ("reader_note", "what says nothing was left out: 1 × Tombstone"),
        ("reader_note", "1 edits: the last version of each was taken"),
        ("omitted_replies", "1 replies are not in the file"),
    ]


@pytest.mark.parametrize("value", [LIKE, {"type": "Tombstone", "id": "a"}, OUTBOX | {"orderedItems": []}])
def test_other_activities_alone_are_refused(value: Any) -> None:
    with pytest.raises(NoThreadError, match=r"it holds .*; threads are made of Article, .*Note"):
        read(value)


def test_a_chain_of_many_replies() -> None:
    notes = [note(n, "<p>So.</p>", answers=n - 1 if n else None, published=None) for n in range(3000)]
    [thread] = read(notes[::-1])
    assert thread.depth("https://isle.example/notes/2999") == 2999


# Lemmy


@pytest.mark.parametrize("value", [LEMMY, [{"post_view": POST_VIEW}, {"comments": LEMMY["comments"]}]])
def test_a_lemmy_post_with_its_comments(value: Any) -> None:
    [thread] = read(value)
    assert links(thread) == [
        ("post-12", None), ("34", "post-12"), ("35", "34"), ("12", "post-12"), ("36", "34"), ("37", "36"),
    ]  # fmt: skip
    assert (thread.title, thread.url) == ("Should the mill run at night?", "https://isle.example/post/12")
    assert (thread.opening_post.author, thread.opening_post.text) == ("wren", "It is *loud*.\n\n> It always was.")
    assert [post.id for post in thread.posts if post.deleted] == ["12", "36"]
    assert thread.post("12").text == ""
    assert details(thread) == ["answered by '37' but missing: put in empty"]


def test_lemmy_comments_alone_and_from_elsewhere() -> None:
    far = comment("0.50", "Hm.")
    far["creator"] = {"name": "emil", "local": False, "actor_id": "https://shore.example/u/emil"}
    [thread] = read({"comments": [far, {"comment": {"id": 1, "post_id": 12}}]})
    assert [post.author for post in thread.posts] == [None, "emil@shore.example"]
    assert details(thread) == [
        "1 comments without an id, a path or a text were left out",
        "the file does not say who wrote the post",
    ]
    with pytest.raises(NoThreadError):
        read({"post_view": {}, "comments": []}, format="lemmy")


# chats


def test_threads_of_a_slack_channel() -> None:
    [thread] = read(SLACK)
    assert [post.author for post in thread.posts] == ["Ann", "U3", "U4"]
    assert [post.text for post in thread.posts] == [
        "Tea for the office?", "> Tea?\n@ann: no, R&D says this", "Yes, @here in #kitchen",
    ]  # fmt: skip
    assert {post.reply_to for post in thread.posts} == {None, thread.id}
    assert details(thread) == ["1 messages that are in no thread were left out"]


def test_threads_of_a_mattermost_channel() -> None:
    [thread] = read(MATTERMOST)
    assert links(thread) == [("post1", None), ("post2", "post1"), ("post3", "post1")]
    assert thread.post("post3").deleted
    with pytest.raises(NoThreadError, match="none of the 1 messages"):
        read({"order": [], "posts": {"a": channel_post(1, "So.")}})
    with pytest.raises(NoThreadError, match="none of the 2 messages"):
        read([message(1, "So."), message(2, "So?")])


# all of them


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("interactions:\n- request:\n    body: null\n", "recording of exchanges"),
        ('{"count": 1, "questions": [{"id": 1, "answer_ids": [2], "summary": "<p>So?</p>"}]}', "API of Askbot"),
    ],
)
def test_files_without_threads_are_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ReadError, match=reason):
        read_thread(StringIO(text))


@pytest.mark.parametrize("name", SAMPLES)
def test_the_format_is_found(name: str) -> None:
    assert read(SAMPLES[name]) == read(SAMPLES[name], format=name)


_JUNK: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 10**400, 1e300, "", "x", "a#1", "\ud800", [], {}, [[]], {"id": {}}, ["x"]]
)


def _mutated(value: Any, draw: st.DrawFn) -> Any:
    """Return a value with a few of the values in it replaced or taken out."""
    places: list[tuple[Any, Any]] = []
    waiting = [value]
    while waiting:
        here = waiting.pop()
        found = list(here.items()) if isinstance(here, dict) else list(enumerate(here))
        places += [(here, key) for key, _ in found]
        waiting += [inner for _, inner in found if isinstance(inner, dict | list)]
    for at in draw(st.lists(st.integers(0, len(places) - 1), min_size=1, max_size=4)):
        holder, key = places[at]
        if isinstance(holder, dict) and draw(st.booleans()):
            holder.pop(key, None)
        else:
            holder[key] = draw(_JUNK)
    return value


@pytest.mark.parametrize("name", [*SAMPLES, "outbox", "mattermost"])
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_damaged_files_give_threads_or_an_error(name: str, data: st.DataObject) -> None:
    sample, format_ = {"mattermost": (MATTERMOST, "chat"), "outbox": (OUTBOX, "activitypub")}.get(
        name, (SAMPLES.get(name), name)
    )
    value = data.draw(st.composite(lambda draw: _mutated(json.loads(json.dumps(sample)), draw))())
    raw = json.dumps(value).encode()
    if data.draw(st.booleans()):
        at = data.draw(st.integers(0, len(raw) - 1))
        raw = raw[:at] + data.draw(st.binary(max_size=3)) + raw[at + data.draw(st.integers(0, 40)) :]
    try:
        threads = list(read_threads(BytesIO(raw), format=format_))
    except ArgmineError:
        return
    assert all(thread.posts for thread in threads)
