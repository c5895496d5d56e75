"""What the page for reading holds of an argument graph: plain lists and numbers, ready for JSON.

Posts stand in reading order, replies right behind what they answer, and are named by their place in that order;
so are claims.  Of a thread too large for a page (see ``MOST_CLAIMS``) the posts that are answered most are kept, with
those that they answer; counts are always those of the whole thread.  Nothing is expected of attributes beyond the
schema, and a wrong offset or type costs that mark, not the page.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import networkx as nx

from argmine.writers.outline import answered_post, claims_of, reading_order

#: With more claims than this, a page would be slow; it then holds a selection of about ``SELECTED_CLAIMS``.
MOST_CLAIMS = 5000
SELECTED_CLAIMS = 600
_AUTHORS = 200  # in the table of stances
_UNKNOWN = "(unknown)"


def page_data(graph: "nx.DiGraph[str]") -> dict[str, Any]:
    """Return what the page shows.

    Parameters
    ----------
    graph : networkx.DiGraph
        Of schema version 1.  It is not changed.

    Returns
    -------
    dict
        ``title``, ``url``, ``pipeline``, ``counts``, ``authors``, ``left_out``, ``posts``, ``claims`` and ``links``;
        offsets count UTF-16 code units, as JavaScript does.
    """
    order = [post for post, _ in reading_order(graph)]
    claims = {post: claims_of(graph, post) for post in order}
    kept = order
    if sum(map(len, claims.values())) > MOST_CLAIMS:
        kept = _selected(graph, order, claims)
    post_places = {post: place for place, post in enumerate(kept)}
    claim_places = {claim: place for place, claim in enumerate(claim for post in kept for claim in claims[post])}
    return {
        **{name: _text(graph.graph, name) for name in ("title", "url", "pipeline")},
        "counts": _counts(graph, order, claims),
        "authors": _authors(graph, claims),
        "left_out": {"posts": len(order) - len(kept), "claims": sum(map(len, claims.values())) - len(claim_places)},
        "posts": [_post(graph, post, post_places) for post in kept],
        "claims": [_claim(graph, claim, post_places[post]) for post in kept for claim in claims[post]],
        "links": list(_links(graph, claim_places)),
    }


def _selected(graph: "nx.DiGraph[str]", order: list[str], claims: dict[str, list[str]]) -> list[str]:
    """Choose the posts whose claims are answered most, each with those that it answers, in reading order."""
    answered = {
        post: sum(
            data.get("kind") == "answers" for claim in claims[post] for *_, data in graph.in_edges(claim, data=True)
        )
        for post in order
    }
    kept: set[str] = set()
    room = SELECTED_CLAIMS
    for post in sorted(order, key=lambda post: -answered[post]):
        path: list[str] = []
        above: str | None = post
        while above is not None and above not in kept and above not in path[-1:]:
            path.append(above)
            above = answered_post(graph, above) if len(path) < SELECTED_CLAIMS else None
        size = sum(max(1, len(claims[each])) for each in path)
        if size <= room or not kept:
            kept.update(path)
            room -= size
        if room <= 0:
            break
    return [post for post in order if post in kept]


def _counts(graph: "nx.DiGraph[str]", order: list[str], claims: dict[str, list[str]]) -> dict[str, Any]:
    stances = Counter(_text(graph.nodes[claim], "stance") for post in order for claim in claims[post])
    return {"posts": len(order), "claims": stances.total(), "stances": dict(sorted(stances.items()))}


def _authors(graph: "nx.DiGraph[str]", claims: dict[str, list[str]]) -> list[list[Any]]:
    found: dict[str, Counter[str]] = {}
    for post, of_post in claims.items():
        author = _text(graph.nodes[post], "author") or _UNKNOWN
        found.setdefault(author, Counter()).update(_text(graph.nodes[claim], "stance") for claim in of_post)
    ranked = sorted(found.items(), key=lambda entry: (-entry[1].total(), entry[0]))
    return [[author, dict(sorted(stances.items()))] for author, stances in ranked[:_AUTHORS]]


def _post(graph: "nx.DiGraph[str]", post: str, places: dict[str, int]) -> dict[str, Any]:
    data = graph.nodes[post]
    parent = answered_post(graph, post)
    reply = graph.edges[post, parent] if parent is not None else {}
    answers = places.get(parent, -1) if parent is not None else -1
    return {
        "id": post,
        "author": _text(data, "author"),
        "date": _text(data, "created_at"),
        "text": _text(data, "text"),
        "answers": answers if answers != places[post] else -1,
        **_judgement(reply),
    }


def _claim(graph: "nx.DiGraph[str]", claim: str, post: int) -> dict[str, Any]:
    data = graph.nodes[claim]
    written = _text(graph.nodes[_text(data, "post")], "text") if _text(data, "post") in graph else ""
    start, end = (min(max(_number(data, name), 0), len(written)) for name in ("start", "end"))
    if start < end and written[start:end] == _text(data, "text"):
        start, end = _utf16(written[:start]), _utf16(written[:end])
    else:  # not where it says: shown below the post
        start = end = -1
    return {
        "id": claim,
        "post": post,
        "order": _number(data, "order"),
        "start": start,
        "end": end,
        "text": _text(data, "text"),
        "role": _text(data, "role"),
        **_judgement(data),
    }


def _links(graph: "nx.DiGraph[str]", places: dict[str, int]) -> Iterator[dict[str, Any]]:
    for claim, place in places.items():
        for _, target, data in graph.out_edges(claim, data=True):
            if target in places and data.get("kind") in {"answers", "supports"}:
                yield {"from": place, "to": places[target], "kind": data["kind"], **_judgement(data)}


def _judgement(data: Any) -> dict[str, Any]:
    """Return stance, confidence, basis and cue, as far as they are there."""
    found: dict[str, Any] = {name: _text(data, name) for name in ("stance", "basis", "cue") if _text(data, name)}
    confidence = data.get("confidence")
    if isinstance(confidence, int | float) and 0 <= confidence <= 1:
        found["confidence"] = float(confidence)
    return found


def _text(data: Any, name: str) -> str:
    value = data.get(name, "")
    return value if isinstance(value, str) else ""


def _number(data: Any, name: str) -> int:
    value = data.get(name, 0)
    return value if isinstance(value, int) else 0


def _utf16(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(letter > "\uffff" for letter in text)
