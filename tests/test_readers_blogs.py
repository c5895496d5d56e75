"""The readers of comment exports: WordPress, Disqus, Commento, Isso and Remark42."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmine.errors import ArgmineError, NoThreadError, ReadError
from argmine.readers import read_thread, read_threads
from argmine.readers.source import MAX_BYTES
from argmine.thread import Thread

RSS = (
    '<?xml version="1.0" encoding="UTF-8" ?>\n<!-- an export -->\n<rss version="2.0"\n'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"\n'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"\n xmlns:wp="http://wordpress.org/export/1.2/">\n<channel>\n'
    "<title>Allotment notes</title>\n<wp:author><wp:author_login>mw</wp:author_login>"
    "<wp:author_display_name><![CDATA[Marta Wren]]></wp:author_display_name></wp:author>\n"
)


def item(number: int, *comments: str, content: str = "Compost needs air.", kind: str = "post", **more: str) -> str:
    fields = {"post_date_gmt": "2019-04-02 08:00:00", "post_type": kind, "status": "publish"} | more
    inner = "".join(f"<wp:{name}><![CDATA[{value}]]></wp:{name}>" for name, value in fields.items())
    return (
        f"<item><title>Heap &amp;amp; bin {number}</title><link>https://plot.example/{number}</link>"
        f"<dc:creator>mw</dc:creator><excerpt:encoded>short</excerpt:encoded>"
        f"<content:encoded><![CDATA[{content}]]></content:encoded>"
        f"<wp:post_id>{number}</wp:post_id>{inner}{''.join(comments)}</item>\n"
    )


def remark(number: int, text: str, parent: int = 0, **more: str) -> str:
    fields = {"comment_id": str(number), "comment_author": "O&#039;Dell", "comment_parent": str(parent)}
    fields |= {"comment_date_gmt": "2019-04-03 09:30:00", "comment_approved": "1", "comment_content": text} | more
    inner = "".join(f"<wp:{name}><![CDATA[{value}]]></wp:{name}>" for name, value in fields.items())
    return f"<wp:comment>{inner}</wp:comment>"


def wxr(*items: str) -> str:
    return f"{RSS}{''.join(items)}</channel>\n</rss>\n"


def threads(text: str, **options: Any) -> list[Thread]:
    return list(read_threads(StringIO(text), **options))


def notes(thread: Thread) -> list[str]:
    return [repair.detail for repair in thread.repairs]


def test_wordpress_posts_with_their_comments() -> None:
    export = wxr(
        item(
            1,
            remark(1, "Mine never had any.\nIt is fine."),
            remark(3, "Turn it, then.", 1),
            remark(4, "A link", comment_type="pingback"),
            remark(5, "Cheap soil!", comment_approved="spam"),
            remark(6, "Hm.", comment_approved="0"),
        ),
        item(2, kind="attachment", status="inherit"),
        item(3, kind="page", content=""),
        item(4, status="draft"),
    )
    first, page = threads(export)
    assert (first.id, first.title, first.url) == ("1", "Heap & bin 1", "https://plot.example/1")
    assert [(post.id, post.reply_to, post.author, post.text) for post in first.posts] == [
        ("post-1", None, "Marta Wren", "Compost needs air."),
        ("1", "post-1", "O'Dell", "Mine never had any.\nIt is fine."),
        ("3", "1", "O'Dell", "Turn it, then."),
    ]
    assert first.post("3").created_at == datetime(2019, 4, 3, 9, 30, tzinfo=UTC)
    assert notes(first) == ["comments left out: 1 not approved, 1 pingback, 1 spam"]
    assert [post.text for post in page.posts] == ["Heap & bin 3"]
    assert notes(page) == ["items of the export left out: 1 attachment, 1 draft post"]


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("One.\r\n\r\nTwo,\nthree.", "One.\n\nTwo,\nthree."),
        ("\n One  two \r\n\r\n \n\nthree.\n", "One two\n\nthree."),
        ("\n One  &amp; \r\n\r\n \n\nthree.\n", "One &\n\nthree."),
        ("See:\n<ul>\n<li>air</li>\n<li>time</li>\n</ul>\nDone.", "See:\n\n- air\n- time\n\nDone."),
        ("<blockquote>No air,\nno rot.</blockquote>\nWell.", "> No air,\n> no rot.\n\nWell."),
        ("So<br />\nit goes.<!--more-->\n\nOn.", "So\nit goes.\n\nOn."),
        ("<pre>a\n  b</pre>", "a\n  b"),
        (
            "<!-- wp:paragraph -->\n<p>Wet\nheap.</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:list -->\n<ul><li>x</li></ul>",
            "Wet heap.\n\n- x",
        ),
        ("[caption id=1]My heap[/caption]", "[caption id=1]My heap[/caption]"),
        ("3 < 4 and\n5 > 4", "3 < 4 and\n5 > 4"),
    ],
)
def test_wordpress_line_ends_are_those_of_the_page(content: str, text: str) -> None:
    assert read_thread(StringIO(wxr(item(1, content=content)))).opening_post.text == text


def test_wordpress_comments_whose_parent_was_not_approved_or_whose_fields_are_missing() -> None:
    orphan = remark(9, "I agree.", 8, comment_date_gmt="0000-00-00 00:00:00", comment_date="2019-04-04 10:00:00")
    bare = "<wp:comment><wp:comment_content>Plain.</wp:comment_content></wp:comment>"
    thread = read_thread(StringIO("\n\n" + wxr(item(1, remark(8, "Ads.", comment_approved="0"), orphan, bare))))
    assert [(post.id, post.reply_to, post.deleted) for post in thread.posts[1:]] == [
        ("8", "post-1", True),
        ("9", "8", False),
        ("comment-2", "post-1", False),
    ]
    assert "1 of 3 dates came without a time zone: taken as UTC" in notes(thread)


def test_wordpress_without_posts_is_no_thread() -> None:
    with pytest.raises(NoThreadError, match="no published post or page"):
        threads(wxr(item(1, status="draft")))


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        ((b"</channel>", b"</chanel>"), r"line 12: the XML is damaged \(Opening and ending tag mismatch"),
        ((b"</channel>\n</rss>\n", b""), r"line \d+: the XML is damaged \(Premature end"),
        ((b"bin 2", b"bin&nbsp;2"), r"line 11: the XML is damaged \(Entity 'nbsp' not defined\)"),
        ((b"bin 2", b"bin \x01"), r"line 11: the XML is damaged \("),
    ],
)
def test_wordpress_damage_is_told_with_its_line(damage: tuple[bytes, bytes], problem: str) -> None:
    export = wxr(item(1), item(2)).encode().replace(*damage)
    with pytest.raises(ReadError, match=problem):
        list(read_threads(BytesIO(export)))


def test_wordpress_entities_of_its_own_are_refused() -> None:
    export = wxr(item(1)).replace("<!-- an export -->", '<!DOCTYPE rss [<!ENTITY x "boom">]>').replace("Heap", "&x;")
    with pytest.raises(ReadError, match="entity of its own"):
        threads(export)


def test_wordpress_is_read_post_by_post() -> None:
    class Endless:
        """An export without end."""

        start = RSS.encode() + item(1).encode()

        def read(self, size: int) -> bytes:
            start, self.start = self.start, b""
            return start or item(2).encode() * (size // 500 + 1)

    found = read_threads(Endless())  # type: ignore[arg-type]
    assert [next(found).id for _ in range(5000)][-1] == "2"


def test_wordpress_one_post_is_bounded() -> None:
    class Endless:
        """An export whose first post never ends."""

        start = RSS.encode() + b"<item>"

        def read(self, size: int) -> bytes:
            start, self.start = self.start, b""
            return start or (b"<wp:x>" + b"y" * 60_000 + b"</wp:x>") * (size // 60_013 or 1)

    with pytest.raises(ReadError, match=f"one element of it is larger than {MAX_BYTES >> 20} MiB"):
        read_thread(Endless())  # type: ignore[arg-type]


DISQUS = """<?xml version="1.0" encoding="utf-8"?>
<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">
<thread dsq:id="70"><id>kiln</id><link>https://clay.example/kiln</link><title>Which kiln?</title><message/>
 <createdAt>2015-05-01T10:00:00Z</createdAt><author><name>Ines</name></author><isDeleted>false</isDeleted></thread>
