"""Cytoscape JSON: argument graphs for cytoscape.js, and for the program Cytoscape, which calls them ``.cyjs``.

The elements have all attributes as their ``data``, a position, and classes to choose a style by: their kind, stance
and role.  Styles for the four stances are in the file.

References
----------
M. Franz and others, "Cytoscape.js: a graph theory library for visualisation and analysis", Bioinformatics 32(2),
2016; https://js.cytoscape.org.
"""

import os
from collections.abc import Mapping
from typing import Any, BinaryIO

import networkx as nx

from argmine.errors import GraphError
from argmine.writers.characters import clean, clean_text, edge_label, escaped_id, node_label, unused_prefix
from argmine.writers.colours import LOOKS
from argmine.writers.json_file import write_json
from argmine.writers.outline import positions
from argmine.writers.schema import attribute_types

__all__ = ["write_cytoscape"]

_ARROWS = {"filled": "triangle", "bar": "tee", "open": "vee", "none": "circle"}
_LINES = {"dash-dot": "dotted"}


def write_cytoscape(graph: "nx.DiGraph[str]", target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write an argument graph to a file of Cytoscape JSON.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of schema version 1.
    target : str, PathLike or binary file
        A file of that name is replaced, but only when the new one is complete.

    Raises
    ------
    GraphError
        If the graph is not of the schema, or has attributes of the names ``id``, ``source`` or ``target``.
    OSError
        If the file cannot be written.
    """
    for place, name in attribute_types(graph):
        if place != "graph" and name in ("id", "source", "target"):
            raise GraphError(f"An attribute of a {place} is named {name!r}, which Cytoscape needs", "Rename it.")
    at = positions(graph)
    ids = {node: escaped_id(node) for node in graph}
    prefix = unused_prefix("e", ids.values())  # nodes and edges share their ids
    nodes = [
        {
            "data": {"id": ids[node], "label": clean_text(node_label(node, data)), **clean(data)},
            "position": {"x": at[node][0], "y": at[node][1]},
            "classes": _classes(data),
        }
        for node, data in graph.nodes(data=True)
    ]
    edges = [
        {
            "data": {
                "id": f"{prefix}{number}",
                "source": ids[source],
                "target": ids[end],
                "label": clean_text(edge_label(data)),
                **clean(data),
            },
            "classes": _classes(data),
        }
        for number, (source, end, data) in enumerate(graph.edges(data=True), start=1)
    ]
    document = {"data": clean(graph.graph), "elements": {"nodes": nodes, "edges": edges}, "style": _style()}
    write_json(document, target)


def _classes(data: Mapping[str, Any]) -> str:
    # words of the schema alone: a class with a space in it would be two
    named = [str(data.get(name, "")) for name in ("kind", "stance", "role")]
    return " ".join(name for name in named if name.replace("-", "").isalpha())


def _style() -> list[dict[str, Any]]:
    node = {"label": "data(label)", "text-wrap": "wrap", "text-max-width": "240px", "font-size": 10}
    edge = {"width": 2, "curve-style": "bezier", "target-arrow-shape": "triangle"}
    style: list[dict[str, Any]] = [{"selector": "node", "style": node}, {"selector": "edge", "style": edge}]
    for stance, look in LOOKS.items():
        border = {"background-color": look.fill, "border-color": look.line, "border-width": 2}
        line = {"line-color": look.line, "target-arrow-color": look.line, "target-arrow-shape": _ARROWS[look.arrow]}
        kind = _LINES.get(look.style, look.style)
        style.append({"selector": f"node.{stance}", "style": {**border, "border-style": kind}})
        style.append({"selector": f"edge.{stance}", "style": {**line, "line-style": kind}})
    faint = {"width": 1, "line-color": "#b8b8b8", "target-arrow-shape": "none"}
    return [*style, {"selector": "edge.contains", "style": faint}]
