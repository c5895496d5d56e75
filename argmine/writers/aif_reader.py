"""AIF JSON read as an argument graph: files of :mod:`argmine.writers.aif`, and those that AIFdb serves.

I-nodes become claims.  An id such as ``c7#2`` is claim 2 of post ``c7``; every other I-node gets a post of its own.
The text of a post is that of its claims, a line each, so that offsets hold.  RA between two claims of one post is
``supports``; RA or MA between posts is an answer that agrees, CA is one that rebuts, and two locutions joined by a
TA-node without any of these are a neutral answer.  A post replies to the post that its first answer is given to.
AIF holds no probabilities and no cues: there is no ``confidence`` and no ``basis``.

An RA with several premises becomes several edges.  Left out are answers that would close a circle, second answers of
one claim, relations of relations (undercuts), and nodes of other types.
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO, NamedTuple

import networkx as nx

from argmine.errors import GraphError
from argmine.writers.characters import original_id
from argmine.writers.json_file import read_json
from argmine.writers.outline import reading_order
from argmine.writers.schema import SCHEMA_VERSION

__all__ = ["read_aif"]

_CLAIM = re.compile(r"(.+)#([1-9][0-9]{0,8})", re.DOTALL)
_STANCES = {"RA": "agreement", "MA": "agreement", "CA": "rebuttal"}
_HINT = "Only JSON of AIF, as argmine writes it and AIFdb serves it, can be read."


class _Claim(NamedTuple):
    post: str
    number: int
    text: str
    author: str | None
    created_at: str | None


def read_aif(source: str | os.PathLike[str] | BinaryIO) -> "nx.DiGraph[str]":
    """Read an argument graph from AIF JSON.

    Parameters
    ----------
    source : str, PathLike or binary file
        The file.

    Returns
    -------
    networkx.DiGraph
        Of schema version 1: the claims, who said them, and what they answer and support.

    Raises
    ------
    GraphError
        If the file is broken, or no AIF.
    OSError
        If the file cannot be read.

    Examples
    --------
    >>> import io
    >>> file = io.BytesIO(b'{"nodes": [{"nodeID": "7", "text": "Tea warms.", "type": "I"}], "edges": []}')
    >>> read_aif(file).nodes["7#1"]["text"]
    'Tea warms.'
    """
    found, name = read_json(source)
    if not isinstance(found, dict):
        raise GraphError(f"{name}: no AIF", _HINT)
    aif = found["AIF"] if isinstance(found.get("AIF"), dict) else found  # xAIF wraps it
    nodes: dict[str, dict[str, Any]] = {}
    for node in _objects(aif, "nodes", name):
        nodes.setdefault(_word(node.get("nodeID"), name), node)
    edges = [(_word(each.get("fromID"), name), _word(each.get("toID"), name)) for each in _objects(aif, "edges", name)]
    joined: nx.DiGraph[str] = nx.DiGraph()
    joined.add_nodes_from(nodes)
    joined.add_edges_from((one, other) for one, other in edges if one in nodes and other in nodes)
    locutions = aif.get("locutions")
    listed = [each for each in locutions if isinstance(each, dict)] if isinstance(locutions, list) else []
    persons = {str(each.get("nodeID")): each.get("personID") for each in listed}
    claims = _claims(joined, nodes, persons)
    graph = _with_posts(claims)
    _add_relations(graph, joined, nodes, claims)
    return graph


def _objects(aif: dict[str, Any], key: str, name: str) -> list[dict[str, Any]]:
    found = aif.get(key)
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise GraphError(f"{name}: {key!r} is no list of objects", _HINT)
    return found


def _word(value: object, name: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int) or value == "":
        raise GraphError(f"{name}: the id {value!r} of a node is neither text nor a number", _HINT)
    return str(value)


def _near(
    joined: "nx.DiGraph[str]", nodes: dict[str, dict[str, Any]], node: str, kinds: str, *, before: bool
) -> list[str]:
    """Return the nodes of some types that lead to a node, or that it leads to."""
    around = joined.predecessors(node) if before else joined.successors(node)
    return [each for each in around if nodes[each].get("type") in kinds.split()]


def _claims(
    joined: "nx.DiGraph[str]", nodes: dict[str, dict[str, Any]], persons: dict[str, Any]
) -> dict[str, tuple[str, _Claim]]:
    """Return the claim of each I-node with its id, in the order of the file."""
    found: dict[str, tuple[str, _Claim]] = {}
    taken: set[str] = set()
    for node, data in nodes.items():
        if data.get("type") != "I":
            continue
        original = original_id(node)
        match = _CLAIM.fullmatch(original)
        post, number = (match[1], int(match[2])) if match else (original, 1)
        while f"{post}#{number}" in taken:
            number += 1
        taken.add(f"{post}#{number}")
        said = [
            locution
            for meant in _near(joined, nodes, node, "YA", before=True)
            for locution in _near(joined, nodes, meant, "L", before=True)
        ]
        text = data["text"] if isinstance(data.get("text"), str) else ""
        author = _author(nodes[said[0]].get("text"), text, persons.get(said[0])) if said else None
        moment = _moment(nodes[said[0]].get("timestamp")) if said else None
        found[node] = (f"{post}#{number}", _Claim(post, number, text, author, moment))
    return found


def _author(said: object, text: str, person: object) -> str | None:
    if isinstance(person, str) and said == f"{person}: {text}":
        return person
    if isinstance(said, str) and said.endswith(text):
        before = said[: len(said) - len(text)]
        for mark in (" : ", ": "):
            if before.endswith(mark):
                return before[: -len(mark)]
    return str(person) if isinstance(person, str | int) and not isinstance(person, bool) else None


def _moment(timestamp: object) -> str | None:
    try:
        return datetime.strptime(str(timestamp), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).isoformat()
    except ValueError:
        return None


def _with_posts(claims: dict[str, tuple[str, _Claim]]) -> "nx.DiGraph[str]":
    """Return a graph of posts and their claims, without any relation."""
    graph: nx.DiGraph[str] = nx.DiGraph(schema=SCHEMA_VERSION)
    posts: dict[str, list[tuple[str, _Claim]]] = {}
    for claim, facts in claims.values():
        posts.setdefault(facts.post, []).append((claim, facts))
    clash = next((claim for claim, _ in claims.values() if claim in posts), None)
    if clash is not None:
        raise GraphError(f"The id {clash!r} is that of a claim and of a post", _HINT)
    for order, (post, said) in enumerate(posts.items()):
        said.sort(key=lambda each: each[1].number)
        lines = [facts.text for _, facts in said]
        graph.add_node(post, kind="post", depth=0, order=order, text="\n".join(lines))
        first = said[0][1]
        known = {"author": first.author, "created_at": first.created_at}
        graph.nodes[post].update((name, value) for name, value in known.items() if value is not None)
        start = 0
        for claim, one in said:
            end = start + len(one.text)
            graph.add_node(
                claim, kind="claim", post=post, order=one.number, start=start, end=end, text=one.text, role="claim"
            )
            graph.nodes[claim].update({} if one.author is None else {"author": one.author})
            graph.add_edge(post, claim, kind="contains")
            start = end + 1
    return graph


def _relations(joined: "nx.DiGraph[str]", nodes: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str, str]]:
    """Yield both I-nodes of each relation, with the type of what joins them; neutral answers last."""
    for node, data in nodes.items():
        if str(data.get("type")) in _STANCES:
            for source in _near(joined, nodes, node, "I", before=True):
                for end in _near(joined, nodes, node, "I", before=False):
                    yield source, end, data["type"]
    for node, data in nodes.items():
        if data.get("type") == "TA":
            for later in _said(joined, nodes, node, before=False):
                for earlier in _said(joined, nodes, node, before=True):
                    yield later, earlier, "TA"


def _said(joined: "nx.DiGraph[str]", nodes: dict[str, dict[str, Any]], turn: str, *, before: bool) -> list[str]:
    """Return the I-nodes of the locutions on one side of a TA-node."""
    return [
        claim
        for locution in _near(joined, nodes, turn, "L", before=before)
        for meant in _near(joined, nodes, locution, "YA", before=False)
        for claim in _near(joined, nodes, meant, "I", before=False)
    ]


def _add_relations(
    graph: "nx.DiGraph[str]",
    joined: "nx.DiGraph[str]",
    nodes: dict[str, dict[str, Any]],
    claims: dict[str, tuple[str, _Claim]],
) -> None:
    """Add what claims answer and support, and what posts reply to."""
    supported: dict[tuple[str, str], None] = {}
    answers: dict[str, tuple[str, str]] = {}
    for source, end, kind in _relations(joined, nodes):
        (claim, one), (target, other) = claims[source], claims[end]
        if one.post != other.post:
            answers.setdefault(claim, (target, _STANCES.get(kind, "neutral")))
        elif kind == "RA":
            supported[claim, target] = None
    pairs = [*supported, *((claim, target) for claim, (target, _) in answers.items())]
    for claim, target in _without_circles(pairs):
        if (claim, target) in supported:
            graph.add_edge(claim, target, kind="supports")
            graph.nodes[claim]["role"] = "premise"
        else:
            graph.add_edge(claim, target, kind="answers", stance=answers[claim][1])
            graph.nodes[claim]["stance"] = answers[claim][1]
    replies: dict[str, str] = {}
    for claim, (target, _) in answers.items():
        replies.setdefault(graph.nodes[claim]["post"], graph.nodes[target]["post"])
    for post, answered in _without_circles(list(replies.items())):
        graph.add_edge(post, answered, kind="reply")
    for post, depth in reading_order(graph):
        graph.nodes[post]["depth"] = depth


def _without_circles(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the pairs without those that close a circle."""
    walked: nx.DiGraph[str] = nx.DiGraph(pairs)
    on_path: set[str] = set()
    closing: set[tuple[str, str]] = set()
    for one, other, step in nx.dfs_labeled_edges(walked):
        if step == "forward":
            on_path.add(other)
        elif step == "reverse":
            on_path.discard(other)
        elif other in on_path:
            closing.add((one, other))
    return [pair for pair in pairs if pair not in closing]
