"""What yEd and Gephi read from a GraphML file besides the graph: places, colours, sizes, line styles.

The keys of all this begin with ``style_``, by which :func:`argmine.read_graphml` leaves it out again.  Gephi goes
by the names of attributes: one that the graph has itself (``x``, say) is left to the graph.
"""

from collections.abc import Callable, Iterable, Mapping
from textwrap import wrap
from typing import Any, NamedTuple
from xml.sax.saxutils import escape

import networkx as nx

from argmine.errors import GraphError
from argmine.writers.characters import clean_text, edge_label, node_label
from argmine.writers.colours import look_of, red_green_blue
from argmine.writers.graphml_parser import NAMESPACE, STYLE_KEYS
from argmine.writers.outline import is_claim, positions

_YED = "http://www.yworks.com/xml/graphml"
_WIDTH, _HEIGHT = 300, 44
_SIZES = {True: 10.0, False: 16.0}  # of a claim, of a post
_LINES = {"solid": "line", "dashed": "dashed", "dotted": "dotted", "dash-dot": "dashed_dotted"}
_ARROWS = {"filled": "standard", "bar": "t_shape", "open": "white_delta", "none": "none"}


class Decoration(NamedTuple):
    """What a style adds to a file, as XML."""

    head: str
    keys: str
    node: Callable[[str], str]
    edge: Callable[[str, str], str]


def decorate(graph: "nx.DiGraph[str]", style: str, types: Mapping[tuple[str, str], str]) -> Decoration:
    """Return what a style adds to the file of a graph.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of schema version 1.
    style : {"yed", "gephi"}
        For which tool.
    types : mapping
        Place and name of each attribute that the file has without the style.

    Raises
    ------
    GraphError
        If no style has that name, or posts answer each other in a circle.
    """
    if style == "yed":
        return _yed(graph)
    if style == "gephi":
        return _gephi(graph, types)
    raise GraphError(f"No style of GraphML is named {style!r}", "There are gephi and yed.")


def _head(namespaces: str, schema: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{NAMESPACE}"{namespaces} '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
        f'xsi:schemaLocation="{NAMESPACE} {schema}">\n'
    )


def _yed(graph: "nx.DiGraph[str]") -> Decoration:
    at = positions(graph)

    def node(name: str) -> str:
        data = graph.nodes[name]
        x, y = at[name]
        look = look_of(data)
        shape = "roundrectangle" if is_claim(graph, name) else "rectangle"
        label = "\n".join(wrap(node_label(name, data), 42, max_lines=2, placeholder=" …"))
        return (
            f'      <data key="{STYLE_KEYS}node">\n        <y:ShapeNode>\n'
            f'          <y:Geometry height="{_HEIGHT}.0" width="{_WIDTH}.0" x="{4 * x}" y="{1.2 * y:.1f}"/>\n'
            f'          <y:Fill color="{look.fill}" transparent="false"/>\n'
            f'          <y:BorderStyle color="{look.line}" type="{_LINES[look.style]}" width="1.5"/>\n'
            f'          <y:NodeLabel textColor="#000000">{escape(clean_text(label))}</y:NodeLabel>\n'
            f'          <y:Shape type="{shape}"/>\n        </y:ShapeNode>\n      </data>\n'
        )

    def edge(source: str, target: str) -> str:
        data = graph.edges[source, target]
        look = look_of(data)
        label = "" if data.get("kind") == "contains" else edge_label(data)
        label = f"          <y:EdgeLabel>{escape(clean_text(label))}</y:EdgeLabel>\n" if label else ""
        width = "1.0" if data.get("kind") == "contains" else "2.0"
        return (
            f'      <data key="{STYLE_KEYS}edge">\n        <y:PolyLineEdge>\n'
            f'          <y:LineStyle color="{look.line}" type="{_LINES[look.style]}" width="{width}"/>\n'
            f'          <y:Arrows source="none" target="{_ARROWS[look.arrow]}"/>\n{label}'
            "        </y:PolyLineEdge>\n      </data>\n"
        )

    keys = "".join(
        f'  <key id="{STYLE_KEYS}{domain}" for="{domain}" yfiles.type="{domain}graphics"/>\n'
        for domain in ("node", "edge")
    )
    schema = "http://www.yworks.com/xml/schema/graphml/1.1/ygraphml.xsd"
    return Decoration(_head(f' xmlns:y="{_YED}"', schema), keys, node, edge)


def _gephi(graph: "nx.DiGraph[str]", types: Mapping[tuple[str, str], str]) -> Decoration:
    at = positions(graph)
    colours = [("r", "int"), ("g", "int"), ("b", "int")]
    added = {"node": [*colours, ("size", "double"), ("x", "double"), ("y", "double")], "edge": colours}
    free = {place: [pair for pair in pairs if (place, pair[0]) not in types] for place, pairs in added.items()}

    def data(place: str, values: Iterable[tuple[str, Any]]) -> str:
        names = {name for name, _ in free[place]}
        return "".join(
            f'      <data key="{STYLE_KEYS}{place}_{name}">{value}</data>\n' for name, value in values if name in names
        )

    def node(name: str) -> str:
        x, y = at[name]
        look = look_of(graph.nodes[name])
        # y goes upwards in Gephi
        values = [*_parts(look.line), ("size", _SIZES[is_claim(graph, name)]), ("x", x), ("y", -y if y else 0.0)]
        return data("node", values)

    def edge(source: str, target: str) -> str:
        return data("edge", _parts(look_of(graph.edges[source, target]).line))

    keys = "".join(
        f'  <key id="{STYLE_KEYS}{place}_{name}" for="{place}" attr.name="{name}" attr.type="{kind}"/>\n'
        for place, pairs in free.items()
        for name, kind in pairs
    )
    return Decoration(_head("", f"{NAMESPACE}/1.0/graphml.xsd"), keys, node, edge)


def _parts(colour: str) -> list[tuple[str, int]]:
    return list(zip("rgb", red_green_blue(colour), strict=True))
