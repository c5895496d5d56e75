"""AIF JSON, as AIFdb serves it: claims and their relations as an argument map with its dialogue.

Each claim is an I-node, said by an L-node with its author (through a YA-node "Asserting").  A premise leads to its
claim through an RA-node, a rebuttal to what it rebuts through a CA-node, an agreement through an RA-node.  For each
answer a TA-node leads from the answered locution to the answering one, and to the RA- or CA-node through a YA-node
"Agreeing" or "Disagreeing"; a neutral answer is a TA-node alone.  Nothing is written as a rephrase (MA): argmine does
not look for them.

AIF knows no posts.  It loses the texts of posts and where claims stand in them, posts without claims, ``reply`` edges,
off-topic stances, cues and confidences, and the title.

References
----------
C. Chesñevar and others, "Towards an argument interchange format", The Knowledge Engineering Review 21(4), 2006.
K. Budzynska and C. Reed, "Whence inference?", University of Dundee 2011, for L-, YA- and TA-nodes.
"""

import os
from datetime import UTC, datetime
from itertools import count, pairwise
from typing import Any, BinaryIO

import networkx as nx

from argmine.writers.characters import clean_text, escaped_id, unused_prefix
from argmine.writers.json_file import write_json
from argmine.writers.outline import is_claim
from argmine.writers.schema import attribute_types

__all__ = ["write_aif"]

#: By the stance of an answer: type and text of its node, and how the answer is meant.
_SCHEMES = {
    "agreement": ("RA", "Default Inference", "Agreeing"),
    "rebuttal": ("CA", "Default Conflict", "Disagreeing"),
}


def write_aif(graph: "nx.DiGraph[str]", target: str | os.PathLike[str] | BinaryIO) -> None:
    """Write the claims of an argument graph to a file of AIF JSON.

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
    write_json(_Map(graph).document, target)


class _Map:
    """An AIF document that grows node by node."""

    def __init__(self, graph: "nx.DiGraph[str]") -> None:
        self.graph = graph
        self.document: dict[str, list[dict[str, Any]]] = {"nodes": [], "edges": [], "locutions": []}
        claims = [node for node in graph if is_claim(graph, node)]
        self._ids = {claim: escaped_id(claim) for claim in claims}
        prefix = unused_prefix("n", self._ids.values())
        self._new_ids = (f"{prefix}{number}" for number in count(1))
        self._locutions: dict[str, str] = {}
        for claim in claims:
            self._add_claim(claim)
        for source, end, data in graph.edges(data=True):
            if source in self._ids and end in self._ids:
                self._add_relation(source, end, data)

    def _add_claim(self, claim: str) -> None:
        data = self.graph.nodes[claim]
        post = self.graph.nodes.get(data.get("post", ""), {})
        text = clean_text(str(data.get("text", "")))
        author, time = data.get("author", post.get("author")), _timestamp(post.get("created_at"))
        said = text if author is None else f"{clean_text(str(author))}: {text}"
        self._add_node("I", text, self._ids[claim])
        self._locutions[claim] = self._add_node("L", said, timestamp=time)
        if author is not None:
            locution = {"nodeID": self._locutions[claim], "personID": clean_text(str(author)), "timestamp": time}
            self.document["locutions"].append({**locution, "start": None, "end": None, "source": None})
        self._join(self._locutions[claim], self._add_node("YA", "Asserting"), self._ids[claim])

    def _add_relation(self, source: str, end: str, data: dict[str, Any]) -> None:
        if data.get("kind") == "supports":
            self._join(self._ids[source], self._add_node("RA", "Default Inference"), self._ids[end])
        if data.get("kind") != "answers":
            return
        turn = self._add_node("TA", "Default Transition")
        self._join(self._locutions[end], turn, self._locutions[source])
        if data.get("stance") in _SCHEMES:
            kind, text, meant = _SCHEMES[data["stance"]]
            scheme = self._add_node(kind, text)
            self._join(self._ids[source], scheme, self._ids[end])
            self._join(turn, self._add_node("YA", meant), scheme)

    def _add_node(self, kind: str, text: str, node: str = "", timestamp: str = "") -> str:
        node = node or next(self._new_ids)
        self.document["nodes"].append({"nodeID": node, "text": text, "type": kind, "timestamp": timestamp})
        return node

    def _join(self, *nodes: str) -> None:
        edges = self.document["edges"]
        for source, end in pairwise(nodes):
            edges.append({"edgeID": str(len(edges) + 1), "fromID": source, "toID": end, "formEdgeID": None})


def _timestamp(moment: object) -> str:
    """Return a moment as AIFdb writes it, in UTC; nothing where there is none."""
    try:
        return datetime.fromisoformat(str(moment)).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    except (ValueError, OverflowError, OSError):
        return ""
