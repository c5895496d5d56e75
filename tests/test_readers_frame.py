"""Frames, dicts and Parquet: tables whose cells are not text."""

import io
import math
import random
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

import argmine
from argmine.errors import ArgmineError, MissingExtraError, NoThreadError, ReadError
from argmine.readers import frame
from argmine.thread import Thread

COLUMNS: dict[str, list[Any]] = {
    "id": [1, 2, 3, 4],
    "reply_to": [None, 1, 2, None],
    "author": ["Ada", None, "Cy", "Di"],
    "text": ["Tea keeps for years.", "Old tea is dust.", None, "Trains are late."],
    "thread": ["tea", "tea", "tea", "trains"],
    "created_at": [datetime(2020, 1, 1, tzinfo=UTC), None, None, datetime(2020, 1, 2, 12, tzinfo=UTC)],
    "score": [3, 2, 1, 0],
}
ROWS = [dict(zip(COLUMNS, row, strict=True)) for row in zip(*COLUMNS.values(), strict=True)]


def shape(thread: Thread) -> list[tuple[str, str | None]]:
    return [(post.id, post.reply_to) for post in thread.posts]


def packed(table: pyarrow.Table, **options: Any) -> bytes:
    file = io.BytesIO()
    parquet.write_table(table, file, **options)
    return file.getvalue()


def test_frames_and_dicts_give_the_same_threads() -> None:
    expected = list(argmine.threads_of(ROWS))
    assert [thread.id for thread in expected] == ["tea", "trains"]
    assert shape(expected[0]) == [("1", None), ("2", "1"), ("3", "2")]
    assert [post.text for post in expected[0].posts] == ["Tea keeps for years.", "Old tea is dust.", ""]
    assert [post.author for post in expected[0].posts] == ["Ada", None, "Cy"]
    assert str(expected[1].opening_post.created_at) == "2020-01-02 12:00:00+00:00"
    assert not any(thread.repairs for thread in expected)
    assert list(argmine.threads_of(pd.DataFrame(COLUMNS))) == expected
    assert list(argmine.threads_of(pd.DataFrame(COLUMNS).convert_dtypes())) == expected
    assert list(argmine.threads_of(pl.DataFrame(COLUMNS))) == expected
    assert list(argmine.threads_of(iter(ROWS))) == expected
    assert list(argmine.read_threads(io.BytesIO(packed(pyarrow.table(COLUMNS))))) == expected


@pytest.mark.parametrize(
    "missing", [None, math.nan, np.nan, np.float32("nan"), pd.NA, pd.NaT, "", "NaN", "None", " null "]
)
def test_what_is_missing(missing: object) -> None:
    rows = [{"id": "a", "reply_to": missing, "text": "Tea", "created_at": missing, "thread": missing}]
    [thread] = argmine.threads_of(rows)
    assert shape(thread) == [("a", None)]
    assert thread.id == "thread"
    assert thread.opening_post.created_at is None
    assert [repair.detail for repair in thread.repairs] == ["no thread named: those are read as one (1 of 1 rows)"]


@pytest.mark.parametrize("number", [12, 12.0, np.int64(12), np.float32(12), Decimal(12), "12", b"12"])
def test_numbers_as_ids(number: object) -> None:
    [thread] = argmine.threads_of([{"id": 7, "text": "Tea"}, {"id": number, "text": "No"}, {"id": 13, "parent": 12.0}])
    assert [post.id for post in thread.posts] == ["7", "12", "13"]
    assert thread.posts[2].reply_to == "12"


@pytest.mark.parametrize(
    "moment", [date(2020, 1, 1), datetime(2020, 1, 1), pd.Timestamp("2020-01-01"), 1577836800, 1577836800000.0]
)
def test_dates_of_any_type(moment: object) -> None:
    [thread] = argmine.threads_of([{"id": 1, "text": "Tea", "date": moment}])
    assert thread.opening_post.created_at == datetime(2020, 1, 1, tzinfo=UTC)
    assert type(thread.opening_post.created_at) is datetime


def test_columns_can_be_named() -> None:
    table = pd.DataFrame({"nr": [1, 2], "auf": [None, 1], "was": ["Tee", "Nein"], "text": ["x", "y"]})
    [thread] = argmine.threads_of(table, columns={"id": "nr", "reply_to": "auf", "text": "was"})
    assert [(post.id, post.reply_to, post.text) for post in thread.posts] == [("1", None, "Tee"), ("2", "1", "Nein")]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"text": "was"}, r"<\w+>: there is no column 'was'. There are: id, reply_to"),
        ({"body": "text"}, r"posts have no 'body'. They have: id, reply_to"),
    ],
)
def test_columns_wrongly_named(columns: dict[str, str], message: str) -> None:
    for table in (ROWS, iter(ROWS), pd.DataFrame(COLUMNS), pl.DataFrame(COLUMNS)):
        with pytest.raises(ReadError, match=message):
            list(argmine.threads_of(table, columns=columns))


