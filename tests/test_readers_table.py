"""Tables in text: names of columns, dialects, several threads, broken rows, and texts that are no tables."""

import csv
import io
import re
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argmine.errors import ArgmineError, NoThreadError, ReadError
from argmine.readers import columns, read_thread, read_threads, table
from argmine.readers.columns import COLUMNS
from argmine.thread import Thread

TABLE = """id,reply_to,author,text,created_at,url
a,,Ada,"The ferry should run on Sundays,
and at night.",2020-01-01T10:00:00+02:00,https://isle.example/a
b,a,Bo,"No, ""nobody"" would take it.",2020-01-02,
c,b,,I would.,,
"""
DOCS = Path(__file__).parents[1] / "docs"


def shape(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.id, post.reply_to) for post in thread.posts]


def said(thread: Thread) -> list[str]:
    return [repair.detail for repair in thread.repairs if repair.kind == "reader_note"]


def test_a_table_is_read_as_it_stands() -> None:
    thread = read_thread(StringIO(TABLE))
    assert shape(thread) == [("a", None), ("b", "a"), ("c", "b")]
    assert [post.text for post in thread.posts] == [
        "The ferry should run on Sundays,\nand at night.",
        'No, "nobody" would take it.',
        "I would.",
    ]
    assert [post.author for post in thread.posts] == ["Ada", "Bo", None]
    assert str(thread.posts[0].created_at) == "2020-01-01 10:00:00+02:00"
    assert thread.url == "https://isle.example/a"
    assert said(thread) == ["1 of 3 dates came without a time zone: taken as UTC"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_dialects(delimiter: str, line_end: str, encoding: str) -> None:
    rows = [["id", "text", "parent"], ["1", "Tea, too; hot\tor cold", ""], ["2", 'So "hot"\nit hurts – no', "1"]]
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    thread = read_thread(BytesIO(file.getvalue().encode(encoding)))
    assert [(post.id, post.text, post.reply_to) for post in thread.posts] == [
        ("1", "Tea, too; hot\tor cold", None),
        ("2", 'So "hot"\nit hurts – no', "1"),
    ]
    assert not thread.repairs


def test_tabs_without_quotation_marks() -> None:
    text = 'id\tparent\ttext\n1\t\t"Tea" is fine\n2\t1\t"So they say\n'
    assert [post.text for post in read_thread(StringIO(text)).posts] == ['"Tea" is fine', '"So they say']
    long = "id\tparent\ttext\n1\t\tTea\n" + "".join(f'{n}\t1\t"A long\nanswer"\n' for n in range(2, 9_000))
    assert {post.text for post in read_thread(StringIO(long)).posts} == {"Tea", "A long\nanswer"}


def test_spaces_behind_the_delimiters_of_the_whole_table() -> None:
    thread = read_thread(StringIO('id, reply_to, text\na, , "Tea, please"\nb, a, No\n'))
    assert [post.text for post in thread.posts] == ["Tea, please", "No"]


def test_other_names_of_columns() -> None:
    thread = read_thread(StringIO("commentID;parentID;Screen Name;commentBody;score\n1;;Ada;Tea;3\n2;1;Bo;No;4\n"))
    assert shape(thread) == [("1", None), ("2", "1")]
    assert [post.author for post in thread.posts] == ["Ada", "Bo"]


def test_the_first_fitting_name_is_taken() -> None:
    thread = read_thread(StringIO("comment,id,text,reply_to\nx,1,Tea,\ny,2,No,1\n"))
    assert [post.text for post in thread.posts] == ["Tea", "No"]


def test_every_name_stands_for_one_column() -> None:
    names = [name for aliases in COLUMNS.values() for name in aliases]
    assert len(names) == len(set(names))
    assert all(columns.known_as(name.upper().replace("_", " ")) == ours for ours, of in COLUMNS.items() for name in of)


def test_the_names_are_in_the_reference() -> None:
    page = (DOCS / "reference" / "formats.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| (.+) \|$", page, re.MULTILINE)
    listed = {name: tuple(re.findall(r"`(\w+)`", others)) for name, others in rows if name in COLUMNS}
    assert listed == {name: aliases[1:] for name, aliases in COLUMNS.items()}


def test_threads_in_any_order() -> None:
    text = "thread,id,reply_to,text\nx,1,,Tea\ny,1,,Trains\nx,2,1,No\ny,2,1,Yes\n,9,,Alone\n"
    threads = list(read_threads(StringIO(text)))
    assert [(thread.id, shape(thread)) for thread in threads] == [
        ("x", [("1", None), ("2", "1")]),
        ("y", [("1", None), ("2", "1")]),
        ("table", [("9", None)]),
    ]
    assert said(threads[2]) == ["no thread named: those are read as one (1 of 1 rows)"]


def rows_of(threads: int, posts: int) -> str:
    rows = [f"t{thread},{post},,word {'and so on ' * 20}" for thread in range(threads) for post in range(posts)]
    return "thread,id,reply_to,text\n" + "\n".join(rows) + "\n"


def test_tables_over_the_limit_are_streamed_if_threads_stand_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_BYTES", 10_000)
    threads = list(read_threads(StringIO(rows_of(100, 8))))
    assert [(thread.id, len(thread.posts)) for thread in threads] == [(f"t{number}", 8) for number in range(100)]
    scattered = rows_of(100, 8) + "t3,99,,late\n"
    with pytest.raises(ReadError, match=r"line 802: the rows of thread 't3' are too far apart.*[Ss]ort") as caught:
        list(read_threads(StringIO(scattered)))
    assert caught.value.line == 802
    with pytest.raises(ReadError, match="a thread takes more than"):
        list(read_threads(StringIO(rows_of(1, 100))))


def test_a_row_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "MAX_BYTES", 10_000)
    with pytest.raises(ReadError, match="line 2: this row is longer"):
        list(read_threads(StringIO("id,text\n1," + '"a\n",' * 5_000)))
    monkeypatch.setattr(table, "MAX_PAGE_BYTES", 1_000)
    with pytest.raises(ReadError, match=r"line 2: this row is broken \(field larger than"):
        list(read_threads(StringIO('id,text\n1,"' + "so it goes on\n" * 200)))


