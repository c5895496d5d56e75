"""The HTML reader: comment markup of several kinds, the article, encodings, and pages that are no discussion."""

import re
from datetime import UTC, datetime
from io import BytesIO, StringIO
from pathlib import Path

import pytest

from argmine.errors import NoThreadError, ReadError
from argmine.readers import read_thread
from argmine.thread import Thread

DATA = Path(__file__).parent / "data" / "readers"
ARTICLE = (
    "<p>The ferry should run on Sundays too, because people on the island have to see the doctor on "
    "Mondays, early.</p>"
    "<p>It would cost little, and the council has the money, as its own report says on page twelve of the annex.</p>"
)


def page(body: str, *, head: str = "<title>Ferries on Sunday</title>") -> Thread:
    return read_thread(StringIO(f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"))


def tree(thread: Thread) -> dict[str, str | None]:
    """Return, by the first word of each post, the first word of the post it answers."""
    first = {post.id: post.text.split()[0].strip(".,!?") if post.text else "" for post in thread.posts}
    return {first[post.id]: first.get(post.reply_to or "") for post in thread.posts}


def test_wordpress_list() -> None:
    thread = read_thread(DATA / "wordpress.html")
    assert thread.title == "Keep the old clock stopped"
    assert thread.id == thread.url == "https://letters.example/old-clock/"
    assert [(post.id, post.reply_to) for post in thread.posts] == [
        ("post", None),
        ("comment-11", "post"),
        ("comment-12", "comment-11"),
        ("comment-14", "comment-12"),
        ("comment-13", "post"),
    ]
    opening, first, second, _, removed = thread.posts
    assert opening.author == "Wren Halloway"
    assert opening.created_at == datetime(2016, 2, 1, 8, tzinfo=UTC)
    assert opening.text == (
        "The tower clock stopped in the flood of 1953, and the hands have shown the hour of the flood ever since. "
        "Now there is money to mend it.\n\n> A town that forgets its flood will build on its meadows.\n\n"
        "So my grandmother used to say, and I think that she was right: leave\u00a0the hands where they are & mend "
        "the bell.\n\n- The hands are a memorial.\n- Everyone has a telephone that shows the time."
    )
    assert first.author == "Basil Thorne"
    assert first.created_at == datetime(2016, 2, 2, 8, 15, tzinfo=UTC)
    assert first.text == "A stopped clock is a broken clock.\nIt should be mended.\n\nMy sister agrees."
    assert second.text == (
        "> It should be mended.\n>\n> > Should it?\n\nWhy should it…? I gave two reasons:\n\n"
        "1. the memorial\n2. the telephones"
    )
    assert removed.deleted
    assert removed.author == "Olive"
    assert removed.text == ""
    assert [repair.detail for repair in thread.repairs] == [
        "the page announces 5 comments, 4 were found",
        "4 of 5 dates came without a time zone: taken as UTC",
    ]


def test_wordpress_block_theme() -> None:
    thread = page(
        f"<main><h1>Ferries on Sunday</h1><div class='wp-block-post-content'>{ARTICLE}</div>"
        "<div class='wp-block-comments'><h2>2 responses</h2><ol class='wp-block-comment-template'>"
        "<li id='comment-5' class='comment depth-1'><div class='wp-block-columns'><div "
        "class='wp-block-comment-author-name'>"
        "<a href='#'>Ada</a></div><div class='wp-block-comment-date'><time datetime='2022-05-01T10:00:00+02:00'>May 1"
        "</time></div><div class='wp-block-comment-content'><p>Yes please.</p></div>"
        "<div class='wp-block-comment-reply-link'><a href='#'>Reply</a></div></div>"
        "<ol><li id='comment-6' class='comment depth-2'><div class='wp-block-comment-author-name'>Bo</div>"
        "<div class='wp-block-comment-date'><time datetime='2022-05-01T11:00:00+02:00'>May 1</time></div>"
        "<div class='wp-block-comment-content'><p>No thanks.</p></div></li></ol></li></ol></div></main>"
    )
    assert tree(thread) == {"The": None, "Yes": "The", "No": "Yes"}
    assert [post.author for post in thread.posts] == [None, "Ada", "Bo"]
    assert thread.posts[1].created_at == datetime(2022, 5, 1, 8, tzinfo=UTC)
    assert thread.posts[1].text == "Yes please."
    assert thread.repairs == ()


def test_schema_org_microdata() -> None:
    thread = page(
        f"<article><h1>Ferries on Sunday</h1>{ARTICLE}</article><section>"
        "<div itemscope itemtype='https://schema.org/Comment' id='c1'><span itemprop='author' itemscope itemtype="
        "'https://schema.org/Person'><span itemprop='name'>Ada</span></span><meta itemprop='dateCreated' "
        "content='2020-01-02T03:04:05Z'><div itemprop='text'>Yes.<br>Yes!</div>"
        "<div itemprop='comment' itemscope itemtype='https://schema.org/Comment' id='c2'>"
        "<span itemprop='author'>Bo</span><div itemprop='text'><p>No.</p></div></div></div></section>"
    )
    assert tree(thread) == {"The": None, "Yes": "The", "No": "Yes"}
    assert [(post.id, post.author) for post in thread.posts[1:]] == [("c1", "Ada"), ("c2", "Bo")]
    assert thread.posts[1].created_at == datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_json_ld() -> None:
    data = """{"@context": "https://schema.org", "@graph": [{"@type": "DiscussionForumPosting", "headline": "Ferries",
      "author": {"@type": "Person", "name": "Ada"}, "datePublished": "2020-01-01T00:00:00Z",
      "text": "Run it on Sundays.",
      "comment": [{"@type": "Comment", "@id": "#a", "text": "<p>Yes &amp; on Mondays.</p><blockquote>Run</blockquote>",
        "author": [{"name": "Bo"}], "comment": {"@type": "Comment", "text": "No!", "author": "Cy"}},
       {"@type": "Comment", "text": "Maybe.", "parentItem": {"@id": "#a"}}]}]}"""
    thread = page("<h1>Ferries</h1>", head=f'<script type="application/ld+json">{data}</script><title>Ferries</title>')
    assert tree(thread) == {"Run": None, "Yes": "Run", "No": "Yes", "Maybe": "Yes"}
    assert [post.author for post in thread.posts] == ["Ada", "Bo", "Cy", None]
    assert thread.post("#a").text == "Yes & on Mondays.\n\n> Run"


def test_microformats() -> None:
    thread = page(
        f"<article class='h-entry'><h1 class='p-name'>Ferries on Sunday</h1><a class='p-author "
        f"h-card' href='/'>Ada</a>"
        f"<time class='dt-published' datetime='2021-01-01T00:00:00Z'>1 Jan</time><div "
        f"class='e-content'>{ARTICLE}</div>"
        "<div class='u-comment h-cite'><a class='p-author h-card' href='https://bo.example'>Bo</a>"
        "<time class='dt-published' datetime='2021-01-02T00:00:00Z'>2 Jan</time><div "
        "class='e-content p-name'>No way.</div>"
        "</div><div class='u-comment h-cite'><span class='p-author'>Cy</span><p "
        "class='p-content'>Quite so.</p></div></article>"
    )
    assert tree(thread) == {"The": None, "No": "The", "Quite": "The"}
    assert [post.author for post in thread.posts] == ["Ada", "Bo", "Cy"]


@pytest.mark.parametrize(
    "indent",
    [
        "<div class='comment indent-{n}'>{c}</div>",
        "<div class='comment' data-depth='{n}'>{c}</div>",
        "<div class='comment' style='margin-left: {n}0px'>{c}</div>",
        "<div style='padding-left:{n}em'><div class='comment'>{c}</div></div>",
        "<table><tr class='comment'><td><img width='{n}0' height='1'></td><td>{c}</td></tr></table>",
        "<div class='comment'><span>level {n}</span>{c}</div>",
    ],
)
def test_depth_shown_by_class_attribute_or_indentation(indent: str) -> None:
    comments = ""
    for name, depth in [("Ada", 1), ("Bo", 2), ("Cy", 3), ("Di", 2), ("Ed", 1)]:
        content = f"<b class='author'>{name}</b> <i class='date'>3 days ago</i><p>{name}s words.</p>"
        comments += indent.format(n=depth, c=content)
    thread = page(f"<h1>Ferries on Sunday</h1>{ARTICLE}<div id='comments'>{comments}</div>")
    assert tree(thread) == {"The": None, "Adas": "The", "Bos": "Adas", "Cys": "Bos", "Dis": "Adas", "Eds": "The"}


def test_replies_in_a_container_behind_their_comment() -> None:
    comment = (
        "<div class='comment'><span class='user'>{0}</span><time>1 day ago</time><div "
        "class='text'>{0}s words.</div></div>"
    )
    ada, bo, cy = (comment.format(name) for name in ("Ada", "Bo", "Cy"))
    thread = page(f"<h1>Ferries on Sunday</h1>{ARTICLE}<section>{ada}<div class='replies'>{bo}</div>{cy}</section>")
    assert tree(thread) == {"The": None, "Adas": "The", "Bos": "Adas", "Cys": "The"}


def test_replies_by_another_name() -> None:
    comment = "<b class='author'>{0}</b> <time>1 day ago</time><p>{0}s words.</p>"
    ada, bo, cy = (comment.format(name) for name in ("Ada", "Bo", "Cy"))
    first = f"<div class='comment'>{ada}<div class='replies'><div class='reply'>{bo}</div></div></div>"
    both = f"<div class='comment-item'>{first}</div><div class='comment-item'><div class='comment'>{cy}</div></div>"
    thread = page(f"<h1>Ferries on Sunday</h1>{ARTICLE}<div class='comments-wrapper'>{both}</div>")
    assert tree(thread) == {"The": None, "Adas": "The", "Bos": "Adas", "Cys": "The"}


def test_parents_named_by_attribute_even_below() -> None:
    comment = (
        "<div class='comment' data-id='{}' data-parent-id='{}'><b class='author'>X</b><p class='text'>{}</p></div>"
    )
    comments = comment.format(101, 102, "Second") + comment.format(102, 0, "First")
    thread = page(f"<h1>Ferries on Sunday</h1>{ARTICLE}{comments}")
    assert tree(thread) == {"The": None, "First": "The", "Second": "First"}


def test_forum_thread_with_quotes_and_missing_end_tags() -> None:
    post = (
        "<div class='post' id='p{n}'><div class='postprofile'><a class='username' "
        "href='/member/{a}'>{a}</a> Veteran</div>"
        "<div class='postbody'><header><p class='author'>by {a} &raquo; <time "
        "datetime='2019-03-0{n}T12:00:00+00:00'>x</time></p>"
        "<div class='content'>{t}</div><div class='signature'>Sent from my boat</div></div></div>"
    )
    quote = (
        "<blockquote><cite>Ada wrote: <a href='#p1'>up</a></cite>Run it on "
        "Sundays.</blockquote>Never on Sundays! <img class='smilies' alt=':)'>"
    )
    posts = [
        ("Ada", "Run it on Sundays."),
        ("Bo", "Agreed."),
        ("Cy", quote),
        ("Di", quote.replace("#p1", "#p2") + " Why?"),
    ]
    body = "".join(post.format(n=n, a=author, t=text) for n, (author, text) in enumerate(posts, start=1))
    thread = page(f"<h2>Ferries on Sunday</h2><div id='forum'>{body}</div>")
    assert [(each.id, each.author, each.reply_to) for each in thread.posts] == [
        ("p1", "Ada", None),
        ("p2", "Bo", "p1"),
        ("p3", "Cy", "p1"),
        ("p4", "Di", "p2"),
    ]
    assert thread.post("p3").text == "> Ada wrote: up\n> Run it on Sundays.\n\nNever on Sundays! :)"
    assert thread.repairs == ()


def test_mentions_in_a_flat_list() -> None:
    comment = "<li class='comment'><span class='author'>{}</span><span class='text'>{}</span></li>"
    words = [("Ada", "Yes!"), ("Bo", "@Ada: no"), ("Cy", "@writer, well"), ("Ada", "@Bo but")]
    comments = "".join(comment.format(*each) for each in words)
    thread = page(f"{ARTICLE}<ul>{comments}</ul>", head="<title>Ferries</title><meta name=author content=writer>")
    assert [post.reply_to for post in thread.posts] == [None, "post", "1", "post", "1.1"]


def test_groups_without_telling_names() -> None:
    block = (
        "<div id='z{n}'><a href='/user/{a}'>{a}</a> <small>March {n}, 2015</small><p>{a}s words on the ferry.</p></div>"
    )
    blocks = "".join(block.format(n=n, a=author) for n, author in enumerate(["Ada", "Bo", "Cy"], start=1))
    thread = page(f"<h1>Ferries on Sunday</h1>{ARTICLE}{blocks}")
    assert tree(thread) == {"The": None, "Adas": "The", "Bos": "The", "Cys": "The"}


def test_article_alone() -> None:
    thread = page(
        f"<nav>Menu</nav><h1>Ferries on Sunday</h1>{ARTICLE}<div id='comments'><h3>No comments yet</h3></div>"
    )
    assert len(thread.posts) == 1
    assert thread.opening_post.text.startswith("The ferry should run")
    assert [repair.detail for repair in thread.repairs] == ["no comments found: the article alone"]


def test_comments_without_an_article_answer_the_title() -> None:
    comments = "".join(f"<div class='comment'><b class='author'>{name}</b><p>Well.</p></div>" for name in ("Ada", "Bo"))
    thread = page(
        f"<h1>Should ferries run on Sunday?</h1>{comments}", head="<title>Should ferries run on Sunday? | Isle</title>"
    )
    assert thread.opening_post.text == thread.title == "Should ferries run on Sunday?"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<div></div>",
        "<table><tr><td>1.</td><td><a href='/1'>Building a boat out of nothing but bottles and a "
        "good deal of rope</a></td></tr></table>",
        "".join(
            f"<article class='post'><h2><a href='/{n}'>A title of page {n}</a></h2><time>3 days ago</time></article>"
            for n in range(9)
        ),
        "<form id='commentform'><textarea></textarea></form>",
    ],
)
def test_pages_that_are_no_discussion(body: str) -> None:
    with pytest.raises(NoThreadError, match="neither an article nor a comment"):
        page(body)


