"""A recipe: which data the reply reader is trained on, and how.

It is a TOML file, such as ``replies.toml`` beside this module; its files lie below one folder of corpora.  Tables:

``[settings]``
    :class:`argmine.training.settings.Settings` that are not the usual ones.
``[[replies]]``
    Labelled pairs in the schema of :func:`argmine.evaluation.read_pairs`: ``file``; ``where``, a selection;
    ``weight``; ``passes``, how many epochs read them; and ``moved``, the share of them that is also put under the post
    of another thread, where they are off-topic.  ``topic`` is the field of the rows that tells near threads from far
    ones, ``"topic"`` unless another is named.  ``labelled`` adds labels of :mod:`argmine.training.labelled`:
    ``"claims"``, those of claims where there are some; ``"replies"``, those of the replies too, instead of the file's,
    and replies without them are left out.
``[[written]]``
    The exchanges written for argmine (:mod:`argmine.training.written`): ``weight``, ``passes``.
``[[spliced]]``
    Labelled and written replies of different labels to the same post, joined: ``weight``.
``[[plain]]``
    Plain statements of a stance under posts of the labelled and written replies: ``most``, how many; ``weight``.
``[[spam]]``
    Comments (``text``) that are off-topic anywhere: ``file``, ``where``, ``weight``.
``[[openers]]``, ``[[quotations]]``, ``[[labelled]]``
    Forum threads, which :mod:`argmine.training.forum` turns into labels, or finds those of
    :mod:`argmine.training.labelled` for: ``files``, a pattern; ``most``, how many examples; ``weight``; ``passes``, how
    many epochs read them, one unless it is named; and what is not read: threads of the pairs in the files
    ``leave_out``, and ``topics``.
``[[dev]]``
    Pairs that no training text may occur in: ``file``, ``where``.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from argmine.errors import EvaluationError
from argmine.evaluation import read_pairs, read_rows
from argmine.training.augment import splice, state_plainly
from argmine.training.examples import Example, move, read_examples, read_spam, spread
from argmine.training.forum import labelled, openers, quotations
from argmine.training.settings import Settings
from argmine.training.splits import check_leaks, hold_out
from argmine.training.written import read_written

_HELD_OUT = 0.05
_SEED = 1  # of what is moved, hosts spam and is chosen of the forum: the data do not change with the seed of a run

_FORUM = {"files": str, "most": int, "weight": float, "passes": int, "leave_out": list, "topics": list}
_KEYS: dict[str, dict[str, type]] = {
    "replies": {
        "file": str,
        "where": dict,
        "weight": float,
        "passes": int,
        "moved": float,
        "topic": str,
        "labelled": str,
    },
    "written": {"weight": float, "passes": int},
    "spliced": {"weight": float},
    "plain": {"most": int, "weight": float},
    "spam": {"file": str, "where": dict, "weight": float},
    "openers": _FORUM,
    "quotations": _FORUM,
    "labelled": _FORUM,
    "dev": {"file": str, "where": dict},
}
_NEEDED = {"file", "files", "most"}
_CHOICES = {"labelled": ("claims", "replies")}


def read_plan(recipe: Path | str) -> dict[str, Any]:
    """Read a recipe.

    Parameters
    ----------
    recipe : path
        The TOML file.

    Returns
    -------
    dict
        As it is written.

    Raises
    ------
    EvaluationError
        If it cannot be read, or has a table or key that a recipe does not have, or lacks one that it needs.
    """
    try:
        plan = tomllib.loads(Path(recipe).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise EvaluationError(
            f"{recipe} cannot be read as a recipe ({error})", "Name a TOML file, or one of argmine's own recipes."
        ) from error
    unknown = sorted(set(plan) - {"settings", *_KEYS})
    if unknown or not (plan.get("replies") or plan.get("written")):
        raise EvaluationError(
            f"{recipe} is no recipe for the reply reader" + (f": unknown {', '.join(unknown)}" if unknown else ""),
            f"It needs [[replies]] or [[written]], and may have: settings, {', '.join(_KEYS)}.",
        )
    Settings.of(plan.get("settings", {}))
    for table, keys in _KEYS.items():
        entries = plan.get(table, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise EvaluationError(f"{recipe}: {table} is no list of tables", f"Write [[{table}]].")
        for number, entry in enumerate(entries, start=1):
            _check(entry, keys, f"{recipe}, [[{table}]] number {number}")
    return plan


def _check(entry: Mapping[str, Any], keys: Mapping[str, type], where: str) -> None:
    """Fail if an entry of a recipe has not the keys, and values of the types, that it should have."""
    wrong = [key for key in entry if key not in keys]
    missing = [key for key in keys if key in _NEEDED and key not in entry]
    if wrong or missing:
        raise EvaluationError(
            f"{where}: " + (f"unknown key {wrong[0]!r}" if wrong else f"{missing[0]!r} is missing"),
            f"The keys are: {', '.join(keys)}.",
        )
    for key, value in entry.items():
        if type(value) is not keys[key] and not (keys[key] is float and type(value) is int):
            raise EvaluationError(f"{where}: {key} is {value!r}, and must be of type {keys[key].__name__}")
        if value not in _CHOICES.get(key, (value,)):
            raise EvaluationError(f"{where}: {key} is {value!r}", f"It may be {' or '.join(_CHOICES[key])}.")


def read_training_set(
    recipe: Path | str, corpora: Path | str, *, limit: int | None = None
) -> tuple[list[Example], list[Example]]:
    """Read everything that a recipe names, and make sure that nothing of its ``[[dev]]`` is trained on.

    Parameters
    ----------
    recipe : path
        The TOML file.
    corpora : path
        The folder that its files lie in.
    limit : int, optional
        At most this many of each table, to try something out.

    Returns
    -------
    train : list of Example
        Labelled replies, written exchanges and their posts by themselves, replies moved to other threads, spam,
        openers, quotations, replies joined, plain statements, in this order.
    held : list of Example
        About a twentieth of the labelled replies: whole threads, none of whose texts is trained on as a reply or
        answered post of the labelled replies.

    Raises
    ------
    EvaluationError
        If the recipe or a file cannot be read, nothing is left to train on, or a text of ``[[dev]]`` is trained on.
    """
    plan, corpora = read_plan(recipe), Path(corpora)
    train, held = hold_out(read_examples(plan, corpora, limit=limit), _HELD_OUT)
    # apart, so that what is held out of the corpora is the same with and without them
    written, written_held = hold_out(read_written(plan, limit=limit), _HELD_OUT)
    train += written
    held += [example for example in written_held if example.label]
    if not any(example.label for example in train):
        raise EvaluationError(f"{recipe} names no labelled pair to train on")
    hosts = [example for example in train if example.answered]
    moved = move(hosts, seed=_SEED)
    spam = read_spam(plan, corpora, hosts, seed=_SEED, limit=limit)
    every = [*train, *moved, *spam, *_read_forum(plan, corpora, limit)]
    for entry in plan.get("spliced", []):
        every += spread(splice(train, seed=_SEED, weight=entry.get("weight", 1.0)), limit)
    for entry in plan.get("plain", []):
        most = entry["most"] if limit is None else min(limit, entry["most"])
        every += state_plainly(hosts, most=most, seed=_SEED, weight=entry.get("weight", 1.0))
    for entry in plan.get("dev", []):
        check_leaks(every, read_pairs(corpora / entry["file"], where=entry.get("where")))
    return every, held


def _read_forum(plan: Mapping[str, Any], corpora: Path, limit: int | None) -> Iterator[Example]:
    """Yield the labelled replies of forums; what forums tell by themselves is right mostly, so it is read once."""
    for table, find in (("openers", openers), ("quotations", quotations), ("labelled", labelled)):
        for entry in plan.get(table, []):
            paths = sorted(corpora.glob(entry["files"]))
            if not paths:
                raise EvaluationError(f"{corpora} holds no file {entry['files']}, which [[{table}]] names")
            left_out = frozenset(
                str(row["thread"])
                for file in entry.get("leave_out", [])
                for row in read_rows(corpora / file)
                if row.get("thread") is not None
            )
            found = find(
                paths,
                most=entry["most"] if limit is None else min(limit, entry["most"]),
                seed=_SEED,
                leave_out=left_out,
                topics=frozenset(entry.get("topics", [])),
            )
            weight, passes = entry.get("weight", 1.0), entry.get("passes", 1)
            yield from (replace(example, passes=passes, weight=weight) for example in found)
