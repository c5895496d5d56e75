"""Cross-validation: the pipeline for each gold thread, with a network that was trained without its submission."""

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import argmine
from argmine.errors import EvaluationError
from argmine.evaluation.cmv import GoldThread

if TYPE_CHECKING:
    from spacy.language import Language

SETTINGS = "settings.json"  # of a folder that a training wrote
LEFT_OUT = "left_out"


def pipelines_of_parts(folder: Path | str, pipeline: str = "en") -> "Callable[[GoldThread], Language]":
    """Return what gives the pipeline for each gold thread.

    Parameters
    ----------
    folder : path
        Holds the folders that ``argmine train roles --parts`` wrote, each a network trained without some submissions.
    pipeline : str
        A pipeline with a reader, which gets these networks in place of its own.

    Returns
    -------
    callable
        From a gold thread to a pipeline.

    Raises
    ------
    EvaluationError
        If the folder holds no such networks; when the result is asked for a submission that none left out, too.
    """
    folder = Path(folder)
    of_group: dict[str, Path] = {}
    for path in sorted(folder.glob(f"[!.]*/{SETTINGS}")):
        roles = json.loads(path.read_text(encoding="utf-8")).get("roles", {})
        of_group |= dict.fromkeys(roles.get(LEFT_OUT, ()), path.parent)
    if not of_group:
        raise EvaluationError(
            f"{folder} holds no network that was trained without some submissions",
            "Make them with: argmine train roles --parts 5.",
        )

    @cache
    def of_part(path: Path) -> "Language":
        nlp = argmine.load(pipeline)
        if "reader" not in nlp.pipe_names:
            raise EvaluationError(f"The pipeline {pipeline!r} has no reader to cross-validate")
        nlp.get_pipe("reader").model = str(path)  # type: ignore[attr-defined]
        return nlp

    def pipeline_of(gold: GoldThread) -> "Language":
        if gold.group not in of_group:
            raise EvaluationError(f"No network in {folder} was trained without the submission {gold.group!r}")
        return of_part(of_group[gold.group])

    return pipeline_of
