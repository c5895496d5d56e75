"""From a processed Doc to one ordinary ``networkx.DiGraph``, and the schema of that graph (version 1).

Nodes are posts and claims, edges point from the later to the earlier or stay inside a post, so the graph without its
``contains`` edges is acyclic.  An attribute that has no value is absent, never ``None``.
"""

from math import floor
from typing import Any

import networkx as nx
from spacy.tokens import Doc

from argmine import __version__
from argmine.doc import (
    CLAIMS,
    STANCES,
    PostView,
    Reply,
    claim_stances,
    posts,
    relations,
    replies,
    spans_by_post,
    thread_facts,
)

SCHEMA_VERSION = "1"

#: Attributes of the graph itself: name to type.
GRAPH_ATTRIBUTES: dict[str, type] = {
    "schema": str,
    "thread_id": str,
    "title": str,
    "url": str,
    "argmine_version": str,
    "pipeline": str,
    "min_confidence": float,
}

#: Attributes of nodes, by their ``kind``.
NODE_ATTRIBUTES: dict[str, dict[str, type]] = {
    "post": {"kind": str, "author": str, "created_at": str, "depth": int, "order": int, "text": str},
    "claim": {
        "kind": str,
        "post": str,
        "author": str,
        "order": int,
        "start": int,
        "end": int,
        "text": str,
        "role": str,
        "stance": str,
        "confidence": float,
    },
}

#: Attributes of edges, by their ``kind``.
EDGE_ATTRIBUTES: dict[str, dict[str, type]] = {
    "reply": {
        "kind": str,
        "stance": str,
        "confidence": float,
        "p_agreement": float,
        "p_rebuttal": float,
        "p_neutral": float,
        "p_off_topic": float,
        "basis": str,
        "cue": str,
    },
    "contains": {"kind": str},
    "answers": {"kind": str, "stance": str, "confidence": float, "basis": str, "cue": str},
    "supports": {"kind": str, "confidence": float, "basis": str, "cue": str},
}

_DIGITS = 4  # of a probability: more would be noise in a file


def build_graph(doc: Doc) -> "nx.DiGraph[str]":
    """Assemble the argument graph of a thread.

    Parameters
    ----------
    doc : Doc
        Made by :func:`argmine.make_doc` and processed by a pipeline that splits claims.

    Returns
    -------
    networkx.DiGraph
        Of schema version 1.  A ``post`` node has its own id; a ``claim`` node ``"{post id}#{n}"``, n from 1, which is
        also its ``order``.  ``start`` and ``end`` are character offsets: ``post["text"][start:end] == claim["text"]``.

    Raises
    ------
    PipelineError
        If the Doc is not of a thread, or no stage has split claims.
    """
    facts = thread_facts(doc)
    views = posts(doc)
    graph: nx.DiGraph[str] = nx.DiGraph(
        **_present(
            schema=SCHEMA_VERSION,
            thread_id=facts["id"],
            title=facts["title"],
            url=facts["url"],
            argmine_version=__version__,
            pipeline=facts["pipeline"],
            min_confidence=float(doc._.min_confidence) or None,
        )
    )
    judged = {reply.post: reply for reply in replies(doc)}
    for view, fact in zip(views, facts["posts"], strict=True):
        graph.add_node(
            view.id,
            **post_attributes(
                author=view.author,
                created_at=fact["created_at"],
                depth=view.depth,
                order=view.index,
                text=view.text,
            ),
        )
        if view.parent is not None:
            graph.add_edge(view.id, views[view.parent].id, kind="reply", **_reply_attributes(judged.get(view.index)))
    claim_ids = _add_claims(graph, doc, views)
    for relation in relations(doc):
        graph.add_edge(
            claim_ids[relation.source],
            claim_ids[relation.target],
            **_present(
                kind=relation.kind,
                stance=relation.stance or None,
                confidence=round(relation.confidence, _DIGITS),
                basis=relation.basis,
                cue=relation.cue or None,
            ),
        )
    return graph


def post_attributes(*, author: str | None, created_at: str | None, depth: int, order: int, text: str) -> dict[str, Any]:
    """Return the attributes of the node of a post."""
    return _present(kind="post", author=author, created_at=created_at, depth=depth, order=order, text=text)


def _add_claims(graph: "nx.DiGraph[str]", doc: Doc, views: list[PostView]) -> dict[int, str]:
    """Add the claims of each post in their order; return their ids by place in ``doc.spans["claims"]``."""
    stance_of = {stance.claim: stance for stance in claim_stances(doc)}
    ids: dict[int, str] = {}
    for view, claims in zip(views, spans_by_post(doc, CLAIMS), strict=True):
        for number, (index, span) in enumerate(sorted(claims, key=lambda claim: claim[1].start), start=1):
            ids[index] = f"{view.id}#{number}"
            start, end = span.start_char - view.offset, span.end_char - view.offset
            stance = stance_of.get(index)
            graph.add_node(
                ids[index],
                **_present(
                    kind="claim",
                    post=view.id,
                    author=view.author,
                    order=number,
                    start=start,
                    end=end,
                    text=view.text[start:end],
                    role=span.label_ or "claim",
                    stance=None if stance is None else stance.stance,
                    confidence=None if stance is None else round(stance.confidence, _DIGITS),
                ),
            )
            graph.add_edge(view.id, ids[index], kind="contains")
    return ids


def _reply_attributes(reply: Reply | None) -> dict[str, Any]:
    if reply is None:
        return {}
    # rounded down but for the best, which takes the rest: it stays the best, and they still sum to 1
    best = reply.probabilities.index(max(reply.probabilities))
    chances = [floor(chance * 10**_DIGITS) / 10**_DIGITS for chance in reply.probabilities]
    chances[best] = round(1 - sum(chances[:best] + chances[best + 1 :]), _DIGITS)
    found: dict[str, Any] = {f"p_{stance.replace('-', '_')}": p for stance, p in zip(STANCES, chances, strict=True)}
    if not reply.stance:
        return found
    return {
        "stance": reply.stance,
        "confidence": chances[STANCES.index(reply.stance)],
        **found,
        **_present(basis=reply.basis or None, cue=reply.cue or None),
    }


def _present(**attributes: Any) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}
