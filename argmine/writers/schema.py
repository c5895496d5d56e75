"""What every writer asks of a graph before it writes: schema version 1, and attributes of plain types."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import networkx as nx

from argmine.errors import GraphError

SCHEMA_VERSION = "1"

_ATTRIBUTE_NAME = re.compile(r"[A-Za-z0-9._:-]+")
_WIDER = {
    frozenset({"int", "long"}): "long",
    frozenset({"int", "double"}): "double",
    frozenset({"long", "double"}): "double",
}


def attribute_types(
    graph: "nx.DiGraph[str]", *, known: Mapping[tuple[str, str], str] | None = None
) -> dict[tuple[str, str], str]:
    """Find the type of each attribute, and refuse what no file can hold.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of schema version 1, perhaps with further attributes.
    known : mapping, optional
        Types of what a writer adds itself.

    Returns
    -------
    dict
        By the place (``"graph"``, ``"node"`` or ``"edge"``) and the name of an attribute its type: ``"string"``,
        ``"boolean"``, ``"int"`` (of 32 bits), ``"long"`` or ``"double"``.

    Raises
    ------
    GraphError
        If the graph is not of the schema, or an attribute has a value of another type, or types that do not agree.
    """
    check_graph(graph)
    for node in graph:
        if not isinstance(node, str) or not node:
            raise GraphError(f"Node {node!r}: the id of a node must be text that is not empty")
    types = dict(known or {})
    for place, attributes in places(graph):
        for name, value in attributes.items():
            kind = _type_of(value, name, place)
            key = (place[0], name)
            before = types.setdefault(key, kind)
            if before != kind:
                wider = _WIDER.get(frozenset({before, kind}))
                if wider is None:
                    raise GraphError(
                        f"{place_in_words(place)}: attribute {name!r} is {value!r} of type {kind}, elsewhere {before}",
                        "Give an attribute the same type everywhere.",
                    )
                types[key] = wider
    return types


def check_graph(graph: object) -> None:
    """Raise a GraphError unless something is a directed graph that names the version of the schema known here."""
    if not isinstance(graph, nx.DiGraph) or graph.is_multigraph():
        raise GraphError(f"A {type(graph).__name__} is no argument graph", "Pass a networkx.DiGraph.")
    check_schema(graph.graph, "The graph")


def check_schema(attributes: Mapping[str, Any], what: str) -> None:
    """Raise a GraphError unless the attributes of a graph name the version of the schema that is known here."""
    if attributes.get("schema") != SCHEMA_VERSION:
        found = f"has the schema {attributes['schema']!r}" if "schema" in attributes else "names no schema"
        raise GraphError(
            f"{what} {found}",
            f"An argument graph has the graph attribute schema={SCHEMA_VERSION!r}, as argmine.mine sets it.",
        )


def places(graph: "nx.DiGraph[str]") -> Iterator[tuple[tuple[str, ...], Mapping[Any, Any]]]:
    """Yield the attributes of the graph, of each node and of each edge, with where they stand."""
    yield ("graph",), graph.graph
    for node, attributes in graph.nodes(data=True):
        yield ("node", node), attributes
    for source, target, attributes in graph.edges(data=True):
        yield ("edge", source, target), attributes


def place_in_words(place: tuple[str, ...]) -> str:
    """Return a place as errors name it: ``Edge 'b' -> 'a'``."""
    return " ".join([place[0].capitalize(), " -> ".join(repr(node) for node in place[1:])]).rstrip()


def _type_of(value: object, name: object, place: tuple[str, ...]) -> str:
    if not isinstance(name, str) or not _ATTRIBUTE_NAME.fullmatch(name):
        raise GraphError(
            f"{place_in_words(place)}: {name!r} cannot be the name of an attribute in a file",
            "Use letters a to z, digits, '.', '_', '-' and ':'.",
        )
    # exact types: an Enum is also a str or an int, and would not come back as what it was
    if type(value) is str:
        return "string"
    if type(value) is bool:
        return "boolean"
    if type(value) is float:
        return "double"
    if type(value) is int:
        return "int" if -(2**31) <= value < 2**31 else "long"
    raise GraphError(
        f"{place_in_words(place)}: attribute {name!r} is {value!r}, of the type {type(value).__name__}",
        "Files hold str, int, float and bool; an attribute without a value is left out.",
    )
