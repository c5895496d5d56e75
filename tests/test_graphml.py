import io
import math
import re
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import igraph
import networkx as nx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from strategies import any_text, graphs

from argmine.errors import ArgmineError, GraphError
from argmine.writers import endings, writer_for
from argmine.writers.graphml import read_graphml, write_graphml

# A part of the GraphML schema, written from its specification: the published one cannot be fetched by a test.
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).parent / "data" / "graphml.xsd"))
XML_FORBIDS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def small_graph():
    graph = nx.DiGraph(schema="1", thread_id="t", title="Trains & <trams>")
    graph.add_node("a", kind="post", author="Ann", depth=0, order=0, text="Trains are fine.\r\nTrams\ttoo.\r")
    graph.add_node("b", kind="post", depth=1, order=1, text="")
    graph.add_node("a#1", kind="claim", post="a", order=1, start=0, end=16, text="Trains are fine.", role="claim")
    graph.add_node("b#1", kind="claim", post="b", order=1, text="No.", stance="rebuttal", confidence=0.75)
    graph.add_edge("b", "a", kind="reply", stance="rebuttal", confidence=0.5)
    graph.add_edge("a", "a#1", kind="contains")
    graph.add_edge("b", "b#1", kind="contains")
    graph.add_edge("b#1", "a#1", kind="answers", stance="rebuttal", confidence=1.0, basis="cue", cue="No")
    return graph


def written(graph):
    file = io.BytesIO()
    write_graphml(graph, file)
    return file.getvalue()


def read(data):
    return read_graphml(io.BytesIO(data))


def attributes(graph):
    """All attributes of a graph, as a plain nested dict that can be compared."""
    edges = {(source, target): data for source, target, data in graph.edges(data=True)}
    return {"graph": graph.graph, "nodes": dict(graph.nodes(data=True)), "edges": edges}


def with_replaced_characters(graph):
    """What comes back of a graph: each character that XML forbids is U+FFFD, and they are counted."""
    expected, count = graph.copy(), 0
    dicts = [
        expected.graph,
        *(d for _, d in expected.nodes(data=True)),
        *(d for *_, d in expected.edges(data=True)),
    ]
    for values in dicts:
        for name, value in values.items():
            if isinstance(value, str):
                values[name], found = XML_FORBIDS.subn("\N{REPLACEMENT CHARACTER}", value)
                count += found
    if count:
        expected.graph["replaced_characters"] = count
    return expected


@given(graphs())
def test_any_graph_comes_back_equal_apart_from_replaced_characters(graph):
    assert attributes(read(written(graph))) == attributes(with_replaced_characters(graph))


@given(graphs())
def test_any_file_is_valid_and_its_bytes_depend_on_the_graph_alone(graph):
    data = written(graph)
    SCHEMA.assertValid(etree.fromstring(data))
    assert written(graph) == data
    assert written(read(data)) == data


@given(graphs())
def test_networkx_reads_all_of_any_file(graph):
    found = nx.read_graphml(io.BytesIO(written(graph)))
    assert type(found) is nx.DiGraph
    # ids are given back by `name`, unless a character of the id was replaced: then by position
    back = nx.relabel_nodes(found, dict(zip(found, graph, strict=True)))
    expected = attributes(with_replaced_characters(graph))
    for kind, table in (("nodes", back.nodes), ("edges", back.edges)):
        assert set(table) == set(expected[kind])
        for place, values in expected[kind].items():
            assert {name: table[place][name] for name in values} == values
    assert {name: back.graph[name] for name in expected["graph"]} == expected["graph"]


@given(graphs())
def test_edge_ids_are_unique_among_all_ids(graph):
    root = etree.fromstring(written(graph))
    ids = root.xpath("//*[local-name()='node' or local-name()='edge']/@id")
    assert len(ids) == len(set(ids)) == graph.number_of_nodes() + graph.number_of_edges()


def test_the_id_of_an_edge_is_never_that_of_a_post():
    graph = nx.path_graph(["e2", "e1", "e0", "e"], create_using=nx.DiGraph)
    graph.graph["schema"] = "1"
    assert re.findall('<(?:node|edge) id="(.*?)"', written(graph).decode()) == [
        "_x0065_2",
        "_x0065_1",
        "_x0065_0",
        "e",
        "e1",
        "e2",
        "e3",
    ]
    assert list(read(written(graph)).edges) == list(graph.edges)


