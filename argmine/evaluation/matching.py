"""What an argument graph got right and wrong in one gold thread.

Predicted claims are matched one to one with gold claims of the same post by the overlap of their characters
(intersection over union).  A link is right if both its ends match those of a gold link at an overlap of .5 or
more.  So a gold link whose pair was never proposed, or one end of which was not found, is a miss, and a
predicted link with an end that matches no gold claim is wrong.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from argmine.errors import EvaluationError
from argmine.evaluation.cmv import GoldClaim, GoldThread

if TYPE_CHECKING:
    import networkx as nx

ROLES = ("claim", "premise")
#: The stances that gold links have.
SIDES = ("agreement", "rebuttal")
LOOSE, TIGHT = 0.5, 0.9

_Link = tuple[str, str]


@dataclass(frozen=True)
class ThreadOutcome:
    """What a graph got right and wrong in one thread.

    Parameters
    ----------
    thread, group : str
        Ids of the thread, and of the submission that it is a branch of.
    counts : dict
        Lists ``[right, wrong, missed]`` by what is scored: ``spans``, ``spans_tight``, ``links``,
        ``links_labelled``, ``agreement``, ``rebuttal``, ``supports``.
    roles : list of list of int
        Matched claims by gold role (rows) and predicted role, both in the order of ``ROLES``.
    facts : dict
        Numbers that are added up over threads.
    details : dict
        Which claims matched, and which links were found, missed and wrong; for looking at errors.
    """

    thread: str
    group: str
    counts: dict[str, list[int]]
    roles: list[list[int]]
    facts: dict[str, int]
    details: dict[str, Any]


def compare_graph(gold: GoldThread, graph: "nx.DiGraph[str]") -> ThreadOutcome:
    """Compare the graph of a thread with the annotations of that thread.

    Parameters
    ----------
    gold : GoldThread
        The annotations.
    graph : networkx.DiGraph
        Of schema version 1, mined from ``gold.thread``.

    Returns
    -------
    ThreadOutcome

    Raises
    ------
    EvaluationError
        If the graph is of another thread, or a claim has an unknown role.
    """
    predicted = _predicted_claims(gold, graph)
    matched = match_spans(gold.claims, predicted, LOOSE)
    tight = match_spans(gold.claims, predicted, TIGHT)
    gold_of = {mine: theirs for theirs, mine in matched.items()}
    answers, answers_astray = _links_in_gold_terms(graph, "answers", gold_of)
    supports, supports_astray = _links_in_gold_terms(graph, "supports", gold_of)
    n_answers = len(answers) + len(answers_astray)
    counts = {
        "spans": _counts(len(matched), len(predicted), len(gold.claims)),
        "spans_tight": _counts(len(tight), len(predicted), len(gold.claims)),
        "links": _counts(len(answers.keys() & gold.answers.keys()), n_answers, len(gold.answers)),
        "supports": _counts(
            len(supports.keys() & gold.supports), len(supports) + len(supports_astray), len(gold.supports)
        ),
    }
    return ThreadOutcome(
        thread=gold.thread.id,
        group=gold.group,
        counts=counts | _labelled_counts(gold.answers, answers, answers_astray),
        roles=_role_confusion(gold.claims, predicted, matched),
        facts={
            "posts": len(gold.thread.posts),
            "gold claims and premises": len(gold.claims),
            "predicted claims and premises": len(predicted),
            "gold links across posts": len(gold.answers),
            "gold links across posts, both ends found": sum(s in matched and t in matched for s, t in gold.answers),
            "predicted links across posts": n_answers,
            "predicted links across posts, an end matches nothing": len(answers_astray),
        },
        details={
            "matched": matched,
            "missed": [claim.id for claim in gold.claims if claim.id not in matched],
            "wrong": [claim.id for claim in predicted if claim.id not in gold_of],
            "answers": [[*pair, stance, gold.answers.get(pair)] for pair, stance in answers.items()],
            "answers_missed": [[*pair, stance] for pair, stance in gold.answers.items() if pair not in answers],
            "answers_astray": [[*pair, stance] for pair, stance in answers_astray.items()],
            "supports": [[*pair, pair in gold.supports] for pair in supports],
        },
    )


def match_spans(gold: Sequence[GoldClaim], predicted: Sequence[GoldClaim], threshold: float) -> dict[str, str]:
    """Match claims of the same post one to one, those of the highest overlap first.

    Parameters
    ----------
    gold, predicted : sequence of GoldClaim
        Spans of posts.
    threshold : float
        Least overlap: characters in both spans over characters in either.

    Returns
    -------
    dict
        From the id of a gold claim to that of the predicted claim.
    """
    by_post: dict[str, list[GoldClaim]] = {}
    for claim in predicted:
        by_post.setdefault(claim.post, []).append(claim)
    candidates = []
    for i, one in enumerate(gold):
        for j, other in enumerate(by_post.get(one.post, [])):
            shared = min(one.end, other.end) - max(one.start, other.start)
            if shared <= 0:
                continue
            overlap = shared / (one.end - one.start + other.end - other.start - shared)
            if overlap >= threshold:
                candidates.append((-overlap, i, j, one.id, other.id))
    matched: dict[str, str] = {}
    taken: set[str] = set()
    for *_, theirs, mine in sorted(candidates):
        if theirs not in matched and mine not in taken:
            matched[theirs] = mine
            taken.add(mine)
    return matched


def _predicted_claims(gold: GoldThread, graph: "nx.DiGraph[str]") -> list[GoldClaim]:
    texts = {post.id: post.text for post in gold.thread.posts}
    nodes: list[tuple[str, dict[str, Any]]] = list(graph.nodes.items())
    if {node: data.get("text", "") for node, data in nodes if data["kind"] == "post"} != texts:
        raise EvaluationError(f"The graph is not of the thread {gold.thread.id!r}: its posts are others")
    claims = []
    for node, data in nodes:
        if data["kind"] != "claim":
            continue
        if data["role"] not in ROLES:
            raise EvaluationError(f"The claim {node!r} has the role {data['role']!r}", f"Roles: {', '.join(ROLES)}.")
        text = texts[data["post"]][data["start"] : data["end"]]
        start = data["start"] + len(text) - len(text.lstrip())
        claims.append(GoldClaim(node, data["post"], start, start + len(text.strip()), data["role"]))
    return claims


def _links_in_gold_terms(
    graph: "nx.DiGraph[str]", kind: str, gold_of: Mapping[str, str]
) -> tuple[dict[_Link, str], dict[_Link, str]]:
    """Return stances of links by their ends in gold, and of those with an end that matches nothing."""
    mapped: dict[_Link, str] = {}
    astray: dict[_Link, str] = {}
    for source, target, edge in graph.edges(data=True):
        if edge["kind"] != kind:
            continue
        stance = edge.get("stance", "")
        if source in gold_of and target in gold_of:
            mapped[gold_of[source], gold_of[target]] = stance
        else:
            astray[source, target] = stance
    return mapped, astray


def _labelled_counts(
    gold: Mapping[_Link, str], found: Mapping[_Link, str], astray: Mapping[_Link, str]
) -> dict[str, list[int]]:
    """Count the links that are right in their stance too: all of them, and by stance."""
    right = Counter(stance for pair, stance in found.items() if gold.get(pair) == stance)
    predicted = Counter([*found.values(), *astray.values()])
    wanted = Counter(gold.values())
    counts = {side: _counts(right[side], predicted[side], wanted[side]) for side in SIDES}
    return {"links_labelled": _counts(right.total(), predicted.total(), wanted.total()), **counts}


def _role_confusion(
    gold: Iterable[GoldClaim], predicted: Iterable[GoldClaim], matched: Mapping[str, str]
) -> list[list[int]]:
    role_of = {claim.id: claim.role for claim in predicted}
    pairs = Counter((claim.role, role_of[matched[claim.id]]) for claim in gold if claim.id in matched)
    return [[pairs[theirs, mine] for mine in ROLES] for theirs in ROLES]


def _counts(n_right: int, n_predicted: int, n_gold: int) -> list[int]:
    return [n_right, n_predicted - n_right, n_gold - n_right]
