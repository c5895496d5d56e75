"""Dumps of Reddit: threads brought together from lines out of order, in bounded memory and with nothing left behind."""

import json
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from benchmarks.make_reddit_dump import lines, write_dump
from hypothesis import given, settings
from hypothesis import strategies as st

from argmine.errors import ArgmineError, ReadError
from argmine.readers import grouping, read_thread, read_threads
from argmine.thread import Thread

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def comment(id_: str, body: Any, *, link: Any = "t3_s1", parent: Any = 0, **more: Any) -> dict[str, Any]:
    parent = link if parent == 0 else parent
    return {"id": id_, "link_id": link, "parent_id": parent, "author": "ann", "body": body, "created_utc": 5} | more


def submission(id_: str, **more: Any) -> dict[str, Any]:
    data = {"id": id_, "title": "A bench by the pond?", "selftext": "It would be &gt; nice.", "author": "wren"}
    data |= {"url": f"https://www.reddit.com/r/isle/comments/{id_}/", "permalink": f"/r/isle/comments/{id_}/"}
    return data | {"created_utc": 1_500_000_000, "num_comments": 0} | more


def dump(*objects: Any) -> bytes:
    return "".join(f"{json.dumps(each)}\n" for each in objects).encode()


def read(data: bytes) -> list[Thread]:
    return list(read_threads(BytesIO(data)))


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder for temporary files, in which nothing may be left."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_threads_come_by_id_and_comments_by_date() -> None:
    first, second = read(
        dump(
            comment("c3", "No &amp; never.", parent="t1_c2", created_utc="1500000300"),
            submission("s10", title="Tea?"),
            comment("c1", "Yes.", created_utc=1_500_000_100, permalink="/r/isle/comments/s1/_/c1/"),
            comment("c10", "Same second, later.", created_utc=1_500_000_100),
            comment("c2", "[removed]", parent="t1_c1", author="[deleted]", created_utc=1_500_000_200),
            submission("s1", num_comments=4),
        )
    )
    assert (first.id, first.title) == ("s1", "A bench by the pond?")
    assert first.url == "https://www.reddit.com/r/isle/comments/s1/"
    assert [(post.id, post.reply_to, post.text) for post in first.posts] == [
        ("s1", None, "It would be > nice."),
        ("c1", "s1", "Yes."),
        ("c10", "s1", "Same second, later."),
        ("c2", "c1", ""),
        ("c3", "c2", "No & never."),
    ]
    assert first.post("c1").url == "https://www.reddit.com/r/isle/comments/s1/_/c1/"
    assert first.post("c3").created_at == datetime(2017, 7, 14, 2, 45, tzinfo=UTC)
    assert (first.post("c2").deleted, first.post("c2").author) == (True, None)
    assert first.repairs == ()
    assert (second.id, second.title, len(second.posts)) == ("s10", "Tea?", 1)


def test_comments_alone_stand_under_placeholders() -> None:
    lost, found = read(
        dump(comment("c2", "A late one.", link="t3_s2"), comment("c1", "Orphan.", parent="t1_c0", created_utc=1))
    )
    assert [(post.id, post.reply_to, post.deleted) for post in lost.posts] == [
        ("s1", None, True),
        ("c0", "s1", True),
        ("c1", "c0", False),
    ]
    assert lost.repairs[0].detail == "the submission is not in the file: comments alone"
    assert found.id == "s2"


def test_submissions_alone_are_threads_of_one_post() -> None:
    threads = read(dump(submission("b", num_comments=3), submission("a", selftext="[deleted]")))
    assert [(thread.id, len(thread.posts), thread.opening_post.deleted) for thread in threads] == [
        ("a", 1, True),
        ("b", 1, False),
    ]
    assert [repair.detail for repair in threads[1].repairs] == ["the submission announces 3 comments, 0 were found"]


def test_the_same_line_again_and_two_versions_of_one() -> None:
    opening, one = submission("s1"), comment("c1", "Yes.")
    [thread] = read(dump(one, opening, one, comment("c1", "Yes, edited."), opening))
    assert [(post.id, post.text) for post in thread.posts[1:]] == [("c1", "Yes."), ("c1~2", "Yes, edited.")]
    assert Counter(repair.kind for repair in thread.repairs) == {"duplicate_post": 3}


def test_files_that_belong_together_are_joined_end_to_end() -> None:
    submissions, comments = dump(submission("s1"), submission("s2")), dump(comment("c1", "Yes."), comment("c2", "No."))
    expected = read(submissions + comments)
    assert [len(thread.posts) for thread in expected] == [3, 1]
    assert read(zstd.compress(submissions) + zstd.compress(comments)) == expected
    assert read(b"\xef\xbb\xbf" + comments + b"\xef\xbb\xbf" + submissions) == expected


def test_a_comment_that_does_not_say_what_it_answers() -> None:
    [thread] = read(dump(submission("s1"), comment("c1", "Yes.", parent=None), comment("c2", "No.", parent=77)))
    assert [post.reply_to for post in thread.posts[1:]] == ["s1", "s1"]
    assert [repair.detail for repair in thread.repairs] == [
        "2 comments do not say what they answer: taken as answers to the submission"
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b'{"id": "c2", "body": "ye', r"line 3: the JSON ends too early"),
        (b"[]", r"line 3: this is neither a submission nor a comment"),
        (b'{"id": "c2", "score": 3}', r"line 3: this is neither a submission nor a comment"),
        (b'{"id": "c2", "body": "Yes.", "parent_id": "t1_c1"}', r"line 3: the comment has no \"link_id\""),
        (b'{"title": "Tea?", "selftext": ""}', r"line 3: the submission has no \"id\""),
        (b"[" * 100_000, "line 3: the JSON is nested too deeply"),
    ],
)
def test_a_damaged_line_is_named(line: bytes, message: str, temporary: Path) -> None:
    with pytest.raises(ReadError, match=message):
        read(dump(submission("s1")) + b"\n" + line + b"\n" + dump(comment("c1", "Yes.")))
    assert list(temporary.iterdir()) == []


