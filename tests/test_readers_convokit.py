"""ConvoKit corpora: reading utterances, and writing into them what was mined."""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import argmine
from argmine.errors import ArgmineError, GraphError, NoThreadError, ReadError
from argmine.readers import convokit
from argmine.thread import Thread


def utterance(name: str, reply_to: str | None, text: str, **more: Any) -> dict[str, Any]:
    facts = {"id": name, "conversation_id": "a", "text": text, "speaker": "Ada", "meta": {"stars": 1}}
    return {**facts, "reply-to": reply_to, "timestamp": 1577836800, "vectors": [], **more}


CORPUS = [
    utterance("a", None, "Tea is better than coffee, because it can be drunk all day."),
    utterance("b", "a", "I disagree, it is only warm water.", speaker="Bo"),
    utterance("x", None, "The canteen should close on Fridays.", conversation_id="x", timestamp=None),
    utterance("c", "b", "[deleted]", speaker="[deleted]"),
    utterance("y", "x", "Exactly, nobody is there.", conversation_id="x", meta=None),
]


def lines_of(values: list[Any]) -> str:
    return "".join(json.dumps(value) + "\n" for value in values)


def read(text: str, **options: Any) -> list[Thread]:
    return list(argmine.read_threads(io.StringIO(text), **options))


def test_conversations_become_threads() -> None:
    threads = read(lines_of(CORPUS))
    assert [(thread.id, [(post.id, post.reply_to) for post in thread.posts]) for thread in threads] == [
        ("a", [("a", None), ("b", "a"), ("c", "b")]),
        ("x", [("x", None), ("y", "x")]),
    ]
    opening, reply, gone = threads[0].posts
    assert (opening.author, reply.author, gone.author) == ("Ada", "Bo", None)
    assert str(opening.created_at) == "2020-01-01 00:00:00+00:00"
    assert (gone.text, gone.deleted) == ("", True)
    assert not threads[0].repairs


def test_older_and_newer_names() -> None:
    old = [
        {"id": "a", "root": "a", "user": "Ada", "text": "Tea", "reply_to": None, "timestamp": "1577836800"},
        {"id": "b", "root": "a", "user": {"id": "Bo"}, "text": "No", "reply_to": "a", "timestamp": "2020-01-02"},
    ]
    [thread] = read(lines_of(old))
    assert [(post.id, post.author, post.reply_to) for post in thread.posts] == [("a", "Ada", None), ("b", "Bo", "a")]
    assert str(thread.opening_post.created_at) == "2020-01-01 00:00:00+00:00"


def test_what_is_recognised() -> None:
    long = json.dumps(utterance("a", None, "word " * 30_000))
    assert read(long)[0].opening_post.text.startswith("word word")
    assert not convokit.recognises('{"id": "a", "text": "Tea"}\n')
    assert not convokit.recognises('{"id": "t", "posts": [{"id": "a", "text": "conversation_id root"}]}\n')
    assert not convokit.recognises("[1]")


def test_large_corpora_are_streamed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(convokit, "MAX_BYTES", 10_000)
    many = [utterance(f"u{n}", None, "word " * 30, conversation_id=f"c{n // 4}") for n in range(400)]
    threads = read(lines_of(many))
    assert [len(thread.posts) for thread in threads] == [4] * 100
    with pytest.raises(ReadError, match="line 401: the rows of thread 'c0' are too far apart"):
        read(lines_of([*many, utterance("late", None, "x", conversation_id="c0")]))


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "b", "text": ', "ends too early"),
        ("[]", "no utterance"),
        ('{"speaker": "Ada"}', "no utterance"),
        ("12", "no utterance"),
    ],
)
def test_lines_that_are_no_utterance(line: str, message: str) -> None:
    with pytest.raises(ReadError, match=message) as caught:
        read(lines_of(CORPUS[:1]) + "\n" + line)
    assert caught.value.line == 3
    with pytest.raises(NoThreadError, match="no utterances"):
        read("\n\v\n", format="convokit")


values: st.SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just([]) | st.just({"id": 3})
)


@given(st.integers(0, len(CORPUS) - 1), st.sampled_from(list(CORPUS[0])), values, st.booleans())
def test_any_value_anywhere(place: int, key: str, value: Any, dropped: bool) -> None:
    changed = [dict(each) for each in CORPUS]
    changed[place][key] = value
    if dropped:
        del changed[place][key]
    threads = read(lines_of(changed), format="convokit")
    assert sum(not post.deleted for thread in threads for post in thread.posts) >= len(CORPUS) - 2
    for thread in threads:
        assert Thread.model_validate_json(thread.model_dump_json()) == thread


@given(st.binary(max_size=20), st.integers(0, 600), st.integers(0, 30))
def test_damage_gives_threads_or_one_clear_error(piece: bytes, place: int, cut: int) -> None:
    whole = lines_of(CORPUS).encode()
    try:
        list(argmine.read_threads(io.BytesIO(whole[:place] + piece + whole[place + cut :]), format="convokit"))
    except ArgmineError as error:
        assert "\n" not in str(error)  # noqa: PT017 - either outcome is right