def test_the_limit_of_cells_is_left_as_it_was() -> None:
    before = csv.field_size_limit()
    long = "word " * 50_000
    assert read_thread(StringIO(f"id,text\n1,{long}\n")).opening_post.text == long
    assert csv.field_size_limit() == before


def test_without_reply_to_all_answer_the_first() -> None:
    thread = read_thread(StringIO("author,text,thread\nAda,Tea,x\nBo,No,x\nCy,Yes,x\n"))
    assert shape(thread) == [("1", None), ("2", "1"), ("3", "1")]
    assert said(thread) == [
        "no id: called by the number of the row (3 of 3 rows)",
        "nothing says what the rows answer: all of them the first",
    ]


def test_ids_that_are_missing_doubled_or_like_claims() -> None:
    thread = read_thread(StringIO("id,reply_to,text\na#1,,Tea\n,a#1,No\na#1,,Coffee\n"))
    assert shape(thread) == [("a-1", None), ("row-2", "a-1"), ("a-1~2", "a-1")]
    assert said(thread) == ["no id: called by the number of the row (1 of 3 rows)"]


def test_parents_written_otherwise() -> None:
    text = "id,parent_id,body\n1,nan,Tea\n2,1.0,No\nabc,t1_2,Yes\nz,gone,So?\n"
    thread = read_thread(StringIO(text))
    assert shape(thread) == [("1", None), ("2", "1"), ("abc", "2"), ("gone", "1"), ("z", "gone")]
    assert [(repair.kind, repair.post) for repair in thread.repairs] == [("missing_parent", "gone")]


