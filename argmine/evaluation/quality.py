"""Everything that can be said of how good a pipeline is, measured at once on a folder of corpora."""

import os
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import argmine
from argmine.errors import EvaluationError
from argmine.evaluation.cmv import GoldThread, read_cmv_threads
from argmine.evaluation.off_topic import OffTopicScores, read_off_topic_sets, score_off_topic
from argmine.evaluation.pairs import Judge, read_pairs
from argmine.evaluation.quality_rows import ROWS, SPEED, START, Gold
from argmine.evaluation.resampling import Estimate
from argmine.evaluation.speed import cold_start, replies_per_second
from argmine.evaluation.stances import StanceScores, score_stances
from argmine.evaluation.threads import ThreadScores, mine_gold, score_threads

if TYPE_CHECKING:
    from spacy.language import Language


@dataclass(frozen=True)
class Quality:
    """What was measured of one pipeline.

    Parameters
    ----------
    pipeline, version : str
        Its name and version.
    cores : int
        Processor cores that it could use.
    cross_validated : bool
        Whether each gold thread was mined by a pipeline trained without it.
    scores : tuple of (Estimate or str)
        One for each of :data:`ROWS`; a sentence that says why, if there is none.
    replies : dict
        From the name of a corpus to :class:`StanceScores`.
    off_topic : dict
        From the name of a set to :class:`OffTopicScores`.
    synthetic : tuple of str
        Names of the sets made by moving replies.
    threads : ThreadScores or None
        Of the gold threads.
    """

    pipeline: str
    version: str
    cores: int
    cross_validated: bool
    scores: tuple[Estimate | str, ...]
    replies: dict[str, StanceScores]
    off_topic: dict[str, OffTopicScores]
    synthetic: tuple[str, ...]
    threads: ThreadScores | None

    def summary(self) -> dict[str, Any]:
        """Return the values of the rows that were measured, by gold and score, and with what they were measured."""
        values = {
            f"{row.gold.name}: {row.score}": round(each.value, 4)
            for row, each in zip(ROWS, self.scores, strict=True)
            if isinstance(each, Estimate) and each.value is not None
        }
        return {"version": self.version, "cores": self.cores, "scores": values}

    def as_json(self) -> dict[str, Any]:
        """Return it as plain data: the rows with their names, and all the scores behind them."""
        data = asdict(self)
        data["scores"] = [
            {"gold": row.gold.name, "score": row.score, **(each if isinstance(each, dict) else {"absent": each})}
            for row, each in zip(ROWS, data["scores"], strict=True)
        ]
        return data


def measure_quality(
    corpora: Path | str,
    pipeline: str,
    *,
    pipeline_of: "Callable[[GoldThread], Language] | None" = None,
    thread: Path | str | None = None,
    speed: bool = True,
    step: Callable[[str], AbstractContextManager[object]] = nullcontext,
) -> Quality:
    """Measure a pipeline on all gold data of :data:`ROWS`.

    Parameters
    ----------
    corpora : path
        Folder of the corpora.
    pipeline : str
        Name for :func:`argmine.load`.
    pipeline_of : callable, optional
        As for :func:`mine_gold`: the pipeline for each gold thread, trained without it.
    thread : path, optional
        As for :func:`cold_start`.
    speed : bool
        Whether to measure the speed too, which means something only on an idle machine.
    step : callable
        Gets what is done next, in a few words, and returns a context manager that is open meanwhile.

    Returns
    -------
    Quality
        Scores whose file is not there are told as absent.

    Raises
    ------
    PipelineError
        If there is no pipeline of that name.
    EvaluationError
        If none of the files is there, or one cannot be read.
    """
    corpora = Path(corpora)
    files = dict.fromkeys(row.gold.file for row in ROWS if row.gold.file)
    if not any((corpora / file).exists() for file in files):
        raise EvaluationError(f"{corpora} holds none of the gold files", f"They are: {', '.join(files)}.")
    nlp = argmine.load(pipeline)
    gauge = _Gauge(corpora, nlp, pipeline_of, thread)
    found: dict[Gold, Any] = {}
    for gold in dict.fromkeys(row.gold for row in ROWS):
        with step(f"{pipeline}: {gold.name}"):
            if gold.kind == "speed" and not speed:
                found[gold] = "not measured"
            elif gold.file and not (corpora / gold.file).exists():
                found[gold] = f"absent: no {gold.file}"
            else:
                found[gold] = gauge.measure(gold)
    return Quality(
        pipeline=pipeline,
        version=str(nlp.meta["version"]),
        cores=_cores(),
        cross_validated=pipeline_of is not None,
        scores=tuple(
            found[row.gold] if isinstance(found[row.gold], str) else row.measure(found[row.gold]) for row in ROWS
        ),
        replies={gold.name: scores for gold, scores in found.items() if isinstance(scores, StanceScores)},
        off_topic=gauge.off_topic,
        synthetic=tuple(gauge.synthetic),
        threads=next((scores for scores in found.values() if isinstance(scores, ThreadScores)), None),
    )


class _Gauge:
    """Measures one pipeline; a pair that occurs in several gold sets is judged once."""

    def __init__(
        self,
        corpora: Path,
        nlp: "Language",
        pipeline_of: "Callable[[GoldThread], Language] | None",
        thread: Path | str | None,
    ) -> None:
        self.corpora = corpora
        self.nlp = nlp
        self.pipeline_of = pipeline_of
        self.thread = thread
        self.judge = Judge(nlp)
        self.off_topic: dict[str, OffTopicScores] = {}
        self.synthetic: list[str] = []

    def measure(self, gold: Gold) -> Any:
        """Return what the rows of this gold take their scores from, or why there is nothing."""
        path = self.corpora / gold.file
        if gold is SPEED:
            return replies_per_second(self.nlp)
        if gold is START:
            return self._start()
        if gold.kind == "threads":
            return self._threads(path)
        if gold.kind == "off-topic":
            return self._off_topic(path, gold)
        return score_stances(self.judge(read_pairs(path, where=dict(gold.where))))

    def _off_topic(self, path: Path, gold: Gold) -> dict[str, OffTopicScores]:
        found = {}
        for each in read_off_topic_sets(path, where=dict(gold.where)):
            found[each.kind] = self.off_topic[each.name] = score_off_topic(self.judge(each.pairs))
            if each.synthetic:
                self.synthetic.append(each.name)
        return found

    def _threads(self, path: Path) -> ThreadScores:
        gold: Sequence[GoldThread] = list(read_cmv_threads(path))
        return score_threads(gold, list(mine_gold(gold, nlp=self.nlp, pipeline_of=self.pipeline_of)))

    def _start(self) -> Estimate | str:
        from argmine.loading import DEFAULT  # noqa: PLC0415 - spaCy is imported only where a pipeline is

        name = str(self.nlp.meta["name"])
        try:
            return cold_start(None if name == DEFAULT else name, thread=self.thread)
        except EvaluationError as error:  # the other scores took minutes
            return f"not measured: {error.problem}"


def _cores() -> int:
    # not everywhere, and more to the point than the number of the machine's
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
