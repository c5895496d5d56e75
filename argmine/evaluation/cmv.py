"""Gold threads from change-my-view-modes (Hidey et al. 2017; relations: Chakrabarty et al. 2019).

One file is one branch of a submission: title, opening post, and replies of two authors in turn.  Nothing is
left out silently: what could not be used is counted in :attr:`GoldThread.notes`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from argmine.errors import EvaluationError
from argmine.evaluation.cmv_markup import Part, read_parts
from argmine.thread import Post, Thread

#: What each ``rel`` of the corpus is in argmine's stances.
STANCE_OF_RELATION = {
    "support": "agreement",
    "agreement": "agreement",
    "partial_agreement": "agreement",
    "understand": "agreement",
    "rebuttal": "rebuttal",
    "rebuttal_attack": "rebuttal",
    "undercutter": "rebuttal",
    "undercutter_attack": "rebuttal",
    "disagreement": "rebuttal",
    "partial_disagreement": "rebuttal",
    "partial_attack": "rebuttal",
    "attack": "rebuttal",
}


@dataclass(frozen=True)
class GoldClaim:
    """An annotated claim or premise: ``post.text[start:end]`` is its text, without outer white space.

    Parameters
    ----------
    id : str
        As in the file; ``"title"`` for the claim of the title.
    post : str
        Id of its post.
    start, end : int
        Character offsets into the text of the post.
    role : str
        ``claim`` or ``premise``.
    """

    id: str
    post: str
    start: int
    end: int
    role: str


@dataclass(frozen=True)
class GoldThread:
    """A thread with its annotations.

    Parameters
    ----------
    thread : Thread
        The posts.  The title, which is annotated as a claim, is the first line of the opening post.
    group : str
        Id of the submission; several threads are branches of one submission.
    claims : tuple of GoldClaim
        In the order of their posts and beginnings; one may lie inside another.
    answers : dict
        From (id of a claim, id of a claim of an earlier post) to ``agreement`` or ``rebuttal``.
    supports : frozenset
        Pairs (id of a premise, id of a claim or premise of the same post).
    notes : dict
        How often something was met that is not as it should be, or that is not scored.
    """

    thread: Thread
    group: str
    claims: tuple[GoldClaim, ...]
    answers: Mapping[tuple[str, str], str]
    supports: frozenset[tuple[str, str]]
    notes: Mapping[str, int]


def read_cmv_thread(path: Path | str, *, name: str | None = None) -> GoldThread:
    """Read one file of the corpus, forgivingly.

    Every reply answers the post before it: a file is one branch, in which two authors take turns.

    Parameters
    ----------
    path : path
        A file of the corpus.
    name : str, optional
        Id of the thread; by default the folder and the name of the file, such as ``"negative/88"``.

    Returns
    -------
    GoldThread

    Raises
    ------
    EvaluationError
        If the file cannot be read as UTF-8, has not exactly one opening post, or two posts have the same id.
    """
    path = Path(path)
    notes: Counter[str] = Counter()
    try:
        content = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} cannot be read ({getattr(error, 'strerror', None) or error})") from error
    root, parts = read_parts(content, notes)
    n_opening = sum(part.tag == "OP" for part in parts)
    if n_opening != 1:
        raise EvaluationError(
            f"{path} has {n_opening} opening posts (<OP>) where one is expected",
            "Give a folder of the change-my-view-modes corpus.",
        )
    group = root.get("ID", path.stem)
    posts, claims, attributes = _assemble(parts, group, notes)
    try:
        thread = Thread(id=name or f"{path.parent.name}/{path.stem}", posts=tuple(posts))
    except ValueError as error:  # pydantic's
        raise EvaluationError(f"{path}: the posts are no sound thread ({error})") from error
    answers, supports = _links(thread, claims, attributes, notes)
    noted = {note: count for note, count in sorted(notes.items()) if count}
    return GoldThread(thread, group, tuple(claims), answers, frozenset(supports), noted)


def read_cmv_threads(directory: Path | str) -> Iterator[GoldThread]:
    """Yield the gold threads of all ``.xml`` files in a folder and below it, in the order of their paths.

    Raises
    ------
    EvaluationError
        If there is no such file, or one cannot be read.
    """
    directory = Path(directory)
    paths = sorted(directory.rglob("*.xml"), key=lambda path: path.relative_to(directory).parts)
    if not paths:
        raise EvaluationError(
            f"There is no .xml file in {directory}",
            "Give the folder of the corpus, with 'positive' and 'negative' in it.",
        )
    for path in paths:
        yield read_cmv_thread(path, name=path.relative_to(directory).with_suffix("").as_posix())


def _assemble(
    parts: list[Part], group: str, notes: Counter[str]
) -> tuple[list[Post], list[GoldClaim], dict[str, dict[str, str]]]:
    """Make posts and claims; also return the attributes of each claim by its id."""
    heading = next((part for part in parts if part.tag == "title"), Part("title", {}))
    posts: list[Post] = []
    claims: list[GoldClaim] = []
    attributes: dict[str, dict[str, str]] = {}
    opening_first = sorted(parts, key=lambda part: part.tag != "OP")
    for part in opening_first:
        if part.tag not in ("OP", "reply"):
            continue
        is_opening = part.tag == "OP"
        post_id = group if is_opening else part.attributes.get("id", f"{group}-{len(posts)}")
        titled = is_opening and heading.text
        posts.append(
            Post(
                id=post_id,
                author=part.attributes.get("author"),
                text=f"{heading.text}\n\n{part.text}" if titled else part.text,
                reply_to=posts[-1].id if posts else None,
            )
        )
        shift = len(heading.text) + 2 if titled else 0
        units = [(unit, 0, "title") for unit in heading.units] if is_opening else []
        for unit, moved, unnamed in units + [(unit, shift, "unnamed") for unit in part.units]:
            claim_id = _free_id(unit.attributes.get("id", unnamed), attributes, notes)
            attributes[claim_id] = unit.attributes
            claims.append(GoldClaim(claim_id, post_id, unit.start + moved, unit.end + moved, unit.role))
    return posts, claims, attributes


def _free_id(wanted: str, taken: Mapping[str, object], notes: Counter[str]) -> str:
    if wanted not in taken:
        return wanted
    notes["second annotation with the same id (links mean the first)"] += 1
    number = 2
    while f"{wanted}~{number}" in taken:
        number += 1
    return f"{wanted}~{number}"


def _links(
    thread: Thread, claims: list[GoldClaim], attributes: dict[str, dict[str, str]], notes: Counter[str]
) -> tuple[dict[tuple[str, str], str], set[tuple[str, str]]]:
    by_id = {claim.id: claim for claim in claims}
    answers: dict[tuple[str, str], str] = {}
    supports: set[tuple[str, str]] = set()
    for claim in claims:
        relation = attributes[claim.id].get("rel")
        targets = _targets(attributes[claim.id].get("ref", ""), by_id)
        if relation is None and not targets:
            continue
        if relation is None or not targets:
            notes["relation without a kind or without a target"] += 1
            continue
        if relation not in STANCE_OF_RELATION:
            notes["relation of an unknown kind"] += 1
            continue
        for target in targets:
            if target not in by_id:
                notes["relation to an id that does not exist"] += 1
                continue
            apart = thread.depth(claim.post) - thread.depth(by_id[target].post)
            if apart < 0 or claim.id == target:
                notes["relation to a later post or to itself"] += 1
            elif apart > 0:
                answers[claim.id, target] = STANCE_OF_RELATION[relation]
            elif claim.role == "premise" and relation == "support":
                supports.add((claim.id, target))
            else:
                notes["relation within a post other than a premise's support"] += 1
    return answers, supports


def _targets(ref: str, known: Mapping[str, object]) -> list[str]:
    """Split a ``ref`` that names several ids, as in ``"15_16"``."""
    return [ref] if ref in known else [target for target in re.split(r"[_,;\s]+", ref) if target]
