"""The Hacker News reader, on items as its two APIs serve them."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from json_damage import damaged

from argmine.errors import ArgmineError, NoThreadError, ReadError
from argmine.readers import read_thread, read_threads
from argmine.thread import Thread


def item(id_: Any, parent: Any = None, text: Any = "Yes.", **more: Any) -> dict[str, Any]:
    kind = {"title": f"Story {id_}", "type": "story"} if parent is None else {"parent": parent, "type": "comment"}
    return {"by": "ann", "id": id_, "text": text, "time": 1500000000} | kind | more


def nested(id_: int, *children: dict[str, Any], **more: Any) -> dict[str, Any]:
    data = {"id": id_, "created_at": "2017-07-14T02:40:00.000Z", "created_at_i": 1500000000, "type": "comment"}
    data |= {"author": "ben", "title": None, "url": None, "text": "<p>Indeed.</p>", "points": None}
    return data | {"parent_id": None, "story_id": 1, "children": list(children), "options": []} | more


ALGOLIA = nested(
    1,
    nested(2, nested(3, text="&gt; Indeed.\n&gt; It is.<p>Why?", parent_id=2), parent_id=1),
    nested(4, author=None, text=None, parent_id=1),
    type="story",
    title="A kettle that &amp; whistles",
    url="https://kettle.example/?a=1",
    text=None,
)
FIREBASE = [
    item(1, text=None, kids=[3, 2], url="https://kettle.example/"),
    item(2, 1),
    item(3, 1, kids=[4]),
    item(4, 3),
]


def read(value: Any) -> Thread:
    return read_thread(StringIO(json.dumps(value)))


def links(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.id, post.reply_to) for post in thread.posts]


def test_an_item_with_its_replies() -> None:
    thread = read(ALGOLIA)
    assert (thread.id, thread.title) == ("1", "A kettle that & whistles")
    assert thread.url == "https://news.ycombinator.com/item?id=1"
    assert thread.opening_post.url == "https://kettle.example/?a=1"
    assert thread.opening_post.text == "A kettle that & whistles"
    assert thread.opening_post.created_at == datetime(2017, 7, 14, 2, 40, tzinfo=UTC)
    assert links(thread) == [("1", None), ("2", "1"), ("3", "2"), ("4", "1")]
    assert thread.post("3").text == "> Indeed.\n> It is.\n\nWhy?"
    assert thread.post("3").url == "https://news.ycombinator.com/item?id=3"
    assert (thread.post("4").deleted, thread.post("4").author) == (True, None)
    assert thread.repairs == ()


def test_items_that_name_their_replies_stand_as_on_the_page() -> None:
    thread = read(FIREBASE)
    assert links(thread) == [("1", None), ("3", "1"), ("4", "3"), ("2", "1")]
    assert (thread.post("4").author, thread.repairs) == ("ann", ())
    assert read(FIREBASE[::-1]) == thread


def test_lines_of_several_stories_in_any_order() -> None:
    items = [item(12, 11), item(2, 1), item(11, 10), item(1, kids=[2, 3]), item(10, text="Ask."), item(21, 20)]
    text = "\n".join(map(json.dumps, [*items, None]))
    threads = list(read_threads(StringIO(text)))
    assert [links(thread) for thread in threads] == [
        [("10", None), ("11", "10"), ("12", "11")],
        [("1", None), ("2", "1")],
        [("20", None), ("21", "20")],
    ]
    assert [(repair.kind, repair.post) for repair in threads[1].repairs] == [("omitted_replies", "1")]
    assert threads[2].opening_post.deleted
    assert threads[2].repairs[0].detail == "the story is not in the file: comments alone"
    with pytest.raises(ReadError, match="several threads"):
        read_thread(StringIO(text))


def test_lines_that_hold_whole_stories() -> None:
    lines = [ALGOLIA, ALGOLIA | {"id": 5, "children": []}, nested(7, nested(8), parent_id=6)]
    threads = list(read_threads(StringIO("\n".join(map(json.dumps, lines)))))
    assert [links(thread) for thread in threads[1:]] == [[("5", None)], [("6", None), ("7", "6"), ("8", "7")]]


def test_a_folder_of_items(tmp_path: Path) -> None:
    for each in FIREBASE:
        (tmp_path / f"{each['id']}.json").write_text(json.dumps(each, indent=2))
    assert read_thread(tmp_path) == read(FIREBASE)
    (tmp_path / "0.json").write_text("null")
    assert read_thread(tmp_path) == read(FIREBASE)
    (tmp_path / "6.json").write_text("[3, 4]")
    with pytest.raises(NoThreadError, match=r"6\.json: this is no item"):
        read_thread(tmp_path)


def test_what_was_removed_stays_without_its_text() -> None:
    gone = [
        {"id": 2, "parent": 1, "type": "comment", "deleted": True, "time": 1500000000},
        item(3, 1, "[flagged]", dead=True),
        item(4, 1, "Buy my kettles.", dead=True),
        item(5, 4, "[deleted]"),
        item(6, 4, "Was [deleted] here?"),
    ]
    thread = read([item(1), *gone])
    assert [post.id for post in thread.posts if post.deleted] == ["2", "3", "4", "5"]
    assert all(post.text == "" for post in thread.posts if post.deleted)
    assert [repair.detail for repair in thread.repairs] == ["1 removed items: kept without their text"]


def test_the_options_of_a_poll_are_part_of_it() -> None:
    options = [item(number, 1, text, type="pollopt", poll=1) for number, text in [(3, "Steel"), (2, "Iron")]]
    for option in options:
        del option["parent"]
    poll = item(1, text="Which pot?", type="poll", parts=[2, 3, 4], kids=[5])
    thread = read([*options, item(5, 1), poll])
    assert thread.opening_post.text == "Which pot?\n\n- Iron\n- Steel"
    assert links(thread) == [("1", None), ("5", "1")]
    assert [repair.detail for repair in thread.repairs] == ["1 replies or options are not in the file"]
    assert read([options[0]]).posts[1].text == "Steel"


def test_addresses_that_are_shown_cut_off_are_whole() -> None:
    link = '<a href="https:&#x2F;&#x2F;pots.example&#x2F;a-long-way" rel="nofollow">https:&#x2F;&#x2F;pots.exa...</a>'
    other = '<a href="https:&#x2F;&#x2F;pots.example">and so on...</a>'
    assert read([item(1, text=f"{link}, {other}")]).opening_post.text == "https://pots.example/a-long-way, and so on..."


def test_a_chain_of_fifty_thousand() -> None:
    items = [item(number, number - 1 if number else None, "") for number in range(1, 50_001)]
    items[0] = item(1)
    thread = read(items[::-1])
    assert thread.depth("50000") == 49_999


@pytest.mark.parametrize("text", ["[1, 2, 3]", "null", "[]", '{"id": "ann", "karma": 3}', '"x"'])
def test_other_answers_of_the_interfaces_are_no_threads(text: str) -> None:
    with pytest.raises(NoThreadError):
        read_thread(StringIO(text), format="hacker_news")


def test_comments_of_other_sites_are_not_taken_for_items() -> None:
    other = {"id": 3, "type": "comment", "parent": 0, "author_name": "ann", "date": "2017-07-14T02:40:00"}
    with pytest.raises(ReadError, match="none of the known formats"):
        read(other)


@given(damaged(ALGOLIA) | damaged(FIREBASE) | damaged(FIREBASE, lines=True))
def test_any_damage_gives_threads_or_one_error(data: bytes) -> None:
    for format_ in ("hacker_news", None):
        with suppress(ArgmineError):
            for thread in read_threads(BytesIO(data), format=format_):
                assert Thread.model_validate_json(thread.model_dump_json()) == thread


def test_saved_pages_are_read_as_html() -> None:
    row = (
        '<tr class="athing comtr" id="{0}"><td><table border="0"><tr><td class="ind" indent="{1}"><img src="s.gif" '
        'height="1" width="{2}"></td><td valign="top" class="votelinks"><center><a id="up_{0}" href="vote?id={0}"><div '
        'class="votearrow" title="upvote"></div></a></center></td><td class="default"><div><span class="comhead">'
        '<a href="user?id={3}" class="hnuser">{3}</a> <span class="age" title="2024-03-01T10:00:00 1709287200"><a '
        'href="item?id={0}">on March 1, 2024</a></span> <span class="navs"> | <a href="#{0}" class="clicky">next</a> '
        '<a class="togg clicky" id="{0}" n="3" href="javascript:void(0)">[–]</a></span></span></div><br><div '
        'class="comment"><div class="commtext c00">{4}</div><div class="reply"><p><font size="1"><u><a '
        'href="reply?id={0}">reply</a></u></font></div></div></td></tr></table></td></tr>'
    )
    comments = [
        (2, 0, 0, "ben", "A kettle should whistle, for else it boils dry."),
        (3, 1, 40, "cleo", "&gt; else it boils dry<p>Mine turns itself off, and so it does not."),
        (4, 0, 0, "dora", "I would rather have a quiet one that is made of glass."),
    ]
    page = (
        '<html lang="en"><head><title>A kettle that whistles | Hacker News</title></head><body><center><table '
        'id="hnmain"><tr><td><table class="fatitem"><tr class="athing submission" id="1"><td class="title"><span '
        'class="titleline"><a href="https://kettle.example/">A kettle that whistles</a></span></td></tr><tr><td '
        'class="subtext"><span class="subline"><span class="score" id="score_1">7 points</span> by <a '
        'href="user?id=ann" class="hnuser">ann</a> <span class="age" title="2024-03-01T09:00:00 1709283600"><a '
        'href="item?id=1">on March 1, 2024</a></span> | <a href="item?id=1">3&nbsp;comments</a></span></td></tr>'
        f'</table><table class="comment-tree">{"".join(row.format(*each) for each in comments)}</table></td></tr>'
        "</table></center></body></html>"
    )
    thread = read_thread(StringIO(page))
    assert thread.title == "A kettle that whistles"
    assert [(post.author, post.text.split("\n")[0]) for post in thread.posts[1:]] == [
        ("ben", "A kettle should whistle, for else it boils dry."),
        ("cleo", "> else it boils dry"),
        ("dora", "I would rather have a quiet one that is made of glass."),
    ]
    first, second, third = thread.posts[1:]
    assert (first.id, second.reply_to, third.reply_to) == ("2", "2", thread.opening_post.id)