def test_the_order_of_attributes_does_not_matter():
    graph, other = nx.DiGraph(schema="1", title="t", url="u"), nx.DiGraph(url="u", title="t", schema="1")
    graph.add_node("a", kind="post", author="Ann", text="x")
    other.add_node("a", text="x", author="Ann", kind="post")
    assert written(graph) == written(other)


def test_the_schema_is_that_of_mined_graphs():
    from argmine import graph
    from argmine.writers import schema

    assert graph.SCHEMA_VERSION == schema.SCHEMA_VERSION


@given(st.lists(any_text.filter(bool), unique=True))
@example(["_x0041_", "A", "_x005F_x0041_", "a#1", "a:1", "a.1", "_", "_x"])
def test_any_ids_come_back_exactly(ids):
    graph = nx.DiGraph(schema="1")
    graph.add_nodes_from(ids, kind="post")
    assert list(read(written(graph))) == ids


def test_networkx_gives_the_ids_back_by_name():
    graph = small_graph()
    found = nx.read_graphml(io.BytesIO(written(graph)))
    assert list(found) == ["a", "b", "a:1", "b:1"]
    assert set(nx.relabel_nodes(found, dict(found.nodes(data="name")))) == set(graph)


def read_by_igraph(graph):
    with tempfile.NamedTemporaryFile() as file:
        write_graphml(graph, file)
        file.flush()
        return igraph.Graph.Read_GraphML(file.name)


@given(graphs())
def test_igraph_reads_all_of_any_file(graph):
    found = read_by_igraph(graph)
    expected = with_replaced_characters(graph)
    assert found.is_directed()
    assert {name: found[name] for name in expected.graph} == expected.graph
    for vertex, values in zip(found.vs, expected.nodes.values(), strict=True):
        assert {name: vertex[name] for name in values} == values
    nodes = list(graph)
    edges = {(nodes[edge.source], nodes[edge.target]): edge for edge in found.es}
    assert set(edges) == set(graph.edges)
    for source, target, values in expected.edges(data=True):
        assert {name: edges[source, target][name] for name in values} == values


def test_igraph_finds_nodes_by_their_ids_and_has_the_ids_of_edges():
    found = read_by_igraph(small_graph())
    assert found.vs.find("a#1")["text"] == "Trains are fine."
    assert found.es["edge_id"] == ["e1", "e2", "e3", "e4"]


def test_labels_are_one_short_line():
    graph = small_graph()
    graph.nodes["a"]["text"] = "  one\n\ntwo \t" + "three " * 100_000
    graph.nodes["b"]["text"] = "x" * 500
    nodes = nx.read_graphml(io.BytesIO(written(graph))).nodes
    assert nodes["a"]["label"] == "one two three three three three three three three three…"
    assert nodes["b"]["label"] == "x" * 60 + "…"
    edges = nx.read_graphml(io.BytesIO(written(graph))).edges
    assert edges["b:1", "a:1"]["label"] == "rebuttal"
    assert edges["a", "a:1"]["label"] == "contains"


def test_a_post_without_text_is_labelled_by_its_author_or_its_id():
    graph = nx.DiGraph(schema="1")
    graph.add_node("a", kind="post", text="", author="Ann")
    graph.add_node("b", kind="post", text=" \n")
    assert dict(nx.read_graphml(io.BytesIO(written(graph))).nodes(data="label")) == {"a": "Ann", "b": "b"}


def test_own_attributes_are_kept_also_those_named_like_the_writers():
    graph = small_graph()
    graph.nodes["a"].update(label="mine", rank=0.25, seen=True, big=2**40)
    graph.edges["b", "a"].update(edge_id="x", weight=3)
    graph.edges["a", "a#1"]["weight"] = 0.5
    graph.edges["b", "b#1"]["weight"] = 2**40
    data = written(graph)
    SCHEMA.assertValid(etree.fromstring(data))
    assert b'attr.name="seen" attr.type="boolean"' in data
    assert b">true<" in data
    assert b'attr.name="big" attr.type="long"' in data
    assert attributes(read(data)) == attributes(graph)
    assert written(read(data)) == data


