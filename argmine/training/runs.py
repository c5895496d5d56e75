"""The folder that a training run leaves: the weights of the reply reader, and what they were made of."""

import hashlib
import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from tokenizers import Tokenizer
from torch import Tensor

from argmine import __version__
from argmine.errors import EvaluationError
from argmine.evaluation.parts import LEFT_OUT, SETTINGS
from argmine.training.examples import OFF_TOPIC, ON_TOPIC, Example
from argmine.training.export import export
from argmine.training.reader import ReplyReader, RoleBranch, pretrained_tokenizer
from argmine.training.replies import Report, choose_device, predict, train
from argmine.training.roles import Window, train_branch
from argmine.training.settings import Settings

WEIGHTS = "weights.safetensors"


def check_place(out: Path, checkpoint: Path, starts: Sequence[Path]) -> None:
    """Make sure, before anything is computed, that a run can be written and has something to start from.

    Raises
    ------
    EvaluationError
        If the folder is already there, or is to lie in one that is not, or one of ``starts`` holds no weights.
    """
    if out.exists():
        raise EvaluationError(f"{out} is already there", "Name a folder that is not, or delete it.")
    for path in (out, checkpoint):
        if not path.absolute().parent.is_dir():
            raise EvaluationError(f"There is no folder {path.parent} to write {path.name} into", "Make it first.")
    for start in starts:
        if not (start / WEIGHTS).is_file():
            raise EvaluationError(f"{start} holds no {WEIGHTS}", "Name the folder that an earlier training wrote.")


def train_into(
    out: Path,
    examples: Sequence[Example],
    held: Sequence[Example],
    settings: Settings,
    *,
    checkpoint: Path,
    recipe: Path,
    starts: Sequence[Path] = (),
    quantised: bool = True,
    report: Report = lambda step, steps, loss: None,
) -> dict[str, Any]:
    """Train the reply reader and write it into a new folder, which the pipeline stage ``argmine_reader`` opens.

    Beside the network it holds ``weights.safetensors``, from which another training can start, and
    ``settings.json``.

    Parameters
    ----------
    out : path
        The folder; it appears whole, when everything is done.
    examples, held : sequence of Example
        What to train on, and replies to count the right answers on afterwards.
    settings : Settings
        How to train.
    checkpoint : path
        A file to continue from, if it is there, and to write to.
    recipe : path
        What the examples were read by.
    starts : sequence of path
        Folders of earlier runs, from the mean of whose weights this one starts; by default from the pretrained encoder.
    quantised : bool
        Write the network with eight-bit weights.
    report : callable
        As for :func:`argmine.training.replies.train`.

    Returns
    -------
    dict
        What ``settings.json`` holds: ``settings``; ``recipe`` and ``starts``, the SHA-256 sums of the recipe and of
        the weights that it started from; ``examples``, how many by corpus and label; ``held_out``, by corpus how many
        there are and how many of them are judged right; and what it was made with.

    Raises
    ------
    EvaluationError
        If the folder cannot be written, or what to start or go on from does not fit.
    """
    check_place(out, checkpoint, starts)
    tokenizer = pretrained_tokenizer()
    model = train(
        examples,
        tokenizer,
        settings,
        start=mean_of([read_weights(start) for start in starts]) if starts else None,
        checkpoint=checkpoint,
        report=report,
    )
    made_with = {"argmine": __version__, "torch": str(torch.__version__)}
    about = {
        "settings": asdict(settings),
        "recipe": _sum_of(recipe),
        "starts": [_sum_of(start / WEIGHTS) for start in starts],
        "examples": _counts(examples),
        "held_out": _right_answers(model, tokenizer, held, settings),
        "made_with": {**made_with, "device": choose_device().type, "threads": torch.get_num_threads()},
    }
    _write(out, model.cpu(), about, quantised=quantised)
    return about


