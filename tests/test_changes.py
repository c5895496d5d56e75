"""What ``diff`` says has changed is what has changed, and can be read."""

import networkx as nx
import pytest
from builders import thread_of
from hypothesis import given, settings
from strategies import graphs
from test_growing import CHAIN, as_file, histories
from typer.testing import CliRunner

import argmine
from argmine import Post, Thread
from argmine.cli import app
from argmine.errors import GraphError

RULES = argmine.load("en_rules")


def places(graph):
    """Return the attributes of everything in a graph that a diff is about."""
    found = {(): dict(graph.graph)}
    found |= {(node,): without_order(data) for node, data in graph.nodes(data=True)}
    found |= {(start, end): dict(data) for start, end, data in graph.edges(data=True) if data["kind"] != "contains"}
    return found


def without_order(data):
    return {name: value for name, value in data.items() if name != "order" or data["kind"] == "claim"}


def applied(graph, changes):
    """Return what a graph holds once the changes are made."""
    found = places(graph)
    for change in changes:
        if change.action == "removed":
            assert found.pop(change.place) is not None
            continue
        if change.action == "added":
            assert change.place not in found
            found[change.place] = {"kind": change.kind}
        for name, (before, after) in change.values.items():
            assert found[change.place].get(name) == before
            found[change.place][name] = after
            if after is None:
                del found[change.place][name]
    return found


@settings(max_examples=60)
@given(histories())
def test_the_changes_lead_from_one_graph_to_the_other(states):
    before, after = (argmine.mine(state, RULES) for state in states[:2])
    changes = argmine.diff(before, after)
    assert applied(before, changes) == places(after)
    assert applied(after, argmine.diff(after, before)) == places(before)
    assert all("\n" not in str(change) for change in changes)
    assert argmine.diff(after, after) == []


@settings(max_examples=60)
@given(graphs(), graphs())
def test_any_graphs_of_one_thread_are_compared(before, after):
    before.graph["thread_id"] = after.graph["thread_id"] = "t"
    assert applied(before, argmine.diff(before, after)) == places(after)


@pytest.fixture
def grown():
    """Give a graph, and one with a reply inserted, a post edited and a post gone."""
    thread = thread_of(*CHAIN, title="Night trams")
    posts = list(thread.posts)
    posts[3] = posts[3].model_copy(update={"text": "Ann, you are wrong about the bus."})
    new = Post(id="new", author="Eli\nOak", text="I disagree, the tram was\nfull every night.", reply_to="p2")
    after = Thread(title="Trams", posts=[*posts[:3], new, posts[3]])
    return argmine.mine(thread, RULES), argmine.mine(after, RULES)


def test_changes_are_told_in_reading_order(grown):
    changes = argmine.diff(*grown)
    assert str(changes[0]) == "thread changed: title “Night trams” -> “Trams”"
    of_new = [change for change in changes if change.place[:1] in {("new",), ("new#1",)}]
    assert [(change.action, change.kind, change.place) for change in of_new] == [
        ("added", "post", ("new",)),
        ("added", "reply", ("new", "p2")),
        ("added", "claim", ("new#1",)),
        ("added", "answers", ("new#1", "p2#1")),
    ]
    lines = [str(change) for change in of_new]
    assert lines[0] == "post new added: Eli Oak, “I disagree, the tram was full every night.”"
    assert lines[1].startswith("reply new -> p2 added: rebuttal 0.")
    assert lines[2].startswith("claim new#1 added: rebuttal 0.")
    assert lines[3].startswith("answers new#1 -> p2#1 added: rebuttal 0.")
    told = [str(change) for change in changes]
    assert any(line.startswith("post p3 changed: text “Ann, you are right") for line in told)
    assert any(line.startswith("claim p3#2 removed") for line in told)
    assert any(line.startswith("post p4 removed: Ben, “> the tram was tried") for line in told)
    assert not any(line.startswith("post p4 changed") for line in told)


def test_graphs_of_different_threads_or_schemas_are_refused():
    one, other = argmine.mine(thread_of(*CHAIN), RULES), nx.DiGraph(schema="1", thread_id="other")
    with pytest.raises(GraphError, match="different threads, 'thread' and 'other'"):
        argmine.diff(one, other)
    with pytest.raises(GraphError, match="names no schema"):
        argmine.diff(one, nx.DiGraph())


def test_the_command_prints_a_line_for_each_change(grown, tmp_path):
    paths = [tmp_path / "before.graphml", tmp_path / "after.graphml"]
    for path, graph in zip(paths, grown, strict=True):
        path.write_bytes(as_file(graph))
    said = CliRunner().invoke(app, ["diff", *map(str, paths)])
    assert said.exit_code == 0
    assert said.stdout.splitlines() == [str(change) for change in argmine.diff(*grown)]
    assert CliRunner().invoke(app, ["diff", str(paths[0]), str(paths[0])]).stdout == ""


def test_the_command_says_in_one_line_what_is_wrong(tmp_path):
    (tmp_path / "no.graphml").write_text("no", encoding="utf-8")
    said = CliRunner().invoke(app, ["diff", str(tmp_path / "no.graphml"), str(tmp_path / "none.graphml")])
    assert said.exit_code == 1
    assert said.stderr.startswith("Error: ")
    assert len(said.stderr.splitlines()) == 1