def test_what_is_no_table() -> None:
    for wrong in (3, "id,text", b"x", {"id": [1]}, [3], [["a"]]):
        with pytest.raises(TypeError, match="expected"):
            list(argmine.threads_of(wrong))
    with pytest.raises(NoThreadError, match="no rows"):
        list(argmine.threads_of([]))
    with pytest.raises(NoThreadError, match="no rows"):
        list(argmine.threads_of(pd.DataFrame({"text": []})))
    with pytest.raises(ReadError, match="no column has the texts"):
        list(argmine.threads_of(pl.DataFrame({"id": [1]})))
    with pytest.raises(ReadError, match="two columns 'text'"):
        list(argmine.threads_of(pd.DataFrame([["a", "b"]], columns=["text", "text"])))


def test_dicts_need_not_have_the_same_keys() -> None:
    rows = [{"id": "a", "text": "Tea"}, {"text": "No", "reply_to": "a", "id": "b"}, {"id": "c", "reply_to": "b"}]
    [thread] = argmine.threads_of(rows)
    assert shape(thread) == [("a", None), ("b", "a"), ("c", "b")]


def test_cells_of_several_values_are_left_out_with_a_note() -> None:
    [thread] = argmine.threads_of([{"id": "a", "text": ["Tea", "Coffee"], "date": {"year": 2020}}])
    assert thread.opening_post.text == ""
    assert [repair.detail for repair in thread.repairs] == [
        "several values in text: left out (1 of 1 rows)",
        "a date that could not be read: left out (1 of 1 rows)",
    ]


def test_an_iterable_without_end_is_streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "MAX_BYTES", 10_000)

    def rows() -> Iterator[dict[str, object]]:
        number = 0
        while True:
            yield {"thread": number // 3, "id": number, "text": "word " * 20}
            number += 1

    threads = argmine.threads_of(rows())
    assert [shape(next(threads))[0][0] for _ in range(300)] == [str(3 * number) for number in range(300)]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=5) | st.dates(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
names = st.sampled_from(["id", "reply_to", "author", "text", "thread", "title", "created_at", "url", "other"])


@given(st.lists(st.dictionaries(names, values, max_size=5), max_size=5))
def test_any_cells_give_threads_or_one_clear_error(rows: list[dict[str, Any]]) -> None:
    try:
        threads = list(argmine.threads_of(rows))
    except ArgmineError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
    else:
        assert threads == list(argmine.threads_of(rows))
        for thread in threads:
            assert Thread.model_validate_json(thread.model_dump_json()) == thread


@pytest.mark.parametrize("options", [{}, {"row_group_size": 1}, {"compression": "zstd"}, {"use_dictionary": False}])
def test_parquet_from_paths_files_and_pipes(options: dict[str, Any], tmp_path: Path) -> None:
    expected = list(argmine.threads_of(ROWS))
    data = packed(pyarrow.table(COLUMNS), **options)
    path = tmp_path / "posts.dat"
    path.write_bytes(data)
    assert list(argmine.read_threads(path)) == list(argmine.read_threads(path, format="parquet")) == expected
    with path.open("rb") as stream:
        assert list(argmine.read_threads(stream)) == expected

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    assert list(argmine.read_threads(Pipe(data))) == expected
    behind = io.BytesIO(b"other" + data)
    behind.seek(5)
    assert list(argmine.read_threads(behind)) == expected


def test_parquet_of_pandas_with_dates_in_a_zone(tmp_path: Path) -> None:
    moments = pd.to_datetime(["2020-01-01 10:00:00.123456789", None]).tz_localize("Europe/Oslo")
    pd.DataFrame({"id": [1, 2], "text": ["Tea", "No"], "date": moments}).to_parquet(tmp_path / "posts")
    thread = argmine.read_thread(tmp_path / "posts")
    assert str(thread.opening_post.created_at) == "2020-01-01 09:00:00.123456+00:00"
    assert thread.id == "posts"


def test_parquet_that_is_none() -> None:
    with pytest.raises(ReadError, match="the Parquet is damaged"):
        argmine.read_thread(io.StringIO("id,text\n1,a\n"), format="parquet")
    with pytest.raises(ReadError, match="binary"):
        argmine.read_thread(io.BytesIO(packed(pyarrow.table(COLUMNS))), format="table")
    with pytest.raises(ReadError, match=r"no column has the texts.*There are: id"):
        argmine.read_thread(io.BytesIO(packed(pyarrow.table({"id": [1]}))))
    with pytest.raises(NoThreadError, match="no rows"):
        argmine.read_thread(io.BytesIO(packed(pyarrow.table({"text": pyarrow.array([], pyarrow.string())}))))
    assert argmine.read_thread(io.StringIO("PAR1 is a gene.\n")).opening_post.text == "PAR1 is a gene."


def test_damaged_parquet_gives_threads_or_one_clear_error() -> None:
    whole = packed(pyarrow.table(COLUMNS), row_group_size=2)
    chance = random.Random(3)
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.choice([1, 1, 3])):
            damaged[chance.randrange(4, len(damaged))] = chance.randrange(256)
        try:
            threads = list(argmine.read_threads(io.BytesIO(damaged), format="parquet"))
        except ArgmineError as error:
            assert "\n" not in str(error)  # noqa: PT017 - either outcome is right
        else:
            assert all(Thread.model_validate_json(thread.model_dump_json()) == thread for thread in threads)


def test_without_pyarrow_the_error_says_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed(pyarrow.table(COLUMNS))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r'pip install "argmine\[tables\]"'):
        argmine.read_thread(io.BytesIO(data))
