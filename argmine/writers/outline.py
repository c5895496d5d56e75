"""The order in which a graph is read, and a place on a plane for each node that follows it."""

from collections.abc import Iterator
from typing import Any

import networkx as nx

from argmine.errors import GraphError

_ROW, _INDENT, _DEEPEST = 60, 50, 30


def is_claim(graph: "nx.DiGraph[str]", node: str) -> bool:
    """Tell a claim from a post."""
    return bool(graph.nodes[node].get("kind") == "claim")


def answered_post(graph: "nx.DiGraph[str]", post: str) -> str | None:
    """Return the post that a post replies to."""
    return next((to for _, to, data in graph.out_edges(post, data=True) if data.get("kind") == "reply"), None)


def claims_of(graph: "nx.DiGraph[str]", post: str) -> list[str]:
    """Return the claims of a post in their order."""
    found = [to for _, to, data in graph.out_edges(post, data=True) if data.get("kind") == "contains"]
    return sorted(found, key=lambda claim: order_of(graph, claim))


def reading_order(graph: "nx.DiGraph[str]") -> Iterator[tuple[str, int]]:
    """Yield each post with its depth, replies right behind what they answer.

    Raises
    ------
    GraphError
        If posts answer each other in a circle.
    """
    posts = [node for node in graph if not is_claim(graph, node)]
    posts.sort(key=lambda post: order_of(graph, post))
    replies: dict[str | None, list[str]] = {}
    for post in posts:
        replies.setdefault(answered_post(graph, post), []).append(post)
    waiting = [(post, 0) for post in reversed(replies.get(None, []))]
    count = 0
    while waiting:
        post, depth = waiting.pop()
        count += 1
        yield post, depth
        waiting.extend((reply, depth + 1) for reply in reversed(replies.get(post, [])))
    if count < len(posts):
        raise GraphError("Posts of the graph answer each other in a circle", "A post answers an earlier one.")


def positions(graph: "nx.DiGraph[str]") -> dict[str, tuple[float, float]]:
    """Return x and y of each node, y downwards: a row each, replies and claims indented below their post."""
    found: dict[str, tuple[float, float]] = {}
    for post, depth in reading_order(graph):
        x = float(_INDENT * min(depth, _DEEPEST) * 2)
        found.setdefault(post, (x, float(_ROW * len(found))))
        for claim in claims_of(graph, post):
            found.setdefault(claim, (x + _INDENT, float(_ROW * len(found))))
    for node in graph:  # claims without their posts, as in a part of a graph
        found.setdefault(node, (0.0, float(_ROW * len(found))))
    return found


def order_of(graph: "nx.DiGraph[str]", node: str) -> int:
    """Return the place of a post in its thread, or of a claim in its post."""
    order: Any = graph.nodes[node].get("order")
    return order if type(order) is int else 0
