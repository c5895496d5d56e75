"""Fitting the weights of the stance cues: what ``argmine train cues`` runs.

The cues themselves are written by hand (``lexicons/stances.toml``, ``lexicons/off_topic.toml``); how much each of them
says is fitted here: for the three stances of a reply that is on topic by multinomial logistic regression on labelled
replies, and for off-topic by a binary one, against spam and replies moved to another thread.  Plain numpy and full
batches: the same data give the same weights.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from argmine.doc import make_doc, posts
from argmine.errors import EvaluationError
from argmine.evaluation import Pair, read_pairs, read_rows
from argmine.pipeline.evidence import (
    OFF_TOPIC_NAMES,
    STANCE_NAMES,
    EvidenceFinder,
    context_of,
    title_words,
    vector,
)

Floats = npt.NDArray[np.float64]

_ON_TOPIC = ("agreement", "rebuttal", "neutral")
_MOVED_WEIGHT = 0.1  # of a reply moved to another thread, which may happen to fit there
_REAL_WEIGHT = 3.0  # of a real reply: to call one off-topic is the worst mistake
_STEPS, _RATE, _MOMENTUM = 800, 0.5, 0.9


@dataclass(frozen=True)
class Sample:
    """Labelled replies of one corpus.

    Parameters
    ----------
    pairs : sequence of Pair
        Those without a label, or off-topic, are left out.
    weight : float
        How much each of them counts.
    """

    pairs: Sequence[Pair]
    weight: float = 1.0


def read_recipe(recipe: Path | str, corpora: Path | str) -> tuple[list[Sample], list[str]]:
    """Read the data that a recipe names.

    Parameters
    ----------
    recipe : path
        A TOML file with tables ``[[replies]]`` and ``[[spam]]``, each with a ``file`` below the folder of corpora and
        a selection ``where``; the first with a ``weight`` too.
    corpora : path
        The folder.

    Returns
    -------
    samples : list of Sample
        The labelled replies.
    spam : list of str
        The comments.

    Raises
    ------
    EvaluationError
        If the recipe or a file cannot be read.
    """
    try:
        plan = tomllib.loads(Path(recipe).read_text(encoding="utf-8"))
        replies, spam = plan["replies"], plan.get("spam", [])
    except (OSError, ValueError, KeyError) as error:
        raise EvaluationError(f"{recipe} cannot be read as a recipe ({error!r})") from error
    samples = [
        Sample(read_pairs(Path(corpora) / entry["file"], where=entry.get("where")), entry.get("weight", 1.0))
        for entry in replies
    ]
    texts = [
        str(row["text"]) for entry in spam for row in read_rows(Path(corpora) / entry["file"], where=entry.get("where"))
    ]
    return samples, texts


def fit_cues(samples: Sequence[Sample], spam: Sequence[str] = (), *, ridge: float = 20.0) -> dict[str, Any]:
    """Fit the weights of the stance stage.

    Parameters
    ----------
    samples : sequence of Sample
        Labelled replies.
    spam : sequence of str
        Comments that are off topic wherever they stand.
    ridge : float
        Strength of the penalty on squared weights.

    Returns
    -------
    dict
        ``"stance"``: for each name of evidence its weights for agreement, rebuttal and neutral; ``"off_topic"``: for
        each name its weight; ``"items"``: how many texts each part was fitted on.
    """
    nlp = spacy.blank("en")
    nlp.add_pipe("argmine_quotes", name="quotes")
    pairs = [(pair, sample.weight) for sample in samples for pair in sample.pairs if pair.label in _ON_TOPIC]
    stance, real = _evidence([pair for pair, _ in pairs], nlp)
    labels = np.array([_ON_TOPIC.index(str(pair.label)) for pair, _ in pairs])
    weights = _fit_softmax(stance, labels, np.array([weight for _, weight in pairs]), ridge)
    # a reply under the parent of a pair far off in the list: from another thread, mostly another corpus
    parents = [pair for pair, _ in pairs]
    half = len(parents) // 2
    moved = [_with_reply(parents[place - half], pair.reply) for place, (pair, _) in enumerate(pairs)]
    spammed = [_with_reply(parents[place * 7 % len(parents)], text) for place, text in enumerate(spam)]
    far, bad = _evidence(moved, nlp)[1], _evidence(spammed, nlp)[1]
    off_topic = fit_logistic(
        np.concatenate([far, bad, real]),
        np.concatenate([np.ones(len(far) + len(bad)), np.zeros(len(real))]),
        np.concatenate([np.full(len(far), _MOVED_WEIGHT), np.ones(len(bad)), np.full(len(real), _REAL_WEIGHT)]),
    )
    return {
        "stance": {name: [round(float(w), 3) for w in row] for name, row in zip(STANCE_NAMES, weights, strict=True)},
        "off_topic": {name: round(float(w), 3) for name, w in zip(OFF_TOPIC_NAMES, off_topic, strict=True)},
        "items": {"replies": len(pairs), "spam": len(spam), "moved": len(moved)},
    }


def _with_reply(pair: Pair, reply: str) -> Pair:
    return Pair(id=pair.id, corpus=pair.corpus, parent=pair.parent, reply=reply, context=pair.context)


def _evidence(pairs: Sequence[Pair], nlp: Language) -> tuple[Floats, Floats]:
    """Return the evidence of each reply, of its stance and of its being off topic, a row each."""
    find = EvidenceFinder(nlp)
    stance, off_topic = [], []
    for doc in _quoted_docs(pairs, nlp):
        found = find(doc)
        views = posts(doc)
        answered, part = found.posts
        stance.append(vector(found.of_stance(part, answered), STANCE_NAMES))
        context = context_of(found, views, views[1], title_words(doc))
        off_topic.append(vector(found.of_off_topic(part, context), OFF_TOPIC_NAMES))
    return (
        np.array(stance, dtype=float).reshape(-1, len(STANCE_NAMES)),
        np.array(off_topic, dtype=float).reshape(-1, len(OFF_TOPIC_NAMES)),
    )


def _quoted_docs(pairs: Sequence[Pair], nlp: Language) -> Iterator[Doc]:
    quotes = nlp.get_pipe("quotes")
    for pair in pairs:
        yield quotes(make_doc(nlp, pair.as_thread()))


def _fit_softmax(rows: Floats, labels: npt.NDArray[np.int64], weights: Floats, ridge: float) -> Floats:
    """Fit multinomial logistic regression by gradient descent with momentum; the first column is the bias."""
    gold = np.eye(len(_ON_TOPIC))[labels]
    penalty = np.full((rows.shape[1], 1), ridge / weights.sum())
    penalty[0] = 0.0
    fitted = np.zeros((rows.shape[1], gold.shape[1]))
    speed = np.zeros_like(fitted)
    for _ in range(_STEPS):
        scores = rows @ fitted
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        slope = rows.T @ ((chances - gold) * weights[:, None]) / weights.sum() + penalty * fitted
        speed = _MOMENTUM * speed - _RATE * slope
        fitted += speed
    return np.asarray(fitted - fitted.mean(axis=1, keepdims=True))


def fit_logistic(rows: Floats, labels: Floats, weights: Floats, ridge: float = 3.0, steps: int = 40) -> Floats:
    """Fit binary logistic regression by Newton's method; the first column is the bias."""
    penalty = ridge * np.eye(rows.shape[1])
    penalty[0, 0] = 1e-6
    fitted = np.zeros(rows.shape[1])
    for _ in range(steps):
        chances = 1 / (1 + np.exp(-rows @ fitted))
        slope = rows.T @ ((chances - labels) * weights) + penalty @ fitted
        curve = (rows * (chances * (1 - chances) * weights)[:, None]).T @ rows + penalty
        fitted -= np.linalg.solve(curve, slope)
    return fitted