<thread dsq:id="71"><id/><link>https://clay.example/glaze</link><title>Glaze</title><isDeleted>true</isDeleted></thread>
<thread dsq:id="72"><id/><link>https://clay.example/bare</link><title>Bare</title></thread>
<post dsq:id="2"><message><![CDATA[<blockquote>Which?</blockquote><p>Gas, &amp; a big one.</p>]]></message>
 <createdAt>2015-05-02T10:00:00Z</createdAt><isDeleted>false</isDeleted><isSpam>false</isSpam>
 <author><name>Tom</name></author><thread dsq:id="70"/></post>
<post dsq:id="3"><message>Too dear.</message><isDeleted>true</isDeleted><thread dsq:id="70"/><parent dsq:id="2"/></post>
<post dsq:id="4"><message>Not any more.</message><author><username>ida</username></author>
 <thread dsq:id="70"/><parent dsq:id="3"/></post>
<post dsq:id="5"><message>Buy shoes</message><isSpam>true</isSpam><thread dsq:id="70"/></post>
<post><id>66</id><message>Thin coats.</message><isSpam>maybe</isSpam><thread dsq:id="71"/></post>
<post dsq:id="8"><message>Where am I?</message></post>
</disqus>
"""


def test_disqus_pages_with_their_comments() -> None:
    kiln, glaze, lost = threads(DISQUS)
    assert (kiln.id, kiln.title, kiln.url) == ("70", "Which kiln?", "https://clay.example/kiln")
    assert [(post.id, post.reply_to, post.author, post.text, post.deleted) for post in kiln.posts] == [
        ("post", None, "Ines", "Which kiln?", False),
        ("2", "post", "Tom", "> Which?\n\nGas, & a big one.", False),
        ("3", "2", None, "", True),
        ("4", "3", "ida", "Not any more.", False),
    ]
    assert notes(kiln) == ["the article is not in the file: its title stands for it", "comments left out: 1 spam"]
    assert [(post.id, post.text, post.deleted) for post in glaze.posts] == [
        ("post", "", True),
        ("66", "Thin coats.", False),
    ]
    assert "the thread was deleted from its page" in notes(glaze)
    assert (lost.id, [post.id for post in lost.posts]) == ("disqus", ["post", "8"])
    assert "pages left out: 1 without comments" in notes(lost)


def test_disqus_that_cannot_be_read() -> None:
    with pytest.raises(ReadError, match=r"line 16: the XML is damaged \(Opening .*: thread line 6 and disqus\)"):
        threads(DISQUS.replace("</title></thread>", "</title>"))
    with pytest.raises(NoThreadError, match="no comment"):
        threads('<disqus xmlns="http://disqus.com"><thread/></disqus>')
    with pytest.raises(ReadError, match="no export of Disqus"):
        threads("<rss/>", format="disqus")


def commento(number: str, parent: str = "root", **more: Any) -> dict[str, Any]:
    comment: dict[str, Any] = {
        "commentHex": number,
        "domain": "clay.example",
        "url": "/kiln",
        "commenterHex": "c1",
        "html": "",
    }
    comment |= {"markdown": "Gas.", "parentHex": parent, "state": "approved", "deleted": False}
    return comment | {"creationDate": "2022-10-25T07:25:46.807555Z"} | more


COMMENTO = {
    "version": 1,
    "comments": [
        commento("a1", html="<p>Gas, <b>always</b>.</p>\n<blockquote><p>No.</p></blockquote>"),
        commento("a2", "a1", deleted=True),
        commento("b1", url="/glaze", commenterHex="anonymous"),
        commento("a3", "a2", commenterHex="c2"),
        commento("a4", state="unapproved"),
    ],
    "commenters": [{"commenterHex": "c1", "name": "Tom"}, {"commenterHex": "c2", "name": "Ida"}],
}


def test_commento_pages_with_their_comments() -> None:
    kiln, glaze = threads(json.dumps(COMMENTO))
    assert (kiln.id, kiln.title) == ("clay.example/kiln", None)
    assert [(post.id, post.reply_to, post.author, post.text, post.deleted) for post in kiln.posts] == [
        ("post", None, None, "", True),
        ("a1", "post", "Tom", "Gas, always.\n\n> No.", False),
        ("a2", "a1", "Tom", "", True),
        ("a3", "a2", "Ida", "Gas.", False),
    ]
    assert notes(kiln) == ["the article is not in the file: comments alone", "comments left out: 1 not approved"]
    assert [(post.id, post.author) for post in glaze.posts] == [("post", None), ("b1", None)]
    with pytest.raises(NoThreadError, match="no comment"):
        threads('{"version": 1, "comments": [], "commenters": [{"commenterHex": "c1"}]}')


ISSO = [
    {
        "id": "/kiln/",
        "title": "Which kiln?",
        "comments": [
            {"id": 0, "author": "Tom", "text": "> Which?\nGas.", "created": "2015-05-02 10:00:00", "website": ""},
            {"id": 1, "author": "", "text": "Wood.", "created": 1430560800, "parent": 0},
        ],
    },
    {"id": "/bare/", "title": "Bare", "comments": []},
]


def test_isso_pages_with_their_comments() -> None:
    kiln, bare = threads(json.dumps(ISSO))
    assert (kiln.id, kiln.title) == ("/kiln/", "Which kiln?")
    assert [(post.id, post.reply_to, post.author, post.text) for post in kiln.posts] == [
        ("post", None, None, "Which kiln?"),
        ("0", "post", "Tom", "> Which?\nGas."),
        ("1", "0", None, "Wood."),
    ]
    assert [post.created_at for post in kiln.posts[1:]] == [datetime(2015, 5, 2, 10, tzinfo=UTC)] * 2
    assert "1 of 2 dates came without a time zone: taken as UTC" in notes(kiln)
    assert [post.text for post in bare.posts] == ["Bare"]


def remark42(number: str, pid: str = "", page: str = "https://clay.example/kiln", **more: Any) -> dict[str, Any]:
    comment = {"id": number, "pid": pid, "text": "<p>Gas, <i>surely</i>.</p>\n", "orig": "Gas", "score": 0}
    user = {"name": "Tom &amp; Co", "id": "u1", "admin": False}
    return comment | {"user": user, "locator": {"site": "s", "url": page}, "time": "2018-05-01T10:00:00Z"} | more


def test_remark42_tree() -> None:
    below = {"comment": remark42("b", "a"), "replies": [{"comment": remark42("c", "")}]}
    tree = {"comments": [{"comment": remark42("a"), "replies": [below]}, {"comment": remark42("d", delete=True)}]}
    thread = read_thread(StringIO(json.dumps(tree, indent=2)))
    assert thread.url == "https://clay.example/kiln"
    assert [(post.id, post.reply_to, post.text, post.deleted) for post in thread.posts] == [
        ("post", None, "", True),
        ("a", "post", "Gas, surely.", False),
        ("b", "a", "Gas, surely.", False),
        ("c", "b", "Gas, surely.", False),
        ("d", "post", "", True),
    ]
    assert thread.post("a").author == "Tom & Co"
    plain = {"comments": [remark42("a"), remark42("b", "a")], "info": {"url": "https://clay.example/kiln"}}
    assert [post.reply_to for post in read_thread(StringIO(json.dumps(plain))).posts] == [None, "post", "a"]


BACKUP = [
    {"version": 1, "users": [{"id": "u1"}], "posts": [{"url": "https://clay.example/kiln"}]},
    remark42("a", title="Which kiln?"),
    remark42("b", "a", text="", orig="> Gas\n\nNo."),
    remark42("c", page="https://clay.example/glaze"),
    remark42("d", "a"),
]


def test_remark42_backup() -> None:
    kiln, glaze, again = threads("\n".join(map(json.dumps, BACKUP)))
    assert [(post.id, post.reply_to, post.text) for post in kiln.posts] == [
        ("post", None, "Which kiln?"),
        ("a", "post", "Gas, surely."),
        ("b", "a", "> Gas\n\nNo."),
    ]
    assert (glaze.id, len(glaze.posts)) == ("https://clay.example/glaze", 2)
    assert [(post.id, post.deleted) for post in again.posts] == [("post", True), ("a", True), ("d", False)]
    assert "other comments of this page stand before those of other pages" in notes(again)


def test_remark42_that_cannot_be_read() -> None:
    with pytest.raises(ReadError, match=r"line 2: this is no comment of Remark42"):
        threads('{"version":1,"users":[],"posts":[]}\n{"text": "Gas"}\n')
    with pytest.raises(ReadError, match=r"line 2: the JSON"):
        threads('{"version":1,"users":[],"posts":[]}\n{"text": \n')
    with pytest.raises(NoThreadError, match="no comment"):
        threads('{"version":1,"users":[],"posts":[]}\n')


def test_chains_of_any_depth() -> None:
    lines = [remark42(str(number), str(number - 1) if number else "", text="") for number in range(20_000)]
    thread = read_thread(StringIO("\n".join(map(json.dumps, lines))))
    assert thread.depth("19999") == 20_000
    nested = '{"comments": [' + '{"comment": {"pid": "", "locator": {}}, "replies": [' * 20_000
    with pytest.raises(ReadError, match="nested too deeply"):
        threads(nested)


def test_lines_of_comments_without_replies_are_refused() -> None:
    line = json.dumps({"title": "Kiln", "text": "Gas.", "user": "Tom", "mentions": "", "prev": "", "succ": ""})
    with pytest.raises(ReadError, match="none of the known formats"):
        threads(f"{line}\n{line}\n")


SAMPLES = {
    "wordpress": wxr(item(1, remark(1, "No."), remark(2, "Yes.", 1)), item(2, kind="page")),
    "disqus": DISQUS,
    "commento": json.dumps(COMMENTO),
    "isso": json.dumps(ISSO),
    "remark42": "\n".join(map(json.dumps, BACKUP)),
}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each container of a JSON value with each of its keys."""
    if isinstance(value, dict | list):
        for key in list(value) if isinstance(value, dict) else range(len(value)):
            yield value, key
            yield from places(value[key])


