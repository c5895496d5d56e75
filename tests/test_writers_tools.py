"""What argmine writes, opened by the programs it is written for, wherever they are installed.

``tests/tools/install`` installs those that are no Python packages of the extra ``dev``.
"""

import io
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

import igraph
import networkx as nx
import pytest
from hypothesis import given, settings
from lxml import etree
from strategies import ODDITIES, graphs
from test_graphml import with_replaced_characters

import argmine
from argmine.writers.characters import clean_text, escaped_id, one_line
from argmine.writers.gexf import write_gexf
from argmine.writers.graphml import write_graphml

TOOLS = Path(__file__).parent / "tools"
NODE = shutil.which("node") if (TOOLS / "node_modules").is_dir() else None
AIF_PYTHON = TOOLS / "arguebuf-venv" / "bin" / "python"
DOT = shutil.which("dot")

needs_node = pytest.mark.skipif(NODE is None, reason="tests/tools/install has not installed the programs for node")
needs_dot = pytest.mark.skipif(DOT is None, reason="Graphviz is not installed")
needs_arguebuf = pytest.mark.skipif(not AIF_PYTHON.is_file(), reason="tests/tools/install has not installed arguebuf")

#: What could be taken for markup, a comment, an escape, or the end of something, somewhere.
TRAPS = [
    "-->",
    "<!-- x",
    "]]>",
    "<script>alert(1)</script>",
    "<b>bold</b>",
    "&amp; &#65; &lt;",
    "a \\ b \\n \\N \\G \\\\",
    "\\",
    '"',
    '""',
    "'",
    "`code`",
    "```",
    "**bold** _it_ ~~no~~",
    "[a](b)",
    "![a](b)",
    "[[x]]",
    "# head",
    "- item",
    "+ item",
    "1. one",
    "(1) one",
    "> quote",
    "---",
    "===",
    "--",
    "|a|b|",
    "{a: b}",
    "} {",
    "{{x}}",
    "// comment",
    "/* c */",
    "%% c",
    "a -> b",
    "+> [x]",
    "_> x",
    "<x>: y",
    "[x]: y",
    "@[x]",
    "#tag",
    "#(a tag)",
    ".arrow.",
    ":smile:",
    "end",
    "graph",
    "subgraph x",
    "click a b",
    "https://example.org/a?b=c&d",
    "www.example.org",
    "ann@example.org",
    "@ann",
    "$x^2$",
    "=1+1",
    "\\l\\r",
    "a;b;c",
    "a\n\nb",
    "\t",
    "%n",
]


def awkward_graph():
    """Return a graph that has each trap and oddity as a claim, an author and a cue, in a chain of answers."""
    graph = nx.DiGraph(schema="1", title=" ".join(TRAPS), url="https://forum.example/?a=1&b=2")
    before = None
    for number, text in enumerate([*TRAPS, *(text for text in ODDITIES if text)]):
        post, claim = f"p{number}", f"p{number}#1"
        graph.add_node(post, kind="post", author=text, depth=number, order=number, text=text)
        graph.add_node(
            claim, kind="claim", post=post, author=text, order=1, start=0, end=len(text), text=text, role="claim"
        )
        graph.add_edge(post, claim, kind="contains")
        if before is not None:
            stance = ["agreement", "rebuttal", "neutral"][number % 3]
            graph.nodes[claim].update(stance=stance, confidence=0.5)
            graph.add_edge(post, f"p{number - 1}", kind="reply", stance=stance, confidence=0.5)
            graph.add_edge(claim, before, kind="answers", stance=stance, confidence=0.25, basis="cue", cue=text)
        before = claim
    return graph


def claims(graph):
    return {node: data["text"] for node, data in graph.nodes(data=True) if data["kind"] == "claim"}


