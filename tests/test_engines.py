"""What runs in the processes of Spark and Ray, without either of them."""

import random
import sys
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest
from engine_threads import broken_row, mined, post_rows, small_threads, write_dump
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import threads

import argmine
import argmine.ray
import argmine.spark
from argmine import Post, Thread
from argmine.arrow import edges_of, mined_schema, nodes_of, thread_schema, threads_from_arrow, threads_to_arrow
from argmine.engines import check_settings, mine_batches, post_columns, post_threads, reddit_records, reddit_threads
from argmine.errors import MissingExtraError, PipelineError, ReadError
from argmine.workers import use_threads


def gathered(rows: list[dict[str, Any]], by: str, *, seed: int = 1) -> pa.RecordBatch:
    """Bring rows of one thread together as an engine does, in any order."""
    random.Random(seed).shuffle(rows)
    groups: dict[Any, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(row[by], []).append({name: value for name, value in row.items() if name != by})
    return pa.RecordBatch.from_pylist([{"thread": thread, "rows": some} for thread, some in groups.items()])


def by_name(found: Any) -> dict[str, Thread]:
    return {thread.id: thread for thread in found}


@given(threads())
def test_a_thread_comes_back_from_arrow_whole(thread: Thread) -> None:
    mended = Thread.repaired([*thread.posts, Post(id="late", reply_to="gone")], id=thread.id)
    assert list(threads_from_arrow(threads_to_arrow([thread, mended]))) == [thread, mended]


def test_batches_are_mined_as_they_come_and_a_few_threads_at_a_time() -> None:
    taken = []

    def batches() -> Iterator[pa.RecordBatch]:
        for start in (0, 70):
            taken.append(start)
            yield threads_to_arrow(small_threads(140)[start : start + 70])

    found = mine_batches(batches(), pipeline="en_rules", min_confidence=None)
    first = next(found)
    assert taken == [0]
    sizes = [first.num_rows, *(batch.num_rows for batch in found)]
    assert sizes == [32, 32, 6] * 2
    assert first.schema == mined_schema()


def test_rows_are_those_of_threads_mined_one_by_one() -> None:
    some = small_threads(40)
    batch = pa.Table.from_batches([threads_to_arrow(some)])
    rows = [row for each in mine_batches([batch], pipeline="en_rules", min_confidence=None) for row in each.to_pylist()]
    assert rows == [row for thread in some for row in mined([thread])]


def test_a_thread_that_cannot_be_mined_says_so_in_its_row() -> None:
    batch = pa.RecordBatch.from_pylist(
        [*threads_to_arrow(small_threads(3)).to_pylist(), broken_row()], schema=thread_schema()
    )
    [found] = mine_batches([batch], pipeline="en_rules", min_confidence=None)
    *sound, broken = found.to_pylist()
    assert sound == [row for thread in small_threads(3) for row in mined([thread])]
    assert "claim id" in broken["error"]
    assert broken["nodes"] == []


def test_settings_are_checked_before_any_process_begins() -> None:
    check_settings("en_rules", 0.5)
    with pytest.raises(PipelineError, match="no pipeline 'nonsense'"):
        check_settings("nonsense", None)
    with pytest.raises(PipelineError, match="between 0 and 1"):
        check_settings("en_rules", 2)
    with pytest.raises(PipelineError, match="must be an actor"):
        argmine.ray.mine_dataset(None, concurrency=0)


def test_the_reader_uses_as_many_threads_as_it_is_told() -> None:
    nlp = argmine.load()
    assert nlp.get_pipe("reader").threads == 0
    use_threads(nlp, 1)
    assert nlp.get_pipe("reader").threads == 1
    use_threads(nlp, 2)  # what was said stays
    assert nlp.get_pipe("reader").threads == 1


@settings(max_examples=10)
@given(st.integers())
def test_a_dump_gives_the_threads_of_its_reader(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    folder = tmp_path_factory.mktemp("dump")
    expected = write_dump(folder, 120)
    lines = [line for name in ("RS.jsonl", "RC.jsonl") for line in (folder / name).read_text().splitlines()]
    random.Random(seed).shuffle(lines)
    records = reddit_records(pa.record_batch([[*lines, "", None]], ["value"]), column="value")
    found = reddit_threads(gathered(records.to_pylist(), "thread", seed=seed))
    assert by_name(threads_from_arrow(found)) == by_name(expected)


@pytest.mark.parametrize(("line", "problem"), [('{"id": "a", "bo', "ends too early"), ('{"id": 1}', "neither")])
def test_a_damaged_line_of_a_dump_is_shown(line: str, problem: str) -> None:
    with pytest.raises(ReadError, match=problem) as error:
        reddit_records(pa.record_batch([[line]], ["value"]), column="value")
    assert line[:9] in str(error.value)


@settings(max_examples=10)
@given(st.integers())
def test_posts_of_a_table_give_the_threads_of_the_table(seed: int) -> None:
    rows = post_rows(small_threads(30))
    found = post_columns([*rows[0]], None)
    assert found["thread"] == "conversation"
    renamed = [{ours: row[theirs] for ours, theirs in found.items()} for row in rows]
    assert by_name(threads_from_arrow(post_threads(gathered(renamed, "thread", seed=seed)))) == by_name(
        argmine.threads_of(rows)
    )


def test_posts_come_by_date() -> None:
    rows = [{"thread": "t", "id": name, "text": name, "created_at": date} for name, date in zip("abc", "312", strict=1)]
    [thread] = threads_from_arrow(post_threads(gathered(rows, "thread")))
    assert [post.id for post in thread.posts] == ["b", "c", "a"]


def test_a_table_needs_threads_and_texts() -> None:
    with pytest.raises(ReadError, match="no column names the threads"):
        post_columns(["id", "text"], None)
    with pytest.raises(ReadError, match="no column has the texts"):
        post_columns(["id", "thread"], None)
    assert post_columns(["nr", "text"], {"thread": "nr"}) == {"thread": "nr", "text": "text"}


def test_flat_tables_of_a_table_in_pieces() -> None:
    pieces = [*mine_batches([threads_to_arrow(small_threads(40))], pipeline="en_rules", min_confidence=None)]
    table = pa.Table.from_batches(pieces)
    for flat in (nodes_of, edges_of):
        expected = [row for piece in pieces for row in flat(piece).to_pylist()]
        assert flat(table).to_pylist() == expected
        assert {row["thread"] for row in flat(table.slice(33, 2)).to_pylist()} <= {"t33", "t34"}
        assert flat(table.slice(0, 0)).num_rows == 0


def test_an_engine_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for engine, mine in (("pyspark", argmine.spark.mine_frame), ("ray", argmine.ray.mine_dataset)):
        for name in [name for name in sys.modules if name.partition(".")[0] == engine]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, engine, None)
        with pytest.raises(MissingExtraError, match=rf'"argmine\[{engine.removeprefix("py")}\]"'):
            mine(None, pipeline="en_rules")
