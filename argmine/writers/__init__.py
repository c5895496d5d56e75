"""Files of argument graphs: one module per format, chosen by the ending of the file's name.

To add a format, write a module with a ``write_NAME(graph, target)`` like that of
:mod:`argmine.writers.graphml` and put its endings into ``_WRITERS``.
"""

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast

from argmine.errors import ArgmineError

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["endings", "write_graph", "writer_for"]


class Writer(Protocol):
    """What every format module provides."""

    def __call__(self, graph: "nx.DiGraph[str]", target: str | os.PathLike[str] | BinaryIO) -> None:
        """Write a graph to a path or an open binary file."""


# Named, not imported: who asks which endings exist does not pay for networkx.
_PICTURE = ("argmine.writers.picture", "write_picture")
_WRITERS = {
    ".aif.json": ("argmine.writers.aif", "write_aif"),
    ".argdown": ("argmine.writers.argdown", "write_argdown"),
    ".csv": ("argmine.writers.tables", "write_csv"),
    ".cyjs": ("argmine.writers.cytoscape", "write_cytoscape"),
    ".cytoscape.json": ("argmine.writers.cytoscape", "write_cytoscape"),
    ".dot": ("argmine.writers.dot", "write_dot"),
    ".gexf": ("argmine.writers.gexf", "write_gexf"),
    ".graphml": ("argmine.writers.graphml", "write_graphml"),
    ".html": ("argmine.writers.html", "write_html"),
    ".json": ("argmine.writers.node_link", "write_node_link"),
    ".md": ("argmine.writers.markdown", "write_markdown"),
    ".mmd": ("argmine.writers.mermaid", "write_mermaid"),
    ".parquet": ("argmine.writers.tables", "write_parquet"),
    ".pdf": _PICTURE,
    ".png": _PICTURE,
    ".svg": _PICTURE,
}
#: Of GraphML files.
STYLES = ["gephi", "yed"]


def endings() -> list[str]:
    """Return the endings of the files that can be written, sorted, each with its dot.

    Examples
    --------
    >>> endings()[:4]
    ['.aif.json', '.argdown', '.csv', '.cyjs']
    """
    return sorted(_WRITERS)


def write_graph(graph: "nx.DiGraph[str]", path: str | os.PathLike[str], *, style: str | None = None) -> None:
    """Write an argument graph to a file, in the format that the ending of its name stands for.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of schema version 1.  It is not changed.
    path : str or PathLike
        Ends in ``.html`` (a page to read), ``.svg``, ``.png`` or ``.pdf`` (pictures), ``.md``, ``.graphml``,
        ``.gexf``, ``.dot``, ``.json`` (node-link), ``.cytoscape.json`` or ``.cyjs``, ``.aif.json``, ``.argdown``,
        ``.mmd``, ``.csv`` or ``.parquet``; capitals do not matter.  A file of that name is replaced, but only when
        the new one is complete.  For tables there are two files, as ``out.nodes.csv`` and ``out.edges.csv`` for
        ``out.csv``.
    style : {"yed", "gephi"}, optional
        Of GraphML files: adds places, colours and sizes for yEd or Gephi.

    Raises
    ------
    ArgmineError
        If no format has that ending, or the format has no styles.
    GraphError
        If the graph is not of the schema, or the format cannot hold it.
    MissingExtraError
        If an optional package is needed that is not installed.
    OSError
        If the file cannot be written.
    """
    write = writer_for(path)
    if style is None:
        write(graph, path)
        return
    check_style(path, style)
    from argmine.writers.graphml import write_graphml  # noqa: PLC0415 - see _WRITERS

    write_graphml(graph, path, style=style)


def check_style(path: str | os.PathLike[str], style: str) -> None:
    """Raise an ArgmineError unless there is a style of that name for the format of a path."""
    if style not in STYLES:
        raise ArgmineError(f"No style is named {style!r}", f"There are {', '.join(STYLES)}.")
    if _ending(path) != ".graphml":
        raise ArgmineError(f"{os.fspath(path)}: only GraphML files have a style", "Name a file that ends in .graphml.")


def writer_for(path: str | os.PathLike[str]) -> Writer:
    """Return the function that writes the format that the ending of a path stands for.

    Parameters
    ----------
    path : str or PathLike
        Only its name is looked at; capitals do not matter.

    Returns
    -------
    callable
        ``write(graph, target)``.

    Raises
    ------
    ArgmineError
        If no format has that ending.
    """
    ending = _ending(path)
    if ending not in _WRITERS:
        problem = f"no format has the ending {ending!r}" if ending else "no ending that tells the format"
        known = ", ".join(endings())
        raise ArgmineError(f"{os.fspath(path)}: {problem}", f"Endings that can be written: {known}.")
    module, name = _WRITERS[ending]
    return cast("Writer", getattr(import_module(module), name))


def _ending(path: str | os.PathLike[str]) -> str:
    """Return the longest ending that a format has, or else the last one of the name."""
    name = Path(path).name.lower()
    known = [ending for ending in _WRITERS if name.endswith(ending) and name != ending]
    return max(known, key=len, default=Path(path).suffix.lower())
