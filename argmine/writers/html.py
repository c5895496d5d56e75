"""One HTML page to read a thread in: the conversation with its claims marked, beside the graph of who answers what.

The page is one file that asks nothing of any network: its Content-Security-Policy forbids every request and every
script and style but its own, which it names by their hashes.  Texts of the thread are data in it, never markup.

Its parts are in the folder ``page``: the template, the styles and scripts, and cytoscape.js, which draws the graph.
Up to 5,000 claims are all in the page; of a larger thread it holds the counts and the posts that are answered most,
and says so.
"""

import json
import os
import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from importlib.resources import files
from typing import BinaryIO

import networkx as nx

from argmine import __version__
from argmine.writers.atomic import whole_file
from argmine.writers.page_data import page_data
from argmine.writers.schema import attribute_types

__all__ = ["Page", "show", "write_html"]

_STYLES = ["page.css", "conversation.css", "side.css", "print.css"]
_SCRIPTS = ["words", "thread", "conversation", "details", "filters", "drawing", "graph", "print", "page"]
_CYTOSCAPE = "vendor/cytoscape/cytoscape.min.js"
_CYTOSCAPE_DAGRE = "vendor/cytoscape-dagre/cytoscape-dagre.min.js"
_SOURCE_MAP = re.compile("^//# sourceMappingURL=.*$", re.MULTILINE)  # a debugger would ask for it
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")
#: A title is shown outside the page, where nothing isolates what turns the direction of writing.
_NOT_IN_A_TITLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")


def write_html(graph: "nx.DiGraph[str]", target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write a page to read a thread and its arguments in.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of schema version 1.  It is not changed.
    target : str, PathLike or binary file
        A file of that name is replaced, but only when the new one is complete.

    Raises
    ------
    GraphError
        If the graph is not of the schema.  Nothing is written.
    OSError
        If the file cannot be written.

    Examples
    --------
    >>> import io
    >>> graph = nx.DiGraph(schema="1", thread_id="t", title="Cats & dogs")
    >>> graph.add_node("a", kind="post", order=0, text="Cats are better.")
    >>> file = io.BytesIO()
    >>> write_html(graph, file)
    >>> b"<title>Cats &amp; dogs</title>" in file.getvalue()
    True
    """
    page = page_of(graph)
    with whole_file(target) as stream:
        stream.write(page.encode())


def show(graph: "nx.DiGraph[str]", *, height: int = 720) -> "Page":
    """Show a thread and its arguments in a notebook.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of schema version 1.
    height : int
        Of the frame, in pixels.

    Returns
    -------
    Page
        Which a notebook shows, where it is the last value of a cell.

    Raises
    ------
    GraphError
        If the graph is not of the schema.

    Examples
    --------
    >>> graph = nx.DiGraph(schema="1", thread_id="t", title="Cats & dogs")
    >>> show(graph)
    <the page of 'Cats & dogs'>
    """
    return Page(page_of(graph), title=str(graph.graph.get("title") or "a thread"), height=height)


class Page:
    """A page in a frame of its own, for notebooks.

    Parameters
    ----------
    html : str
        The whole page.
    title : str
        What it shows, for those who do not see it.
    height : int
        Of the frame, in pixels.
    """

    def __init__(self, html: str, *, title: str, height: int) -> None:
        self.html = html
        self.title = title
        self.height = height

    def __repr__(self) -> str:
        return f"<the page of {self.title!r}>"

    def _repr_html_(self) -> str:
        # without allow-same-origin its scripts cannot reach the notebook
        return (
            f'<iframe srcdoc="{escape(self.html)}" title="{escape(_one_line(self.title))}" width="100%" '
            f'height="{self.height}" sandbox="allow-scripts allow-modals" style="border: 1px solid #8886"></iframe>'
        )


def page_of(graph: "nx.DiGraph[str]") -> str:
    """Return the page of a graph as HTML; raises what :func:`write_html` does."""
    attribute_types(graph)  # refuses what is no argument graph
    data = page_data(graph)
    style = "\n".join(map(_part, _STYLES))
    scripts = {
        "cytoscape": _part(_CYTOSCAPE),
        "cytoscape_dagre": _part(_CYTOSCAPE_DAGRE),
        "script": '"use strict";\n(() => {\n' + "\n".join(_part(f"{name}.js") for name in _SCRIPTS) + "\n})();\n",
    }
    fillings = {
        "policy": f"default-src 'none'; style-src {_hash(style)}; script-src {' '.join(map(_hash, scripts.values()))}; "
        "base-uri 'none'; form-action 'none'",
        "version": __version__,
        "title": escape(_one_line(data["title"]) or "A thread and its arguments"),
        "style": style,
        "data": json.dumps(data, separators=(",", ":")).replace("<", "\\u003c"),
        **scripts,
    }
    # in one pass: what is filled in is not looked at again
    return _PLACEHOLDER.sub(lambda match: fillings[match[1]], _part("page.html"))


def is_page(start: bytes) -> bool:
    """Say whether a file that begins so was written by :func:`write_html`."""
    return b'<meta name="generator" content="argmine ' in start


def _part(name: str) -> str:
    text = (files("argmine.writers") / "page" / name).read_text(encoding="utf-8")
    return _SOURCE_MAP.sub("", text)


def _hash(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"


def _one_line(text: str) -> str:
    return " ".join(_NOT_IN_A_TITLE.sub(" ", text).split())
