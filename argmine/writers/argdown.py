r"""Argdown: the claims of a graph as statements, for the Argdown editor and its argument maps.

Each claim is a statement named by its id, with its stance and role as tags, and below it what it supports (``+>``:
agreement, and premises) and attacks (``->``: rebuttal).  Every mark in a text is escaped, so that no text can become
markup.  Lost are posts (they are headings), the texts around claims, confidences of relations, and neutral answers,
for which Argdown has no relation.  In names, characters that Argdown would read as markup are ``_xHHHH_``.

References
----------
C. Voigt, "Argdown", https://argdown.org/syntax.
"""

import json
import os
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import networkx as nx

from argmine.writers.atomic import whole_file
from argmine.writers.characters import escaped_id, one_line
from argmine.writers.outline import claims_of, is_claim, reading_order
from argmine.writers.schema import attribute_types

__all__ = ["write_argdown"]

_MARKS = re.compile(r"([!-/:-@\[-`{-~])")
_UNSAFE_IN_NAME = re.compile(r"[^\w.#:@/+-]|\A-|_(?=x)")


def write_argdown(graph: "nx.DiGraph[str]", target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write the claims of an argument graph to an Argdown file.

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
    text = "\n\n".join(_paragraphs(graph))
    with whole_file(target) as stream:
        stream.write(f"{text}\n".encode())


def _paragraphs(graph: "nx.DiGraph[str]") -> Iterator[str]:
    title = str(graph.graph.get("title", ""))
    yield f"===\ntitle: {_yaml(title)}\n==="
    yield f"# {_escaped(title) or '(untitled)'}"
    written: set[str] = set()
    for post, _ in reading_order(graph):
        claims = claims_of(graph, post)
        if claims:
            yield f"## {_escaped(graph.nodes[post].get('author', '')) or '(unknown)'} {_escaped(post)}"
        for claim in claims:
            yield _statement(graph, claim)
        written.update(claims)
    for node in graph:
        if is_claim(graph, node) and node not in written:
            yield _statement(graph, node)


def _statement(graph: "nx.DiGraph[str]", claim: str) -> str:
    data = graph.nodes[claim]
    tags = [f"#{tag}" for name in ("role", "stance") if (tag := str(data.get(name, ""))).replace("-", "").isalpha()]
    known = {name: data[name] for name in ("author", "confidence") if name in data}
    facts = ", ".join(f"{name}: {_yaml(value)}" for name, value in known.items())
    parts = [f"[{_name(claim)}]:", _escaped(data.get("text", "")) or "…", *tags, f"{{{facts}}}" if facts else ""]
    lines = [" ".join(filter(None, parts))]
    for _, end, edge in graph.out_edges(claim, data=True):
        mark = _relation(edge)
        if mark and end in graph and is_claim(graph, end):
            lines.append(f"  {mark} [{_name(end)}]")
    return "\n".join(lines)


def _relation(edge: dict[str, Any]) -> str:
    if edge.get("kind") == "supports":
        return "+>"
    stances = {"agreement": "+>", "rebuttal": "->"}
    return stances.get(str(edge.get("stance")), "") if edge.get("kind") == "answers" else ""


def _name(claim: str) -> str:
    return escaped_id(claim, _UNSAFE_IN_NAME)


def _escaped(text: object) -> str:
    return _MARKS.sub(r"\\\1", one_line(text))


def _yaml(value: object) -> str:
    """Return a value as YAML in which neither quotes, braces, nor ``===`` can end anything."""
    if not isinstance(value, str):
        return str(value)
    quoted = json.dumps(one_line(value))
    return re.sub("[{}=]", lambda match: f"\\u{ord(match[0]):04x}", quoted)
