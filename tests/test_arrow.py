"""Threads and what is mined of them as Arrow batches."""

import sys
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc
from strategies import threads

import argmine
from argmine import Post, Thread
from argmine.arrow import (
    Broken,
    edges_of,
    mine_arrow,
    mine_threads,
    mined_schema,
    nodes_of,
    thread_schema,
    threads_from_arrow,
    threads_to_arrow,
)
from argmine.doc import posts
from argmine.errors import MissingExtraError, PipelineError
from argmine.writers.characters import clean, clean_text, escaped_id

NLP = argmine.load("en_rules")
TEA = Thread(
    id="tea",
    title="Tea or cocoa?",
    url="https://forum.example/t/tea",
    posts=(
        Post(id="a", author="Ann", text="Tea is better than cocoa, because it wakes you up."),
        Post(id="b", author="Ben", text="I disagree, cocoa is better.", reply_to="a"),
    ),
)


@Language.component("fails_on_poison")
def fails_on_poison(doc: Doc) -> Doc:
    if any("poison" in post.text for post in posts(doc)):
        raise ValueError("there is poison in it")
    return doc


@pytest.fixture(scope="module")
def poisoned() -> Language:
    nlp = argmine.load("en_rules")
    nlp.add_pipe("fails_on_poison", first=True)
    return nlp


def present(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if value is not None}


@settings(max_examples=30)
@given(st.lists(threads(), max_size=4))
def test_rows_are_the_graphs_of_mine_all(found: list[Thread]) -> None:
    mined = mine_threads(found, NLP)
    assert mined.schema == mined_schema()
    graphs = list(argmine.mine_all(found, NLP))
    for row, thread, graph in zip(mined.to_pylist(), found, graphs, strict=True):
        nodes = [{"id": escaped_id(node), **clean(data)} for node, data in graph.nodes(data=True)]
        edges = [{"source": escaped_id(a), "target": escaped_id(b), **clean(e)} for a, b, e in graph.edges(data=True)]
        assert [present(node) for node in row["nodes"]] == nodes
        assert [present(edge) for edge in row["edges"]] == edges
        kinds = [node["kind"] for node in nodes]
        assert (row["thread"], row["error"]) == (clean_text(thread.id), None)
        assert (row["n_posts"], row["n_claims"]) == (kinds.count("post"), kinds.count("claim"))
        assert row["title"] == (None if thread.title is None else clean_text(thread.title))
        assert row["pipeline"] == graph.graph["pipeline"]
    assert nodes_of(mined).num_rows == sum(graph.number_of_nodes() for graph in graphs)
    assert edges_of(mined).num_rows == sum(graph.number_of_edges() for graph in graphs)


@settings(max_examples=50)
@given(st.lists(threads(), max_size=4))
def test_threads_come_back(found: list[Thread]) -> None:
    batch = threads_to_arrow(found)
    assert batch.schema == thread_schema()
    assert list(threads_from_arrow(batch)) == found
    assert list(threads_from_arrow(pa.Table.from_batches([batch]))) == found


def test_a_thread_that_cannot_be_mined_is_alone_in_its_error(poisoned: Language) -> None:
    poison = Thread(id="bad", posts=(Post(id="a", text="This is poison."),))
    rows = mine_arrow(threads_to_arrow([TEA, poison, TEA]), poisoned).to_pylist()
    assert [row["thread"] for row in rows] == ["tea", "bad", "tea"]
    assert [row["error"] for row in rows] == [None, "ValueError: there is poison in it", None]
    assert (rows[1]["nodes"], rows[1]["n_posts"], rows[1]["pipeline"]) == ([], 0, None)
    assert rows[0] == rows[2]
    assert rows[0]["n_posts"] == 2


def test_the_rows_of_flat_tables_name_their_thread() -> None:
    other = TEA.model_copy(update={"id": "other"})
    mined = mine_threads([TEA, Broken("none", "no reason"), other], NLP)
    nodes = nodes_of(mined, keys=("thread", "title"))
    assert nodes.schema.names[:3] == ["thread", "title", "id"]
    assert nodes.column("thread").to_pylist() == ["tea"] * 5 + ["other"] * 5
    assert set(nodes.column("title").to_pylist()) == {"Tea or cocoa?"}
    edges = [(row["thread"], row["source"], row["kind"]) for row in edges_of(mined).to_pylist()]
    assert edges.count(("tea", "b", "reply")) == edges.count(("other", "b", "reply")) == 1


def test_an_empty_batch() -> None:
    mined = mine_arrow(threads_to_arrow([]), NLP)
    assert mined.num_rows == nodes_of(mined).num_rows == edges_of(mined).num_rows == 0


def test_columns_may_be_fewer_and_times_timestamps() -> None:
    rows = [
        {"thread": 7, "posts": [{"id": "a", "created_at": datetime(2024, 5, 1, 12)}]},
        {"thread": None, "posts": []},
    ]
    first, second = threads_from_arrow(pa.RecordBatch.from_pylist(rows))
    assert isinstance(first, Thread)
    assert (first.id, first.posts[0].created_at) == ("7", datetime(2024, 5, 1, 12, tzinfo=UTC))
    assert isinstance(second, Thread | Broken)


def test_broken_threads_are_mended_or_say_why_not() -> None:
    rows = [
        {"thread": "mended", "posts": [{"id": "a"}, {"id": "b", "reply_to": "gone"}]},
        {"thread": "broken", "posts": [{"id": "a#1"}]},
    ]
    mended, broken = threads_from_arrow(pa.RecordBatch.from_pylist(rows))
    assert isinstance(mended, Thread)
    assert [repair.kind for repair in mended.repairs] == ["missing_parent"]
    assert isinstance(broken, Broken)
    assert (broken.thread, "a#1" in broken.error) == ("broken", True)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(PipelineError, match="no column 'posts'"):
        list(threads_from_arrow(pa.RecordBatch.from_pylist([{"thread": "a"}])))


def test_a_wrong_setting_is_no_fault_of_the_threads() -> None:
    with pytest.raises(PipelineError, match="not between 0 and 1"):
        mine_threads([TEA], NLP, min_confidence=2)


def test_errors_are_written_whatever_they_say() -> None:
    mined = mine_threads([Broken("a", "bad \ud800 byte\x00")], NLP)
    assert mined.column("error").to_pylist() == ["bad \ufffd byte\ufffd"]


def test_the_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow.compute", None)
    with pytest.raises(MissingExtraError, match=r'pip install "argmine\[tables\]"'):
        thread_schema()
