"""Scores of argument graphs over gold threads: claim spans, roles, and links across and within posts."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

import argmine
from argmine.errors import EvaluationError
from argmine.evaluation.cmv import GoldThread
from argmine.evaluation.matching import ROLES, SIDES, ThreadOutcome, compare_graph
from argmine.evaluation.resampling import RESAMPLES, sum_by_group
from argmine.evaluation.scores import Classification, Found, classification, found

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True)
class ThreadScores:
    """Scores over threads: counts are added up over all of them, intervals resample submissions.

    Parameters
    ----------
    threads, groups : int
        Number of threads, and of the submissions that they are branches of.
    spans, spans_tight : Found
        Claims and premises, matched at an overlap of at least .5, and of at least .9.
    roles : Classification
        Roles of the claims matched at .5.
    links : Found
        Links across posts, whatever their stance.
    links_labelled : Found
        The same, right only with the right stance.
    links_by_stance : dict
        The same for the links of one stance alone.
    supports : Found
        Links from a premise to what it supports in the same post.
    facts : dict
        Numbers of posts, of gold and predicted claims, of gold links with both ends found, and the like.
    notes : dict
        What in the gold files was odd, or is not scored.
    """

    threads: int
    groups: int
    spans: Found
    spans_tight: Found
    roles: Classification
    links: Found
    links_labelled: Found
    links_by_stance: dict[str, Found]
    supports: Found
    facts: dict[str, int]
    notes: dict[str, int]


def mine_gold(
    gold: Iterable[GoldThread],
    *,
    nlp: "Language | None" = None,
    pipeline_of: Callable[[GoldThread], "Language"] | None = None,
    n_process: int = 1,
    batch_size: int = 16,
) -> Iterator[ThreadOutcome]:
    """Mine each gold thread and yield what came out right and wrong.

    Parameters
    ----------
    gold : iterable of GoldThread
        Threads with annotations.
    nlp : Language, optional
        The pipeline; by default argmine's own.
    pipeline_of : callable, optional
        Gives the pipeline for each thread, in place of ``nlp``: for cross-validation, one that was trained without
        the submission (``group``) of that thread.  It is asked once per thread, in their order.
    n_process, batch_size : int
        As for :func:`argmine.mine_all`; of no use with ``pipeline_of``.

    Yields
    ------
    ThreadOutcome
        One per thread.
    """
    gold = list(gold)
    if pipeline_of is None:
        threads = (one.thread for one in gold)
        graphs = argmine.mine_all(threads, nlp, n_process=n_process, batch_size=batch_size)
    else:
        graphs = (argmine.mine(one.thread, pipeline_of(one)) for one in gold)
    for one, graph in zip(gold, graphs, strict=True):
        yield compare_graph(one, graph)


def score_threads(
    gold: Sequence[GoldThread],
    outcomes: Sequence[ThreadOutcome],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> ThreadScores:
    """Score the outcomes of threads.

    Parameters
    ----------
    gold : sequence of GoldThread
        For their notes.
    outcomes : sequence of ThreadOutcome
        One for each of them.
    resamples, seed : int
        Of the bootstrap.

    Returns
    -------
    ThreadScores

    Raises
    ------
    EvaluationError
        If there is nothing to score.
    """
    if not outcomes:
        raise EvaluationError("There is no thread to score")
    groups = [outcome.group for outcome in outcomes]
    facts: Counter[str] = Counter()
    notes: Counter[str] = Counter()
    for one, outcome in zip(gold, outcomes, strict=True):
        facts.update(outcome.facts)
        notes.update(one.notes)

    def scored(name: str) -> Found:
        counts = np.array([outcome.counts[name] for outcome in outcomes])
        return found(sum_by_group(groups, counts), resamples=resamples, seed=seed)

    roles = sum_by_group(groups, np.array([outcome.roles for outcome in outcomes]))
    return ThreadScores(
        threads=len(outcomes),
        groups=len(set(groups)),
        spans=scored("spans"),
        spans_tight=scored("spans_tight"),
        roles=classification(roles, ROLES, resamples=resamples, seed=seed),
        links=scored("links"),
        links_labelled=scored("links_labelled"),
        links_by_stance={side: scored(side) for side in SIDES},
        supports=scored("supports"),
        facts=dict(facts),
        notes=dict(notes),
    )
