"""Pseudonyms in place of the names of authors."""

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import threads
from typer.testing import CliRunner

from argmine.cli import app
from argmine.errors import ArgmineError
from argmine.readers import read_thread, read_threads
from argmine.readers.pseudonyms import pseudonymised
from argmine.thread import Post, Repair, Thread

SALT = "a spoonful of it"


def said(text: str, *authors: str) -> str:
    """Return a text in a thread of these authors, with U1, U2, … for their pseudonyms."""
    posts = [
        Post(id=str(number), author=author, reply_to="0" if number else None) for number, author in enumerate(authors)
    ]
    thread = Thread(posts=(*posts, Post(id="last", text=text, reply_to="0")))
    found = pseudonymised(thread, SALT)
    result = found.post("last").text
    for number in range(len(authors)):
        result = result.replace(str(found.post(str(number)).author), f"U{number + 1}")
    return result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Ann Lee, no. @ANN LEE? @ann lees", "@U1, no. @U1? @ann lees"),
        ("@AnnLee and @ben, @Benno", "@U1 and @U2, @Benno"),
        ("Ann Lee is right, ben@mail.example too", "Ann Lee is right, ben@mail.example too"),
        ("@🙂 yes", "@U3 yes"),
        ("@carla@far.example and @Carla", "@U4 and @U4"),
        ("Ann Lee wrote:\n> Ben: no\n\nSo?", "U1 wrote:\n> Ben: no\n\nSo?"),
        ("On Monday, Ben <x>\nwrote:\n\n> No.", "On Monday, U2 <x>\nwrote:\n\n> No."),
        ("> Ben wrote:\n> > Ann Lee said:\n> > > No.\n> Yes.", "> U2 wrote:\n> > U1 said:\n> > > No.\n> Yes."),
        ("> Ben wrote:\n> No.\nBen wrote:\nYes.", "> U2 wrote:\n> No.\nBen wrote:\nYes."),
        ("Posted by Ben\n> No", "Posted by U2\n> No"),
        ("Benny wrote:\n> No", "Benny wrote:\n> No"),
    ],
)
def test_where_names_are_replaced(text: str, expected: str) -> None:
    assert said(text, "Ann Lee", "Ben", "🙂", "@carla@far.example") == expected


def test_addresses_and_ids_that_hold_a_name() -> None:
    thread = Thread(
        id="https://far.example/@ann/1",
        title="Was @Ben right?",
        url="https://far.example/t/1",
        posts=(
            Post(id="https://far.example/@ann/1", author="ann", url="https://far.example/@ann/1"),
            Post(
                id="2", author="Ben Oak", reply_to="https://far.example/@ann/1", url="https://far.example/ben%20oak/2"
            ),
            Post(id="3", author="Ben", reply_to="2", url="https://far.example/planning/3"),
        ),
        repairs=(
            Repair(kind="missing_parent", post="2", detail="answered by 'https://far.example/@ann/1' but missing"),
        ),
    )
    found = pseudonymised(thread, SALT)
    assert not re.search(r"\bann\b|ben|oak", found.model_dump_json(), re.IGNORECASE)
    assert re.fullmatch(r"post-[0-9a-f]{16}", found.id)
    assert [(post.id, post.reply_to, post.url) for post in found.posts] == [
        (found.id, None, None),
        ("2", found.id, None),
        ("3", "2", "https://far.example/planning/3"),
    ]
    assert found.url == thread.url
    assert found.repairs[0].detail == f"answered by '{found.id}' but missing"


def test_a_name_has_one_pseudonym_under_a_salt() -> None:
    one, other = (Thread(posts=(Post(id=id_, author="Ann"), Post(id="z", author="ann", reply_to=id_))) for id_ in "xy")
    names = [post.author for thread in (one, other) for post in pseudonymised(thread, SALT).posts]
    assert re.fullmatch("user-[0-9a-f]{10}", str(names[0]))
    assert names[:2] == names[2:]
    assert names[0] != names[1]
    assert pseudonymised(one, "another").opening_post.author != names[0]


@given(threads(), st.text(min_size=1).filter(str.strip))
def test_any_thread_keeps_its_shape(thread: Thread, salt: str) -> None:
    found = pseudonymised(thread, salt)
    assert len(found.posts) == len(thread.posts)
    places = {post.id: place for place, post in enumerate(thread.posts)}
    again = {post.id: place for place, post in enumerate(found.posts)}
    for before, after in zip(thread.posts, found.posts, strict=True):
        assert (before.author is None) == (after.author is None)
        assert places.get(str(before.reply_to)) == again.get(str(after.reply_to))
    assert pseudonymised(thread, salt) == found


def test_reading_and_the_command_line(tmp_path: Path) -> None:
    lines = json.dumps({"posts": [{"id": "a", "author": "Ann", "text": "Tea keeps for years."}]}) + "\n"
    read = read_thread(StringIO(lines), pseudonyms=SALT)
    assert [thread.posts for thread in read_threads(StringIO(lines), pseudonyms=SALT)] == [read.posts]
    path = tmp_path / "t.jsonl"
    path.write_text(lines)
    shown = CliRunner().invoke(app, ["mine", str(path), "--pipeline", "en_rules", "--pseudonyms", SALT])
    assert str(read.opening_post.author) in shown.stdout
    assert "Ann" not in shown.stdout


@pytest.mark.parametrize("salt", ["", " "])
def test_an_empty_salt_is_refused(salt: str) -> None:
    with pytest.raises(ArgmineError, match="salt for pseudonyms is empty"):
        read_thread(StringIO("{}"), pseudonyms=salt)
    with pytest.raises(ArgmineError, match="salt for pseudonyms is empty"):
        pseudonymised(Thread(posts=(Post(id="a"),)), salt)
    result = CliRunner().invoke(app, ["mine", "x.json", "--pseudonyms", salt])
    assert result.exit_code == 2
    assert "salt" in result.stderr
