"""Scores of pipelines against gold: stances of replies in pairs, and whole threads with annotated arguments.

What each score means, and its limits, is in the reference of the documentation.  The functions:

- :func:`read_pairs`, :func:`judge_pairs`, :func:`score_stances`: the stance of a reply towards its post;
- :func:`read_off_topic_sets`, :func:`score_off_topic`: how far off-topic replies are told from others;
- :func:`read_cmv_threads`, :func:`mine_gold`, :func:`score_threads`: claims, roles and links in threads, with
  :func:`pipelines_of_parts` cross-validated;
- :func:`write_predictions`, :func:`read_predictions`, :func:`compare`: two systems on the same pairs;
- :func:`measure_quality`, :func:`quality_page`: everything at once, on a folder of corpora;
- :func:`report_stances`, :func:`report_off_topic`, :func:`report_threads`, :func:`report_comparison`,
  :func:`plot_reliability`: to see.

Every result is a dataclass of plain values, so that ``dataclasses.asdict`` makes JSON of it.
"""

from argmine.evaluation.calibration import Calibration
from argmine.evaluation.cmv import GoldClaim, GoldThread, read_cmv_thread, read_cmv_threads
from argmine.evaluation.matching import ThreadOutcome, compare_graph
from argmine.evaluation.moving import move_replies
from argmine.evaluation.off_topic import OffTopicScores, OffTopicSet, read_off_topic_sets, score_off_topic
from argmine.evaluation.pairs import Judge, Pair, judge_pairs, read_pairs, read_rows
from argmine.evaluation.parts import pipelines_of_parts
from argmine.evaluation.plot import plot_reliability
from argmine.evaluation.predictions import (
    Comparison,
    McNemar,
    compare,
    read_predictions,
    write_outcomes,
    write_predictions,
)
from argmine.evaluation.quality import Quality, measure_quality
from argmine.evaluation.quality_page import quality_page
from argmine.evaluation.ranking import area_under_curve
from argmine.evaluation.report import report_comparison, report_off_topic, report_stances, report_threads
from argmine.evaluation.resampling import Estimate
from argmine.evaluation.scores import Classification, Found
from argmine.evaluation.stances import Judgement, StanceScores, score_stances
from argmine.evaluation.threads import ThreadScores, mine_gold, score_threads

__all__ = [
    "Calibration",
    "Classification",
    "Comparison",
    "Estimate",
    "Found",
    "GoldClaim",
    "GoldThread",
    "Judge",
    "Judgement",
    "McNemar",
    "OffTopicScores",
    "OffTopicSet",
    "Pair",
    "Quality",
    "StanceScores",
    "ThreadOutcome",
    "ThreadScores",
    "area_under_curve",
    "compare",
    "compare_graph",
    "judge_pairs",
    "measure_quality",
    "mine_gold",
    "move_replies",
    "pipelines_of_parts",
    "plot_reliability",
    "quality_page",
    "read_cmv_thread",
    "read_cmv_threads",
    "read_off_topic_sets",
    "read_pairs",
    "read_predictions",
    "read_rows",
    "report_comparison",
    "report_off_topic",
    "report_stances",
    "report_threads",
    "score_off_topic",
    "score_stances",
    "score_threads",
    "write_outcomes",
    "write_predictions",
]
