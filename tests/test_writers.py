"""All formats: valid whatever the texts, always the same bytes, whole files or none, and back where possible."""

import csv
import io
import json
import re
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from strategies import graphs
from test_graphml import attributes, small_graph, with_replaced_characters
from typer.testing import CliRunner

import argmine
from argmine.cli import app
from argmine.errors import ArgmineError, GraphError, MissingExtraError
from argmine.writers import endings, writer_for
from argmine.writers.aif import write_aif
from argmine.writers.aif_reader import read_aif
from argmine.writers.characters import clean_text, escaped_id
from argmine.writers.graphml import read_graphml, write_graphml
from argmine.writers.markdown import write_markdown
from argmine.writers.node_link import read_node_link, write_node_link

#: Endings of formats that are one file of text; pages and pictures have tests of their own.
SINGLE = [ending for ending in endings() if ending not in (".csv", ".html", ".parquet", ".pdf", ".png", ".svg")]
STANCES = ["agreement", "rebuttal", "neutral"]


def written(graph, ending):
    file = io.BytesIO()
    writer_for(f"x{ending}")(graph, file)
    return file.getvalue()


@pytest.mark.parametrize("ending", SINGLE)
@given(graph=graphs())
def test_any_graph_is_written_as_utf8_and_always_the_same(ending, graph):
    data = written(graph, ending)
    text = data.decode("utf-8")
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", text)
    assert written(graph, ending) == data


@pytest.mark.parametrize("ending", SINGLE)
def test_the_order_of_attributes_does_not_matter(ending):
    graph, other = small_graph(), small_graph()
    for _, data in other.nodes(data=True):
        turned = dict(reversed(data.items()))
        data.clear()
        data.update(turned)
    assert written(graph, ending) == written(other, ending)


@pytest.mark.parametrize("ending", endings())
def test_what_is_no_argument_graph_is_refused_and_the_old_file_stays(tmp_path, ending):
    if ending == ".parquet":
        pytest.importorskip("pyarrow")
    if ending in (".pdf", ".png", ".svg"):
        pytest.importorskip("matplotlib")
    graph = small_graph()
    graph.nodes["a"]["mood"] = None
    target = tmp_path / f"t{ending}"
    target.write_text("kept")
    with pytest.raises(GraphError, match="attribute 'mood' is None"):
        argmine.write_graph(graph, target)
    with pytest.raises(GraphError, match="names no schema"):
        argmine.write_graph(nx.DiGraph(), target)
    assert [path.name for path in tmp_path.iterdir()] == [target.name]
    assert target.read_text() == "kept"


def test_the_longest_ending_counts():
    assert writer_for("A.AIF.JSON") is write_aif
    assert writer_for("aif.json") is write_node_link
    assert writer_for("x.graph.md") is write_markdown
    with pytest.raises(ArgmineError, match="no ending"):
        writer_for(".json")


@pytest.mark.parametrize("ending", SINGLE)
def test_a_part_of_a_graph_is_written_too(ending):
    graph = small_graph()
    claims = graph.subgraph([node for node in graph if graph.nodes[node]["kind"] == "claim"])
    assert b"Trains are fine" in written(claims, ending).replace(b"\\", b"")


# GraphML styles


@pytest.mark.parametrize("style", ["yed", "gephi"])
@given(graph=graphs())
def test_a_style_is_left_out_again_when_read(style, graph):
    file = io.BytesIO()
    write_graphml(graph, file, style=style)
    file.seek(0)
    assert attributes(read_graphml(file)) == attributes(with_replaced_characters(graph))
    file.seek(0)
    assert len(nx.read_graphml(file)) == len(graph)


def test_yed_has_shapes_and_gephi_colours(tmp_path):
    argmine.write_graph(small_graph(), tmp_path / "y.graphml", style="yed")
    text = (tmp_path / "y.graphml").read_text()
    assert '<y:Fill color="#fbdfcd" transparent="false"/>' in text
    assert '<y:LineStyle color="#b23f00" type="dashed" width="2.0"/>' in text
    argmine.write_graph(small_graph(), tmp_path / "g.graphml", style="gephi")
    found = nx.read_graphml(tmp_path / "g.graphml")
    node = found.nodes["b:1"]
    assert (node["r"], node["g"], node["b"], node["size"], node["x"]) == (178, 63, 0, 10.0, 150.0)