def test_types_come_back():
    graph = nx.DiGraph(schema="1", count=3, whole=2.0, far=math.inf, yes=True, no=False)
    found = read(written(graph)).graph
    assert found == graph.graph
    assert {name: type(found[name]) for name in found} == {name: type(graph.graph[name]) for name in found}


def test_replaced_characters_add_up_when_a_file_is_read_changed_and_written_again():
    graph = nx.DiGraph(schema="1", title="a\x00b\ud800")
    again = read(written(graph))
    assert again.graph == {"schema": "1", "title": "a\ufffdb\ufffd", "replaced_characters": 2}
    again.graph["url"] = "\x01"
    assert read(written(again)).graph["replaced_characters"] == 3


class Colour(StrEnum):
    RED = "red"


@pytest.mark.parametrize("value", [None, ["a"], {"a": 1}, datetime(2020, 1, 1, tzinfo=UTC), Colour.RED, b"a"])
@pytest.mark.parametrize("existing", [False, True])
def test_a_value_without_a_graphml_type_is_one_error_and_no_file(tmp_path, value, existing):
    graph = small_graph()
    graph.nodes["b#1"]["mood"] = value
    target = tmp_path / "t.graphml"
    if existing:
        target.write_text("kept")
    with pytest.raises(GraphError, match=r"Node 'b#1': attribute 'mood' is .* of the type"):
        write_graphml(graph, target)
    assert [path.name for path in tmp_path.iterdir()] == (["t.graphml"] if existing else [])
    assert not existing or target.read_text() == "kept"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda graph: graph.nodes["b"].update(depth="one"), "Node 'b': attribute 'depth' is 'one'"),
        (lambda graph: graph.edges["b", "a"].update(cue=None), "Edge 'b' -> 'a': attribute 'cue' is None"),
        (lambda graph: graph.graph.update({"my title": "x"}), "Graph: 'my title' cannot be the name"),
        (lambda graph: graph.nodes["b"].update({3: "x"}), "Node 'b': 3 cannot be the name"),
        (lambda graph: graph.add_node(7), "Node 7: the id"),
        (lambda graph: graph.add_node(""), "Node '': the id"),
        (lambda graph: graph.graph.pop("schema"), "The graph names no schema"),
        (lambda graph: graph.graph.update(schema="2"), "The graph has the schema '2'"),
    ],
)
def test_what_is_no_argument_graph_is_not_written(tmp_path, change, message):
    graph = small_graph()
    change(graph)
    with pytest.raises(GraphError, match=re.escape(message)):
        write_graphml(graph, tmp_path / "t.graphml")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("graph", [nx.Graph(schema="1"), nx.MultiDiGraph(schema="1"), None])
def test_only_a_digraph_is_written(graph):
    with pytest.raises(GraphError, match=r"Pass a networkx\.DiGraph"):
        write_graphml(graph, io.BytesIO())


def test_a_failure_while_writing_leaves_the_old_file(tmp_path, monkeypatch):
    target = tmp_path / "t.graphml"
    write_graphml(small_graph(), target)
    before = target.read_bytes()

    def fails(*_):
        yield "<graphml>"
        raise OSError("disk full")

    monkeypatch.setattr("argmine.writers.graphml._document", fails)
    with pytest.raises(OSError, match="disk full"):
        write_graphml(nx.DiGraph(schema="1"), target)
    assert target.read_bytes() == before
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_stays_a_link_and_permissions_stay(tmp_path):
    real, link = tmp_path / "real.graphml", tmp_path / "link.graphml"
    real.touch(mode=0o640)
    link.symlink_to(real)
    write_graphml(small_graph(), str(link))
    assert link.is_symlink()
    assert attributes(read_graphml(str(real))) == attributes(small_graph())
    assert real.stat().st_mode & 0o777 == 0o640


def test_the_same_bytes_without_lxml_and_with_another_hash_seed(tmp_path):
    write_graphml(small_graph(), tmp_path / "source.graphml")
    program = """if True:
        import sys
        sys.modules["lxml"] = None  # import lxml now fails
        from argmine.writers.graphml import read_graphml, write_graphml
        write_graphml(read_graphml(sys.argv[1]), sys.argv[2])
    """
    source, copy = tmp_path / "source.graphml", tmp_path / "copy.graphml"
    subprocess.run([sys.executable, "-c", program, source, copy], check=True, env={"PYTHONHASHSEED": "5"})
    assert copy.read_bytes() == source.read_bytes()