@pytest.mark.parametrize(
    ("encoding", "declared", "noted"),
    [
        ("utf-8", "", False),
        ("utf-8-sig", "iso-8859-1", False),
        ("utf-16", "", False),
        ("cp1252", "windows-1252", False),
        ("iso-8859-2", "iso-8859-2", False),
        ("cp1252", "", True),
        ("cp1252", "utf-8", True),
        ("utf-8", "no-such-encoding", False),
    ],
)
def test_encodings(encoding: str, declared: str, noted: bool) -> None:
    meta = f"<meta charset='{declared}'>" if declared else ""
    html = f"<html><head>{meta}<title>Fähre</title></head><body><h1>Fähre</h1>{ARTICLE}<p>Höhö ß</p></body></html>"
    thread = read_thread(BytesIO(html.encode(encoding)))
    assert thread.title == "Fähre"
    assert "Höhö ß" in thread.opening_post.text
    assert any("UTF-8" in repair.detail for repair in thread.repairs) == noted


def test_an_open_text_file_overrules_the_declared_encoding() -> None:
    html = f"<html><head><meta charset='iso-8859-1'><title>Fähre</title></head><body>{ARTICLE}</body></html>"
    assert read_thread(StringIO(html)).title == "Fähre"


@pytest.mark.parametrize("tag", ["div", "span", "blockquote", "ul><li", "table", "b", "font"])
def test_deep_nesting_is_an_error(tag: str) -> None:
    with pytest.raises(ReadError, match="nested more than 500 deep"):
        read_thread(StringIO("<html><body>" + f"<{tag}>" * 100_000 + ARTICLE))


