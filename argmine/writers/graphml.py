r"""GraphML: argument graphs for Gephi, yEd, Cytoscape, igraph, networkx, and back.

:func:`write_graphml` writes any ``networkx.DiGraph`` of schema version 1, also one with further attributes of
your own, as long as each value is a ``str``, ``int``, ``float`` or ``bool``.  Files are valid against the
GraphML 1.0 schema, the same graph always gives the same bytes, and :func:`read_graphml` gives back an equal
graph.

The file also holds, and :func:`read_graphml` takes out again:

- ``label`` on nodes and edges: one short line to draw (of the text; of an edge its stance, or else its kind);
- ``name`` on nodes: the id of the node.  GraphML allows only some characters in its own ids, so there ``#``
  is written as ``:`` (claim ``c7#2`` as ``c7:2``) and others outside ``A-Za-z0-9._-`` as ``_xHHHH_``.  After
  reading with networkx, ``relabel_nodes(graph, dict(graph.nodes(data="name")))`` gives the ids back;
- ``edge_id`` on edges: their GraphML id once more as data, for readers that lose it or take it for a node id.

If you give nodes or edges attributes of these names yourself, yours are kept.

XML cannot hold most control characters, nor lone surrogates.  Each is replaced by U+FFFD, so that no offset
moves, and the graph attribute ``replaced_characters`` in the file says how many were.

References
----------
U. Brandes, M. Eiglsperger, J. Lerner, C. Pich, "Graph Markup Language (GraphML)", Handbook of Graph Drawing
and Visualization, CRC Press 2013, chapter 16; http://graphml.graphdrawing.org.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

import networkx as nx

from argmine.errors import GraphError
from argmine.writers.atomic import whole_file
from argmine.writers.characters import (
    FORBIDDEN,
    clean,
    clean_text,
    edge_label,
    escaped_id,
    node_label,
    original_id,
)
from argmine.writers.graphml_parser import NAMESPACE, Element, elements
from argmine.writers.graphml_styles import Decoration, decorate
from argmine.writers.schema import attribute_types, check_schema, place_in_words, places

__all__ = ["read_graphml", "write_graphml"]

_HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="{NAMESPACE} http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
_REPLACED = "replaced_characters"
#: What an id may not hold, and what would make it look like an escape or like the id of an edge.
_UNSAFE_IN_ID = re.compile(r"[^A-Za-z0-9._#-]|_(?=x)|\Ae(?=[0-9]+\Z)")
_EXTRAS = dict.fromkeys([("node", "label"), ("node", "name"), ("edge", "label"), ("edge", "edge_id")], "string")


def write_graphml(
    graph: "nx.DiGraph[str]", target: str | os.PathLike[str] | BinaryIO, *, style: str | None = None
) -> None:
    """Write an argument graph to a GraphML file.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of schema version 1.  It is not changed.
    target : str, PathLike or binary file
        A file of that name is replaced, but only when the new one is complete.
    style : {"yed", "gephi"}, optional
        Adds a place, a colour and a size for everything, as yEd or Gephi read them.  :func:`read_graphml` leaves
        them out again.

    Raises
    ------
    GraphError
        If the graph is not of the schema, or holds a value that GraphML has no type for, or no style has that
        name.  Nothing is written.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import io
    >>> graph = nx.DiGraph(schema="1", thread_id="t")
    >>> graph.add_node("a", kind="post", order=0, text="Cats are better.")
    >>> file = io.BytesIO()
    >>> write_graphml(graph, file)
    >>> _ = file.seek(0)
    >>> read_graphml(file).nodes["a"]
    {'kind': 'post', 'order': 0, 'text': 'Cats are better.'}
    """
    types = attribute_types(graph, known=_EXTRAS)
    replaced = sum(len(FORBIDDEN.findall(value)) for value in _texts(graph))
    if replaced:
        types["graph", _REPLACED] = "int"
    decoration = decorate(graph, style, types) if style else None
    with whole_file(target) as stream:
        for piece in _document(graph, types, replaced, decoration):
            stream.write(piece.encode())


def _texts(graph: "nx.DiGraph[str]") -> Iterator[str]:
    for _, attributes in places(graph):
        yield from (value for value in attributes.values() if type(value) is str)


def _document(
    graph: "nx.DiGraph[str]", types: Mapping[tuple[str, str], str], replaced: int, decoration: Decoration | None
) -> Iterator[str]:
    yield decoration.head if decoration else _HEAD
    for (domain, name), kind in sorted(types.items()):
        yield f'  <key id="{domain}_{name}" for="{domain}" attr.name="{name}" attr.type="{kind}"/>\n'
    yield decoration.keys if decoration else ""
    yield '  <graph edgedefault="directed">\n'
    attributes = clean(graph.graph)
    if replaced:
        before = attributes.get(_REPLACED)  # a graph that was read from such a file has it
        attributes[_REPLACED] = replaced + (before if type(before) is int else 0)
    yield _data("graph", attributes, types)
    for node, attributes in graph.nodes(data=True):
        values = clean(attributes)
        yield f'    <node id="{_xml_id(node)}">\n'
        yield _data("node", {**_node_extras(node, values), **values}, types)
        yield decoration.node(node) if decoration else ""
        yield "    </node>\n"
    for number, (source, target, attributes) in enumerate(graph.edges(data=True), start=1):
        values = clean(attributes)
        yield f'    <edge id="e{number}" source="{_xml_id(source)}" target="{_xml_id(target)}">\n'
        yield _data("edge", {**_edge_extras(f"e{number}", values), **values}, types)
        yield decoration.edge(source, target) if decoration else ""
        yield "    </edge>\n"
    yield "  </graph>\n</graphml>\n"


def _data(domain: str, attributes: Mapping[str, Any], types: Mapping[tuple[str, str], str]) -> str:
    return "".join(
        f'      <data key="{domain}_{name}">{_xml_value(attributes[name], types[domain, name])}</data>\n'
        for name in sorted(attributes)
    )


def _xml_value(value: Any, kind: str) -> str:
    if kind == "string":
        return escape(value, {"\r": "&#13;"})  # a bare CR would be read as LF
    if kind == "boolean":
        return "true" if value else "false"
    if kind == "double":
        return repr(float(value)).replace("inf", "INF").replace("nan", "NaN")
    return str(value)


def _xml_id(node: str) -> str:
    return escaped_id(node, _UNSAFE_IN_ID).replace("#", ":")


def _node_id(xml_id: str) -> str:
    return original_id(xml_id.replace(":", "#"))


def _node_extras(node: str, attributes: Mapping[str, Any]) -> dict[str, str]:
    name = clean_text(node)
    return {"name": name, "label": node_label(name, attributes)}


def _edge_extras(xml_id: str, attributes: Mapping[str, Any]) -> dict[str, str]:
    return {"edge_id": xml_id, "label": edge_label(attributes)}


def read_graphml(source: str | os.PathLike[str] | BinaryIO) -> "nx.DiGraph[str]":
    """Read an argument graph that :func:`write_graphml` wrote.

    Parameters
    ----------
    source : str, PathLike or binary file
        The file.

    Returns
    -------
    networkx.DiGraph
        Equal to the graph that was written, except for replaced characters.

    Raises
    ------
    GraphError
        If the file is broken, or not a GraphML file of an argument graph.  A file with a document type is
        refused: none is needed, and its entities could expand without bound.
    OSError
        If the file cannot be read.
    """
    if isinstance(source, str | os.PathLike):
        with Path(source).open("rb") as stream:
            return _assembled(elements(stream, os.fspath(source)), os.fspath(source))
    name = str(getattr(source, "name", "<file>"))
    return _assembled(elements(source, name), name)


def _assembled(found: Iterator[Element], source: str) -> "nx.DiGraph[str]":
    graph: nx.DiGraph[str] = nx.DiGraph()
    for element in found:
        if element.kind == "graph":
            graph.graph.update(element.data)
            continue
        place = (element.kind, *(_node_id(xml_id) for xml_id in element.ids))
        if element.kind == "node":
            if place[1] in graph:
                raise GraphError(f"{source}: {place_in_words(place)} stands twice in the file")
            extras = _node_extras(place[1], element.data)
            graph.add_nodes_from([(place[1], _without(extras, element.data))])
            continue
        if graph.has_edge(*place[1:]) or not all(node in graph for node in place[1:]):
            raise GraphError(f"{source}: {place_in_words(place)} stands twice in the file, or before its nodes")
        extras = _edge_extras(element.xml_id, element.data)
        graph.add_edges_from([(place[1], place[2], _without(extras, element.data))])
    check_schema(graph.graph, f"{source}: the graph")
    return graph


def _without(extras: Mapping[str, str], data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if extras.get(name) != value}