def graph_of(thread: str, posts: dict[str, str], *edges: tuple[str, str, dict[str, Any]]) -> "nx.DiGraph[str]":
    """Make a graph in which every post is one claim."""
    graph: nx.DiGraph[str] = nx.DiGraph(schema="1", thread_id=thread)
    for post, text in posts.items():
        graph.add_node(post, kind="post", text=text)
        graph.add_node(f"{post}#1", kind="claim", post=post, start=0, end=len(text), text=text, role="claim")
        graph.add_edge(post, f"{post}#1", kind="contains")
    graph.add_edges_from(edges)
    return graph


TEA = graph_of(
    "a",
    {each["id"]: each["text"] for each in CORPUS[:2]},
    ("b", "a", {"kind": "reply", "stance": "rebuttal", "confidence": 0.9, "p_rebuttal": 0.9}),
    ("b#1", "a#1", {"kind": "answers", "stance": "rebuttal", "confidence": 0.8, "basis": "cue"}),
)
CANTEEN = graph_of("x", {each["id"]: each["text"] for each in CORPUS[2::2]})


def annotated(graphs: Any, text: str) -> list[dict[str, Any]]:
    out = io.BytesIO()
    argmine.annotate_utterances(graphs, io.StringIO(text), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_what_was_mined_is_written_into_the_meta() -> None:
    found = annotated(TEA, lines_of(CORPUS))
    text = CORPUS[1]["text"]
    claim = {"id": "b#1", "start": 0, "end": len(text), "text": text, "role": "claim"}
    answers = {"claim": "a#1", "stance": "rebuttal", "confidence": 0.8}
    noted = {"stance": "rebuttal", "confidence": 0.9, "claims": [{**claim, "answers": answers}]}
    assert found[1] == {**CORPUS[1], "meta": {"stars": 1, "argmine": noted}}
    assert found[2:] == CORPUS[2:]  # of no thread that was given, or in no graph


def test_graphs_come_in_any_order_and_as_they_are_ready() -> None:
    both = annotated([TEA, CANTEEN], lines_of(CORPUS))
    assert both == annotated(iter([CANTEEN, TEA]), lines_of(CORPUS))
    assert both[4]["meta"]["argmine"]["claims"][0]["id"] == "y#1"
    asked: list[str] = []
    written: list[int] = []
    together = sorted(CORPUS, key=lambda each: str(each["conversation_id"]))

    class Watched(io.BytesIO):
        def write(self, line: Any) -> int:
            written.append(len(asked))
            return super().write(line)

    def ready() -> Iterator["nx.DiGraph[str]"]:
        for graph in (TEA, CANTEEN):
            asked.append(graph.graph["thread_id"])
            yield graph

    argmine.annotate_utterances(ready(), io.StringIO(lines_of(together)), Watched())
    assert written == [1, 1, 1, 2, 2]


def test_from_mining_to_the_corpus_in_place(tmp_path: Path) -> None:
    path = tmp_path / "utterances.jsonl"
    path.write_text(lines_of(CORPUS), encoding="utf-8")
    threads = list(argmine.read_threads(path))
    graphs = list(argmine.mine_all(threads, argmine.load("en_rules")))
    argmine.annotate_utterances(graphs, path, path)
    after = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert list(argmine.read_threads(path)) == threads
    assert after[1]["meta"]["argmine"]["stance"] == graphs[0].edges["b", "a"]["stance"]
    assert all(set(each["meta"]["argmine"]) == {"claims"} for each in (after[0], after[2]))
    for each in after:
        for claim in each["meta"]["argmine"]["claims"]:
            assert each["text"][claim["start"] : claim["end"]] == claim["text"]


@pytest.mark.parametrize(
    ("graphs", "message"),
    [
        ([TEA, CANTEEN, graph_of("other", {})], "thread 'other' of the graphs is not in it"),
        ([TEA, TEA, CANTEEN], "two graphs are of the thread 'a'"),
        ([graph_of("a", {"a": "Something else."})], "utterance 'a' has another text"),
        ([nx.DiGraph()], "does not name its thread"),
    ],
)
def test_graphs_of_something_else_write_nothing(graphs: Any, message: str, tmp_path: Path) -> None:
    path = tmp_path / "utterances.jsonl"
    with pytest.raises(GraphError, match=message):
        argmine.annotate_utterances(graphs, io.StringIO(lines_of(CORPUS)), path)
    assert not list(tmp_path.iterdir())


def test_a_meta_that_is_no_object_is_an_error() -> None:
    broken = [{**CORPUS[0], "meta": "x"}, *CORPUS[1:]]
    with pytest.raises(ReadError, match="line 1: the meta"):
        annotated(TEA, lines_of(broken))
