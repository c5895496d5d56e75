"""What was mined, written back into the ConvoKit corpus that the threads come from."""

import json
import os
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import networkx as nx

from argmine.errors import GraphError
from argmine.readers.convokit import thread_name, utterances
from argmine.readers.source import Readable, opened
from argmine.writers.atomic import whole_file

#: The entry of an utterance's ``meta`` that holds what was mined.
KEY = "argmine"


def annotate_utterances(
    graphs: "nx.DiGraph[str] | Iterable[nx.DiGraph[str]]",
    source: Readable,
    target: str | os.PathLike[str] | BinaryIO,
) -> None:
    """Copy a ConvoKit ``utterances.jsonl``, with what was mined in the ``meta`` of each utterance.

    There, ``argmine`` is an object with the ``claims`` of the utterance and, if it is a reply, its ``stance`` and
    ``confidence``.  A claim has an ``id``, ``start``, ``end``, ``text`` and ``role`` and, if there are such,
    ``stance``, ``confidence``, ``answers`` (the ``claim`` that it answers, with ``stance`` and ``confidence``) and
    ``supports`` (the id of the claim).  The lines of conversations without a graph are copied as they are.

    Parameters
    ----------
    graphs : networkx.DiGraph or iterable of networkx.DiGraph
        Mined from the threads of the file, in any order.  In the order of the file they are taken one by one.
    source : str, PathLike or file object
        The ``utterances.jsonl`` that the threads were read from.
    target : str, PathLike or binary file
        A file of that name is replaced, but only when the new one is complete; it may be the source.

    Raises
    ------
    GraphError
        If a graph is of a thread that is not in the file, or whose texts are others.  Nothing is written.
    ReadError
        If the source cannot be read, or is no file of utterances.
    OSError
        If the target cannot be written.
    """
    waiting = _Waiting(iter([graphs] if isinstance(graphs, nx.DiGraph) else graphs))
    with opened(source) as found, whole_file(target) as out:
        for line, row, utterance in utterances(found):
            noted = None if row is None else waiting.take(row.thread or thread_name(found), row.id)
            if row is None or noted is None:
                out.write(line)
                continue
            if any(row.text[claim["start"] : claim["end"]] != claim["text"] for claim in noted["claims"]):
                problem = f"{found.name}: utterance {row.id!r} has another text than in the graph"
                raise GraphError(problem, "Mine the threads of this very file.")
            meta = utterance.get("meta") or {}
            if not isinstance(meta, dict):
                raise found.error("the meta of this utterance is no object", line=row.line)
            utterance["meta"] = {**meta, KEY: noted}
            out.write(json.dumps(utterance).encode() + b"\n")
        waiting.check_none_is_left(found.name)


class _Waiting:
    """What graphs say of posts, by thread, taken from them no sooner than it is asked for."""

    def __init__(self, graphs: "Iterator[nx.DiGraph[str]]") -> None:
        self._graphs = graphs
        self._threads: dict[str, dict[str, dict[str, Any]]] = {}
        self._unasked: dict[str, None] = {}  # an ordered set

    def take(self, thread: str, post: str) -> dict[str, Any] | None:
        """Return what is known of a post, once; ``None`` if there is no graph of its thread, or it is not in it."""
        while thread not in self._threads:
            if not self._add_next():
                return None
        self._unasked.pop(thread, None)
        return self._threads[thread].pop(post, None)

    def check_none_is_left(self, name: str) -> None:
        """Raise an error if a thread was never asked for."""
        while self._add_next():
            pass
        for thread in self._unasked:
            raise GraphError(f"{name}: thread {thread!r} of the graphs is not in it", "Name the file that was mined.")

    def _add_next(self) -> bool:
        graph = next(self._graphs, None)
        if graph is None:
            return False
        thread = graph.graph.get("thread_id")
        if not isinstance(thread, str):
            raise GraphError("a graph does not name its thread", "Give graphs that argmine has made.")
        if thread in self._threads:
            raise GraphError(f"two graphs are of the thread {thread!r}", "Give one for each.")
        self._threads[thread] = _annotations(graph)
        self._unasked[thread] = None
        return True


def _annotations(graph: "nx.DiGraph[str]") -> dict[str, dict[str, Any]]:
    """Return what a graph says of each post, by its id."""
    found: dict[str, dict[str, Any]] = {}
    claims: dict[str, list[dict[str, Any]]] = {}
    for node, facts in graph.nodes(data=True):
        if facts.get("kind") == "post":
            replies = [edge for _, _, edge in graph.out_edges(node, data=True) if edge.get("kind") == "reply"]
            found[node] = {name: edge[name] for edge in replies for name in ("stance", "confidence") if name in edge}
        elif facts.get("kind") == "claim":
            names = ("start", "end", "text", "role", "stance", "confidence")
            claim = {"id": node, **{name: facts[name] for name in names if name in facts}}
            claims.setdefault(facts["post"], []).append({**claim, **_links(graph, node)})
    for post, noted in found.items():
        noted["claims"] = sorted(claims.get(post, []), key=lambda claim: int(claim["start"]))
    return found


def _links(graph: "nx.DiGraph[str]", claim: str) -> dict[str, Any]:
    links: dict[str, Any] = {}
    for _, other, edge in graph.out_edges(claim, data=True):
        if edge["kind"] == "answers":
            links["answers"] = {"claim": other, "stance": edge["stance"], "confidence": edge["confidence"]}
        elif edge["kind"] == "supports":
            links["supports"] = other
    return links
