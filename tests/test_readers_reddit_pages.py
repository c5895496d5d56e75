"""Saved pages of Reddit, old and new: the tree of comments, and nothing from beside it."""

from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

from argmine.errors import NoThreadError
from argmine.readers import read_thread
from argmine.thread import Thread

DATA = Path(__file__).parent / "data" / "readers"
OLD = (DATA / "old_reddit.html").read_text(encoding="utf-8")
NEW = (DATA / "new_reddit.html").read_text(encoding="utf-8")
SELF_TEXT = (
    "The pond in the park has no place to sit, and the ducks draw a crowd each Sunday.\n\n"
    "I would put a bench on the north side, where the willows are, and pay for it by subscription."
)


def page(text: str) -> Thread:
    return read_thread(StringIO(text))


def without(text: str, start: str, end: str) -> str:
    """Return a page without what stands between two marks."""
    before, _, rest = text.partition(start)
    assert rest
    return before + rest.partition(end)[2]


@pytest.mark.parametrize(("text", "gone", "year"), [(OLD, "t1_c", 2017), (NEW, "t1_x", 2023)])
def test_the_whole_tree_and_nothing_beside_it(text: str, gone: str, year: int) -> None:
    thread = page(text)
    assert thread.title == "A bench by the pond?"
    assert thread.url == "https://www.reddit.com/r/isle/comments/s1/a_bench_by_the_pond/"
    assert [(post.id, post.reply_to, post.author, post.deleted) for post in thread.posts] == [
        ("post", None, "wren", False),
        ("t1_a", "post", "ann", False),
        ("t1_b", "t1_a", "ben", False),
        (gone, "t1_b", None, True),
        ("t1_d", gone, "wren", False),
        ("t1_e", "post", "cy", False),
    ]
    assert thread.opening_post.text == SELF_TEXT
    assert [post.created_at.minute for post in thread.posts if post.created_at] == [40, 41, 42, 43, 44, 45]
    assert thread.opening_post.created_at == datetime(year, 7, 14, 2, 40, tzinfo=UTC)
    assert thread.post("t1_b").text == "> the willows give shade\n\nThey drop leaves on everything, though."
    assert thread.post("t1_d").text == "What was that about?"
    assert [(repair.kind, repair.detail.partition(" or more")[0]) for repair in thread.repairs] == [
        ("omitted_replies", "19 replies" if text is OLD else "7 replies")
    ]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [(OLD, '<div class="usertext-body', "</form>"), (NEW, '<div slot="text-body"', "</div></div>")],
)
def test_a_link_has_its_title_as_text(text: str, start: str, end: str) -> None:
    if text is OLD:  # the sidebar has such a text as well, and stands first
        side, link, rest = text.partition('<div id="siteTable"')
        thread = page(side + link + without(rest, start, end))
    else:
        thread = page(without(text, start, end))
    assert (thread.opening_post.text, thread.opening_post.author) == ("A bench by the pond?", "wren")
    assert len(thread.posts) == 6


@pytest.mark.parametrize("text", [OLD, NEW])
def test_a_self_text_may_be_short_or_deleted(text: str) -> None:
    first, second = SELF_TEXT.split("\n\n")
    short = text.replace(f"<p>{second}</p>", "").replace(first, "Why not?")
    assert page(short).opening_post.text == "Why not?"
    deleted = page(text.replace(f"<p>{second}</p>", "").replace(first, "[removed]")).opening_post
    assert (deleted.deleted, deleted.text) == (True, "")


def test_an_advertisement_above_is_not_the_submission() -> None:
    paid = '<div class="thing link promotedlink"><div class="md"><p>Buy this bench, it is cheap.</p></div></div>'
    thread = page(OLD.replace('<div id="siteTable"', f'{paid}<div id="siteTable"'))
    assert thread.opening_post.text == SELF_TEXT


def test_a_list_of_submissions_is_no_thread() -> None:
    posts = "".join(f"<shreddit-post author='wren'><h2>Tea, part {n}</h2></shreddit-post>" for n in range(4))
    with pytest.raises(NoThreadError, match="list of submissions"):
        page(f"<!doctype html><title>isle</title><main>{posts}</main>")
    links = "".join(
        f'<div class="thing link"><div class="entry"><p class="title"><a class="title" href="/{n}">Tea, part {n}</a>'
        f'</p><p class="tagline">submitted <time datetime="2017-07-14T02:40:00+00:00">now</time> by <a class="author" '
        f'href="/user/wren">wren</a></p></div></div>'
        for n in range(4)
    )
    with pytest.raises(NoThreadError, match="list of submissions"):
        page(f'<!doctype html><title>isle</title><div class="content" role="main">{links}</div>')


def test_comments_named_by_a_custom_element_of_any_site() -> None:
    thread = page(
        "<!DOCTYPE html><title>Tea or coffee? | Kettle</title><h1>Tea or coffee?</h1><p>Tea keeps for years, and it "
        "can be had without any machine at all, which nobody can say of coffee.</p><kettle-comment author='Nadia' "
        "thingid='k1'><time datetime='2020-01-01T00:00:00Z'></time><p>Old tea tastes of dust.</p></kettle-comment>"
        "<kettle-comment author='Emil' thingid='k2' parentid='k1'><p>So does old coffee.</p></kettle-comment>"
    )
    assert [(post.id, post.reply_to, post.author, post.text) for post in thread.posts[1:]] == [
        ("k1", "post", "Nadia", "Old tea tastes of dust."),
        ("k2", "k1", "Emil", "So does old coffee."),
    ]


def test_the_longest_headline_that_the_title_repeats_is_the_title() -> None:
    text = "<p>The ferry should run on Sundays too, because people have to see the doctor on Mondays, early.</p>"
    thread = page(
        f"<!DOCTYPE html><title>Ferries on Sunday : isle</title><h1>isle</h1><h2>Ferries on Sunday</h2>{text}"
    )
    assert thread.title == "Ferries on Sunday"
