"""Off-topic: the area under the curve, replies moved to other threads, and files of comments."""

import json
from collections.abc import Callable
from dataclasses import replace
from math import atan
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import argmine
from argmine.errors import EvaluationError
from argmine.evaluation import (
    Judge,
    Judgement,
    Pair,
    area_under_curve,
    move_replies,
    read_off_topic_sets,
    read_pairs,
    report_off_topic,
    score_off_topic,
)
from argmine.evaluation.moving import Move, thread_of

DATA = Path(__file__).parent / "data" / "evaluation"

# --- the area under the curve ---

scored = st.lists(st.tuples(st.integers(-6, 6), st.booleans()), max_size=30)


def plain_area(items: list[tuple[int, bool]]) -> float | None:
    """Count over all pairs of a positive and a negative item."""
    above = [score for score, positive in items if positive]
    below = [score for score, positive in items if not positive]
    won = sum((a > b) + (a == b) / 2 for a in above for b in below)
    return won / (len(above) * len(below)) if above and below else None


def area(items: list[tuple[int, bool]], of: Callable[[int], float] = float) -> float | None:
    return area_under_curve([of(score) for score, _ in items], [positive for _, positive in items], resamples=5).value


@given(scored)
def test_the_area_is_the_share_of_pairs_in_the_right_order(items: list[tuple[int, bool]]) -> None:
    expected = plain_area(items)
    assert area(items) == (expected if expected is None else pytest.approx(expected))


@given(scored)
def test_the_area_depends_on_nothing_but_the_order(items: list[tuple[int, bool]]) -> None:
    value = area(items)
    assert area(items, lambda score: atan(score) * 7 - 3) == value
    assert area(items[::-1]) == value
    turned = None if value is None else pytest.approx(1 - value)
    assert area(items, lambda score: -score) == turned
    assert area([(score, not positive) for score, positive in items]) == turned


def test_the_area_by_hand() -> None:
    assert area([(1, False), (2, True)]) == 1
    assert area([(2, False), (1, True)]) == 0
    assert area([(1, False), (1, True), (1, True)]) == 0.5
    assert area([(3, True), (3, True)]) is None
    assert area([]) is None


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans(), st.integers(0, 7)), min_size=30, max_size=60))
def test_the_interval_of_the_area_resamples_groups(items: list[tuple[int, bool, int]]) -> None:
    scores, positive, groups = (list(column) for column in zip(*items, strict=True))
    estimate = area_under_curve(scores, positive, groups, resamples=200)
    expected = area(list(zip(scores, positive, strict=True)))
    assert estimate.value == (None if expected is None else pytest.approx(expected))
    assert estimate.low is None or 0 <= estimate.low <= estimate.high <= 1  # type: ignore[operator]
    assert estimate == area_under_curve(scores, positive, groups, resamples=200)


def test_the_interval_of_the_area_agrees_with_plain_resampling() -> None:
    rng = np.random.default_rng(5)
    positive = [bool(i % 2) for i in range(80)]
    scores = [int(rng.integers(0, 6)) + 2 * one for one in positive]
    quick = area_under_curve(scores, positive, resamples=2000)
    plain = []
    for _ in range(500):
        drawn = rng.integers(80, size=80)
        plain.append(plain_area([(scores[i], positive[i]) for i in drawn]))
    low, high = np.percentile(plain, [2.5, 97.5])
    assert (quick.low, quick.high) == (pytest.approx(low, abs=0.03), pytest.approx(high, abs=0.03))


# --- moved replies ---


def pair(number: int, *, topic: str | None = None, thread: str | None = None, **given: Any) -> Pair:
    given = {"parent": f"Post {number}.", "context": None, "label": "neutral", **given}
    return Pair(str(number), "harbour", reply=f"Reply {number}.", topic=topic, thread=thread, **given)


corpora = st.lists(
    st.tuples(st.sampled_from(["boats", "trams", None]), st.sampled_from("uvwxyz"), st.integers(0, 5)), max_size=25
).map(
    lambda rows: [
        pair(i, topic=topic, thread=thread, parent=f"Post {post}.", context=f"Title {post % 3}", parent_author="Ann")
        for i, (topic, thread, post) in enumerate(rows)
    ]
)