def test_comments_nested_as_deep_as_pages_go() -> None:
    comment = "<div class='comment'><b class='author'>A{0}</b><p>Text {0}.</p>"
    comments = "".join(comment.format(n) for n in range(200)) + "</div>" * 200
    thread = page(f"<h1>T</h1>{ARTICLE}{comments}")
    assert thread.depth(thread.posts[-1].id) == 200
    assert [post.text for post in thread.posts[1:]] == [f"Text {n}." for n in range(200)]


def test_many_comments_are_quick() -> None:
    comment = (
        "<li class='comment' id='comment-{0}'><cite class='fn'>A{0}</cite><div "
        "class='comment-content'><p>Text.</p></div></li>"
    )
    comments = "".join(comment.format(n) for n in range(3_000))
    thread = page(f"<h1>T</h1>{ARTICLE}<ol>{comments}</ol>")
    assert len(thread.posts) == 3_001
    assert not re.search("T", thread.posts[1].author or "")


OLD_BOARD = (
    "<table id='post2{n}'><tr><td class='thead'>05-14-2009, 0{n}:10 AM</td></tr><tr><td><div id='postmenu_2{n}'>"
    "<a class='bigusername' href='member.php?u={n}'>{a}</a></div><div>Join Date: Jan 2005</div></td></tr>"
    "<tr><td id='td_post_2{n}'><div id='post_message_2{n}'>{t}</div></td></tr></table>"
)
OLD_QUOTE = (
    "<div><div>Quote:</div><table><tr><td>Run it on Sundays. <a href='showthread.php?p=21#post21'>up</a></td></tr>"
    "</table></div>"
)
BOARD = (
    "<li class='postbitlegacy postcontainer' id='post_2{n}'><span class='date'>05-14-2009, 0{n}:10 AM</span>"
    "<div class='postdetails'><div class='userinfo'><a class='username' href='member.php?{n}-{a}'>{a}</a></div>"
    "<div class='postbody'><div class='postrow has_after_content'><h2 class='title'>Ferries on Sunday</h2>"
    "<div class='content'><blockquote class='postcontent restore'>{t}</blockquote></div></div></div></div></li>"
)
QUOTE = (
    "<div class='bbcode_quote'><div class='quote_container'>Run it on Sundays. <a href='showthread.php?p=21#post21'>up"
    "</a></div></div>"
)


