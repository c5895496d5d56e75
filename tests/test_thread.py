"""Threads: what is refused, what is mended, and walking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from strategies import threads

from argmine import Post, Thread


def post(id: str, reply_to: str | None = None, text: str = "") -> Post:  # noqa: A002
    return Post(id=id, reply_to=reply_to, text=text)


@pytest.mark.parametrize(
    ("posts", "slug", "named"),
    [
        ([], "no_root", "opening post"),
        ([post("a", "b"), post("b", "a")], "no_root", "opening post"),
        ([post("a"), post("b")], "several_roots", "'b'"),
        ([post("a"), post("b", "a"), post("b", "a")], "duplicate_post", "'b'"),
        ([post("a"), post("b", "zz")], "dangling_reply", "'zz'"),
        ([post("a"), post("b", "c"), post("c", "b")], "reply_cycle", "'b'"),
        ([post("a"), post("b", "b")], "reply_cycle", "'b'"),
    ],
)
def test_a_broken_thread_is_refused_with_a_slug_and_the_post(posts, slug, named):
    with pytest.raises(ValidationError) as error:
        Thread(posts=posts)
    assert [(fault["type"], named in fault["msg"]) for fault in error.value.errors()] == [(slug, True)]


def test_a_post_id_like_a_claim_id_is_refused():
    for fields in ({"id": "a#1"}, {"id": "a", "reply_to": "b#22"}):
        with pytest.raises(ValidationError, match="ends like a claim id"):
            Post(**fields)
    assert Post(id="a#one").id == "a#one"


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValidationError, match="timezone"):
        Post.model_validate({"id": "a", "created_at": "2026-01-02T03:04:05"})


def test_lone_surrogates_become_one_replacement_character_each():
    assert Post(id="a", text="x\ud800y\udfffz").text == "x�y�z"


def test_posts_and_threads_are_frozen():
    thread = Thread(posts=[post("a")])
    with pytest.raises(ValidationError):
        thread.title = "new"
    with pytest.raises(ValidationError):
        thread.opening_post.text = "new"


def test_a_post_before_its_parent_is_moved_to_just_behind_it():
    thread = Thread(posts=[post("c", "b"), post("a"), post("x", "a"), post("b", "a"), post("y", "a")])
    assert [one.id for one in thread.posts] == ["a", "x", "b", "c", "y"]


def test_children_ancestors_depth_and_walking():
    thread = Thread(posts=[post("a"), post("b", "a"), post("c", "a"), post("d", "b"), post("e", "d")])
    assert [one.id for one in thread.children("a")] == ["b", "c"]
    assert [one.id for one in thread.ancestors("e")] == ["d", "b", "a"]
    assert [thread.depth(one) for one in "abcde"] == [0, 1, 1, 2, 3]
    assert [one.id for one in thread.walk()] == ["a", "b", "d", "e", "c"]
    assert [[one.id for one in branch.posts] for branch in thread.branches()] == [["a", "b", "d", "e"], ["a", "c"]]
    with pytest.raises(KeyError):
        thread.post("zz")


def test_a_chain_of_fifty_thousand_replies():
    chain = [post("0"), *(post(str(n), str(n - 1)) for n in range(1, 50_000))]
    thread = Thread(posts=chain)
    assert thread.depth("49999") == 49_999
    assert sum(1 for _ in thread.walk()) == 50_000
    assert sum(1 for _ in thread.ancestors("49999")) == 49_999
    assert len(next(thread.branches()).posts) == 50_000
    repaired = Thread.repaired([post("0", "49999"), *chain[1:]])  # one large cycle
    assert len(repaired.posts) == 50_000
    assert {repair.kind for repair in repaired.repairs} == {"reply_cycle", "no_root"}


def kinds(thread: Thread) -> list[tuple[str, str | None]]:
    return [(repair.kind, repair.post) for repair in thread.repairs]


def test_a_missing_parent_becomes_a_deleted_post_before_its_first_reply():
    thread = Thread.repaired([post("a"), post("b", "gone", "x"), post("c", "gone", "y")])
    assert [(one.id, one.reply_to, one.deleted) for one in thread.posts] == [
        ("a", None, False),
        ("gone", "a", True),
        ("b", "gone", False),
        ("c", "gone", False),
    ]
    assert kinds(thread) == [("missing_parent", "gone")]


def test_replies_without_their_opening_post_get_a_placeholder_as_root():
    thread = Thread.repaired([post("b", "t3", "x"), post("c", "t3", "y")])
    assert thread.opening_post == Post(id="t3", deleted=True)
    assert kinds(thread) == [("missing_parent", "t3"), ("no_root", "t3")]


def test_duplicates_are_left_out_or_renamed_by_their_text():
    thread = Thread.repaired([post("a"), post("b", "a", "x"), post("b", "a", "x"), post("b", "a", "other")])
    assert [(one.id, one.text) for one in thread.posts] == [("a", ""), ("b", "x"), ("b~2", "other")]
    assert kinds(thread) == [("duplicate_post", "b"), ("duplicate_post", "b~2")]


def test_cycles_self_replies_and_several_roots_end_below_the_opening_post():
    thread = Thread.repaired([post("b", "c"), post("c", "b"), post("s", "s"), post("a"), post("r"), post("below", "r")])
    assert thread.opening_post.id == "a"
    assert {one.id: one.reply_to for one in thread.posts} == {
        "a": None,
        "b": "a",
        "c": "b",
        "s": "a",
        "r": "a",
        "below": "r",
    }
    assert {kind for kind, _ in kinds(thread)} == {"self_reply", "reply_cycle", "several_roots"}


def test_nothing_to_repair_is_still_refused():
    with pytest.raises(ValidationError, match="no opening post"):
        Thread.repaired([])


@given(threads())
def test_json_round_trip(thread):
    assert Thread.model_validate_json(thread.model_dump_json()) == thread


@given(threads())
def test_a_sound_thread_needs_no_repair(thread):
    again = Thread.repaired(thread.posts, id=thread.id, title=thread.title, url=thread.url)
    assert again.posts == thread.posts
    assert again.repairs == ()


ids = st.sampled_from("abcdef")


@given(st.lists(st.builds(Post, id=ids, reply_to=st.none() | ids, text=st.sampled_from(["", "x", "y"])), min_size=1))
def test_any_heap_of_posts_becomes_one_tree_and_keeps_every_text(posts):
    thread = Thread.repaired(posts)
    assert {one.text for one in posts} <= {one.text for one in thread.posts}
    assert {one.id for one in posts} <= {one.id for one in thread.posts}
    assert sum(1 for _ in thread.walk()) == len(thread.posts)
    assert Thread.repaired(posts) == thread
    assert Thread.repaired(thread.posts).repairs == ()


def test_an_empty_reply_to_is_none() -> None:
    thread = Thread(posts=(Post(id="a", reply_to=""), Post(id="b", reply_to="a")))
    assert thread.opening_post.reply_to is None
    assert Thread.repaired([Post(id="a", reply_to=""), Post(id="b", reply_to="")]).post("b").reply_to == "a"