@given(corpora, st.sampled_from(["far", "near", "any"]), st.randoms(use_true_random=False))
def test_a_moved_reply_has_another_post_and_nothing_else_changes(pairs: list[Pair], to: Move, chance: Any) -> None:
    moved = move_replies(pairs, to=to)
    by_id = {each.id: each for each in pairs}
    hosts = {(each.parent, each.context, each.topic) for each in pairs}
    for each in moved:
        source = by_id[each.id.removeprefix(f"{to}:")]
        assert (each.reply, each.thread, each.label) == (source.reply, source.thread, "off-topic")
        assert each.parent != source.parent
        assert each.context != source.context
        assert (each.parent, each.context, each.topic) in hosts
        if to == "far":
            assert None not in (each.topic, source.topic)
            assert each.topic != source.topic
        if to == "near":
            assert each.topic == source.topic is not None
    shuffled = list(pairs)
    chance.shuffle(shuffled)
    assert sorted(move_replies(shuffled, to=to), key=str) == sorted(moved, key=str)


def test_a_reply_never_moves_within_its_thread() -> None:
    pairs = [pair(0, thread="a"), pair(1, thread="a"), pair(2, thread="b")]
    moved = {each.id: each.parent for each in move_replies(pairs, to="any")}
    assert moved.keys() == {"any:0", "any:1", "any:2"}
    assert moved["any:0"] == moved["any:1"] == "Post 2."
    assert moved["any:2"] in {"Post 0.", "Post 1."}
    assert move_replies(pairs[:2], to="any") == []
    same_post = [replace(each, thread=None, parent="Only.") for each in pairs]
    assert move_replies(same_post, to="any") == []


def test_every_post_that_fits_is_used() -> None:
    pairs = [pair(i, topic="boats", thread=f"b{i}") for i in range(60)]
    pairs += [pair(100 + i, topic="trams", thread=f"t{i}") for i in range(5)]
    far = move_replies(pairs, to="far")
    assert len(far) == 65
    assert {each.parent for each in far[:60]} == {f"Post {100 + i}." for i in range(5)}
    near = move_replies(pairs, to="near")
    assert len(near) == 65
    assert len({each.parent for each in near[:60]}) > 30
    assert {each.parent for each in near[60:]} <= {f"Post {100 + i}." for i in range(5)}


def test_pairs_without_topics_are_moved_anywhere() -> None:
    (only,) = read_off_topic_sets(DATA / "pairs.jsonl")
    assert (only.kind, only.synthetic, only.left_out) == ("any", True, 1)
    assert only.name == "harbour: replies moved to another thread"
    assert [(each.id, each.label == "off-topic") for each in only.pairs] == [
        ("p1", False),
        ("p2", False),
        ("p3", False),
        ("any:p1", True),
        ("any:p2", True),
        ("any:p3", True),
    ]
    assert only.pairs[3].parent == "They should build a bridge to the island."
    assert {thread_of(only.pairs[0]), thread_of(only.pairs[3])} == {"thread t1"}


# --- files ---


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def row(number: int, label: str | None, **given: object) -> dict[str, object]:
    texts = {"parent": f"Post {number}.", "reply": f"Reply {number}."}
    return {"id": str(number), **texts, "label": label, "corpus": "c", **given}