def test_an_own_attribute_goes_before_that_of_a_style():
    graph = small_graph()
    graph.nodes["a"]["x"] = "mine"
    file = io.BytesIO()
    write_graphml(graph, file, style="gephi")
    file.seek(0)
    assert attributes(read_graphml(file)) == attributes(graph)


def test_styles_are_for_graphml_alone(tmp_path):
    with pytest.raises(ArgmineError, match="only GraphML files have a style"):
        argmine.write_graph(small_graph(), tmp_path / "x.dot", style="yed")
    with pytest.raises(ArgmineError, match="No style is named 'loud'"):
        argmine.write_graph(small_graph(), tmp_path / "x.graphml", style="loud")
    assert not list(tmp_path.iterdir())


# Node-link JSON


@given(graphs())
def test_node_link_comes_back_equal_apart_from_replaced_characters(graph):
    data = written(graph, ".json")
    assert attributes(read_node_link(io.BytesIO(data))) == attributes(with_replaced_characters(graph))
    if "edges" in nx.node_link_graph.__kwdefaults__:
        found = nx.node_link_graph(json.loads(data), edges="edges")
        assert list(found) == [escaped_id(node) for node in graph]


NODE_LINK = written(small_graph(), ".json")
AIF = written(small_graph(), ".aif.json")


