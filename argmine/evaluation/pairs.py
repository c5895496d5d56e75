"""Scores of the stance of a reply towards the post that it answers, against gold pairs.

Each pair becomes a thread of two posts; the stance and the four probabilities of its reply edge are scored.
"""

import json
import lzma
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import argmine
from argmine.errors import EvaluationError
from argmine.evaluation.scores import STANCES
from argmine.evaluation.stances import Judgement
from argmine.thread import Post, Thread

if TYPE_CHECKING:
    from spacy.language import Language

_XZ_MAGIC = b"\xfd7zXZ\x00"
_TEXTS = ("parent", "reply")
_TOPICS = ("topic", "subreddit")
_MAY_BE_ABSENT = ("context", "label", "thread", "parent_author", "reply_author")


@dataclass(frozen=True)
class Pair:
    """A post and its reply, with the gold label of the reply.

    Parameters
    ----------
    id, corpus : str
        Together they name the pair.
    parent, reply : str
        The two texts.
    context : str, optional
        Title or topic of the thread.
    label : str, optional
        ``agreement``, ``rebuttal``, ``neutral`` or ``off-topic``; ``None`` for a pair that was not labelled.
    thread : str, optional
        Pairs of the same thread are not independent of each other.
    parent_author, reply_author : str, optional
        Names.
    weight : float, optional
        Share of the annotators who agree with the label, 0 to 1.
    topic : str, optional
        What the thread is about, in a word or two; several threads have the same.
    """

    id: str
    corpus: str
    parent: str
    reply: str
    context: str | None = None
    label: str | None = None
    thread: str | None = None
    parent_author: str | None = None
    reply_author: str | None = None
    weight: float | None = None
    topic: str | None = None

    def as_thread(self) -> Thread:
        """Return the thread of two posts, ``"parent"`` and ``"reply"``, titled with the context."""
        return Thread(
            id=self.id,
            title=self.context,
            posts=(
                Post(id="parent", author=self.parent_author, text=self.parent),
                Post(id="reply", author=self.reply_author, text=self.reply, reply_to="parent"),
            ),
        )


def read_pairs(path: Path | str, *, where: Mapping[str, str] | None = None) -> list[Pair]:
    """Read gold pairs from JSON lines.

    Parameters
    ----------
    path : path
        A file with one JSON object a line, also compressed with xz.  Each has ``parent``, ``reply`` and
        ``label`` (which may be null), and may have ``id``, ``corpus``, ``context``, ``thread``, ``topic`` (or
        ``subreddit``), ``parent_author``, ``reply_author`` and ``weight``; other fields serve to select.
    where : mapping, optional
        Only pairs whose fields have these values: ``{"fold": "b"}``.  What is no string in the file is
        compared as it is written in JSON (``"true"``, ``"null"``, ``"3"``).

    Returns
    -------
    list of Pair
        In the order of the file.

    Raises
    ------
    EvaluationError
        If the file cannot be read, a line is not such an object, or no pair is left.
    """
    path = Path(path)
    pairs: list[Pair] = []
    known: set[str] = set()
    seen: set[tuple[str, str]] = set()
    for number, row in _rows(path):
        known.update(row)
        if any(not _has_value(row, key, value) for key, value in (where or {}).items()):
            continue
        pair = _pair(row, number, path)
        if (pair.corpus, pair.id) in seen:
            raise EvaluationError(f"{path}, line {number}: a second pair with the id {pair.id!r}")
        seen.add((pair.corpus, pair.id))
        pairs.append(pair)
    if not pairs:
        wanted = " ".join(f"{key}={value}" for key, value in (where or {}).items())
        raise EvaluationError(
            f"{path} holds no pair" + (f" with {wanted}" if wanted else ""),
            f"The fields are: {', '.join(sorted(known))}." if known else "",
        )
    return pairs