def test_a_file_of_pairs_gives_a_set_for_each_move_and_corpus(tmp_path: Path) -> None:
    rows = [row(i, "neutral", topic="ab"[i % 2], thread=f"t{i}", corpus="dc"[i // 4]) for i in range(8)]
    rows += [row(8, "off-topic", topic="a", corpus="d"), row(9, None, topic="a", corpus="d")]
    sets = read_off_topic_sets(write(tmp_path / "pairs.jsonl", rows))
    assert [(each.name, each.synthetic, each.left_out) for each in sets] == [
        ("d: replies moved to another topic", True, 1),
        ("d: replies moved to another thread of their topic", True, 1),
        ("d: replies labelled off-topic", False, 1),
        ("c: replies moved to another topic", True, 0),
        ("c: replies moved to another thread of their topic", True, 0),
    ]
    # what is off-topic where it stands is no real reply
    assert {each.id for each in sets[0].pairs if each.label != "off-topic"} == {"0", "1", "2", "3"}
    assert {each.id for each in sets[2].pairs} == {"0", "1", "2", "3", "8"}


def test_a_subreddit_is_a_topic(tmp_path: Path) -> None:
    rows = [row(i, "neutral", subreddit="ab"[i % 2]) for i in range(4)]
    assert [each.topic for each in read_pairs(write(tmp_path / "pairs.jsonl", rows))] == ["a", "b", "a", "b"]


def test_answers_to_questions(tmp_path: Path) -> None:
    question = {"question_id": "q1", "question": "Where is the ferry?", "question_subject": "Ferry"}
    rows: list[dict[str, object]] = [
        {**question, "comment_id": str(i), "comment_user": "Ann", "comment": text, "label": label}
        for i, (text, label) in enumerate(
            [("At the pier.", "Good"), ("Nice cars.", "Bad"), ("Hm?", "Dialogue"), (" ", "Bad")]
        )
    ]
    path = write(tmp_path / "answers.dev.jsonl", rows)
    (found,) = read_off_topic_sets(path)
    assert (found.kind, found.name, found.synthetic) == ("labelled", "answers: Bad against Good", False)
    assert found.left_out == 2
    good, bad = found.pairs
    assert bad == Pair("1", "answers", "Where is the ferry?", "Nice cars.", "Ferry", "off-topic", "q1", None, "Ann")
    assert good.label != "off-topic"
    (other,) = read_off_topic_sets(path, off_topic="Dialogue")
    assert [each.id for each in other.pairs if each.label == "off-topic"] == ["2"]
    assert other.name == "answers: Dialogue against Good"


def test_comments_on_articles(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"article": "On oars", "text": "Buy cheap watches.", "label": "spam"},
        {"article": "On oars", "text": "Which wood?", "label": "ham"},
    ]
    (found,) = read_off_topic_sets(write(tmp_path / "comments.jsonl", rows))
    assert [(each.id, each.parent, each.label, each.thread) for each in found.pairs] == [
        ("1", "On oars", "off-topic", "On oars"),
        ("2", "On oars", "neutral", "On oars"),
    ]


@pytest.mark.parametrize(
    ("rows", "labels", "says"),
    [
        ([{"text": "a", "label": "spam"}], {}, "neither pairs nor comments. Its rows need parent and reply"),
        ([{"article": "a", "text": 3, "label": "spam"}], {}, "row 1: one of 'article', 'text' and 'label' is not"),
        ([row(1, "neutral")], {"off_topic": "Bad"}, "holds pairs, whose labels are fixed"),
        ([], {}, "holds no pair"),
    ],
)
def test_other_files_are_refused(
    rows: list[dict[str, object]], labels: dict[str, str], says: str, tmp_path: Path
) -> None:
    with pytest.raises(EvaluationError, match=says):
        read_off_topic_sets(write(tmp_path / "rows.jsonl", rows), **labels)


# --- scores ---


def judged(gold: str, chance: float, stance: str = "neutral", group: str | None = None) -> Judgement:
    rest = (1 - chance) / 3
    return Judgement(gold, stance, 0.5, rest, rest, rest, chance, group=group)


def test_scores_by_hand() -> None:
    scores = score_off_topic(
        [
            judged("off-topic", 0.9, "off-topic", "t1"),
            judged("off-topic", 0.2, "neutral", "t1"),
            judged("agreement", 0.3, "off-topic", "t2"),
            judged("rebuttal", 0.1, "rebuttal"),
        ]
    )
    assert (scores.off_topic, scores.on_topic, scores.groups) == (2, 2, 3)
    assert scores.auc.value == 0.75
    assert (scores.found.value, scores.false_off_topic.value) == (0.5, 0.5)
    text = report_off_topic(scores, name="oars", synthetic=True, left_out=3)
    assert text.startswith("oars (synthetic): 2 off-topic, 2 others, 3 more left out\n")
    assert "AUC of p_off_topic" in text
    assert "0.750" in text


def test_what_is_not_defined_is_said_to_be_so() -> None:
    scores = score_off_topic([judged("agreement", 0.3), judged("neutral", 0.1)])
    assert (scores.auc.value, scores.found.value, scores.false_off_topic.value) == (None, None, 0)
    assert report_off_topic(scores, name="oars").count("n/a") == 2
    with pytest.raises(EvaluationError, match="no reply to score"):
        score_off_topic([])


def test_a_pair_is_judged_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def judge_pairs(pairs: list[Pair], *, nlp: object) -> list[Judgement]:
        asked.extend(each.id for each in pairs)
        return [judged(str(each.label), 0.1) for each in pairs]

    monkeypatch.setattr(argmine.evaluation.pairs, "judge_pairs", judge_pairs)
    judge = Judge()
    one, two, unlabelled = pair(1), pair(2), pair(3, label=None)
    assert len(judge([one, unlabelled, one])) == 2
    assert len(judge([two, one])) == 2
    assert asked == ["1", "2"]
    judge([replace(one, context="A title")])
    assert asked == ["1", "2", "1"]


def test_the_pipeline_tells_spam_from_a_reply() -> None:
    parent = "The ferry should run on Sundays, because the island has no doctor."
    pairs = [
        Pair("1", "c", parent, "I agree, a doctor should be near.", label="agreement"),
        Pair("2", "c", parent, "The ferry cannot run on Sundays without a second crew.", label="rebuttal"),
        Pair("3", "c", parent, "Great blog! Visit my website for cheap watches and a free trial.", label="off-topic"),
    ]
    scores = score_off_topic(Judge()(pairs))
    assert scores.auc.value == 1
    assert scores.false_off_topic.value == 0
