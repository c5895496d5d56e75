r"""Markdown: the discussion as an outline to read, each post with its claims and what they do to which claim.

Every mark in a text that Markdown or one of its extensions could take for markup, HTML, a link, an e-mail address or
a mention has a ``\`` before it, and the file holds no HTML.  Posts are indented by their depth, up to twelve steps.
Lost are the text around the claims, offsets, and line breaks within claims.

References
----------
J. MacFarlane, "CommonMark Spec", version 0.31.2, https://spec.commonmark.org.
"""

import os
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import networkx as nx

from argmine.writers.atomic import whole_file
from argmine.writers.characters import one_line, shortened
from argmine.writers.outline import answered_post, claims_of, is_claim, reading_order
from argmine.writers.schema import attribute_types

__all__ = ["write_markdown"]

_MARKS = re.compile(r"""([\\`*_{}\[\]<>&#~|!$^=:@+]|(?<=[wW])\.|^[-]|(?<=^\d)[.)]|(?<=-)-)""")
_DEEPEST = 12


def write_markdown(graph: "nx.DiGraph[str]", target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write an outline of an argument graph to a Markdown file.

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
    text = "\n".join(_lines(graph))
    with whole_file(target) as stream:
        stream.write(f"{text}\n".encode())


def _lines(graph: "nx.DiGraph[str]") -> Iterator[str]:
    yield f"# {_escaped(graph.graph.get('title', '')) or '(untitled)'}"
    yield ""
    written: set[str] = set()
    for post, depth in reading_order(graph):
        indent = "  " * min(depth, _DEEPEST)
        yield f"{indent}- {_post(graph, post)}"
        claims = claims_of(graph, post)
        for claim in claims:
            yield from _claim(graph, claim, f"{indent}  ")
        written.update(claims)
    for node in graph:
        if is_claim(graph, node) and node not in written:
            yield from _claim(graph, node, "")


def _post(graph: "nx.DiGraph[str]", post: str) -> str:
    data = graph.nodes[post]
    line = f"**{_author(graph, post)}** (`{_code(post)}`)"
    parent = answered_post(graph, post)
    if parent is not None:
        judged = _judgement(graph.edges[post, parent])
        line += f" answers {_author(graph, parent)} (`{_code(parent)}`){f': {judged}' if judged else ''}"
    if not claims_of(graph, post):
        line += ", no claims" if str(data.get("text", "")).strip() else ", empty"
    return line


def _claim(graph: "nx.DiGraph[str]", claim: str, indent: str) -> Iterator[str]:
    data = graph.nodes[claim]
    judged = ", ".join(filter(None, [_escaped(data.get("role", "")), _judgement(data)]))
    text = _escaped(data.get("text", "")) or "(empty)"
    yield f"{indent}- {f'*{judged}*: ' if judged else ''}{text} (`{_code(claim)}`)"
    for _, end, edge in graph.out_edges(claim, data=True):
        about = _escaped(shortened(str(graph.nodes[end].get("text", ""))))
        judged = _judgement(edge)
        yield f"{indent}  - {_escaped(edge.get('kind', ''))} `{_code(end)}` “{about}”{f': {judged}' if judged else ''}"


def _judgement(data: dict[str, Any]) -> str:
    confidence = data.get("confidence")
    stance = _escaped(data.get("stance", ""))
    return " ".join(filter(None, [stance, f"{confidence:.2f}" if isinstance(confidence, int | float) else ""]))


def _author(graph: "nx.DiGraph[str]", post: str) -> str:
    return _escaped(graph.nodes[post].get("author", "")) or "(unknown)"


def _escaped(text: object) -> str:
    return _MARKS.sub(r"\\\1", one_line(text))


def _code(name: str) -> str:
    return one_line(name).replace("`", "'") or " "
