"""Scores of off-topic: how far ``p_off_topic`` puts replies that do not belong above those that do.

No corpus of forum replies has human labels of off-topic, so what is near is used: replies moved to another thread
(synthetic), comments judged not to answer a question, and spam.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from argmine.errors import EvaluationError
from argmine.evaluation.moving import Move, move_replies, thread_of
from argmine.evaluation.pairs import Pair, read_pairs, read_rows
from argmine.evaluation.ranking import area_under_curve
from argmine.evaluation.resampling import RESAMPLES, Estimate, share
from argmine.evaluation.stances import Judgement, groups_of

OFF_TOPIC = "off-topic"
_ON_TOPIC = "neutral"  # stands for every label but off-topic: which one does not matter here
_MOVED: dict[Move, str] = {
    "far": "replies moved to another topic",
    "near": "replies moved to another thread of their topic",
    "any": "replies moved to another thread",
}


@dataclass(frozen=True)
class OffTopicSet:
    """Replies that are off-topic, and replies that are not.

    Parameters
    ----------
    kind : str
        ``far``, ``near`` or ``any`` for moved replies (see :func:`move_replies`), else ``labelled``.
    name : str
        The corpus, and what is set against what.
    synthetic : bool
        Whether the off-topic ones were made by moving replies, and not labelled by a person.
    pairs : tuple of Pair
        Labelled ``off-topic``, or anything else for replies that are on topic.
    left_out : int
        Rows of the file that are in neither class, or have no text.
    """

    kind: str
    name: str
    synthetic: bool
    pairs: tuple[Pair, ...]
    left_out: int


@dataclass(frozen=True)
class OffTopicScores:
    """Scores of off-topic.

    Parameters
    ----------
    off_topic, on_topic : int
        Numbers of items.
    groups : int
        Number of groups (threads, questions, articles) that the bootstrap resamples.
    auc : Estimate
        Area under the ROC curve of ``p_off_topic``: the chance that an off-topic item has the higher one.
    found : Estimate
        Share of the off-topic items whose stance is off-topic.
    false_off_topic : Estimate
        Share of the others whose stance is off-topic.
    """

    off_topic: int
    on_topic: int
    groups: int
    auc: Estimate
    found: Estimate
    false_off_topic: Estimate


class _Shape(NamedTuple):
    """Names of the fields of a file of comments; ``title`` and the names of people may be absent."""

    post: str
    comment: str
    title: str
    post_author: str
    comment_author: str
    id: str
    group: str
    off_topic: str
    on_topic: str


_SHAPES = (
    _Shape(
        post="question",
        comment="comment",
        title="question_subject",
        post_author="question_user",
        comment_author="comment_user",
        id="comment_id",
        group="question_id",
        off_topic="Bad",
        on_topic="Good",
    ),
    _Shape(
        post="article",
        comment="text",
        title="title",
        post_author="article_author",
        comment_author="author",
        id="id",
        group="article",
        off_topic="spam",
        on_topic="ham",
    ),
)


def score_off_topic(judgements: Sequence[Judgement], *, resamples: int = RESAMPLES, seed: int = 0) -> OffTopicScores:
    """Score how off-topic replies are told from the others.

    Parameters
    ----------
    judgements : sequence of Judgement
        Of one set; whether ``gold`` is off-topic is all that counts of it.
    resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    OffTopicScores

    Raises
    ------
    EvaluationError
        If there is nothing to score.
    """
    if not judgements:
        raise EvaluationError("There is no reply to score")
    groups = groups_of(judgements)
    gold = np.array([each.gold == OFF_TOPIC for each in judgements])
    called = np.array([each.stance == OFF_TOPIC for each in judgements])
    chances = np.array([each.p_off_topic for each in judgements])

    def called_of(wanted: bool) -> Estimate:
        chosen = np.flatnonzero(gold == wanted)
        return share(called[chosen], [groups[i] for i in chosen], resamples=resamples, seed=seed)

    return OffTopicScores(
        off_topic=int(gold.sum()),
        on_topic=int((~gold).sum()),
        groups=len(set(groups)),
        auc=area_under_curve(chances, gold, groups, resamples=resamples, seed=seed),
        found=called_of(True),
        false_off_topic=called_of(False),
    )


def read_off_topic_sets(
    path: Path | str,
    *,
    where: Mapping[str, str] | None = None,
    off_topic: str | None = None,
    on_topic: str | None = None,
) -> list[OffTopicSet]:
    """Read from JSON lines what the file can show of off-topic; its fields say what it is.

    Parameters
    ----------
    path : path
        Pairs (``parent``, ``reply``, ``label``), whose replies are moved to other threads; or comments with the
        ``question`` that they answer (``comment``, ``label``), or with the ``article`` (its title) that they are
        about (``text``, ``label``).
    where : mapping, optional
        Only rows whose fields have these values.
    off_topic, on_topic : str, optional
        The two labels of a file of comments; by default ``"Bad"`` and ``"Good"`` for answers to questions, ``"spam"``
        and ``"ham"`` for comments on articles.

    Returns
    -------
    list of OffTopicSet
        For pairs one per move: far and near if they have topics, else any; also one of the pairs that are labelled
        off-topic, if there are such.  For comments one.

    Raises
    ------
    EvaluationError
        If the file cannot be read or is none of these.
    """
    path = Path(path)
    rows = read_rows(path, where=where)
    first = rows[0] if rows else {}
    for shape in _SHAPES:
        if shape.post in first and shape.comment in first:
            return [_comments(path, rows, shape, off_topic or shape.off_topic, on_topic or shape.on_topic)]
    if rows and not {"parent", "reply"} <= first.keys():
        raise EvaluationError(
            f"{path} holds neither pairs nor comments",
            "Its rows need parent and reply, or question and comment, or article and text, and a label.",
        )
    if off_topic is not None or on_topic is not None:
        raise EvaluationError(f"{path} holds pairs, whose labels are fixed", "Leave out the names of the two labels.")
    return _sets_of_pairs(path, where)


def _sets_of_pairs(path: Path, where: Mapping[str, str] | None) -> list[OffTopicSet]:
    pairs = read_pairs(path, where=where)
    sets = []
    for corpus in dict.fromkeys(pair.corpus for pair in pairs):
        of_corpus = [pair for pair in pairs if pair.corpus == corpus]
        labelled = [pair for pair in of_corpus if pair.label is not None and pair.reply.strip()]
        left_out = len(of_corpus) - len(labelled)
        # a reply and its moved copy are resampled together
        labelled = [replace(pair, thread=thread_of(pair) if pair.thread is None else pair.thread) for pair in labelled]
        real = [pair for pair in labelled if pair.label != OFF_TOPIC]
        moves: tuple[Move, ...] = ("far", "near") if any(pair.topic is not None for pair in real) else ("any",)
        for to in moves:
            moved = move_replies(real, to=to)
            sets.append(OffTopicSet(to, f"{corpus}: {_MOVED[to]}", True, (*real, *moved), left_out))
        if len(real) < len(labelled):
            sets.append(
                OffTopicSet("labelled", f"{corpus}: replies labelled off-topic", False, tuple(labelled), left_out)
            )
    return sets


def _comments(
    path: Path, rows: Sequence[Mapping[str, Any]], shape: _Shape, off_topic: str, on_topic: str
) -> OffTopicSet:
    corpus = path.name.split(".")[0]
    labels = {off_topic: OFF_TOPIC, on_topic: _ON_TOPIC}
    pairs = []
    for number, row in enumerate(rows, start=1):
        texts = [row.get(shape.post), row.get(shape.comment), row.get("label")]
        if not all(isinstance(text, str) for text in texts):
            needed = f"{shape.post!r}, {shape.comment!r} and 'label'"
            raise EvaluationError(f"{path}, row {number}: one of {needed} is not a string")
        if texts[2] not in labels or not str(texts[1]).strip():
            continue
        title, post_author, comment_author = (
            None if row.get(key) is None else str(row[key])
            for key in (shape.title, shape.post_author, shape.comment_author)
        )
        pairs.append(
            Pair(
                id=str(row.get(shape.id, number)),
                corpus=corpus,
                parent=str(texts[0]),
                reply=str(texts[1]),
                context=title,
                label=labels[str(texts[2])],
                thread=str(row.get(shape.group, texts[0])),
                parent_author=post_author,
                reply_author=comment_author,
            )
        )
    return OffTopicSet(
        "labelled", f"{corpus}: {off_topic} against {on_topic}", False, tuple(pairs), len(rows) - len(pairs)
    )