@pytest.mark.parametrize(("post", "quote"), [(OLD_BOARD, OLD_QUOTE), (BOARD, QUOTE)])
def test_boards_with_names_and_quotes_of_their_own(post: str, quote: str) -> None:
    texts = [("Ada", "Run it on Sundays."), ("Bo", "Agreed."), ("Cy", f"{quote}Never!")]
    posts = "".join(post.format(n=n, a=author, t=text) for n, (author, text) in enumerate(texts, start=1))
    thread = page(f"<h1>Ferries on Sunday</h1><div>{posts}</div>")
    assert [each.author for each in thread.posts] == ["Ada", "Bo", "Cy"]
    assert [each.text for each in thread.posts] == [
        "Run it on Sundays.",
        "Agreed.",
        "> Run it on Sundays. up\n\nNever!",
    ]
    assert [each.reply_to for each in thread.posts] == [None, *[thread.opening_post.id] * 2]


def test_the_topic_is_the_title_of_a_board_that_heads_its_pages_with_its_name() -> None:
    post = "<div class='post' id='p{n}'><a class='username'>Ada</a><div class='content'>So {n}.</div></div>"
    posts = "".join(post.format(n=n) for n in range(3))
    head = "<title>Isle Board - View topic - Ferries on Sunday</title>"
    thread = page(f"<h1>Isle Board</h1><h2 class='topic-title'>Ferries on Sunday</h2>{posts}", head=head)
    assert thread.title == "Ferries on Sunday"


