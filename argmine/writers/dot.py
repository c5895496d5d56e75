"""DOT: argument graphs for the programs of Graphviz.

Each node and edge has all its attributes, which Graphviz hands on, and a label, a colour, a line style and an arrow
to draw it.  What you give a node or an edge yourself under these names is kept.

References
----------
"The DOT Language", https://graphviz.org/doc/info/lang.html.
"""

import os
import re
from collections.abc import Iterator, Mapping
from textwrap import wrap
from typing import Any, BinaryIO

import networkx as nx

from argmine.writers.atomic import whole_file
from argmine.writers.characters import clean, clean_text, edge_label, escaped_id, node_label
from argmine.writers.colours import look_of
from argmine.writers.schema import attribute_types

__all__ = ["write_dot"]

_ARROWS = {"filled": "normal", "bar": "tee", "open": "vee", "none": "odot"}
_WIDTH = 32  # of a label, in characters
_AMPERSAND = re.compile("&(?=[#A-Za-z])")  # Graphviz would read an entity


def write_dot(graph: "nx.DiGraph[str]", target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write an argument graph to a DOT file.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of schema version 1.
    target : str, PathLike or binary file
        A file of that name is replaced, but only when the new one is complete.

    Raises
    ------
    GraphError
        If the graph is not of the schema.
    OSError
        If the file cannot be written.
    """
    attribute_types(graph)
    with whole_file(target) as stream:
        for piece in _document(graph):
            stream.write(piece.encode())


def _document(graph: "nx.DiGraph[str]") -> Iterator[str]:
    yield "digraph {\n"
    yield "  rankdir=BT; fontname=Helvetica;\n"  # arrows go up, to the earlier
    yield "  node [fontname=Helvetica fontsize=11]; edge [fontname=Helvetica fontsize=9];\n"
    for name, value in clean(graph.graph).items():
        yield f"  {_quoted(name)}={_quoted(value)};\n"
    for node, attributes in graph.nodes(data=True):
        yield f"  {_name(node)} {_listed({**_node_style(node, attributes), **clean(attributes)})};\n"
    for source, target, attributes in graph.edges(data=True):
        style = _edge_style(attributes)
        yield f"  {_name(source)} -> {_name(target)} {_listed({**style, **clean(attributes)})};\n"
    yield "}\n"


def _node_style(node: str, attributes: Mapping[str, Any]) -> dict[str, Any]:
    look = look_of(attributes)
    stance = str(attributes.get("stance", ""))
    lines = wrap(node_label(node, attributes), _WIDTH)
    if stance:
        lines.insert(0, f"[{stance}]")
    shape = {"shape": "box", "style": f"filled,rounded,{_line(look.style)}"}
    if attributes.get("kind") != "claim":
        shape = {"shape": "note", "style": "filled"}
        lines.insert(0, str(attributes.get("author", "")))
    return {"label": _lines(lines), **shape, "color": look.line, "fillcolor": look.fill}


def _edge_style(attributes: Mapping[str, Any]) -> dict[str, Any]:
    look = look_of(attributes)
    if attributes.get("kind") == "contains":
        return {"color": look.line, "arrowhead": "none", "constraint": False}
    style = {"label": _lines([edge_label(attributes)]), "color": look.line, "fontcolor": look.line}
    return {**style, "style": _line(look.style), "arrowhead": _ARROWS[look.arrow]}


def _line(style: str) -> str:
    return {"dash-dot": "dotted"}.get(style, style)  # Graphviz has no more styles; the arrow differs


class _Escaped(str):
    """A label, whose backslashes mean something."""

    __slots__ = ()


def _lines(lines: list[str]) -> _Escaped:
    # the second backslash is for Graphviz's own escapes: \N would be the name of the node
    escaped = [_AMPERSAND.sub("&amp;", clean_text(line)).replace("\\", "\\\\") for line in lines if line]
    return _Escaped("\\n".join(escaped))


def _listed(attributes: Mapping[str, Any]) -> str:
    return "[" + " ".join(f"{_quoted(name)}={_quoted(value)}" for name, value in attributes.items()) + "]"


def _name(node: str) -> str:
    return _quoted(escaped_id(node))


def _quoted(value: Any) -> str:
    if type(value) is bool:
        value = "true" if value else "false"
    text = str(value)
    if not isinstance(value, _Escaped):
        text = text.replace("\\", "\\\\")
    return '"' + text.replace('"', '\\"') + '"'
