"""Gold pairs: reading, mining, prediction files, the comparison of two, the report and the diagram."""

import builtins
import json
import lzma
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import argmine
from argmine.errors import EvaluationError, MissingExtraError
from argmine.evaluation import (
    Judgement,
    compare,
    judge_pairs,
    plot_reliability,
    read_pairs,
    read_predictions,
    report_comparison,
    report_stances,
    score_stances,
    write_predictions,
)
from argmine.thread import Thread

PAIRS = Path(__file__).parent / "data" / "evaluation" / "pairs.jsonl"
CHANCES = {"p_agreement": 0.2, "p_rebuttal": 0.5, "p_neutral": 0.2, "p_off_topic": 0.1}


def judgements(*decided: tuple[str, str]) -> list[Judgement]:
    return [
        Judgement(gold, stance, 0.4, 0.4, 0.3, 0.2, 0.1, id=f"p{i}", corpus="harbour")
        for i, (gold, stance) in enumerate(decided)
    ]


def test_pairs_are_read_in_order_with_and_without_compression(tmp_path: Path) -> None:
    pairs = read_pairs(PAIRS)
    assert [pair.id for pair in pairs] == ["p1", "p2", "p3", "p4"]
    assert [pair.label for pair in pairs] == ["agreement", "rebuttal", "neutral", None]
    assert pairs[0].thread == "t1"
    assert pairs[2].parent_author is None
    packed = tmp_path / "pairs.jsonl.xz"
    packed.write_bytes(lzma.compress(PAIRS.read_bytes()))
    assert read_pairs(packed) == pairs


