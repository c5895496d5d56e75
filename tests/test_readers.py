"""Finding the format, argmine's own JSON, and what happens to files that are no threads."""

import gzip
import json
import os
import tracemalloc
import zlib
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from fediverse_samples import SAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st

import argmine
from argmine.errors import ArgmineError, NoThreadError, ReadError, UnknownFormatError
from argmine.readers import formats, read_thread, read_threads
from argmine.readers.source import MAX_BYTES
from argmine.thread import Post, Repair, Thread

THREAD = Thread(
    id="ferry",
    title="Ferries on Sunday",
    url="https://isle.example/ferry",
    posts=(
        Post(id="a", author="Ada", text="Run it.\n\n> Never.\n", created_at="2020-01-01T10:00:00+02:00"),  # type: ignore[arg-type]
        Post(id="b", text="No 🛳\u200b.", reply_to="a", url="https://isle.example/b"),
        Post(id="c", reply_to="b", deleted=True),
    ),
    repairs=(Repair(kind="reader_note", detail="a note"),),
)
REDDIT = [
    {
        "kind": "Listing",
        "data": {"children": [{"kind": "t3", "data": {"id": "s", "title": "Ferry?", "selftext": "Run it."}}]},
    },
    {
        "kind": "Listing",
        "data": {"children": [{"kind": "t1", "data": {"id": "c", "parent_id": "t3_s", "body": "No."}}]},
    },
]
RECORDED = {
    "request": {"uri": "https://oauth.reddit.com/comments/s?raw_json=1"},
    "response": {"body": {"string": json.dumps(REDDIT)}},
}
HTML = (
    "<!DOCTYPE html><title>Ferry</title><p>The ferry should run on Sundays too, for people have to see the doctor.</p>"
)
TEXT = "Ferry\n\nThe ferry should run.\n\n1 comment\n\n1. No.\n"
WORDPRESS = (
    '<rss xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
    "<item><title>Ferry</title><content:encoded>Run it.</content:encoded></item></channel></rss>"
)
DISQUS = (
    '<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals"><thread dsq:id="1">'
    '<title>Ferry</title></thread><post dsq:id="2"><message>No.</message><thread dsq:id="1"/></post></disqus>'
)
ISSO = [{"id": "/", "title": "Ferry", "comments": [{"author": "Ada", "text": "No.", "created": "2020-01-01 10:00:00"}]}]
BY_FORMAT = {
    "commento": json.dumps({"comments": [{"commentHex": "a", "html": "No."}]}),
    "disqus": DISQUS,
    "isso": json.dumps(ISSO),
    "remark42": json.dumps({"comments": [{"comment": {"id": "a", "pid": "", "text": "No.", "locator": {}}}]}),
    "wordpress": WORDPRESS,
    "json": THREAD.model_dump_json(indent=2),
    "jsonl": f"{THREAD.model_dump_json()}\n{THREAD.model_dump_json()}\n",
    "mbox": "From: Ann Lee <ann@isle.example>\nMessage-ID: <a@isle.example>\n\nRun the ferry.\n",
    "reddit": json.dumps(REDDIT),
    "reddit_dump": '{"id": "c", "link_id": "t3_s", "parent_id": "t3_s", "body": "No."}\n',
    "reddit_vcr": json.dumps({"interactions": [RECORDED], "version": 1}),
    "html": HTML,
    "text": TEXT,
    **{name: json.dumps(sample) for name, sample in SAMPLES.items()},
    "hacker_news": '{"by": "ann", "id": 1, "time": 1500000000, "title": "Ferry?", "type": "story"}',
    "discourse": '{"id": 1, "title": "Ferry?", "post_stream": {"posts": [{"post_number": 1, "cooked": "<p>Run it."}]}}',
    "stackexchange": '{"items": [{"question_id": 1, "creation_date": 1500000000, "title": "Ferry?"}]}',
    "table": "id,reply_to,text\na,,Run it.\nb,a,No.\n",
    "convokit": '{"id": "a", "conversation_id": "a", "speaker": "Ada", "reply-to": null, "text": "Run it."}\n',
}


def test_formats_are_listed_and_described() -> None:
    assert [name for name, _ in formats()] == sorted([*BY_FORMAT, "parquet"])
    assert all(description and "\n" not in description for _, description in formats())


@pytest.mark.parametrize("name", BY_FORMAT)
def test_format_is_found_by_content_whatever_the_file_is_called(name: str, tmp_path: Path) -> None:
    path = tmp_path / "thread.dat"
    path.write_text(BY_FORMAT[name], encoding="utf-8")
    found = list(read_threads(path))
    assert found == list(read_threads(path, format=name))
    assert found == list(read_threads(str(path)))
    with path.open("rb") as stream:
        assert list(read_threads(stream)) == found
    with path.open(encoding="utf-8") as stream:
        assert list(read_threads(stream)) == found
    assert len(found) == (2 if name == "jsonl" else 1)


