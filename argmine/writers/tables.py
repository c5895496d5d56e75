"""Tables: nodes and edges as two CSV files, or as two Parquet files, for spreadsheets and data frames.

A path ``out.csv`` becomes ``out.nodes.csv`` and ``out.edges.csv``; the same goes for ``.parquet``.  There are always
the columns of the schema, in its order, and behind them those of your own.  CSV cannot tell an absent value from an
empty text, has no types, and loses the attributes of the graph; Parquet keeps all of that (those of the graph as
metadata).  A spreadsheet may take a text that begins with ``=`` for a formula: import text columns as text.
"""

import csv
import io
import os
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx

from argmine.errors import GraphError, MissingExtraError
from argmine.writers.atomic import whole_file
from argmine.writers.characters import clean, escaped_id
from argmine.writers.schema import attribute_types

__all__ = ["write_csv", "write_parquet"]

_NUMBERS = {
    **dict.fromkeys(["depth", "order", "start", "end"], "int"),
    **dict.fromkeys(["confidence", "p_agreement", "p_rebuttal", "p_neutral", "p_off_topic"], "double"),
}
_NODES = "id kind author created_at depth order post start end role stance confidence text"
_EDGES = "source target kind stance confidence p_agreement p_rebuttal p_neutral p_off_topic basis cue"

#: The columns of the schema with their types: ``string``, ``int`` or ``double``.
NODE_COLUMNS = {name: _NUMBERS.get(name, "string") for name in _NODES.split()}
EDGE_COLUMNS = {name: _NUMBERS.get(name, "string") for name in _EDGES.split()}


class _Table(NamedTuple):
    columns: dict[str, str]
    rows: list[dict[str, Any]]


def write_csv(graph: "nx.DiGraph[str]", target: str | os.PathLike[str]) -> None:
    """Write an argument graph to two CSV files: for ``out.csv``, ``out.nodes.csv`` and ``out.edges.csv``.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of schema version 1.
    target : str or PathLike
        Files of these names are replaced, but only when both new ones are complete.

    Raises
    ------
    GraphError
        If the graph is not of the schema, or has attributes of the names ``id``, ``source`` or ``target``.
    OSError
        If a file cannot be written.
    """
    nodes, edges = (_csv(table) for table in _tables(graph))
    _write_both(target, nodes, edges)


def write_parquet(graph: "nx.DiGraph[str]", target: str | os.PathLike[str]) -> None:
    """Write an argument graph to two Parquet files: for ``x.parquet``, ``x.nodes.parquet`` and ``x.edges.parquet``.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of schema version 1.
    target : str or PathLike
        Files of these names are replaced, but only when both new ones are complete.

    Raises
    ------
    GraphError
        If the graph is not of the schema, or has attributes of the names ``id``, ``source`` or ``target``.
    MissingExtraError
        If pyarrow is not installed.
    OSError
        If a file cannot be written.
    """
    try:
        arrow, parquet = import_module("pyarrow"), import_module("pyarrow.parquet")
    except ImportError as error:
        raise MissingExtraError("pyarrow", extra="tables", purpose="Writing Parquet") from error
    types = {"string": arrow.string(), "boolean": arrow.bool_(), "double": arrow.float64()}
    metadata = {f"argmine.{name}": str(value) for name, value in clean(graph.graph).items()}
    written = []
    for table in _tables(graph):
        fields = [arrow.field(name, types.get(kind, arrow.int64())) for name, kind in table.columns.items()]
        columns = [[row.get(name) for row in table.rows] for name in table.columns]
        try:
            arrays = [arrow.array(column, field.type) for column, field in zip(columns, fields, strict=True)]
        except (OverflowError, arrow.ArrowInvalid) as error:
            raise GraphError(f"An attribute does not fit into Parquet ({error})") from error
        stream = io.BytesIO()
        parquet.write_table(arrow.Table.from_arrays(arrays, schema=arrow.schema(fields, metadata)), stream)
        written.append(stream.getvalue())
    _write_both(target, *written)


def _tables(graph: "nx.DiGraph[str]") -> tuple[_Table, _Table]:
    types = attribute_types(graph)
    for place, names in (("node", ("id",)), ("edge", ("source", "target"))):
        for name in names:
            if (place, name) in types:
                raise GraphError(f"An attribute of a {place} is named {name!r}, which the tables need", "Rename it.")
    nodes = [{"id": escaped_id(node), **clean(data)} for node, data in graph.nodes(data=True)]
    edges = [
        {"source": escaped_id(source), "target": escaped_id(end), **clean(data)}
        for source, end, data in graph.edges(data=True)
    ]
    return _Table(_columns(NODE_COLUMNS, "node", types), nodes), _Table(_columns(EDGE_COLUMNS, "edge", types), edges)


def _columns(known: dict[str, str], place: str, types: Mapping[tuple[str, str], str]) -> dict[str, str]:
    found = {name: kind for (where, name), kind in sorted(types.items()) if where == place}
    return {**known, **found}  # the order of the schema, but the types that are there


def _csv(table: _Table) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, list(table.columns))  # ends lines as RFC 4180 has it
    writer.writeheader()
    writer.writerows(table.rows)
    return stream.getvalue().encode()


def _write_both(target: str | os.PathLike[str], nodes: bytes, edges: bytes) -> None:
    if not isinstance(target, str | os.PathLike):
        raise GraphError("Tables are two files, and cannot go into one that is open", "Pass a path.")
    path = Path(target)
    paths = [path.with_name(f"{path.stem}.{part}{path.suffix}") for part in ("nodes", "edges")]
    with whole_file(paths[0]) as first, whole_file(paths[1]) as second:
        first.write(nodes)
        second.write(edges)
