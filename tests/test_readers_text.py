"""The text reader, on pages copied as text: four layouts, and what could be mistaken for one."""

from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from argmine.errors import NoThreadError
from argmine.readers import read_thread
from argmine.thread import Thread

DATA = Path(__file__).parent / "data" / "readers"


def tree(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.id, post.reply_to) for post in thread.posts]


def texts(thread: Thread) -> str:
    return "\n\n".join(post.text for post in thread.posts)


def test_numbered_list_with_bullets_for_replies() -> None:
    thread = read_thread(DATA / "blog_numbered.txt")
    assert thread.title == "Why our village should keep its night bus"
    assert tree(thread) == [
        ("post", None),
        ("1", "post"),
        ("1.1", "1"),
        ("1.1.1", "1.1"),
        ("2", "post"),
        ("3", "post"),
    ]
    assert thread.opening_post.text.startswith("The council wants to drop the night bus")
    assert "  • nurses who come off the late shift\n  • pupils" in thread.opening_post.text
    assert thread.post("1").text == (
        "I drove that bus for nine years.\n\nIt was never empty, whatever the council counted on one wet Monday."
    )
    # a list inside a comment is no reply
    assert thread.post("2").text == (
        "There are two cheaper ways:\n\n• a shared taxi\n• a volunteer\n  with a minibus\n\nEither would do."
    )
    assert thread.post("1.1.1").text == "They counted twice, in fact."
    assert thread.post("3").text.splitlines()[1] == "over two lines."
    for furniture in (
        "Advertisement",
        "Leave a Reply",
        "Log Out",
        "Connecting",
        "Share",
        "responses to",
        "Notify",
    ):
        assert furniture not in texts(thread)
    assert thread.repairs == ()


def test_bylines_tabs_and_parenthesised_numbers() -> None:
    thread = read_thread(DATA / "blog_bylines.txt")
    assert thread.title == "Sourdough is not worth the trouble"
    assert thread.opening_post.author == "Pia Lund"
    assert thread.opening_post.created_at == datetime(2014, 3, 2, tzinfo=UTC)
    assert tree(thread) == [("post", None), ("1", "post"), ("1.1", "1"), ("1.1.1", "1.1"), ("2", "post")]
    assert [post.author for post in thread.posts[1:]] == ["Odd Berg", "pia", "Odd Berg", "Mrs. Van Dam"]
    assert thread.post("1").created_at == datetime(2014, 3, 3, 17, 10, tzinfo=UTC)
    assert thread.post("1").text == "Two reasons to bake it all the same:\n\n- the crust\n- the smell"
    assert thread.post("2").text == "He says: it depends on the flour."
    assert "ago" not in texts(thread)
    assert "Reply" not in texts(thread)
    assert [repair.kind for repair in thread.repairs] == ["reader_note"]
    assert "without a time zone" in thread.repairs[0].detail


def test_blocks_with_bylines_and_no_list() -> None:
    thread = read_thread(DATA / "blog_blocks.txt")
    assert thread.title == "Paint the bridge green"
    assert tree(thread) == [("post", None), ("1", "post"), ("2", "post"), ("3", "post")]
    assert [post.author for post in thread.posts[1:]] == ["Tamsin Roe", "bridgewatcher", "Tamsin Roe"]
    assert thread.post("1").text == "Green fades fastest of all.\n\n> Paint it green\n\nNo."
    assert thread.post("2").created_at == datetime(2019, 6, 5, 9, 30, tzinfo=UTC)
    assert thread.post("3").deleted
    assert thread.post("3").text == ""
    assert "Recent Posts" not in texts(thread)
    assert "Menu" not in texts(thread)


def test_dashes_and_tight_lines() -> None:
    page = (
        "Cats or dogs\n============\n\nCats, I say.\n\nComments (4):\n"
        "- Dogs come when called.\n-- So do cats.\n--- Mine never has.\n- Neither. Fish.\n"
    )
    thread = read_thread(StringIO(page))
    assert tree(thread) == [("post", None), ("1", "post"), ("1.1", "1"), ("1.1.1", "1.1"), ("2", "post")]
    assert thread.title == "Cats or dogs"
    assert thread.opening_post.text == "Cats, I say."
    assert thread.repairs == ()


