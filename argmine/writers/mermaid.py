"""Mermaid: a flowchart of the claims of a graph, which GitHub, GitLab and many note programs draw inside Markdown.

The claims stand in a box for each post; arrows are what they answer and support.  Lost are everything but the first
words of each claim, the replies between posts, and all attributes but the stance.  Mermaid draws no large graphs: one
of more than 200 claims is refused.

References
----------
K. Sveidqvist and others, "Mermaid", https://mermaid.js.org/syntax/flowchart.html.
"""

import os
import re
from collections.abc import Iterator
from typing import BinaryIO

import networkx as nx

from argmine.errors import GraphError
from argmine.writers.atomic import whole_file
from argmine.writers.characters import edge_label, node_label, one_line, shortened
from argmine.writers.colours import LOOKS, look_of
from argmine.writers.outline import claims_of, is_claim, reading_order
from argmine.writers.schema import attribute_types

__all__ = ["write_mermaid"]

_MOST_CLAIMS, _MOST_ARROWS, _MOST_CHARACTERS = 200, 500, 50_000  # the last two are Mermaid's own limits
#: All but letters, digits and plain stops; "_a_" and "1." would be taken for Markdown.
_UNSAFE = re.compile(r"[^\w ,.…’‘“”–—\U00010000-\U0010ffff]|_|(?<=\d)\.")
_ARROWS = {"solid": "-->", "dashed": "--x", "dotted": "-.->", "dash-dot": "-.-"}
_DASHES = {"solid": "0", "dashed": "6 3", "dotted": "2 3", "dash-dot": "6 3 2 3"}


def write_mermaid(graph: "nx.DiGraph[str]", target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write the claims of an argument graph to a Mermaid file.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of schema version 1.
    target : str, PathLike or binary file
        A file of that name is replaced, but only when the new one is complete.

    Raises
    ------
    GraphError
        If the graph is not of the schema, or too large for Mermaid.
    OSError
        If the file cannot be written.
    """
    attribute_types(graph)
    claims = sum(is_claim(graph, node) for node in graph)
    if claims > _MOST_CLAIMS:
        raise _too_large(f"{claims} claims are more than the {_MOST_CLAIMS} that Mermaid can draw legibly")
    edges = [edge for edge in graph.edges if is_claim(graph, edge[0]) and is_claim(graph, edge[1])]
    if len(edges) > _MOST_ARROWS:
        raise _too_large(f"{len(edges)} arrows are more than the {_MOST_ARROWS} that Mermaid draws")
    text = "\n".join(_lines(graph, edges)) + "\n"
    if len(text) > _MOST_CHARACTERS:
        raise _too_large(f"{len(text)} characters are more than the {_MOST_CHARACTERS} that Mermaid reads")
    with whole_file(target) as stream:
        stream.write(text.encode())


def _too_large(problem: str) -> GraphError:
    return GraphError(problem, "Write DOT (.dot) or GraphML (.graphml) instead.")


def _lines(graph: "nx.DiGraph[str]", edges: list[tuple[str, str]]) -> Iterator[str]:
    yield "flowchart BT"
    title = shortened(str(graph.graph.get("title", "")))
    if title:
        yield f"  accTitle: {re.sub('[#;:]', ' ', one_line(title))}"
    names: dict[str, str] = {}
    for number, (post, _) in enumerate(reading_order(graph), start=1):
        claims = claims_of(graph, post)
        if not claims:
            continue
        yield f'  subgraph p{number}["{_escaped(str(graph.nodes[post].get("author", post)))}"]'
        for claim in claims:
            yield "  " + _node(graph, claim, names)
        yield "  end"
    for node in graph:
        if is_claim(graph, node) and node not in names:
            yield _node(graph, node, names)
    for number, (source, end) in enumerate(edges):
        data = graph.edges[source, end]
        look = look_of(data)
        arrow = "==>" if data.get("kind") == "supports" else _ARROWS[look.style]
        yield f'  {names[source]} {arrow}|"{_escaped(edge_label(data))}"| {names[end]}'
        yield f"  linkStyle {number} stroke:{look.line}"
    for stance, look in LOOKS.items():
        name = stance.replace("-", "")
        yield f"  classDef {name} fill:{look.fill},stroke:{look.line},stroke-dasharray:{_DASHES[look.style]},color:#000"


def _node(graph: "nx.DiGraph[str]", claim: str, names: dict[str, str]) -> str:
    names[claim] = f"c{len(names) + 1}"
    data = graph.nodes[claim]
    stance = str(data.get("stance", ""))
    look = f":::{stance.replace('-', '')}" if stance in LOOKS else ""
    return f'  {names[claim]}["{_escaped(node_label(claim, data))}"]{look}'


def _escaped(text: str) -> str:
    """Return a text in which all but letters, digits and plain stops are Mermaid's ``#NN;``."""
    return _UNSAFE.sub(lambda match: f"#{ord(match[0])};", one_line(shortened(text))) or " "