def train_roles_into(
    out: Path,
    start: Mapping[str, Any],
    reader: ReplyReader,
    windows: Sequence[Window],
    *,
    branch: RoleBranch | None = None,
    left_out: Sequence[str] = (),
    quantised: bool = True,
    report: Report = lambda step, steps, loss: None,
) -> dict[str, Any]:
    """Train a branch for roles and write the reader with it into a new folder.

    Parameters
    ----------
    out : path
        The folder; it appears whole, when everything is done.
    start : mapping
        What the run that made the reader says of itself: :func:`read_settings`.
    reader : ReplyReader
        Its network, which is not changed.
    windows : sequence of Window
        What to train on.
    branch : RoleBranch, optional
        One trained before, to start from.
    left_out : sequence of str
        Submissions whose windows are left out, to be evaluated on.
    quantised : bool
        Write the network with eight-bit weights.
    report : callable
        As for :func:`argmine.training.roles.train_branch`.

    Returns
    -------
    dict
        What ``settings.json`` holds: that of the start, and ``roles``: how many submissions, claims and premises, and
        what was left out.
    """
    chosen = [window for window in windows if window.group not in left_out]
    trained = train_branch(reader, chosen, start=branch, report=report)
    told = [premise for window in chosen for *_, premise in window.claims]
    counts = {"submissions": len({window.group for window in chosen}), "claims": told.count(False)}
    about = {**start, "roles": {**counts, "premises": told.count(True), LEFT_OUT: sorted(left_out)}}
    _write(out, reader, about, branch=trained, quantised=quantised)
    return about


def read_settings(folder: Path | str) -> dict[str, Any]:
    """Read what a run says of itself in its folder.

    Raises
    ------
    EvaluationError
        If it cannot be read.
    """
    path = Path(folder) / SETTINGS
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise EvaluationError(f"{path} cannot be read as the settings of a run ({error})") from error


def read_weights(folder: Path | str) -> dict[str, Tensor]:
    """Read the weights that a run has left in its folder.

    Raises
    ------
    EvaluationError
        If they cannot be read.
    """
    path = Path(folder) / WEIGHTS
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise EvaluationError(f"{path} cannot be read as weights ({error})") from error


def mean_of(weights: Sequence[dict[str, Tensor]]) -> dict[str, Tensor]:
    """Return the mean of the weights of several runs.

    Raises
    ------
    EvaluationError
        If they are not of one network.
    """
    shapes = [{name: value.shape for name, value in one.items()} for one in weights]
    if any(one != shapes[0] for one in shapes):
        raise EvaluationError("The weights to start from are not all of the same network")
    return {name: torch.stack([one[name] for one in weights]).mean(dim=0) for name in weights[0]}


def _write(
    out: Path, model: ReplyReader, about: dict[str, Any], *, branch: RoleBranch | None = None, quantised: bool
) -> None:
    weights = {name: value.contiguous() for name, value in model.state_dict().items()}
    unfinished = out.with_name(f".{out.name}.part")
    shutil.rmtree(unfinished, ignore_errors=True)  # of a run that was cut off here
    unfinished.mkdir()
    try:
        (unfinished / WEIGHTS).write_bytes(save(weights))
        (unfinished / SETTINGS).write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
        export(model, unfinished, branch=branch, quantised=quantised)
        unfinished.rename(out)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _counts(examples: Sequence[Example]) -> dict[str, dict[str, int]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for example in examples:
        counts[example.corpus][example.label or "parts only"] += 1
    return {corpus: dict(sorted(labels.items())) for corpus, labels in counts.items()}


def _right_answers(
    model: ReplyReader, tokenizer: Tokenizer, held: Sequence[Example], settings: Settings
) -> dict[str, dict[str, int]]:
    """Count the held-out replies of each corpus, and those whose most probable stance is their label."""
    found: dict[str, dict[str, int]] = {}
    for example, scores in zip(held, predict(model, tokenizer, held, settings), strict=True):
        judged = OFF_TOPIC if scores[3] > 0 else ON_TOPIC[int(scores[:3].argmax())]
        count = found.setdefault(example.corpus, {"replies": 0, "right": 0})
        count["replies"] += 1
        count["right"] += judged == example.label
    return found


def _sum_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
