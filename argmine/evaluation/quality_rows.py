"""What the table of quality shows, as data: the gold files, and for each score what is asked of it.

Floors are word and character TF-IDF with logistic regression.  Few of the published numbers were measured on the same
items or by the same score; the row says what they are.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, NamedTuple

from argmine.evaluation.off_topic import OffTopicScores
from argmine.evaluation.resampling import Estimate
from argmine.evaluation.stances import StanceScores


class Gold(NamedTuple):
    """Gold data below the folder of corpora; ``restricted`` where the decision is among gold's labels only."""

    name: str
    kind: Literal["replies", "off-topic", "threads", "speed"]
    file: str = ""
    where: tuple[tuple[str, str], ...] = ()
    restricted: bool = False


class Row(NamedTuple):
    """A score of gold data: how it is taken, what is required and aimed at, and what others reach."""

    gold: Gold
    score: str
    measure: Callable[[Any], Estimate]
    required: float | None = None
    aim: float | None = None
    floor: str = ""
    published: str = ""
    lower_is_better: bool = False


_FOLD_B = (("fold", "b"),)
_DEBAGREEMENT_FILE = "pairs/debagreement.dev.jsonl.xz"

DEBAGREEMENT = Gold("DEBAGREEMENT, fold b", "replies", _DEBAGREEMENT_FILE, _FOLD_B)
UNANIMOUS = Gold("DEBAGREEMENT, fold b, unanimous", "replies", _DEBAGREEMENT_FILE, (*_FOLD_B, ("weight", "1.0")))
MASK = Gold("SubReddit-MaskMandate, dev", "replies", "pairs/subreddit_mask.dev.jsonl.xz")
COVID = Gold("SubReddit-CovidVaccine, dev", "replies", "pairs/subreddit_covid.dev.jsonl.xz")
IAC = Gold("IAC, dev topics", "replies", "pairs/iac_qr.dev.jsonl.xz")
ABCD = Gold("ABCD, dev", "replies", "pairs/abcd.dev.jsonl.xz", restricted=True)
AWTP = Gold("AWTP, dev", "replies", "pairs/awtp.dev.jsonl.xz")
CHANGE_MY_VIEW = Gold("change-my-view threads", "threads", "threads/cmv_modes")
DEBAGREEMENT_OFF = Gold("DEBAGREEMENT, fold b", "off-topic", _DEBAGREEMENT_FILE, _FOLD_B)
IAC_OFF = Gold("IAC, dev topics", "off-topic", "pairs/iac_qr.dev.jsonl.xz")
SEMEVAL = Gold("SemEval-2015 Task 3, dev", "off-topic", "off_topic/semeval2015_dev.jsonl.xz")
SPAM = Gold("DataCamp comments", "off-topic", "off_topic/datacamp_blog_spam.jsonl.xz")
SPEED = Gold("replies of 60 words answering posts of 100", "speed")
START = Gold("`argmine mine` of one thread, whole process", "speed")

REPLIES = (DEBAGREEMENT, UNANIMOUS, MASK, COVID, IAC, ABCD, AWTP)


def _macro_f1(scores: StanceScores) -> Estimate:
    return scores.strict.macro_f1


def _calibration_error(gold: Gold) -> Callable[[StanceScores], Estimate]:
    def measure(scores: StanceScores) -> Estimate:
        found = scores.restricted_calibration if gold.restricted else scores.strict_calibration
        return Estimate(found.expected_error, found.low, found.high)

    return measure


def _off_topic(
    kind: str, which: Callable[[OffTopicScores], Estimate]
) -> Callable[[Mapping[str, OffTopicScores]], Estimate]:
    return lambda scores: which(scores[kind]) if kind in scores else Estimate(None)


_FAR = _off_topic("far", lambda scores: scores.auc)
_NEAR = _off_topic("near", lambda scores: scores.auc)
_FALSE = _off_topic("far", lambda scores: scores.false_off_topic)
_FAR_NAME = "AUC, replies moved to another topic (synthetic)"
_NEAR_NAME = "AUC, replies moved within their topic (synthetic)"

ROWS = (
    Row(DEBAGREEMENT, "macro-F1", _macro_f1, 0.61, 0.68, "0.485"),
    Row(
        DEBAGREEMENT,
        "accuracy",
        lambda scores: scores.strict.accuracy,
        floor="0.504",
        published="0.62 to 0.64: BERT, RoBERTa, DeBERTa, XLNet, trained on its 34,000 training pairs",
    ),
    Row(UNANIMOUS, "macro-F1", _macro_f1, 0.70, 0.80, "0.556"),
    Row(MASK, "macro-F1", _macro_f1, 0.62, 0.72, "0.513"),
    Row(COVID, "macro-F1", _macro_f1, 0.62, 0.72, "0.573"),
    Row(IAC, "macro-F1", _macro_f1, 0.55, 0.65),
    Row(ABCD, "macro-F1, agreement or rebuttal", lambda scores: scores.restricted.macro_f1, 0.74, 0.82, "0.675"),
    Row(AWTP, "macro-F1", _macro_f1, floor="0.537"),
    Row(
        CHANGE_MY_VIEW,
        "claim spans, F1 at overlap ≥ .5",
        lambda scores: scores.spans.f1,
        0.65,
        0.75,
        published="0.671: F1 of claims alone (Chakrabarty et al. 2019)",
    ),
    Row(
        CHANGE_MY_VIEW,
        "role, accuracy",
        lambda scores: scores.roles.accuracy,
        0.72,
        0.80,
        floor="0.642: macro-F1 of claim, premise or none, with their bounds given",
    ),
    Row(
        CHANGE_MY_VIEW,
        "links across posts, F1",
        lambda scores: scores.links.f1,
        0.30,
        0.45,
        floor="0.119: with the pairs given",
        published="0.189: precision (Chakrabarty et al. 2019)",
    ),
    Row(
        CHANGE_MY_VIEW,
        "links with stance, F1",
        lambda scores: scores.links_labelled.f1,
        0.22,
        0.35,
        published="0.304: the best of DialAM-2024, other dialogues",
    ),
    Row(DEBAGREEMENT_OFF, _FAR_NAME, _FAR, 0.95, 0.98),
    Row(DEBAGREEMENT_OFF, _NEAR_NAME, _NEAR, 0.80, 0.90),
    Row(IAC_OFF, _FAR_NAME, _FAR, 0.95, 0.98),
    Row(IAC_OFF, _NEAR_NAME, _NEAR, 0.80, 0.90),
    Row(
        SEMEVAL,
        "AUC of off-topic, Bad against Good",
        _off_topic("labelled", lambda scores: scores.auc),
        0.70,
        0.80,
        floor="0.504: macro-F1 of its classes",
        published="0.572: macro-F1 of its classes (Nakov et al. 2015)",
    ),
    Row(DEBAGREEMENT_OFF, "real replies called off-topic", _FALSE, 0.03, 0.01, lower_is_better=True),
    Row(IAC_OFF, "real replies called off-topic", _FALSE, lower_is_better=True),
    Row(SPAM, "spam called off-topic", _off_topic("labelled", lambda scores: scores.found)),
    Row(
        SPAM,
        "other comments called off-topic",
        _off_topic("labelled", lambda scores: scores.false_off_topic),
        lower_is_better=True,
    ),
    *(
        Row(gold, "calibration error", _calibration_error(gold), 0.06, 0.03, lower_is_better=True)
        for gold in REPLIES
        if gold is not UNANIMOUS
    ),
    Row(SPEED, "per second", lambda measured: measured, 12, 30),
    Row(START, "seconds", lambda measured: measured, 5, 3, lower_is_better=True),
)
