"""Gold threads: the forgiving reader, the matching of spans, and the scores, on graphs built by hand."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

import argmine
from argmine.errors import EvaluationError
from argmine.evaluation import (
    GoldClaim,
    GoldThread,
    compare_graph,
    mine_gold,
    read_cmv_thread,
    read_cmv_threads,
    report_threads,
    score_threads,
)
from argmine.evaluation.matching import match_spans
from argmine.thread import Thread

BRANCHES = Path(__file__).parent / "data" / "evaluation" / "branches"
SOUND, BROKEN = BRANCHES / "positive" / "1.xml", BRANCHES / "negative" / "2.xml"


def texts(gold: GoldThread) -> dict[str, str]:
    return {claim.id: gold.thread.post(claim.post).text[claim.start : claim.end] for claim in gold.claims}


def claim_of(gold: GoldThread, claim_id: str) -> GoldClaim:
    return next(claim for claim in gold.claims if claim.id == claim_id)


def perfect_graph(gold: GoldThread) -> "nx.DiGraph[str]":
    """A graph that says just what the annotations say; its claims are called ``"=" + id``."""
    graph: nx.DiGraph[str] = nx.DiGraph(schema="1")
    for post in gold.thread.posts:
        graph.add_node(post.id, kind="post", text=post.text)
        if post.reply_to is not None:
            graph.add_edge(post.id, post.reply_to, kind="reply")
    for claim in gold.claims:
        graph.add_node("=" + claim.id, kind="claim", post=claim.post, start=claim.start, end=claim.end, role=claim.role)
        graph.add_edge(claim.post, "=" + claim.id, kind="contains")
    for (source, target), stance in gold.answers.items():
        graph.add_edge("=" + source, "=" + target, kind="answers", stance=stance)
    for source, target in gold.supports:
        graph.add_edge("=" + source, "=" + target, kind="supports")
    return graph


# --- the reader ---


def test_a_sound_file_is_read_whole() -> None:
    gold = read_cmv_thread(SOUND)
    assert (gold.thread.id, gold.group, gold.thread.title) == ("positive/1", "harbour", None)
    assert [(post.id, post.author, post.reply_to) for post in gold.thread.posts] == [
        ("harbour", "marit_o", None),
        ("r1", "tuomas", "harbour"),
        ("r2", "marit_o", "r1"),
    ]
    opening, first, _ = (post.text for post in gold.thread.posts)
    assert opening.startswith("Harbour Road should be closed to cars\n\nWalking there is no joy.  The road")
    assert opening.endswith("the fish market & the pier.")
    assert first.startswith("> The road is too narrow\n\nIt is wide enough")
    assert texts(gold) == {
        "title": "Harbour Road should be closed to cars",
        "0": "The road is too narrow for cars and people.",
        "1": "Two cyclists were hurt last May",
        "2": "the pavement ends at the fish market & the pier.",
        "3": "It is wide enough for both.",
        "4": "Buses pass each other there every day.",
        "5": "Closing it on Sundays might do no harm.",
        "6": "Sundays would be a start.",
    }
    assert [claim.role for claim in gold.claims[:4]] == ["claim", "claim", "premise", "premise"]
    assert gold.answers == {("3", "0"): "rebuttal", ("5", "title"): "agreement", ("6", "5"): "agreement"}
    assert gold.supports == {("1", "0"), ("2", "0"), ("2", "title"), ("4", "3")}
    assert gold.notes == {"relation within a post other than a premise's support": 1}


def test_a_broken_file_loses_nothing_and_says_what_was_odd() -> None:
    gold = read_cmv_thread(BROKEN)
    assert [post.id for post in gold.thread.posts] == ["harbour", "r3", "r4"]
    assert gold.thread.posts[2].author == "marit_o"
    opening = gold.thread.opening_post.text
    assert opening.splitlines()[0] == "Harbour Road should be closed to cars and the pier too."
    assert "not this one" not in gold.thread.posts[1].text
    assert texts(gold) == {
        "title": "Harbour Road should be closed to cars",
        "title~2": "and the pier too.",
        "0": "Fish & chips taste better without exhaust fumes in the air.",
        "0a": "without exhaust fumes",
        "7": "Taste proves nothing 3 < 4 times.",
        "8": "My uncle sells there!",
        "7~2": "He'd lose his stall.",
        "11": "He would gain walkers.",
    }
    assert gold.answers == {("7", "0"): "rebuttal", ("11", "7"): "rebuttal"}
    assert gold.supports == {("0a", "0")}
    assert gold.notes == {
        "annotation inside another": 1,
        "annotation outside the posts left out": 1,
        "annotation without words left out": 1,
        "comment of the annotators left out": 1,
        "post without a closing tag": 1,
        "relation of an unknown kind": 1,
        "relation to a later post or to itself": 1,
        "relation to an id that does not exist": 1,
        "relation within a post other than a premise's support": 1,
        "second annotation with the same id (links mean the first)": 2,
    }


def test_a_folder_is_read_in_the_order_of_its_paths(tmp_path: Path) -> None:
    assert [gold.thread.id for gold in read_cmv_threads(BRANCHES)] == ["negative/2", "positive/1"]
    with pytest.raises(EvaluationError, match=r"no \.xml file in"):
        list(read_cmv_threads(tmp_path))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<thread ID='x'><reply id='a'>Hm.</reply></thread>", "has 0 opening posts"),
        (b"<thread><OP>a</OP><OP>b</OP></thread>", "has 2 opening posts"),
        (b"<html><body>Hello</body></html>", "has 0 opening posts"),
        (b"\xff\xff", "cannot be read"),
        (
            b"<thread ID='x'><OP>a</OP><reply id='r'>b</reply><reply id='r'>c</reply></thread>",
            "2 posts have the id 'r'",
        ),
    ],
)
def test_a_file_that_is_no_thread_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "bad.xml"
    path.write_bytes(content)
    with pytest.raises(EvaluationError, match=says):
        read_cmv_thread(path)


def test_tags_that_do_not_match_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "odd.xml"
    path.write_text("<thread ID='x'><OP>One </claim>two. <claim id='1'>Three</reply></OP></thread>")
    gold = read_cmv_thread(path)
    assert gold.thread.opening_post.text == "One two. Three"
    assert texts(gold) == {"1": "Three"}
    assert gold.notes == {"annotation without a closing tag": 1, "closing tag without an opening one": 3}


# --- the matching of spans ---


def spans(prefix: str, *ends: tuple[int, int], post: str = "a") -> list[GoldClaim]:
    return [GoldClaim(f"{prefix}{i}", post, start, end, "claim") for i, (start, end) in enumerate(ends)]


def test_overlap_is_shared_characters_over_all_characters() -> None:
    gold = spans("g", (0, 10))
    assert match_spans(gold, spans("p", (0, 5)), 0.5) == {"g0": "p0"}  # 5 / 10
    assert match_spans(gold, spans("p", (0, 20)), 0.5) == {"g0": "p0"}  # 10 / 20
    assert match_spans(gold, spans("p", (5, 15)), 0.5) == {}  # 5 / 15
    assert match_spans(gold, spans("p", (0, 9)), 0.9) == {"g0": "p0"}
    assert match_spans(gold, spans("p", (1, 9)), 0.9) == {}
    assert match_spans(gold, spans("p", (10, 20)), 0.0) == {}  # they only touch
    assert match_spans(gold, spans("p", (0, 10), post="b"), 0.5) == {}


def test_each_claim_is_matched_once_and_the_best_overlap_wins() -> None:
    nested = spans("g", (0, 10), (0, 8))
    assert match_spans(nested, spans("p", (0, 8)), 0.5) == {"g1": "p0"}
    assert match_spans(nested, spans("p", (0, 8), (0, 10)), 0.5) == {"g1": "p0", "g0": "p1"}
    assert match_spans(spans("g", (0, 10)), spans("p", (0, 5), (5, 10)), 0.5) == {"g0": "p0"}


ends = st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(ends, max_size=8), st.lists(ends, max_size=8))
def test_matching_is_one_to_one_and_each_match_overlaps_enough(
    gold: list[tuple[int, int]], predicted: list[tuple[int, int]]
) -> None:
    theirs, mine = spans("g", *gold), spans("p", *predicted)
    by_id = {claim.id: claim for claim in theirs + mine}
    matched = match_spans(theirs, mine, 0.5)
    assert len(set(matched.values())) == len(matched)
    for one, other in matched.items():
        first = set(range(by_id[one].start, by_id[one].end))
        second = set(range(by_id[other].start, by_id[other].end))
        assert len(first & second) / len(first | second) >= 0.5
    assert match_spans(theirs, [replace(claim, id="p" + claim.id) for claim in theirs], 0.9).keys() == {
        claim.id for claim in theirs
    }


# --- the scores ---


def test_a_graph_that_says_what_gold_says_is_perfect() -> None:
    gold = list(read_cmv_threads(BRANCHES))
    scores = score_threads(gold, [compare_graph(one, perfect_graph(one)) for one in gold])
    for each in (scores.spans, scores.spans_tight, scores.links, scores.links_labelled, scores.supports):
        assert (each.precision, each.recall, each.f1.value) == (1, 1, 1)
    assert scores.roles.accuracy.value == scores.roles.macro_f1.value == 1
    assert (scores.spans.tp, scores.links.tp, scores.supports.tp) == (16, 5, 5)
    assert {side: each.tp for side, each in scores.links_by_stance.items()} == {"agreement": 2, "rebuttal": 3}
    assert (scores.threads, scores.groups) == (2, 1)
    assert scores.facts["gold links across posts, both ends found"] == 5
    assert scores.notes["relation of an unknown kind"] == 1


def test_a_graph_that_says_nothing_has_misses_and_no_precision() -> None:
    gold = read_cmv_thread(SOUND)
    graph = perfect_graph(gold)
    graph.remove_nodes_from(["=" + claim.id for claim in gold.claims])
    scores = score_threads([gold], [compare_graph(gold, graph)])
    assert (scores.spans.precision, scores.spans.recall, scores.spans.f1.value) == (None, 0, 0)
    assert (scores.links.fn, scores.links.precision, scores.links.f1.value) == (3, None, 0)
    assert scores.supports.fn == 4
    assert scores.roles.accuracy.value is None


def test_scores_by_hand() -> None:
    gold = read_cmv_thread(SOUND)
    graph = perfect_graph(gold)
    third = graph.nodes["=3"]
    third["end"] -= 5  # still more than half of it, but not nine tenths
    third["role"] = "premise"
    graph.nodes["=0"]["start"] = graph.nodes["=0"]["end"] - 3  # matches nothing any more
    graph.edges["=5", "=title"]["stance"] = "rebuttal"  # found with the wrong stance
    graph.remove_edge("=6", "=5")  # never proposed
    graph.add_edge("=6", "=3", kind="answers", stance="neutral")  # no link of gold
    graph.add_edge("=4", "=1", kind="answers", stance="agreement")  # no link of gold
    outcome = compare_graph(gold, graph)
    scores = score_threads([gold], [outcome])
    assert (scores.spans.tp, scores.spans.fp, scores.spans.fn) == (7, 1, 1)
    assert (scores.spans_tight.tp, scores.spans_tight.fp, scores.spans_tight.fn) == (6, 2, 2)
    # 7 matched; claims title, 3, 5, 6 (3 is called a premise), premises 1, 2, 4
    assert scores.roles.confusion == {
        "claim": {"claim": 3, "premise": 1},
        "premise": {"claim": 0, "premise": 3},
    }
    assert scores.roles.accuracy.value == pytest.approx(6 / 7)
    assert scores.roles.macro_f1.value == pytest.approx((6 / 7 + 6 / 7) / 2)
    # right: 5-title; wrong: 3-0 (0 matches nothing), 6-3, 4-1; missed: 3-0, 6-5
    assert (scores.links.tp, scores.links.fp, scores.links.fn) == (1, 3, 2)
    assert (scores.links_labelled.tp, scores.links_labelled.fp, scores.links_labelled.fn) == (0, 4, 3)
    by_stance = scores.links_by_stance
    assert (by_stance["agreement"].tp, by_stance["agreement"].fp, by_stance["agreement"].fn) == (0, 1, 2)
    assert (by_stance["rebuttal"].tp, by_stance["rebuttal"].fp, by_stance["rebuttal"].fn) == (0, 2, 1)
    # 1-0 and 2-0 lose their end: wrong and missed; 2-title and 4-3 are right
    assert (scores.supports.tp, scores.supports.fp, scores.supports.fn) == (2, 2, 2)
    assert scores.facts["gold links across posts, both ends found"] == 2
    assert scores.facts["predicted links across posts, an end matches nothing"] == 1
    assert outcome.details["missed"] == ["0"]
    assert outcome.details["wrong"] == ["=0"]
    assert ["6", "5", "agreement"] in outcome.details["answers_missed"]
    assert ["5", "title", "rebuttal", "agreement"] in outcome.details["answers"]
    json.dumps([asdict(outcome), asdict(scores)])


def test_outer_white_space_of_a_predicted_claim_does_not_matter() -> None:
    gold = read_cmv_thread(SOUND)
    graph = perfect_graph(gold)
    claim = claim_of(gold, "0")
    assert gold.thread.opening_post.text[claim.start - 1] == " "
    graph.nodes["=0"]["start"] -= 1
    graph.nodes["=0"]["end"] += 1
    assert compare_graph(gold, graph).counts["spans_tight"] == [8, 0, 0]


def test_the_interval_resamples_submissions() -> None:
    gold = read_cmv_thread(SOUND)
    right = compare_graph(gold, perfect_graph(gold))
    empty = perfect_graph(gold)
    empty.remove_nodes_from(["=" + claim.id for claim in gold.claims])
    wrong = compare_graph(gold, empty)
    outcomes = [right, right, wrong] * 10
    by_thread = [replace(outcome, group=str(i)) for i, outcome in enumerate(outcomes)]
    by_five = [replace(outcome, group=str(i // 5)) for i, outcome in enumerate(sorted(outcomes, key=str))]
    narrow, wide = (score_threads([gold] * 30, each) for each in (by_thread, by_five))
    assert (narrow.groups, wide.groups) == (30, 6)
    assert narrow.links.recall == wide.links.recall == pytest.approx(2 / 3)
    assert narrow.links.f1.value == wide.links.f1.value
    assert wide.links.f1.low < narrow.links.f1.low - 0.1  # type: ignore[operator]
    alone = score_threads([gold] * 30, outcomes)
    assert (alone.groups, alone.links.f1.low, alone.links.f1.high) == (1, None, None)


def test_a_graph_of_something_else_is_refused() -> None:
    gold = read_cmv_thread(SOUND)
    with pytest.raises(EvaluationError, match="not of the thread 'positive/1'"):
        compare_graph(gold, perfect_graph(read_cmv_thread(BROKEN)))
    graph = perfect_graph(gold)
    graph.nodes["=0"]["role"] = "thesis"
    with pytest.raises(EvaluationError, match="has the role 'thesis'"):
        compare_graph(gold, graph)
    with pytest.raises(EvaluationError, match="no thread to score"):
        score_threads([], [])


def test_gold_threads_are_mined_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    gold = list(read_cmv_threads(BRANCHES))
    by_id = {one.thread.id: perfect_graph(one) for one in gold}

    def mine_all(threads: Iterable[Thread], nlp: object = None, **_: object) -> Iterator["nx.DiGraph[str]"]:
        return (by_id[thread.id] for thread in threads)

    monkeypatch.setattr(argmine, "mine_all", mine_all)
    assert [outcome.thread for outcome in mine_gold(gold)] == ["negative/2", "positive/1"]


def test_the_rule_pipeline_is_scored_and_reported() -> None:
    gold = list(read_cmv_threads(BRANCHES))
    outcomes = list(mine_gold(gold))
    scores = score_threads(gold, outcomes)
    assert scores.spans.f1.value > 0.5  # type: ignore[operator]
    assert scores.facts["posts"] == 6
    text = report_threads(scores, name="branches")
    assert text.startswith("branches: threads 2, submissions that they are branches of 1\n")
    assert "links across posts, with stance" in text
    assert "There are no intervals" in text
    assert "in the gold files:" in text
    assert not any(line != line.rstrip() for line in text.splitlines())