def test_where_selects_by_any_field(tmp_path: Path) -> None:
    assert [pair.id for pair in read_pairs(PAIRS, where={"fold": "b"})] == ["p2", "p3", "p4"]
    assert [pair.id for pair in read_pairs(PAIRS, where={"fold": "b", "label": "neutral"})] == ["p3"]
    assert [pair.id for pair in read_pairs(PAIRS, where={"weight": "1.0"})] == ["p1", "p3"]
    assert [pair.id for pair in read_pairs(PAIRS, where={"label": "null"})] == ["p4"]
    with pytest.raises(EvaluationError, match=r"no pair with fold=z\. The fields are: context, corpus, fold,"):
        read_pairs(PAIRS, where={"fold": "z"})
    with pytest.raises(EvaluationError, match="no pair with part=b"):
        read_pairs(PAIRS, where={"part": "b"})


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "holds no pair"),
        (b'{"parent": "a", "reply": "b", "label": "neutral"}\n{"parent": ', "line 2: not JSON in UTF-8"),
        (b"\xff\xfe\xfa", "line 1: not JSON in UTF-8"),
        (b"[1, 2]", "line 1: not a JSON object"),
        (b'{"parent": "a", "label": "neutral"}', "line 1: 'reply' is not a string"),
        (b'{"parent": "a", "reply": "b"}', "line 1: the label is None"),
        (b'{"parent": "a", "reply": "b", "label": "agree"}', "the label is 'agree'. Labels are agreement,"),
        (
            b'{"parent": "a", "reply": "b", "label": "neutral", "weight": "1"}',
            "line 1: 'weight' is '1', and must be a number between 0 and 1",
        ),
        (
            b'{"parent": "a", "reply": "b", "label": ["agreement"]}',
            "line 1: 'label' is neither a string nor null",
        ),
        (b'{"parent": "a", "reply": "b", "label": null, "thread": 3}', "line 1: 'thread' is neither"),
        (
            b'{"parent": "a", "reply": "b", "label": null, "id": "1"}\n' * 2,
            "line 2: a second pair with the id '1'",
        ),
        (lzma.compress(b'{"parent": "a"}' * 99)[:40], "cannot be read"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, content: bytes, says: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(EvaluationError, match=says.replace("[", r"\[")):
        read_pairs(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_pairs(tmp_path / "none.jsonl")


def test_a_pair_becomes_a_thread_of_two_posts() -> None:
    thread = read_pairs(PAIRS)[0].as_thread()
    assert thread.title == "The ferry"
    assert [(post.id, post.author, post.reply_to) for post in thread.posts] == [
        ("parent", "marit_o", None),
        ("reply", "tuomas", "parent"),
    ]
    assert thread.posts[1].text == "I agree, it was late twice this week."


def mined(edge: dict[str, Any]) -> Any:
    def mine_all(threads: Iterable[Thread], nlp: object = None, **_: object) -> Iterator["nx.DiGraph[str]"]:
        for thread in threads:
            graph: nx.DiGraph[str] = nx.DiGraph()
            graph.add_nodes_from((post.id for post in thread.posts), kind="post")
            graph.add_edge("reply", "parent", kind="reply", **edge)
            yield graph

    return mine_all


def test_the_reply_edge_is_judged_and_pairs_without_a_label_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(argmine, "mine_all", mined({"stance": "rebuttal", "confidence": 0.5, **CHANCES}))
    judged = judge_pairs(read_pairs(PAIRS))
    assert [(each.id, each.gold, each.group) for each in judged] == [
        ("p1", "agreement", "t1"),
        ("p2", "rebuttal", "t1"),
        ("p3", "neutral", "t2"),
    ]
    assert judged[0].probabilities == (0.2, 0.5, 0.2, 0.1)
    scores = score_stances(judged)
    assert scores.strict.groups == 2
    assert scores.strict.accuracy.value == pytest.approx(1 / 3)


def test_a_pipeline_without_stances_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(argmine, "mine_all", mined({}))
    with pytest.raises(EvaluationError, match=r"gives replies no stance\. Add a stage"):
        judge_pairs(read_pairs(PAIRS))


def test_the_rule_pipeline_judges_plain_pairs() -> None:
    judged = judge_pairs(read_pairs(PAIRS))
    assert [each.stance for each in judged[:2]] == ["agreement", "rebuttal"]
    assert score_stances(judged).strict.items == 3
    assert judged == judge_pairs(read_pairs(PAIRS), batch_size=1)


def test_predictions_come_back_as_written(tmp_path: Path) -> None:
    written = [replace(each, group="тред") for each in judgements(("neutral", "agreement"), ("rebuttal", "rebuttal"))]
    path = tmp_path / "predictions.jsonl"
    write_predictions(written, path)
    assert read_predictions(path) == written
    assert json.loads(path.read_text(encoding="utf-8").splitlines()[0]) == asdict(written[0])
    assert [each.name for each in tmp_path.iterdir()] == ["predictions.jsonl"]


def test_a_failure_leaves_no_half_file(tmp_path: Path) -> None:
    def broken() -> Iterator[Judgement]:
        yield from judgements(("neutral", "neutral"))
        raise RuntimeError

    path = tmp_path / "predictions.jsonl"
    with pytest.raises(RuntimeError):
        write_predictions(broken(), path)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(EvaluationError, match="cannot be written"):
        write_predictions([], tmp_path / "no" / "folder.jsonl")


@pytest.mark.parametrize("content", ['{"gold": "neutral"}', "no json", "3", '{"gold": "maybe"}'])
def test_a_file_that_holds_no_predictions_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(content)
    with pytest.raises(EvaluationError, match="line 1: no prediction"):
        read_predictions(path)
    with pytest.raises(EvaluationError, match="cannot be read"):
        read_predictions(tmp_path / "none.jsonl")


def test_two_systems_are_compared_on_the_pairs_that_both_judged() -> None:
    first = judgements(
        ("neutral", "neutral"), ("neutral", "neutral"), ("rebuttal", "neutral"), ("rebuttal", "rebuttal")
    )
    second = judgements(("neutral", "neutral"), ("neutral", "rebuttal"), ("rebuttal", "rebuttal"))
    result = compare(first, second)
    assert (result.items, result.only_in_first, result.only_in_second) == (3, 1, 0)
    assert result.first_accuracy == result.second_accuracy == pytest.approx(2 / 3)
    assert (result.test.only_first, result.test.only_second, result.test.p_value) == (1, 1, 1)
    text = report_comparison(result, first="old", second="new")
    assert "3 pairs judged by both" in text
    assert "left out: 1 judged by only one" in text
    same = report_comparison(compare(first, first), first="old", second="old")
    assert "p = n/a" in same
    assert "left out" not in same


def test_systems_that_cannot_be_compared_are_refused() -> None:
    one = judgements(("neutral", "neutral"))
    with pytest.raises(EvaluationError, match="share no item"):
        compare(one, [replace(one[0], id="other")])
    with pytest.raises(EvaluationError, match="gold is 'neutral' and 'rebuttal'"):
        compare(one, [replace(one[0], gold="rebuttal")])
    with pytest.raises(EvaluationError, match="predicted twice"):
        compare(one * 2, one)


def test_the_report_says_what_was_measured() -> None:
    decided = [
        ("agreement", "agreement"),
        ("rebuttal", "off-topic"),
        ("rebuttal", "rebuttal"),
        ("neutral", "rebuttal"),
    ]
    text = report_stances(score_stances(judgements(*decided)), name="harbour", skipped=2)
    assert text.startswith("harbour: 4 pairs, 2 more without a label left out\n")
    assert "floor (always rebuttal): macro-F1 0.222, accuracy 0.500" in text
    assert "wrongly called off-topic" in text
    assert "0.250" in text
    assert not any(line != line.rstrip() for line in text.splitlines())
    neutral = next(line for line in text.splitlines() if line.startswith("  neutral"))
    assert neutral.split()[1] == "n/a"  # neutral was never predicted: no precision
    assert json.loads(json.dumps(asdict(score_stances(judgements(*decided)))))["false_off_topic"] == 0.25


def test_the_reliability_diagram_is_saved_and_the_same_each_time(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    result = score_stances(judgements(("agreement", "agreement"), ("rebuttal", "agreement"))).strict_calibration
    plot_reliability(result, tmp_path / "one.png", title="harbour")
    plot_reliability(result, tmp_path / "two.png", title="harbour")
    content = (tmp_path / "one.png").read_bytes()
    assert content.startswith(b"\x89PNG")
    assert content == (tmp_path / "two.png").read_bytes()
    assert len(list(tmp_path.iterdir())) == 2
    with pytest.raises(EvaluationError, match="cannot be written"):
        plot_reliability(result, tmp_path / "no" / "folder.png")
    with pytest.raises(EvaluationError, match="cannot be written"):
        plot_reliability(result, tmp_path / "one.nonsense")


def test_a_missing_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def without_matplotlib(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without_matplotlib)
    result = score_stances(judgements(("agreement", "agreement"))).strict_calibration
    with pytest.raises(MissingExtraError, match=r'pip install "argmine\[plot\]"'):
        plot_reliability(result, tmp_path / "one.png")
    assert list(tmp_path.iterdir()) == []