def test_deleted_posts_titles_and_dates() -> None:
    text = "id,reply_to,author,text,title,date\na,,[deleted],,Tea?,1577836800\nb,a,Bo,[removed],,soon\n"
    thread = read_thread(StringIO(text))
    opening, reply = thread.posts
    assert (opening.text, opening.author, opening.deleted, thread.title) == ("Tea?", None, False, "Tea?")
    assert str(opening.created_at) == "2020-01-01 00:00:00+00:00"
    assert (reply.text, reply.deleted) == ("", True)
    assert said(thread) == ["a date that could not be read: left out (1 of 2 rows)"]


def test_old_encodings_are_noted() -> None:
    thread = read_thread(BytesIO("id,text\n1,Fähre\n2,no\n".encode("latin-1")))
    assert thread.opening_post.text == "Fähre"
    assert said(thread)[0] == "not UTF-8: read as Windows-1252 (1 of 2 rows)"


def test_a_long_chain() -> None:
    rows = "".join(f"{number},{number - 1},word\n" for number in range(1, 50_000))
    thread = read_thread(StringIO(f"id,reply_to,text\n0,,word\n{rows}"))
    assert thread.depth("49999") == 49_999


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("id,text\n1,a\n2,b,c\n", 3, "3 cells, but 2 columns"),
        ("id,text\n1,a\n\n2\n", 4, "1 cells, but 2 columns"),
        ('id,text\n1,"a\nb\n', 2, "unexpected end of data"),
        ('id,text\n1,a\n2,"b" c\n', 3, "expected after"),
        ("id,text,text\n1,a,b\n", None, "two columns 'text'"),
    ],
)
def test_broken_tables_name_the_line(text: str, line: int | None, message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        read_thread(StringIO(text))
    assert caught.value.line == line


def test_tables_without_rows_or_texts() -> None:
    with pytest.raises(NoThreadError, match="no rows"):
        read_thread(StringIO("id,text\n\n"))
    with pytest.raises(ReadError, match=r"no column has the texts.*comment.*There are: nr, remark"):
        read_thread(StringIO("nr,remark\n1,x\n"), format="table")
    assert read_thread(StringIO("comment\nTea\n"), format="table").opening_post.text == "Tea"


@pytest.mark.parametrize(
    "text",
    [
        "Id, text, and so on\n\nThe ferry should run.\n",
        "A comment, an id and a message\n\nThe ferry should run.\n",
        "text\nTea\n",
        "Subject, author, date\nTea, Ada, May\n",
        "parent,message,everything\n\nThe ferry should run on Sundays.\n",
        "text of the comment, id of the comment\nTea\n",
        "user,text\nAda,Tea\n",
    ],
)
def test_ordinary_text_is_no_table(text: str) -> None:
    assert not table.recognises(text)
    assert read_thread(StringIO(text)) == read_thread(StringIO(text), format="text")


@given(st.binary(max_size=60), st.integers(0, len(TABLE)), st.integers(0, 20))
def test_a_damaged_table_gives_threads_or_one_clear_error(piece: bytes, place: int, cut: int) -> None:
    whole = TABLE.encode()
    damaged = whole[:place] + piece + whole[place + cut :]
    try:
        threads = list(read_threads(BytesIO(damaged), format="table"))
    except ArgmineError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
    else:
        for thread in threads:
            assert Thread.model_validate_json(thread.model_dump_json()) == thread


cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from('\n\r\t"'), max_size=20)


@settings(max_examples=200)
@given(st.lists(cells, min_size=1, max_size=6), st.sampled_from(",;\t"))
def test_texts_survive_the_table(texts: list[str], delimiter: str) -> None:
    file = io.StringIO()
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "reply_to", "text"], *([number, "0", text] for number, text in enumerate(texts))])
    thread = read_thread(BytesIO(file.getvalue().encode()), format="table")
    assert [post.text for post in thread.posts] == texts