@pytest.mark.parametrize(
    "heading",
    [
        "2 comments",
        "Two thoughts on “Cats or dogs”",
        "2 Responses to Cats or dogs",
        "Comments (2)",
        "## 2 Replies",
        "Comments: 2",
        "Reader comments",
        "2 Comments so far",
        "Responses:",
    ],
)
def test_headings(heading: str) -> None:
    page = f"Cats or dogs\n\nCats, I say.\n\n{heading}\n\n 1. No, dogs.\n\n 2. Yes!\n"
    thread = read_thread(StringIO(page))
    assert [post.text for post in thread.posts] == ["Cats, I say.", "No, dogs.", "Yes!"]
    assert thread.repairs == ()


@pytest.mark.parametrize("numbers", [(8, 9, 10, 11), (11, 10, 9, 8)])
@pytest.mark.parametrize("form", ["{:>3}. Comment {}", "{}. Comment {}", "  {}) Comment {}"])
def test_numbers_of_different_width_are_siblings(numbers: tuple[int, ...], form: str) -> None:
    comments = "\n\n".join(form.format(number, number) for number in numbers)
    thread = read_thread(StringIO(f"T\n\nText.\n\n4 comments\n\n{comments}\n"))
    assert {post.reply_to for post in thread.posts[1:]} == {"post"}
    assert len(thread.posts) == 5


def test_a_heading_that_announces_more_is_noted() -> None:
    thread = read_thread(StringIO("T\n\nText.\n\n14 comments\n\n1. One.\n\n2. Two.\n"))
    assert [repair.detail for repair in thread.repairs] == ["the page announces 14 comments, 2 were found"]


def test_the_heading_with_the_right_number_is_taken() -> None:
    page = (
        "T\n\n2 comments\n\nBy Ann Low | March 3, 2012\n\nText.\n\n2 comments\n\nBen "
        "says:\n\nNo.\n\nCid says:\n\nYes.\n"
    )
    thread = read_thread(StringIO(page))
    assert [post.author for post in thread.posts] == ["Ann Low", "Ben", "Cid"]
    assert thread.opening_post.text == "2 comments\n\nText."


def test_article_alone() -> None:
    page = (
        "Three rules\n\nHere they are:\n\n 1. Rest.\n\n 2. Eat.\n\n 3. As Jane says: walk.\n\nDiscussion\n\n 1. None.\n"
    )
    thread = read_thread(StringIO(page))
    assert len(thread.posts) == 1
    assert thread.opening_post.text.endswith("walk.\n\nDiscussion\n\n 1. None.")
    assert [repair.detail for repair in thread.repairs] == ["no comments found: the article alone"]


def test_unmarked_paragraphs_below_a_count() -> None:
    thread = read_thread(StringIO("T\n\nText.\n\n2 comments\n\nNo.\n\nYes.\n\nLeave a Reply\n\nName\n"))
    assert [post.text for post in thread.posts] == ["Text.", "No.", "Yes."]
    thread = read_thread(StringIO("T\n\nText.\n\n3 comments\n\nNo.\n\nYes.\n"))
    assert [post.text for post in thread.posts] == ["Text.", "No.\n\nYes."]
    assert any("could not be told apart" in repair.detail for repair in thread.repairs)


def test_a_count_above_the_article_is_no_section() -> None:
    thread = read_thread(StringIO("T\n\n3 comments\n\nOne\tparagraph.\n\nAnother.\n"))
    assert [post.text for post in thread.posts] == ["3 comments\n\nOne\tparagraph.\n\nAnother."]


def test_text_without_title_or_line_ends() -> None:
    thread = read_thread(StringIO("a line\nand another"))
    assert thread.title is None
    assert thread.opening_post.text == "a line\nand another"
    assert read_thread(StringIO("Only a title")).opening_post.text == "Only a title"


def test_line_ends_and_encodings() -> None:
    page = "Café\r\n\r\nText.\r\n\r\n1 comment\r\n\r\n1. Oui.\r\n"
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        thread = read_thread(BytesIO(page.encode(encoding)))
        assert thread.title == "Café"
        assert [post.text for post in thread.posts] == ["Text.", "Oui."]
        assert bool(thread.repairs) == (encoding == "cp1252")
    damaged = "Café é è\n\nText ".encode() + b"\xff\xfe.\n"
    thread = read_thread(BytesIO(damaged))
    assert thread.opening_post.text == "Text \ufffd\ufffd."
    assert "U+FFFD" in thread.repairs[0].detail


def test_nothing_but_furniture() -> None:
    with pytest.raises(NoThreadError, match="furniture"):
        read_thread(StringIO("Advertisements\n\nLeave a Reply\n\nLog In\n"))


def test_many_headings_and_lines_stay_quick() -> None:
    page = "T\n\nText.\n\n" + "3 comments\n\n1. One\n\nJane says:\n\n" * 5_000
    assert len(read_thread(StringIO(page)).posts) > 1