@pytest.mark.parametrize(
    "text", [THREAD.model_dump_json(), THREAD.model_dump_json(indent=1), THREAD.model_dump_json() + "\n"]
)
def test_json_round_trip(text: str) -> None:
    assert read_thread(StringIO(text)) == THREAD
    assert read_thread(BytesIO(b"\xef\xbb\xbf" + text.encode())) == THREAD


def test_json_without_the_optional_parts_and_with_a_broken_tree() -> None:
    posts = [{"id": "a", "text": "Run it."}, {"id": "b", "text": "No.", "reply_to": "x"}]
    thread = read_thread(StringIO(json.dumps({"posts": posts, "title": "Ferry"}, indent=1)))
    assert [(post.id, post.reply_to) for post in thread.posts] == [("a", None), ("x", "a"), ("b", "x")]
    assert [repair.kind for repair in thread.repairs] == ["missing_parent"]
    assert thread.title == "Ferry"


def test_several_threads_are_refused_by_read_thread_and_streamed_by_read_threads() -> None:
    with pytest.raises(ReadError, match=r"several threads.*read_threads"):
        read_thread(StringIO(BY_FORMAT["jsonl"]))

    class Endless(BytesIO):
        """A file of the same line for ever."""

        line = THREAD.model_dump_json().encode() + b"\n"

        def read(self, size: int | None = -1) -> bytes:
            assert size is not None
            assert size > 0
            return self.line * (1 + size // len(self.line))

        def readline(self, size: int | None = -1) -> bytes:
            return self.line

    threads = read_threads(Endless())
    assert [next(threads) for _ in range(500)] == [THREAD] * 500
    threads.close()


def test_long_first_line_of_jsonl() -> None:
    long = Thread(posts=(Post(id="a", text="word " * 50_000),))
    text = f"{long.model_dump_json()}\n\n{THREAD.model_dump_json()}"
    assert list(read_threads(StringIO(text))) == [long, THREAD]


JSON_FAULTS = {
    '{"id": "x", "posts": [\n{"id": "a"},\n{"id": ': (3, "ends too early"),
    '{"id": "x",\n"posts": [{"id": "a}\n': (2, "ends too early"),
    '{"posts": [\n{"id": "a",, "text": ""}]}': (2, "damaged"),
    '{"posts": [{"text": "no id"}]}': (None, r"posts\.0\.id"),
    '{"posts": [{"id": "a", "likes": 3}]}': (None, r"posts\.0\.likes"),
    '{"posts": 3}': (None, "posts"),
    '{"posts": [{"id": "a#1"}]}': (None, "claim id"),
    '{"posts": [' + "[" * 100_000: (1, "nested too deeply"),
    '{"posts": ' + "9" * 5_000 + "}": (None, "posts|damaged"),
    '{"posts": [{"id": "a"}]}\n{"posts": [}\n': (2, "damaged"),
    '[{"kind": "Listing", "data":\n{"children": [': (2, "ends too early"),
    '[{"kind": "Listing", "data": ' + '{"x":' * 100_000: (None, "nested too deeply"),
}


@pytest.mark.parametrize("text", JSON_FAULTS, ids=range(len(JSON_FAULTS)))
def test_faults_in_json_name_the_line_or_the_field(text: str) -> None:
    line, message = JSON_FAULTS[text]
    with pytest.raises(ReadError, match=message) as caught:
        list(read_threads(StringIO(text)))
    assert line is None or caught.value.line == line
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "error", "message"),
    [
        (b"", NoThreadError, "empty"),
        (b" \n\t\r\n", NoThreadError, "empty"),
        (b"\xef\xbb\xbf", NoThreadError, "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", UnknownFormatError, "binary"),
        (b"PK\x03\x04\x14\x00\x00\x00\x08\x00", UnknownFormatError, "zip archive: unpack it"),
        (gzip.compress(b"\x89PNG\r\n\x1a\n\x00", mtime=0), UnknownFormatError, "binary"),
        (zlib.compress(os.urandom(9_000)), UnknownFormatError, "binary"),
        (b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj", UnknownFormatError, "binary"),
        (b'{"a": 1}', UnknownFormatError, "none of the known formats"),
        (b"[]", UnknownFormatError, "none of the known formats"),
        (b'[{"id": 1}, {"id": 2}]', UnknownFormatError, "none of the known formats"),
        (b'<?xml version="1.0"?><rss><channel/></rss>', UnknownFormatError, "none of the known formats"),
        (b'{"posts": []}', NoThreadError, "posts is empty"),
        (b'{"kind": "Listing", "data": {"children": []}}', NoThreadError, "neither a submission nor a comment"),
        (b'{"kind": "Listing", "data": 3}', NoThreadError, "neither"),
    ],
)
def test_what_is_no_thread(content: bytes, error: type[ReadError], message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        read_thread(BytesIO(content))
    if error is UnknownFormatError:
        assert ", ".join(name for name, _ in formats()) in str(caught.value)


def test_missing_files_folders_and_odd_names(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such file"):
        read_thread(tmp_path / "none.html")
    with pytest.raises(ReadError, match="folder"):
        read_thread(tmp_path)
    with pytest.raises(ReadError, match=r"no such file.*StringIO"):
        read_thread("Ferry\n\nThe ferry should run.\n")
    for name in ["x" * 10_000, "nul\0", "\ud800"]:
        with pytest.raises(ReadError):
            read_thread(name)
    path = tmp_path / "latin.txt"
    path.write_bytes("Fähre\n\nText".encode("latin-1"))
    with path.open(encoding="utf-8") as stream, pytest.raises(ReadError, match="binary mode"):
        read_thread(stream)
    with pytest.raises(TypeError, match="path or an open file"):
        read_thread(3)  # type: ignore[arg-type]


def test_named_formats() -> None:
    with pytest.raises(UnknownFormatError, match=r"no reader named 'redit'.*html, "):
        read_thread(StringIO(TEXT), format="redit")
    for wrong in ("json", "jsonl", "reddit"):
        with pytest.raises(ReadError, match="line 1: the JSON is damaged"):
            read_thread(StringIO(TEXT), format=wrong)
    with pytest.raises(NoThreadError, match="neither an article nor a comment"):
        read_thread(StringIO(TEXT), format="html")
    assert read_thread(StringIO(HTML), format="text").opening_post.text
    with pytest.raises(UnknownFormatError, match="binary"):
        read_thread(BytesIO(b"\0\0\0"), format="text")


class Zeroes:
    """A file without end, as large as it is asked to be."""

    def __init__(self, start: bytes, more: bytes) -> None:
        self.start = start
        self.more = more

    def read(self, size: int) -> bytes:
        start, self.start = self.start, b""
        return start or (self.more * (1 + size // len(self.more)))[:size]

    def readline(self, size: int) -> bytes:
        return self.read(size)


@pytest.mark.parametrize("start", ["{\n", '{"posts": [', '[{"kind": "Listing", ', "<html><body>", "Title\n\nText "])
def test_files_without_end_are_refused_in_bounded_memory(start: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(ReadError, match=r"(larger|longer) than (64|16) MiB"):
            read_thread(Zeroes(f'{start} "posts" '.encode(), b"word " * 1000))  # type: ignore[arg-type]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * MAX_BYTES


texts = st.text(max_size=60)
posts = st.lists(
    st.builds(
        dict,
        id=st.sampled_from("abcdef") | texts,
        text=texts,
        author=st.none() | texts,
        reply_to=st.none() | st.sampled_from("abcdef"),
        created_at=st.none() | st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
        deleted=st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


def mended(found: list[dict[str, object]]) -> Thread | None:
    try:
        return Thread.repaired([Post.model_validate(post) for post in found])
    except ValueError:
        return None


@given(posts.map(mended).filter(lambda thread: thread is not None))
def test_json_round_trip_of_any_thread(thread: Thread) -> None:
    assert read_thread(StringIO(thread.model_dump_json())) == thread
    assert list(read_threads(StringIO(f"{thread.model_dump_json()}\n" * 2))) == [thread, thread]


def _fragments() -> Iterator[str]:
    yield from [
        "<div class='comment'>",
        "</div>",
        "<p>",
        "<blockquote>",
        "<li class=comment>",
        "<ul>",
        "<b class=author>Ada</b>",
        "<br>",
    ]
    yield from [
        "<time datetime='2020-01-01'>",
        "<!--",
        "-->",
        "<script type='application/ld+json'>",
        "</script>",
        '{"comment": [{"text": "x"}]}',
    ]
    yield from [
        "3 comments\n",
        "  1. ",
        "  • ",
        "Jane says:\n",
        "March 3, 2012\n",
        "\n\n",
        "Leave a Reply\n",
        "word ",
        "Is it so? ",
        "\0",
        "\ud800",
    ]
    yield from [
        '{"posts": [',
        '{"id": "a"}',
        "]}",
        "[",
        '{"kind": "Listing", "data": {"children": [',
        '{"kind": "t1", "data": {"id": "#1"}}',
        "]}}",
        ",",
    ]
    yield from [
        "<html>",
        "<title>T</title>",
        "@Ada ",
        "> ",
        "<a href='/user/x'>x</a>",
        "style='margin-left:9px'",
        "&#x110000;",
        "&nbsp;",
        "<table><tr><td>",
    ]


anything = st.binary(max_size=300) | st.lists(st.sampled_from(list(_fragments())), max_size=40).map(
    lambda parts: "".join(parts).encode("utf-8", "surrogatepass")
)


@settings(deadline=None, max_examples=300)
@given(anything, st.none() | st.sampled_from(list(BY_FORMAT)))
def test_anything_at_all_gives_a_thread_or_one_clear_error(content: bytes, name: str | None) -> None:
    try:
        threads = list(read_threads(BytesIO(content), format=name))
    except ArgmineError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
    else:
        for thread in threads:
            assert Thread.model_validate_json(thread.model_dump_json()) == thread
        assert threads == list(read_threads(BytesIO(content), format=name))


def test_reading_does_not_import_spacy() -> None:
    import subprocess
    import sys

    code = "import sys, io, argmine; argmine.read_thread(io.StringIO(sys.argv[1])); assert 'spacy' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, TEXT], check=True)
    assert argmine.read_thread is read_thread
