"""Node-link JSON, the shape of ``networkx.node_link_data(graph, edges="edges")``: everything, for D3 and networkx.

:func:`read_node_link` gives back an equal graph, except for characters that XML forbids too, each of which is
U+FFFD in all files.  The graph attribute ``replaced_characters`` says how many were.
"""

import os
from typing import Any, BinaryIO

import networkx as nx

from argmine.errors import GraphError
from argmine.writers.characters import FORBIDDEN, clean, escaped_id, original_id
from argmine.writers.json_file import read_json, write_json
from argmine.writers.schema import attribute_types, check_schema, places

__all__ = ["read_node_link", "write_node_link"]

_REPLACED = "replaced_characters"
_HINT = "Only node-link JSON of argument graphs, as argmine writes it, can be read."


def write_node_link(graph: "nx.DiGraph[str]", target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write an argument graph to a file of node-link JSON.

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
        if (place == "node" and name == "id") or (place == "edge" and name in ("source", "target")):
            raise GraphError(f"An attribute of a {place} is named {name!r}, which node-link JSON needs", "Rename it.")
    texts = (value for _, data in places(graph) for value in data.values() if type(value) is str)
    replaced = sum(len(FORBIDDEN.findall(text)) for text in texts)
    whole = clean(graph.graph)
    if replaced:
        before = whole.get(_REPLACED)  # a graph that was read from such a file has it
        whole[_REPLACED] = replaced + (before if type(before) is int else 0)
    document = {
        "directed": True,
        "multigraph": False,
        "graph": whole,
        "nodes": [{**clean(data), "id": escaped_id(node)} for node, data in graph.nodes(data=True)],
        "edges": [
            {**clean(data), "source": escaped_id(source), "target": escaped_id(end)}
            for source, end, data in graph.edges(data=True)
        ],
    }
    write_json(document, target)


def read_node_link(source: str | os.PathLike[str] | BinaryIO) -> "nx.DiGraph[str]":
    """Read an argument graph from node-link JSON.

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
        If the file is broken, or holds no argument graph.
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO(b'{"graph": {"schema": "1"}, "nodes": [{"id": "a", "kind": "post"}], "edges": []}')
    >>> read_node_link(file).nodes(data=True)
    NodeDataView({'a': {'kind': 'post'}})
    """
    found, name = read_json(source)
    if not isinstance(found, dict) or found.get("directed", True) is not True or found.get("multigraph"):
        raise GraphError(f"{name}: no directed graph in node-link JSON", _HINT)
    whole = found.get("graph", {})
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.graph.update(whole if isinstance(whole, dict) else {})
    for node in _objects(found, "nodes", name):
        (added,) = _taken(node, ("id",), name)
        if added in graph:
            raise GraphError(f"{name}: node {added!r} stands twice in the file", _HINT)
        graph.add_nodes_from([(added, node)])
    for edge in _objects(found, "edges" if "edges" in found else "links", name):  # older networkx says "links"
        start, end = _taken(edge, ("source", "target"), name)
        if graph.has_edge(start, end) or start not in graph or end not in graph:
            raise GraphError(f"{name}: edge {start!r} -> {end!r} stands twice in the file, or without its nodes", _HINT)
        graph.add_edges_from([(start, end, edge)])
    check_schema(graph.graph, f"{name}: the graph")
    try:
        attribute_types(graph)
    except GraphError as error:
        raise GraphError(f"{name}: {error.problem}", _HINT) from error
    return graph


def _objects(found: dict[str, Any], key: str, name: str) -> list[dict[str, Any]]:
    listed = found.get(key)
    if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
        raise GraphError(f"{name}: {key!r} is no list of objects", _HINT)
    return [dict(each) for each in listed]


def _taken(attributes: dict[str, Any], keys: tuple[str, ...], name: str) -> list[str]:
    """Take ids out of the attributes of a node or an edge."""
    ids = [attributes.pop(key, None) for key in keys]
    if not all(isinstance(each, str) and each for each in ids):
        raise GraphError(f"{name}: {keys[0]!r} is missing or no text in one of its entries", _HINT)
    return [original_id(str(each)) for each in ids]
