"""GEXF 1.3: argument graphs for Gephi and Sigma, with colours, sizes and places.

GEXF has no place for attributes of the graph: the title becomes the description of the file, the others are lost.

References
----------
The GEXF working group, "GEXF File Format", version 1.3, https://gexf.net.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

import networkx as nx

from argmine.writers.atomic import whole_file
from argmine.writers.characters import clean, clean_text, edge_label, escaped_id, node_label
from argmine.writers.colours import look_of, red_green_blue
from argmine.writers.outline import is_claim, positions
from argmine.writers.schema import attribute_types

__all__ = ["write_gexf"]

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">
"""
_TYPES = {"string": "string", "boolean": "boolean", "int": "integer", "long": "long", "double": "double"}
_SHAPES = {"solid": "solid", "dashed": "dashed", "dotted": "dotted", "dash-dot": "dashed"}


def write_gexf(graph: "nx.DiGraph[str]", target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write an argument graph to a GEXF file.

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
    types = attribute_types(graph)
    at = positions(graph)
    with whole_file(target) as stream:
        for piece in _document(graph, types, at):
            stream.write(piece.encode())


def _document(
    graph: "nx.DiGraph[str]", types: Mapping[tuple[str, str], str], at: Mapping[str, tuple[float, float]]
) -> Iterator[str]:
    yield _HEAD
    title = escape(clean_text(str(graph.graph.get("title", ""))))
    yield f"  <meta>\n    <creator>argmine</creator>\n    <description>{title}</description>\n  </meta>\n"
    yield '  <graph defaultedgetype="directed" mode="static">\n'
    for place in ("node", "edge"):
        names = [(name, kind) for (where, name), kind in sorted(types.items()) if where == place]
        if names:
            yield f'    <attributes class="{place}" mode="static">\n'
            for name, kind in names:
                yield f'      <attribute id="{name}" title="{name}" type="{_TYPES[kind]}"/>\n'
            yield "    </attributes>\n"
    yield "    <nodes>\n"
    for node, attributes in graph.nodes(data=True):
        x, y = at[node]
        size = "10.0" if is_claim(graph, node) else "16.0"
        yield f"      <node id={_quoted(escaped_id(node))} label={_quoted(node_label(node, attributes))}>\n"
        yield _values(attributes, "node", types)
        yield f'        <viz:size value="{size}"/>\n        <viz:position x="{x}" y="{-y if y else y}" z="0.0"/>\n'
        yield f"        {_colour(attributes)}\n      </node>\n"
    yield "    </nodes>\n    <edges>\n"
    for number, (source, target, attributes) in enumerate(graph.edges(data=True), start=1):
        ends = f"source={_quoted(escaped_id(source))} target={_quoted(escaped_id(target))}"
        yield f'      <edge id="e{number}" {ends} label={_quoted(edge_label(attributes))}>\n'
        yield _values(attributes, "edge", types)
        shape = _SHAPES[look_of(attributes).style]
        yield f'        {_colour(attributes)}\n        <viz:shape value="{shape}"/>\n      </edge>\n'
    yield "    </edges>\n  </graph>\n</gexf>\n"


def _values(attributes: Mapping[str, Any], place: str, types: Mapping[tuple[str, str], str]) -> str:
    if not attributes:
        return ""
    lines = "".join(
        f'          <attvalue for="{name}" value={_quoted(_value(value, types[place, name]))}/>\n'
        for name, value in clean(attributes).items()
    )
    return f"        <attvalues>\n{lines}        </attvalues>\n"


def _value(value: Any, kind: str) -> str:
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "double":
        return repr(float(value)).replace("inf", "INF").replace("nan", "NaN")
    return str(value)


def _colour(attributes: Mapping[str, Any]) -> str:
    red, green, blue = red_green_blue(look_of(attributes).line)
    return f'<viz:color r="{red}" g="{green}" b="{blue}"/>'


def _quoted(text: str) -> str:
    return quoteattr(clean_text(text))