def test_question_page_with_comments_under_question_and_answers() -> None:
    signature = (
        "<div class='post-update-info-container'><div class='post-update-info'><p>{what} <abbr title='2020-05-0{n} "
        "10:00:00 -0500'>then</abbr></p><div class='user-card'><div class='user-info'><a href='/en/users/{n}/{a}/'>{a}"
        "</a> <span class='reputation-score'>101</span> <span>●</span> 2</div></div></div></div>"
    )
    comment = (
        "<div id='post-id-{n}' class='comment js-comment' data-comment-id='{n}'><div class='comment-body'>{t}</div>"
        "<div class='comment-controls'><a class='author' href='/en/users/9/cy/'>{a}</a> "
        "<abbr title='2020-05-03 10:00:00 -0500'>later</abbr></div></div>"
    )
    below = "<h2 class='comment-title'>Comments</h2><div class='comments'>{}</div>"
    answer = (
        "<div id='post-id-{n}' data-post-id='{n}' class='post answer'><div class='vote-number'>1</div><div "
        "class='post-content'><div class='post-body'>{s}<p>{t}</p></div></div>{c}</div>"
    )
    answers = [
        answer.format(
            n=20,
            s=signature.format(what="answered", n=2, a="bo"),
            t="Ring the doctor instead.",
            c=below.format(comment.format(n=30, t="On an island?", a="cy")),
        ),
        answer.format(n=21, s=signature.format(what="answered", n=3, a="di"), t="Row across the bay.", c=""),
    ]
    question = (
        "<div class='post js-question' data-post-id='10'><div class='vote-buttons'><div>10</div></div>"
        "<ul class='tags post-tags'><li>ferry</li></ul><div class='post-body'>"
        f"{signature.format(what='asked', n=1, a='ada')}{ARTICLE}</div>"
        f"{below.format(comment.format(n=31, t='Which island?', a='cy'))}</div>"
    )
    template = f"<div class='js-templates' style='display: none;'>{comment.format(n=0, t='', a='')}</div>"
    links = "<h2>Related questions</h2><p><a href='/q/9/'>Why does the ferry not run at night in the winter?</a></p>"
    thread = page(f"<h1>Ferries on Sunday</h1>{question}<h2>2 answers</h2>{''.join(answers)}{links}{template}")
    assert [(post.id, post.reply_to, post.author, post.text) for post in thread.posts[1:]] == [
        ("31", "post", "cy", "Which island?"),
        ("20", "post", "bo", "Ring the doctor instead."),
        ("30", "20", "cy", "On an island?"),
        ("21", "post", "di", "Row across the bay."),
    ]
    assert thread.opening_post.author == "ada"
    assert thread.opening_post.text.startswith("The ferry should run")
    assert thread.opening_post.text.endswith("page twelve of the annex.")
    assert thread.repairs == ()
