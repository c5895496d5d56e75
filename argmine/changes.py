"""What has changed from one argument graph of a thread to another.

The ``contains`` edges and the ``order`` of posts are left out: a claim names its post, and a post that stands behind a
new one is not a changed post.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, NamedTuple

import networkx as nx

from argmine.errors import GraphError
from argmine.graph import EDGE_ATTRIBUTES, GRAPH_ATTRIBUTES, NODE_ATTRIBUTES
from argmine.writers.schema import check_graph

_RANKS = ("post", "reply", "claim", "supports", "answers")
_ATTRIBUTES = {**NODE_ATTRIBUTES, **EDGE_ATTRIBUTES, "thread": GRAPH_ATTRIBUTES}
_SHORT = 70  # characters of a text that a line shows

_Values = Mapping[str, Any]
_Place = tuple[str, ...]


class Change(NamedTuple):
    """One thing that was added, removed or changed between two graphs; ``str`` gives one plain line.

    Parameters
    ----------
    action : str
        ``"added"``, ``"removed"`` or ``"changed"``.
    kind : str
        Kind of the node (``post``, ``claim``) or edge (``reply``, ``supports``, ``answers``), or ``thread`` for what
        is said of the whole graph.
    place : tuple of str
        The id of the node, the ids of the source and the target of the edge, or nothing for the thread.
    values : dict
        By the name of each attribute that differs, its values before and after; ``None`` where there is none.
    """

    action: Literal["added", "removed", "changed"]
    kind: str
    place: tuple[str, ...]
    values: dict[str, tuple[Any, Any]]

    def __str__(self) -> str:
        head = " ".join([self.kind, *([" -> ".join(self.place)] if self.place else []), self.action])
        if self.action == "changed":
            said = "; ".join(_changed(self.values))
        else:
            said = ", ".join(_described(self.values, side=int(self.action == "added")))
        return f"{head}: {said}" if said else head


def diff(before: "nx.DiGraph[str]", after: "nx.DiGraph[str]") -> list[Change]:
    """List what has changed from one graph of a thread to another.

    Parameters
    ----------
    before, after : networkx.DiGraph
        Of schema version 1 and of the same thread.

    Returns
    -------
    list of Change
        What is said of the thread, then post by post in reading order: the post, its reply, its claims, what they
        support, what they answer.  Empty if nothing has changed.

    Raises
    ------
    GraphError
        If a graph is not of the schema, or the graphs are of different threads.

    Examples
    --------
    >>> from argmine import Post, Thread, mine
    >>> posts = [Post(id="a", text="Cats are better pets."), Post(id="b", text="Are they?", reply_to="a")]
    >>> before, after = (mine(Thread(posts=posts[:size])) for size in (1, 2))
    >>> [(change.action, change.kind, change.place) for change in diff(before, after)]
    [('added', 'post', ('b',)), ('added', 'reply', ('b', 'a'))]
    """
    for graph in (before, after):
        check_graph(graph)
    ids = before.graph.get("thread_id"), after.graph.get("thread_id")
    if ids[0] != ids[1]:
        raise GraphError(
            f"The graphs are of different threads, {ids[0]!r} and {ids[1]!r}",
            "If it is one thread under two names, give both graphs the same thread_id.",
        )
    old, new = _places(before), _places(after)
    places = sorted(old.keys() | new.keys(), key=_reading_order(before, after))
    found = (_compare(place, old.get(place), new.get(place)) for place in places)
    return [change for change in found if change is not None]


def _places(graph: "nx.DiGraph[str]") -> dict[_Place, _Values]:
    """Return the attributes of a graph and of its nodes and edges, by their ids."""
    found: dict[_Place, _Values] = {(): graph.graph}
    found |= {(node,): data for node, data in graph.nodes(data=True)}
    found |= {
        (source, target): data for source, target, data in graph.edges(data=True) if data.get("kind") != "contains"
    }
    return found


def _reading_order(before: "nx.DiGraph[str]", after: "nx.DiGraph[str]") -> Callable[[_Place], tuple[Any, ...]]:
    """Return the key by which places are sorted; what is gone stands where it stood before."""

    def of_node(node: str) -> _Values:
        return after.nodes[node] if node in after else before.nodes[node]

    def key(place: _Place) -> tuple[Any, ...]:
        if not place:
            return (-1,)
        node = of_node(place[0])
        post = node.get("post", place[0])
        kind = node.get("kind") if len(place) == 1 else _edge_kind(before, after, *place)
        rank = _RANKS.index(kind) if kind in _RANKS else len(_RANKS)
        order = of_node(post).get("order", 0) if post in after or post in before else 0
        return (order, post, rank, node.get("order", 0), place)

    return key


def _edge_kind(before: "nx.DiGraph[str]", after: "nx.DiGraph[str]", source: str, target: str) -> str | None:
    graph = after if after.has_edge(source, target) else before
    found: str | None = graph.edges[source, target].get("kind")
    return found


def _compare(place: _Place, old: _Values | None, new: _Values | None) -> Change | None:
    known = (new if new is not None else old) or {}
    kind = known.get("kind", "thread" if not place else "")
    unsaid = {"kind", "order"} if kind == "post" else {"kind"}
    there = ((old or {}).keys() | (new or {}).keys()) - unsaid
    schema = [name for name in _ATTRIBUTES.get(kind, ()) if name in there]
    names = [*schema, *sorted(there.difference(schema))]
    pairs = {name: ((old or {}).get(name), (new or {}).get(name)) for name in names}
    if old is None:
        return Change("added", kind, place, pairs)
    if new is None:
        return Change("removed", kind, place, pairs)
    values = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return Change("changed", kind, place, values) if values else None


def _described(values: Mapping[str, tuple[Any, Any]], side: int) -> Iterator[str]:
    """Say what was added or removed: whose it is, its stance, and the text."""
    known = {name: pair[side] for name, pair in values.items()}
    if "author" in known and "post" not in known:
        yield " ".join(known["author"].split())
    judged = [known[name] for name in ("stance", "confidence") if name in known]
    if judged:
        yield " ".join(map(str, judged))
    if known.get("text"):
        yield _said(known["text"])


def _changed(values: Mapping[str, tuple[Any, Any]]) -> Iterator[str]:
    told = [name for name in values if not name.startswith("p_")]  # the other probabilities are too much for a line
    for name in told or values:
        before, after = values[name]
        yield f"{name} {_said(before)} -> {_said(after)}"


def _said(value: object) -> str:
    if value is None:
        return "(none)"
    if not isinstance(value, str):
        return str(value)
    words = " ".join(value.split())
    return f"“{words}”" if len(words) <= _SHORT else f"“{words[:_SHORT].rstrip()}…”"
