"""Mining on Spark, on a cluster of two cores in this machine."""

import io
import os
import runpy
import shutil
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from engine_threads import broken_row, in_order, long_thread, mined, post_rows, small_threads, write_dump

import argmine
from argmine import Thread
from argmine.arrow import edges_of, mined_schema, nodes_of, thread_schema, threads_to_arrow
from argmine.engines import mine_batches
from argmine.spark import mine_frame, reddit_frame, threads_frame

pyspark = pytest.importorskip("pyspark")
pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    pytest.mark.timeout(1200),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # the sockets between Python and Java
]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        builder = SparkSession.builder.master("local[2,4]")  # a task is tried four times, as on a cluster
        settings = {
            "spark.driver.host": "127.0.0.1",
            "spark.task.maxDirectResultSize": "10k",  # what is larger goes through the network, as much does otherwise
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.sql.shuffle.partitions": "4",
            "spark.sql.session.timeZone": "Asia/Tokyo",
            "spark.sql.execution.arrow.maxRecordsPerBatch": "50",
            "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        }
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        yield session
        gateway = session.sparkContext._gateway
        session.stop()
        gateway.shutdown()  # Java, too: it would keep the folder that it was started in
        gateway.proc.stdin.close()
        gateway.proc.wait(60)
        pyspark.SparkContext._gateway = pyspark.SparkContext._jvm = None


def frame_of(spark: Any, threads: Sequence[Thread], *more: dict[str, Any]) -> Any:
    rows = [*threads_to_arrow(threads).to_pylist(), *more]
    return spark.createDataFrame(pa.Table.from_pylist(rows, schema=thread_schema()))


def rows_of(frame: Any) -> list[dict[str, Any]]:
    table = frame.toArrow()
    assert table.schema.names == mined_schema().names
    return in_order(table.to_pylist())


def test_the_rows_are_those_of_mine_arrow(spark: Any) -> None:
    threads = small_threads(300)
    frame = mine_frame(frame_of(spark, threads).repartition(4), pipeline="en_rules").cache()
    assert rows_of(frame) == mined(threads)
    whole = pa.Table.from_pylist(mined(threads), schema=mined_schema())
    for name, flat in (("nodes", nodes_of), ("edges", edges_of)):
        found = frame.selectExpr("thread", f"inline({name})").toArrow()
        assert sorted(found.to_pylist(), key=str) == sorted(flat(whole).to_pylist(), key=str)


def test_the_default_pipeline_and_its_setting(spark: Any) -> None:
    threads = small_threads(6)
    assert rows_of(mine_frame(frame_of(spark, threads))) == mined(threads, "en")
    sure = rows_of(mine_frame(frame_of(spark, threads), pipeline="en_rules", min_confidence=0.99))
    edges = [edge for row in sure for edge in row["edges"]]
    assert not any(edge["kind"] == "answers" for edge in edges)


def test_dumps_give_what_their_reader_gives(spark: Any, tmp_path: Path) -> None:
    expected = mined(write_dump(tmp_path, 400))
    lines = spark.read.text([str(tmp_path / name) for name in ("RC.jsonl", "RS.jsonl")])
    assert rows_of(mine_frame(reddit_frame(lines), pipeline="en_rules")) == expected
    posts = spark.read.json([str(tmp_path / name) for name in ("RC.jsonl", "RS.jsonl")])
    again = posts.selectExpr("to_json(struct(*)) as line")  # as where a dump is kept in Parquet
    assert rows_of(mine_frame(reddit_frame(again, column="line"), pipeline="en_rules")) == expected


def test_a_frame_of_posts_gives_what_the_table_gives(spark: Any) -> None:
    rows = post_rows(small_threads(30))
    frame = spark.createDataFrame(
        pa.Table.from_pylist(rows)
    )  # the dates become moments in the time zone of the session
    found = rows_of(mine_frame(threads_frame(frame), pipeline="en_rules"))
    expected = mined([*argmine.threads_of(rows)])
    for row in [*found, *expected]:
        for node in row["nodes"]:
            node.pop("created_at")  # in UTC, and in the zone that was written
    assert found == expected


def test_a_poisoned_thread_is_a_row_with_an_error(spark: Any) -> None:
    threads = small_threads(10)
    *_, broken = found = rows_of(mine_frame(frame_of(spark, threads, broken_row()), pipeline="en_rules"))
    assert "claim id" in next(row for row in found if row["thread"] == "broken")["error"]
    assert [row for row in found if row["thread"] != "broken"] == mined(threads)
    assert broken["thread"] == "t9"


def test_a_damaged_line_of_a_dump_is_shown(spark: Any) -> None:
    lines = spark.createDataFrame([('{"id": "c1", "bo',)], "value string")
    with pytest.raises(pyspark.errors.PythonException, match="ends too early"):
        reddit_frame(lines).count()


def dying(marker: Path) -> Callable[..., Iterator[Any]]:
    """Return what mines batches, but in the process that is the first to finish some of them ends it."""

    def mine(batches: Iterable[Any], *, pipeline: str, min_confidence: float | None) -> Iterator[Any]:
        for number, batch in enumerate(mine_batches(batches, pipeline=pipeline, min_confidence=min_confidence)):
            yield batch
            if number == 0 and not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)

    return mine


def test_a_killed_process_costs_nothing_but_time(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = small_threads(150)
    monkeypatch.setattr("argmine.spark.mine_batches", dying(tmp_path / "killed"))
    found = rows_of(mine_frame(frame_of(spark, threads).repartition(2), pipeline="en_rules"))
    assert (tmp_path / "killed").exists()
    assert found == mined(threads)


def test_small_threads_do_not_wait_for_a_large_one(spark: Any, tmp_path: Path) -> None:
    threads = [*small_threads(60), long_thread(3000, name="a long one")]
    frame = mine_frame(frame_of(spark, threads).repartitionByRange(6, "thread"), pipeline="en_rules")
    log = str(tmp_path / "done")

    def note(rows: Iterable[Any]) -> None:
        names = [row.thread for row in rows]
        with open(log, "a", encoding="utf-8") as file:  # noqa: PTH123 - in another process
            file.write(f"{'long' if 'a long one' in names else 'small'} {len(names)}\n")

    frame.select("thread").foreachPartition(note)  # the first part holds the long thread
    done = Path(log).read_text(encoding="utf-8").splitlines()
    assert [line.split()[0] for line in done] == ["small"] * 5 + ["long"]
    assert sum(int(line.split()[1]) for line in done) == 61


def test_the_example(spark: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = Path(__file__).parents[1] / "examples" / "spark_reddit.py"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        sys, "argv", [script.name, "--pipeline", "en_rules", "--partitions", "2", "-o", str(tmp_path / "mined")]
    )
    runpy.run_path(str(script), run_name="__main__")
    tables = {name: spark.read.parquet(str(tmp_path / "mined" / name)) for name in ("mined", "nodes", "edges")}
    names = ("RS_example.jsonl", "RC_example.jsonl")
    dump = "".join((script.parent / "dump" / name).read_text(encoding="utf-8") for name in names)
    expected = mined([*argmine.read_threads(io.BytesIO(dump.encode()))])
    assert rows_of(tables["mined"]) == expected
    assert tables["nodes"].count() == sum(len(row["nodes"]) for row in expected)
    assert tables["edges"].count() == sum(len(row["edges"]) for row in expected)