def read_rows(path: Path | str, *, where: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """Read JSON lines, also compressed with xz, as they are; ``where`` selects as in :func:`read_pairs`."""
    rows = (row for _, row in _rows(Path(path)))
    return [row for row in rows if all(_has_value(row, key, value) for key, value in (where or {}).items())]


def judge_pairs(
    pairs: Iterable[Pair], *, nlp: "Language | None" = None, n_process: int = 1, batch_size: int = 256
) -> list[Judgement]:
    """Mine each labelled pair and return what the pipeline says of its reply, beside the gold label.

    Parameters
    ----------
    pairs : iterable of Pair
        Pairs without a label are left out.
    nlp : Language, optional
        The pipeline; by default argmine's own.
    n_process, batch_size : int
        As for :func:`argmine.mine_all`.

    Returns
    -------
    list of Judgement
        In the order of the pairs.

    Raises
    ------
    EvaluationError
        If the pipeline gives a reply no stance.
    """
    labelled = [pair for pair in pairs if pair.label is not None]
    graphs = argmine.mine_all((pair.as_thread() for pair in labelled), nlp, n_process=n_process, batch_size=batch_size)
    judgements = []
    for pair, graph in zip(labelled, graphs, strict=True):
        edge = graph.edges["reply", "parent"]
        if "stance" not in edge:
            raise EvaluationError(
                "The pipeline gives replies no stance", "Add a stage such as 'argmine_stances' to it."
            )
        judgements.append(
            Judgement(
                gold=str(pair.label),
                p_agreement=edge["p_agreement"],
                p_rebuttal=edge["p_rebuttal"],
                p_neutral=edge["p_neutral"],
                p_off_topic=edge["p_off_topic"],
                stance=edge["stance"],
                confidence=edge["confidence"],
                id=pair.id,
                corpus=pair.corpus,
                group=pair.thread,
            )
        )
    return judgements


class Judge:
    """Judges pairs by one pipeline, and the same pair only once.

    Parameters
    ----------
    nlp : Language, optional
        The pipeline; by default argmine's own.
    """

    def __init__(self, nlp: "Language | None" = None) -> None:
        self.nlp = nlp
        self._known: dict[Pair, Judgement] = {}

    def __call__(self, pairs: Iterable[Pair]) -> list[Judgement]:
        """Return the judgements of the labelled pairs, as :func:`judge_pairs` does."""
        labelled = [pair for pair in pairs if pair.label is not None]
        new = [pair for pair in dict.fromkeys(labelled) if pair not in self._known]
        self._known.update(zip(new, judge_pairs(new, nlp=self.nlp), strict=True))
        return [self._known[pair] for pair in labelled]


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    number = 0
    try:
        with path.open("rb") as file:
            packed = file.read(len(_XZ_MAGIC)) == _XZ_MAGIC
        with lzma.open(path, "rb") if packed else path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    row = json.loads(line)
                    if not isinstance(row, dict):
                        raise EvaluationError(f"{path}, line {number}: not a JSON object")
                    yield number, row
    except (OSError, EOFError, lzma.LZMAError) as error:
        raise EvaluationError(f"{path} cannot be read ({getattr(error, 'strerror', None) or error})") from error
    except ValueError as error:
        raise EvaluationError(f"{path}, line {number}: not JSON in UTF-8 ({error})") from error


def _has_value(row: Mapping[str, Any], key: str, value: str) -> bool:
    return key in row and value == (row[key] if isinstance(row[key], str) else json.dumps(row[key]))


def _pair(row: Mapping[str, Any], number: int, path: Path) -> Pair:
    place = f"{path}, line {number}"
    for key in _TEXTS:
        if not isinstance(row.get(key), str):
            raise EvaluationError(f"{place}: {key!r} is not a string", "A pair needs 'parent', 'reply' and 'label'.")
    for key in _MAY_BE_ABSENT:
        if not isinstance(row.get(key), str | None):
            raise EvaluationError(f"{place}: {key!r} is neither a string nor null")
    if "label" not in row or row["label"] not in (None, *STANCES):
        raise EvaluationError(
            f"{place}: the label is {row.get('label')!r}", f"Labels are {', '.join(STANCES)} and null."
        )
    weight = row.get("weight")
    if weight is not None and not (type(weight) in (int, float) and 0 <= weight <= 1):
        raise EvaluationError(f"{place}: 'weight' is {weight!r}, and must be a number between 0 and 1, or null")
    return Pair(
        id=str(row.get("id", number)),
        corpus=str(row.get("corpus", path.name.split(".")[0])),
        parent=row["parent"],
        reply=row["reply"],
        weight=weight,
        topic=next((str(row[key]) for key in _TOPICS if row.get(key) is not None), None),
        **{key: row.get(key) for key in _MAY_BE_ABSENT},
    )