def test_bytes_that_are_no_utf_8_are_noted_where_they_are() -> None:
    damaged = json.dumps(comment("c1", "Caf?")).encode().replace(b"?", b"\xe9")
    first, second = read(damaged + b"\n" + dump(comment("c2", "Tea.", link="t3_s2")))
    assert first.post("c1").text == "Café"
    assert first.repairs[0].detail == "not UTF-8: read as Windows-1252"
    assert [repair.detail for repair in second.repairs] == ["the submission is not in the file: comments alone"]


def test_a_first_line_longer_than_what_is_looked_at() -> None:
    [thread] = read(dump(comment("c1", "word " * 30_000)))
    assert len(thread.post("c1").text) == 150_000


def test_a_chain_of_replies_is_no_recursion() -> None:
    chain = [comment(f"c{n}", "On.", parent=f"t1_c{n - 1}" if n else "t3_s1", created_utc=n) for n in range(20_000)]
    [thread] = read(dump(*reversed(chain)))
    assert thread.depth("c19999") == 20_000


@pytest.mark.parametrize(("run_bytes", "most_runs"), [(10_000, 3), (100_000, 64), (1 << 26, 64)])
def test_every_thread_is_whole_however_often_it_is_merged(
    run_bytes: int, most_runs: int, tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "RUN_BYTES", run_bytes)
    monkeypatch.setattr(grouping, "MOST_RUNS", most_runs)
    write_dump(tmp_path / "dump.zst", 2000, seed=7)
    made = list(lines(2000, 7))
    parents = {line["id"]: line["parent_id"][3:] for line in made if "body" in line}
    sizes = Counter(line["link_id"][3:] for line in made if "body" in line)
    threads = list(read_threads(tmp_path / "dump.zst"))
    assert [thread.id for thread in threads] == sorted(line["id"] for line in made if "title" in line)
    for thread in threads:
        assert thread.repairs == ()
        assert len(thread.posts) == 1 + sizes[thread.id]
        assert all(parents[post.id] == post.reply_to for post in thread.posts[1:])
        dates = [post.created_at for post in thread.posts if post.created_at]
        assert dates == sorted(dates)
    assert list(temporary.iterdir()) == []


def test_nothing_is_left_behind_when_the_reading_stops_early(
    tmp_path: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grouping, "RUN_BYTES", 50_000)
    write_dump(tmp_path / "dump.zst", 2000)
    threads = read_threads(tmp_path / "dump.zst")
    next(threads)
    assert len(list(temporary.glob("*/*"))) > 5
    threads.close()
    assert list(temporary.iterdir()) == []
    with pytest.raises(ReadError, match="several threads"):
        read_thread(tmp_path / "dump.zst")
    assert list(temporary.iterdir()) == []


def test_a_folder_that_cannot_take_the_threads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(ReadError, match=r"sorted in the temporary folder \(No such file.*TMPDIR"):
        read(dump(submission("s1")))


def test_a_thread_too_large_for_memory_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("argmine.readers.reddit_dump.MAX_BYTES", 10_000)
    with pytest.raises(ReadError, match="the thread s1 is larger than"):
        read(dump(*(comment(f"c{n}", "word " * 100) for n in range(100))))


@pytest.mark.parametrize(
    "first",
    [b'{"title": "Tea?", "text": "Yes."}\n', b'{"body": "Yes.", "parent_id": "t1_c"}\n', b'{"body": "Yes', b"[1]\n"],
)
def test_lines_of_other_kinds_are_not_taken_for_a_dump(first: bytes) -> None:
    from argmine.readers.reddit_dump import recognises

    assert not recognises(first.decode())


values: st.SearchStrategy[Any] = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
values |= st.lists(st.integers(), max_size=2) | st.sampled_from(
    ["t1_c1", "t3_s1", "c1", "s1", "#1", "\ud800", "[deleted]"]
)
SAMPLE = [submission("s1"), comment("c1", "Yes."), comment("c2", "No.", parent="t1_c1")]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from([*SAMPLE[0], *SAMPLE[1]]), values), max_size=4))
def test_any_values_give_threads_or_one_error(changes: list[tuple[int, str, Any]]) -> None:
    objects = [dict(each) for each in SAMPLE]
    for place, name, value in changes:
        objects[place][name] = value
    try:
        threads = list(read_threads(BytesIO(dump(*objects)), format="reddit_dump"))
    except ArgmineError:
        return
    assert sum(len(thread.posts) for thread in threads) >= 3
    for thread in threads:
        assert Thread.model_validate_json(thread.model_dump_json()) == thread


@settings(deadline=None)
@given(st.integers(0, 600), st.binary(min_size=1, max_size=3))
def test_any_damage_gives_threads_or_one_error(place: int, damage: bytes) -> None:
    data = dump(*SAMPLE)
    try:
        threads = list(read_threads(BytesIO(data[:place] + damage + data[place + 1 :])))
    except ArgmineError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
    else:
        assert all(thread.posts for thread in threads)