ODD = st.sampled_from([None, True, -1, 1e300, "", "x#7", "\ud800", "post", "a", [], {}, ["a"], {"id": 1}, "2020"])


@settings(max_examples=150)
@given(st.sampled_from(["commento", "isso", "remark42"]), st.data())
def test_odd_values_give_threads_or_one_clear_error(name: str, data: st.DataObject) -> None:
    values = [json.loads(line) for line in SAMPLES[name].splitlines()]
    for _ in range(data.draw(st.integers(1, 4))):
        found = list(places(values))
        container, key = found[data.draw(st.integers(0, len(found) - 1))]
        if data.draw(st.booleans()):
            container[key] = data.draw(ODD)
        else:
            del container[key]
        if not values:
            return
    check("\n".join(map(json.dumps, values)).encode(), name)


@settings(max_examples=200)
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_damaged_bytes_give_threads_or_one_clear_error(name: str, data: st.DataObject) -> None:
    content = SAMPLES[name].encode()
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, min(len(content), start + 60)))
    odd = st.sampled_from([b"", b"<", b"&x;", b"]]>", b'"', b"0", b"\xff", b"</item>", b"<item><wp:author/>", b"#3"])
    check(content[:start] + data.draw(odd | st.binary(max_size=5)) + content[end:], name)


def check(content: bytes, name: str) -> None:
    try:
        found = list(read_threads(BytesIO(content), format=name))
    except ArgmineError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
    else:
        for thread in found:
            assert Thread.model_validate_json(thread.model_dump_json()) == thread
        assert found == list(read_threads(BytesIO(content), format=name))