def opened(program, script, file):
    """Run a script of ``tests/tools`` on a file and return what it found."""
    answer = file.with_suffix(".answer")
    done = subprocess.run(
        [program, TOOLS / script, file, answer], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(answer.read_text(encoding="utf-8"))


@settings(max_examples=50)
@given(graphs())
def test_networkx_reads_gexf(graph):
    file = io.BytesIO()
    write_gexf(graph, file)
    file.seek(0)
    found = nx.read_gexf(file)
    expected = with_replaced_characters(graph)
    assert list(found) == [escaped_id(node) for node in graph]
    for node, data in expected.nodes(data=True):
        assert {name: found.nodes[escaped_id(node)][name] for name in data} == data
    for source, end, data in expected.edges(data=True):
        read = found.edges[escaped_id(source), escaped_id(end)]
        assert {name: read[name] for name in data} == data


def test_networkx_reads_gexf_of_awkward_texts_with_colours(tmp_path):
    argmine.write_graph(awkward_graph(), tmp_path / "a.gexf")
    found = nx.read_gexf(tmp_path / "a.gexf")
    assert {node: found.nodes[node]["text"] for node in claims(awkward_graph())} == {
        node: clean_text(text) for node, text in claims(awkward_graph()).items()
    }
    assert found.nodes["p1#1"]["viz"]["color"] == {"r": 178, "g": 63, "b": 0, "a": 1.0}


@pytest.mark.parametrize("style", ["yed", "gephi"])
def test_igraph_and_networkx_read_styled_graphml(tmp_path, style):
    path = tmp_path / "a.graphml"
    write_graphml(awkward_graph(), path, style=style)
    expected = with_replaced_characters(awkward_graph())
    found = igraph.Graph.Read_GraphML(str(path))
    assert found.vs["text"] == [data["text"] for _, data in expected.nodes(data=True)]
    assert [data["text"] for _, data in nx.read_graphml(path).nodes(data=True)] == found.vs["text"]


def drawn(path, output):
    """Return what Graphviz makes of a file; any word of complaint is an error."""
    done = subprocess.run([DOT, f"-T{output}", path], capture_output=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


@needs_dot
def test_graphviz_draws_awkward_texts_as_they_are(tmp_path):
    argmine.write_graph(awkward_graph(), tmp_path / "a.dot")
    found = json.loads(drawn(tmp_path / "a.dot", "json"), strict=False)
    assert len(found["objects"]) == len(awkward_graph())
    root = etree.fromstring(drawn(tmp_path / "a.dot", "svg"))
    svg = "{http://www.w3.org/2000/svg}"
    shown = {
        group.find(f"{svg}title").text: [text.text for text in group.iter(f"{svg}text")]
        for group in root.iter(f"{svg}g")
        if group.get("class") == "node"
    }
    for trap, (node, text) in zip(TRAPS, claims(awkward_graph()).items(), strict=False):
        if len(text) < 30 and text.strip():
            assert (shown[node][-1] or "").replace("\xa0", " ") == one_line(text), trap


@needs_dot
@settings(max_examples=15, deadline=None)
@given(graphs())
def test_graphviz_reads_any_graph(graph):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.dot"
        argmine.write_graph(graph, path)
        found = json.loads(drawn(path, "dot_json"), strict=False)
    assert len(found.get("objects", [])) == len(graph)
    assert len(found.get("edges", [])) == graph.number_of_edges()


@needs_node
def test_cytoscape_opens_awkward_texts(tmp_path):
    graph = awkward_graph()
    argmine.write_graph(graph, tmp_path / "a.cyjs")
    found = opened(NODE, "open_cytoscape.mjs", tmp_path / "a.cyjs")
    assert {node["id"]: node["text"] for node in found["nodes"]} == {
        node: clean_text(data["text"]) for node, data in graph.nodes(data=True)
    }
    assert [(edge["source"], edge["target"]) for edge in found["edges"]] == list(graph.edges)
    assert found["rebuttals"] == sum(stance == "rebuttal" for *_, stance in graph.edges(data="stance"))
    assert found["data"]["url"] == graph.graph["url"]


@needs_node
def test_argdown_reads_awkward_texts_as_plain_text(tmp_path):
    graph = awkward_graph()
    argmine.write_graph(graph, tmp_path / "a.argdown")
    found = opened(NODE, "open_argdown.mjs", tmp_path / "a.argdown")
    assert found["errors"] == []
    assert found["args"] == []
    assert found["title"] == one_line(graph.graph["title"])
    read = {each["title"]: each for each in found["statements"]}
    assert list(read) == list(claims(graph))
    for node, text in claims(graph).items():
        shown = one_line(text) or "…"
        tags = ["claim", *([graph.nodes[node]["stance"]] if "stance" in graph.nodes[node] else [])]
        assert [line.split(" #claim")[0] for line in read[node]["texts"]] == [shown]
        assert read[node]["tags"] == tags
    kinds = {"agreement": "support", "rebuttal": "attack"}
    expected = {
        (one, kinds[data["stance"]], other)
        for one, other, data in graph.edges(data=True)
        if data["kind"] == "answers" and data["stance"] in kinds
    }
    assert {tuple(relation) for relation in found["relations"]} == expected


@needs_arguebuf
def test_arguebuf_reads_awkward_texts_of_aif(tmp_path):
    graph = awkward_graph()
    argmine.write_graph(graph, tmp_path / "a.aif.json")
    found = opened(AIF_PYTHON, "open_aif.py", tmp_path / "a.aif.json")
    assert found["claims"] == {node: clean_text(text) for node, text in claims(graph).items()}
    stances = [data["stance"] for *_, data in graph.edges(data=True) if data["kind"] == "answers"]
    assert found["schemes"] == ["Attack"] * stances.count("rebuttal") + ["Support"] * stances.count("agreement")
    assert found["edges"] == 2 * len(found["schemes"])
