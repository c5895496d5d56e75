"""Mining on Ray, on a cluster of two cores in this machine."""

import os
import runpy
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from engine_threads import broken_row, in_order, long_thread, mined, post_rows, small_threads, write_dump

import argmine
from argmine import Thread
from argmine.arrow import edges_of, mined_schema, nodes_of, thread_schema, threads_to_arrow
from argmine.ray import _Miner, mine_dataset, reddit_dataset, threads_dataset

ray = pytest.importorskip("ray")
pytestmark = [
    pytest.mark.timeout(1200),
    pytest.mark.filterwarnings(r"ignore:`use_\w+` is deprecated:DeprecationWarning"),  # of Ray's own settings
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(scope="module", autouse=True)
def _cluster() -> Iterator[None]:
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    ray.data.DataContext.get_current().enable_progress_bars = False
    yield
    ray.shutdown()


def dataset_of(threads: Sequence[Thread], *more: dict[str, Any]) -> Any:
    rows = [*threads_to_arrow(threads).to_pylist(), *more]
    return ray.data.from_arrow(pa.Table.from_pylist(rows, schema=thread_schema()))


def rows_of(dataset: Any) -> list[dict[str, Any]]:
    return in_order(dataset.take_all())


def test_the_rows_are_those_of_mine_arrow() -> None:
    threads = small_threads(300)
    found = mine_dataset(dataset_of(threads), pipeline="en_rules", batch_size=50).materialize()
    assert rows_of(found) == mined(threads)
    assert found.schema().names == mined_schema().names
    whole = pa.Table.from_pylist(mined(threads), schema=mined_schema())
    for flat in (nodes_of, edges_of):
        rows = found.map_batches(lambda batch, flat=flat: pa.table(flat(batch)), batch_format="pyarrow").take_all()
        assert sorted(rows, key=str) == sorted(flat(whole).to_pylist(), key=str)


def test_the_default_pipeline_and_its_setting() -> None:
    threads = small_threads(6)
    assert rows_of(mine_dataset(dataset_of(threads), concurrency=1)) == mined(threads, "en")
    sure = rows_of(mine_dataset(dataset_of(threads), pipeline="en_rules", min_confidence=0.99))
    edges = [edge for row in sure for edge in row["edges"]]
    assert not any(edge["kind"] == "answers" for edge in edges)


def test_dumps_give_what_their_reader_gives(tmp_path: Path) -> None:
    expected = mined(write_dump(tmp_path, 400))
    lines = ray.data.read_text([str(tmp_path / name) for name in ("RC.jsonl", "RS.jsonl")])
    assert rows_of(mine_dataset(reddit_dataset(lines), pipeline="en_rules")) == expected


def test_a_dataset_of_posts_gives_what_the_table_gives() -> None:
    rows = post_rows(small_threads(30))
    dataset = ray.data.from_arrow(pa.Table.from_pylist(rows))
    found = rows_of(mine_dataset(threads_dataset(dataset), pipeline="en_rules"))
    expected = mined([*argmine.threads_of(rows)])
    for row in [*found, *expected]:
        for node in row["nodes"]:
            node.pop("created_at")  # in UTC, and in the zone that was written
    assert found == expected


def test_a_poisoned_thread_is_a_row_with_an_error() -> None:
    threads = small_threads(10)
    found = rows_of(mine_dataset(dataset_of(threads, broken_row()), pipeline="en_rules"))
    assert "claim id" in next(row for row in found if row["thread"] == "broken")["error"]
    assert [row for row in found if row["thread"] != "broken"] == mined(threads)


def test_a_killed_actor_costs_nothing_but_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = tmp_path / "killed"

    class Dying(_Miner):
        def __call__(self, batch: Any) -> Iterator[Any]:
            yield from super().__call__(batch)
            if not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)

    threads = small_threads(150)
    monkeypatch.setattr("argmine.ray._Miner", Dying)
    found = rows_of(mine_dataset(dataset_of(threads), pipeline="en_rules", concurrency=2, batch_size=20))
    assert marker.exists()
    assert found == mined(threads)


def test_small_threads_do_not_wait_for_a_large_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Slow(_Miner):
        def __call__(self, batch: Any) -> Iterator[Any]:
            yield from super().__call__(batch)
            if batch["thread"][0].as_py() != "long":
                (tmp_path / batch["thread"][0].as_py()).touch()
                return
            end = time.monotonic() + 300  # as if it took so long, if the others had to wait
            while len(list(tmp_path.iterdir())) < 58 and time.monotonic() < end:
                time.sleep(0.1)
            (tmp_path / f"long after {len(list(tmp_path.iterdir()))}").touch()

    threads = [long_thread(500, name="long"), *small_threads(60)]
    monkeypatch.setattr("argmine.ray._Miner", Slow)
    found = rows_of(mine_dataset(dataset_of(threads), pipeline="en_rules", concurrency=2, batch_size=1))
    assert found == mined(threads)
    [ended] = tmp_path.glob("long after *")
    assert int(ended.name.split()[-1]) >= 58  # the one behind it in its actor's queue may wait


def test_the_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    script = Path(__file__).parents[1] / "examples" / "ray_threads.py"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [script.name, "--pipeline", "en_rules"])
    runpy.run_path(str(script), run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 8  # five files, one of them a mailing list of three threads, and where the graphs are
    assert any(line.startswith("Hut nights by lot: 6 posts, ") for line in lines)
    assert pq.read_table(tmp_path / "mined").num_rows == 7