GOOD = written(small_graph()).decode()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: not well-formed XML"),
        ("words", "line 1: not well-formed XML"),
        (GOOD[:-100], "not well-formed XML"),
        (GOOD.replace("UTF-8", "ATF-8"), "not readable (unknown encoding: ATF-8)"),
        (GOOD.replace("UTF-8", "UTF-7"), "not readable"),
        ("<html><body/></html>", "line 1: <html> is not expected here"),
        ("<graphml><graph/></graphml>", "line 1: <graphml> is not expected here"),
        (GOOD.replace("<graph ", "<!DOCTYPE x><graph ", 1), "not well-formed"),
        ('<!DOCTYPE x [<!ENTITY a "b">]>' + GOOD[GOOD.index("<graphml") :], "a document type is not allowed"),
        (GOOD.replace('edgedefault="directed"', 'edgedefault="undirected"'), "one directed graph"),
        (GOOD.replace("</graphml>", '<graph edgedefault="directed"/></graphml>'), "one directed graph"),
        (GOOD.replace('key="graph_schema"', 'key="nothing"'), "<data>: 'nothing' is missing or unknown"),
        (GOOD.replace('<node id="b">', "<node>"), "<node>: 'id' is missing or unknown"),
        (GOOD.replace('attr.type="int"', 'attr.type="date"', 1), "<key>: 'date' is missing or unknown"),
        (
            GOOD.replace('key="node_depth">1', 'key="node_depth">one'),
            "attribute 'depth' is not of the type int",
        ),
        (GOOD.replace('<node id="b">', '<node id="a">'), "Node 'a' stands twice"),
        (GOOD.replace('source="b"', 'source="c"', 1), "Edge 'c' -> "),
        (GOOD.replace('target="b:1"', 'target="a"'), "Edge 'b' -> 'a' stands twice"),
        (GOOD.replace('key="graph_schema">1', 'key="graph_schema">9'), "the graph has the schema '9'"),
        (GOOD.replace('<data key="graph_schema">1</data>', ""), "the graph names no schema"),
    ],
)
def test_a_broken_or_foreign_file_is_one_clear_error(tmp_path, content, message):
    path = tmp_path / "x.graphml"
    path.write_text(content)
    with pytest.raises(GraphError, match=re.escape(message)) as caught:
        read_graphml(path)
    assert str(caught.value).startswith(f"{path}")
    assert "\n" not in str(caught.value)


@given(st.binary(max_size=200), st.integers(0, len(GOOD)))
def test_any_damage_is_a_graph_error_or_still_a_graph(noise, place):
    data = GOOD.encode()
    try:
        found = read(data[:place] + noise + data[place + len(noise) :])
    except GraphError:
        return
    assert found.graph["schema"] == "1"


def test_a_missing_file_is_the_usual_error(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_graphml(tmp_path / "none.graphml")
    with pytest.raises(FileNotFoundError, match=r"none.t\.graphml"):
        write_graphml(small_graph(), tmp_path / "none" / "t.graphml")


def test_a_deep_graph_of_many_nodes(tmp_path):
    graph = nx.DiGraph(schema="1")
    graph.add_node("0", kind="post", text="x")
    for number in range(1, 20_000):
        graph.add_node(str(number), kind="post", text="Some text of the usual kind. " * 5, depth=number)
        graph.add_edge(str(number), str(number - 1), kind="reply", stance="neutral", confidence=0.5)
    write_graphml(graph, tmp_path / "t.graphml")
    assert attributes(read_graphml(tmp_path / "t.graphml")) == attributes(graph)


def test_the_writer_is_found_by_the_ending():
    assert writer_for("some/Thread.GraphML") is write_graphml
    assert ".graphml" in endings()
    with pytest.raises(ArgmineError, match=r"x\.doc: no format has the ending '\.doc'\. .*\.graphml, "):
        writer_for("x.doc")
    with pytest.raises(ArgmineError, match=r"no ending"):
        writer_for(Path("x"))