@pytest.mark.parametrize(("read", "good"), [(read_node_link, NODE_LINK), (read_aif, AIF)])
@given(data=st.data())
def test_any_damage_is_a_graph_error_or_still_a_graph(read, good, data):
    place, noise = data.draw(st.integers(0, len(good))), data.draw(st.binary(max_size=20))
    try:
        found = read(io.BytesIO(good[:place] + noise + good[place + len(noise) :]))
    except GraphError:
        return
    assert found.graph["schema"] == "1"


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.sampled_from(["a#1", "b#1", "I", "L", "RA"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(("read", "good"), [(read_node_link, NODE_LINK), (read_aif, AIF)])
@given(data=st.data())
def test_any_value_in_place_of_another_is_a_graph_error_or_still_a_graph(read, good, data):
    document = json.loads(good)
    part = data.draw(st.sampled_from(sorted(document)))
    if isinstance(document[part], list) and document[part] and data.draw(st.booleans()):
        entry = data.draw(st.sampled_from(document[part]))
        entry[data.draw(st.sampled_from(sorted(entry)))] = data.draw(ANY_JSON)
    else:
        document[part] = data.draw(ANY_JSON)
    try:
        found = read(io.BytesIO(json.dumps(document).encode()))
    except GraphError:
        return
    assert found.graph["schema"] == "1"


@pytest.mark.parametrize("read", [read_node_link, read_aif])
@pytest.mark.parametrize("content", ["", "[]", "{}", "3", "[" * 100_000, '{"nodes": [3], "edges": []}'])
def test_a_foreign_file_is_one_clear_error(tmp_path, read, content):
    path = tmp_path / "x.json"
    path.write_text(content)
    with pytest.raises(GraphError, match=re.escape(str(path))):
        read(path)


def test_json_has_no_infinite_numbers(tmp_path):
    graph = small_graph()
    graph.graph["far"] = float("inf")
    with pytest.raises(GraphError, match="infinite"):
        argmine.write_graph(graph, tmp_path / "x.json")
    assert not list(tmp_path.iterdir())


# AIF


def relations(graph):
    """What AIF keeps of a graph: the claims with their authors, and what they do to each other."""
    claims = {node: data for node, data in graph.nodes(data=True) if data["kind"] == "claim"}
    texts = {node: clean_text(data["text"]) for node, data in claims.items()}
    edges = {
        (source, end, data["kind"], data.get("stance"))
        for source, end, data in graph.edges(data=True)
        if data["kind"] in ("answers", "supports")
    }
    return texts, edges


@given(graphs())
def test_aif_keeps_claims_and_relations(graph):
    found = read_aif(io.BytesIO(written(graph, ".aif.json")))
    assert relations(found) == relations(graph)
    for node, data in found.nodes(data=True):
        if data["kind"] == "claim":
            assert found.nodes[data["post"]]["text"][data["start"] : data["end"]] == data["text"]
            author = graph.nodes[node].get("author", graph.nodes[data["post"]].get("author"))
            assert data.get("author") == (None if author is None else clean_text(author))
    uncontained = [edge for edge in found.edges if found.edges[edge]["kind"] != "contains"]
    assert nx.is_directed_acyclic_graph(nx.DiGraph(uncontained))
    assert relations(read_aif(io.BytesIO(written(found, ".aif.json")))) == relations(found)


def test_aif_of_others_is_read():
    document = {
        "nodes": [
            {"nodeID": 1, "text": "Trams are loud.", "type": "I", "timestamp": ""},
            {"nodeID": "2", "text": "Not the new ones.", "type": "I"},
            {"nodeID": "3", "text": "Default Conflict", "type": "CA"},
            {"nodeID": "4", "text": "Ann : Trams are loud.", "type": "L", "timestamp": "2020-02-29 10:00:00"},
            {"nodeID": "5", "text": "Asserting", "type": "YA"},
            {"nodeID": "6", "text": "Default Inference", "type": "RA"},
        ],
        "edges": [
            *({"edgeID": n, "fromID": one, "toID": other} for n, (one, other) in enumerate([(2, 3), (3, 1), (4, 5)])),
            *({"edgeID": n, "fromID": one, "toID": other} for n, (one, other) in enumerate([(5, 1), (1, 6), (6, 2)])),
        ],
        "locutions": [],
    }
    graph = read_aif(io.BytesIO(json.dumps(document).encode()))
    assert graph.edges["2#1", "1#1"] == {"kind": "answers", "stance": "rebuttal"}
    assert not graph.has_edge("1#1", "2#1")  # it would close a circle
    assert graph.nodes["1"]["author"] == graph.nodes["1#1"]["author"] == "Ann"
    assert graph.nodes["1"]["created_at"] == "2020-02-29T10:00:00+00:00"
    assert graph.nodes["2"]["depth"] == 1


# Drawn and read


def test_mermaid_refuses_large_graphs_and_names_another_format(tmp_path):
    graph = small_graph()
    for number in range(2, 202):
        graph.add_node(f"a#{number}", kind="claim", post="a", order=number, text="Trams.")
    with pytest.raises(GraphError, match=r"202 claims are more than the 200 .*\.dot"):
        argmine.write_graph(graph, tmp_path / "x.mmd")
    assert not list(tmp_path.iterdir())


@given(graphs())
def test_mermaid_has_no_mark_of_its_own_in_any_text(graph):
    for text in re.findall(r'"(.*)"', written(graph, ".mmd").decode()):
        assert re.fullmatch(r"(?:[\w ,.…’‘“”–—\U00010000-\U0010ffff]|#\d+;)+", text)


def inline_types(tokens):
    return {child.type for token in tokens for child in token.children or []}


@given(graphs(), st.booleans())
def test_no_text_becomes_markup_in_markdown(graph, linkify):
    text = written(graph, ".md").decode()
    tokens = MarkdownIt("gfm-like" if linkify else "commonmark", {"linkify": False}).parse(text)
    allowed = {"text", "text_special", "strong_open", "strong_close", "em_open", "em_close", "code_inline"}
    assert inline_types(tokens) <= allowed
    blocks = {token.type for token in tokens} - {"inline"}
    assert {re.sub("_(open|close)", "", block) for block in blocks} <= {
        "heading",
        "bullet_list",
        "list_item",
        "paragraph",
    }
    claims = sum(data["kind"] == "claim" for _, data in graph.nodes(data=True))
    assert len(re.findall(r"^ *- \*claim", text, re.MULTILINE)) == claims


def test_markdown_of_a_long_chain_of_replies():
    graph = nx.DiGraph(schema="1")
    for number in range(5000):
        graph.add_node(f"p{number}", kind="post", text="x", order=number, depth=number)
        if number:
            graph.add_edge(f"p{number}", f"p{number - 1}", kind="reply")
    assert written(graph, ".md").decode().count("\n") == 5002
    assert len(written(graph, ".md")) < 500_000


def test_posts_that_answer_each_other_are_refused():
    graph = small_graph()
    graph.add_edge("a", "b", kind="reply")
    with pytest.raises(GraphError, match="in a circle"):
        written(graph, ".md")


def test_argdown_names_what_attacks_what():
    text = written(small_graph(), ".argdown").decode()
    assert "[b#1]: No\\. #rebuttal {confidence: 0.75}\n  -> [a#1]" in text


# Tables


@given(graphs())
def test_csv_has_all_values(tmp_path_factory, graph):
    folder = tmp_path_factory.mktemp("csv")
    argmine.write_graph(graph, folder / "out.csv")
    assert sorted(path.name for path in folder.iterdir()) == ["out.edges.csv", "out.nodes.csv"]
    expected = with_replaced_characters(graph)
    with (folder / "out.nodes.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row.pop("id") for row in rows] == [escaped_id(node) for node in graph]
    for row, (_, data) in zip(rows, expected.nodes(data=True), strict=True):
        assert {name: value for name, value in row.items() if value} == {
            name: str(value) for name, value in data.items() if value != ""
        }
    with (folder / "out.edges.csv").open(encoding="utf-8", newline="") as file:
        found = [(row["source"], row["target"], row["kind"]) for row in csv.DictReader(file)]
    assert found == [(escaped_id(one), escaped_id(other), kind) for one, other, kind in graph.edges(data="kind")]


def test_parquet_has_all_values_and_types(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    argmine.write_graph(small_graph(), tmp_path / "out.parquet")
    argmine.write_graph(small_graph(), tmp_path / "again.parquet")
    nodes = parquet.read_table(tmp_path / "out.nodes.parquet")
    edges = parquet.read_table(tmp_path / "out.edges.parquet")
    rows = {
        row.pop("id"): {name: value for name, value in row.items() if value is not None} for row in nodes.to_pylist()
    }
    assert rows == dict(small_graph().nodes(data=True))
    assert edges.num_rows == 4
    assert nodes.schema.metadata[b"argmine.title"] == b"Trains & <trams>"
    for part in ("nodes", "edges"):
        assert (tmp_path / f"out.{part}.parquet").read_bytes() == (tmp_path / f"again.{part}.parquet").read_bytes()


def test_parquet_without_pyarrow_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"argmine\[tables\]"):
        argmine.write_graph(small_graph(), tmp_path / "out.parquet")


def test_a_failure_in_one_table_leaves_both_as_they_were(tmp_path, monkeypatch):
    argmine.write_graph(small_graph(), tmp_path / "out.csv")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.setattr("argmine.writers.tables._csv", lambda table: b"x" if "id" in table.columns else 1)
    with pytest.raises(TypeError):
        argmine.write_graph(nx.DiGraph(schema="1"), tmp_path / "out.csv")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize("ending", [".json", ".cyjs", ".csv"])
def test_a_name_that_the_format_needs_is_refused(tmp_path, ending):
    graph = small_graph()
    graph.edges["b", "a"]["source"] = "x"
    with pytest.raises(GraphError, match="'source'"):
        argmine.write_graph(graph, tmp_path / f"x{ending}")


# Command line


@pytest.fixture
def page():
    return Path(__file__).parents[1] / "examples" / "threads" / "forum.html"


def test_the_command_line_writes_by_the_ending_and_with_a_style(page, tmp_path):
    arguments = ["mine", str(page), "-q", "--pipeline", "en_rules", "-o", f"{tmp_path}/t.md", "-o", f"{tmp_path}/t.csv"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["t.edges.csv", "t.md", "t.nodes.csv"]
    arguments = ["mine", str(page), "-q", "--pipeline", "en_rules", "-o", f"{tmp_path}/t.graphml", "--style", "yed"]
    assert CliRunner().invoke(app, arguments).exit_code == 0
    assert "y:ShapeNode" in (tmp_path / "t.graphml").read_text()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [(["-o", "t.md", "--style", "yed"], "only GraphML"), (["--style", "loud"], "no style is named 'loud'")],
)
def test_a_wrong_style_is_wrong_usage(page, arguments, message):
    result = CliRunner().invoke(app, ["mine", str(page), *arguments])
    assert result.exit_code == 2
    assert message in result.stderr


def test_every_ending_is_named_in_the_help_and_the_reference():
    help_text = re.sub(r"[\s│]+", "", CliRunner().invoke(app, ["mine", "--help"]).output)
    docs = Path(__file__).parents[1] / "docs" / "reference"
    for ending in endings():
        assert ending in help_text
        assert f"`{ending}`" in (docs / "output-formats.md").read_text(encoding="utf-8")
        assert f"`{ending}`" in (docs / "cli.md").read_text(encoding="utf-8")
