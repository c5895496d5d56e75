"""The table of quality: what is measured, what is absent, the page, and the speed."""

import json
import re
import shutil
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from spacy.language import Language

import argmine
import argmine.evaluation.quality
from argmine.errors import EvaluationError, PipelineError
from argmine.evaluation import (
    Estimate,
    GoldThread,
    Quality,
    judge_pairs,
    measure_quality,
    mine_gold,
    quality_page,
    read_cmv_threads,
    read_pairs,
    score_stances,
)
from argmine.evaluation.quality_page import score_table, verdict
from argmine.evaluation.quality_rows import ABCD, DEBAGREEMENT, ROWS, START
from argmine.evaluation.speed import POST_WORDS, REPLY_WORDS, cold_start, replies_per_second

BRANCHES = Path(__file__).parent / "data" / "evaluation" / "branches"
TEXTS = [
    ("boats", "Wooden boats last longer.", "I agree, mine is forty years old.", "agreement"),
    ("boats", "Plastic boats need no care.", "No, that is wrong, the sun eats them.", "rebuttal"),
    ("trams", "Trams should be free.", "Who would pay the drivers?", "neutral"),
    ("trams", "Night trams are loud.", "I disagree, the new ones are quiet.", "rebuttal"),
    ("trams", "Tickets cost too much.", "Exactly, I walk because of that.", "agreement"),
    ("boats", "Oars should be of ash.", "Spruce is lighter.", "neutral"),
]


def rows(**given: object) -> list[dict[str, object]]:
    return [
        {"id": str(i), "parent": parent, "reply": reply, "label": label, "topic": topic, "thread": f"t{i}", **given}
        for i, (topic, parent, reply, label) in enumerate(TEXTS)
    ]


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with some of the gold files, in the shape and with the names of the real ones."""
    folder = tmp_path_factory.mktemp("corpora")
    (folder / "pairs").mkdir()
    fold_b = [row | {"weight": 1.0 if i % 2 else 0.67} for i, row in enumerate(rows(corpus="deb", fold="b"))]
    fold_a = [row | {"id": f"a{i}"} for i, row in enumerate(rows(corpus="deb", fold="a"))]
    two_sided = [row for row in rows(corpus="abcd") if row["label"] != "neutral"]
    for name, content in {"debagreement": fold_b + fold_a, "abcd": two_sided}.items():
        path = folder / "pairs" / f"{name}.dev.jsonl.xz"
        path.write_text("\n".join(json.dumps(row) for row in content), encoding="utf-8")
    shutil.copytree(BRANCHES, folder / "threads" / "cmv_modes")
    return folder


@pytest.fixture(scope="module")
def quality(corpora: Path) -> Quality:
    return measure_quality(corpora, "en", speed=False)


def scores_of(quality: Quality) -> dict[tuple[str, str], Estimate | str]:
    return {(row.gold.name, row.score): each for row, each in zip(ROWS, quality.scores, strict=True)}


def test_each_score_is_that_of_its_own_evaluation(corpora: Path, quality: Quality) -> None:
    scores = scores_of(quality)
    path = corpora / DEBAGREEMENT.file
    expected = score_stances(judge_pairs(read_pairs(path, where={"fold": "b"})))
    assert quality.replies[DEBAGREEMENT.name] == expected
    assert scores["DEBAGREEMENT, fold b", "macro-F1"] == expected.strict.macro_f1
    assert scores["DEBAGREEMENT, fold b", "accuracy"] == expected.strict.accuracy
    error = expected.strict_calibration
    assert scores["DEBAGREEMENT, fold b", "calibration error"] == Estimate(error.expected_error, error.low, error.high)
    unanimous = score_stances(judge_pairs(read_pairs(path, where={"fold": "b", "weight": "1.0"})))
    assert unanimous.strict.items == 3
    assert scores["DEBAGREEMENT, fold b, unanimous", "macro-F1"] == unanimous.strict.macro_f1
    abcd = quality.replies["ABCD, dev"]
    assert scores["ABCD, dev", "macro-F1, agreement or rebuttal"] == abcd.restricted.macro_f1
    assert scores["ABCD, dev", "calibration error"].value == abcd.restricted_calibration.expected_error  # type: ignore[union-attr]


def test_threads_and_off_topic_are_measured(quality: Quality) -> None:
    scores = scores_of(quality)
    assert quality.threads is not None
    assert quality.threads.threads == 2
    assert scores["change-my-view threads", "role, accuracy"] == quality.threads.roles.accuracy
    far = quality.off_topic["deb: replies moved to another topic"]
    assert (far.off_topic, far.on_topic) == (6, 6)
    assert scores["DEBAGREEMENT, fold b", "AUC, replies moved to another topic (synthetic)"] == far.auc
    assert scores["DEBAGREEMENT, fold b", "real replies called off-topic"] == far.false_off_topic
    assert quality.synthetic == tuple(quality.off_topic)


def test_what_is_absent_is_said_to_be_absent(quality: Quality) -> None:
    scores = scores_of(quality)
    assert scores["AWTP, dev", "macro-F1"] == "absent: no pairs/awtp.dev.jsonl.xz"
    assert scores["DataCamp comments", "spam called off-topic"] == "absent: no off_topic/datacamp_blog_spam.jsonl.xz"
    assert scores[START.name, "seconds"] == "not measured"
    assert "AWTP, dev" not in quality.replies
    page = quality_page([quality], command="argmine evaluate all CORPORA")
    assert "### AWTP, dev\n\nAbsent: no pairs/awtp.dev.jsonl.xz\n" in page


def test_a_folder_of_something_else_and_a_pipeline_of_no_name_are_refused(tmp_path: Path, corpora: Path) -> None:
    with pytest.raises(EvaluationError, match="holds none of the gold files"):
        measure_quality(tmp_path, "en")
    with pytest.raises(PipelineError, match="There is no pipeline 'nonsense'"):
        measure_quality(corpora, "nonsense")


def test_each_step_is_announced(corpora: Path) -> None:
    steps: list[str] = []

    def step(what: str) -> nullcontext[None]:
        steps.append(what)
        return nullcontext()

    measure_quality(corpora, "en", speed=False, step=step)
    assert steps[0] == "en: DEBAGREEMENT, fold b"
    assert len(steps) == len({row.gold for row in ROWS})


# --- cross-validation ---


def counting(pipeline: Language, asked: list[str]) -> Callable[[GoldThread], Language]:
    def pipeline_of(gold: GoldThread) -> Language:
        asked.append(gold.thread.id)
        return pipeline

    return pipeline_of


def test_each_gold_thread_may_have_a_pipeline_of_its_own(corpora: Path, quality: Quality) -> None:
    asked: list[str] = []
    pipeline_of = counting(argmine.load(), asked)
    gold = list(read_cmv_threads(BRANCHES))
    assert list(mine_gold(gold, pipeline_of=pipeline_of)) == list(mine_gold(gold))
    assert asked == ["negative/2", "positive/1"]
    crossed = measure_quality(corpora, "en", speed=False, pipeline_of=pipeline_of)
    assert len(asked) == 4
    assert crossed == replace(quality, cross_validated=True)
    assert "cross-validated for `en`" in quality_page([crossed], command="x")
    assert "cross-validated" not in quality_page([quality], command="x")


# --- the page ---


def tables(page: str) -> list[list[list[str]]]:
    found = re.findall(r"(?:^\|.*\|\n?)+", page, re.MULTILINE)
    return [[re.split(r"(?<!\\)\|", line.strip().strip("|")) for line in table.strip().splitlines()] for table in found]


def test_the_page_has_a_row_for_each_score_and_a_column_for_each_pipeline(quality: Quality) -> None:
    other = replace(quality, pipeline="en|other", threads=None)
    page = quality_page([quality, other], command="argmine evaluate all CORPORA -o quality.md")
    assert page.startswith("# Quality\n\nMade by `argmine evaluate all CORPORA -o quality.md` (argmine ")
    first, *rest = tables(page)
    assert [cell.strip() for cell in first[0]][4:6] == ["`en`", "`en\\|other`"]
    assert len(first) == 2 + len(ROWS)
    assert len(rest) == 2 * 3 + 1 + 1  # three corpora, off-topic, threads
    for table in [first, *rest]:
        assert {len(line) for line in table} == {len(table[0])}
    for line, row in zip(first[2:], ROWS, strict=True):
        assert [line[0].strip(), line[1].strip()] == [row.gold.name, row.score]
    assert "replies moved to another topic (synthetic)" in page
    assert "None" not in page
    assert page == quality_page([quality, other], command="argmine evaluate all CORPORA -o quality.md")


def test_confusions_are_those_of_the_decision_that_counts(quality: Quality) -> None:
    page = quality_page([quality], command="x")
    section = page.split(f"### {ABCD.name}\n")[1].split("\n###")[0]
    labels = [[cell.strip() for cell in line] for line in tables(section)[1][2:]]
    assert [line[1] for line in labels] == ["agreement", "rebuttal"]
    assert sum(int(cell) for line in labels for cell in line[6:]) == 4
    assert all(line[8:] == ["0", "0"] for line in labels)  # neither neutral nor off-topic: gold knows them not


def test_the_verdict_says_what_was_reached() -> None:
    higher = next(row for row in ROWS if (row.required, row.aim) == (0.61, 0.68))
    lower = next(row for row in ROWS if row.lower_is_better and row.required == 0.06)
    assert [verdict(higher, Estimate(value)) for value in (0.6099, 0.61, 0.68, None)] == [
        "missed",
        "reached",
        "aim",
        "",
    ]
    assert [verdict(lower, Estimate(value)) for value in (0.061, 0.06, 0.03, 0.0)] == [
        "missed",
        "reached",
        "aim",
        "aim",
    ]
    assert verdict(next(row for row in ROWS if row.required is None), Estimate(0.9)) == ""


def test_a_score_is_shown_with_its_interval_and_verdict(quality: Quality) -> None:
    made = replace(quality, scores=(Estimate(0.65, 0.6, 0.7), Estimate(0.7), *quality.scores[2:-1], Estimate(31.26)))
    lines = [[cell.strip() for cell in line] for line in tables(score_table([made]))[0]]
    assert lines[2][2:6] == ["≥ 0.61", "≥ 0.68", "0.650 [0.600, 0.700] *reached*", "0.485"]
    assert lines[3][4] == "0.700"
    assert lines[-1][2:5] == ["≤ 5", "≤ 3", "31.3 *missed*"]


def test_it_is_plain_data(quality: Quality) -> None:
    data = json.loads(json.dumps(quality.as_json(), allow_nan=False))
    assert len(data["scores"]) == len(ROWS)
    assert data["scores"][0]["gold"] == "DEBAGREEMENT, fold b"
    assert data["scores"][0]["value"] == quality.scores[0].value  # type: ignore[union-attr]
    assert data["scores"][-1] == {"gold": START.name, "score": "seconds", "absent": "not measured"}
    assert data["replies"]["ABCD, dev"]["restricted"]["items"] == 4
    assert data["threads"]["threads"] == 2
    summary = quality.summary()
    assert summary["cores"] >= 1
    assert summary["scores"]["DEBAGREEMENT, fold b: macro-F1"] == pytest.approx(data["scores"][0]["value"], abs=1e-4)
    assert not [name for name in summary["scores"] if name.startswith(START.name)]  # what was not measured


# --- speed ---


def test_replies_per_second_are_measured_on_texts_of_the_stated_length(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[argmine.Thread] = []
    mine_all = argmine.mine_all

    def spy(threads: list[argmine.Thread], nlp: Language) -> object:
        seen.extend(threads)
        return mine_all(threads, nlp)

    monkeypatch.setattr(argmine, "mine_all", spy)
    rate = replies_per_second(argmine.load(), replies=4, rounds=2)
    assert 0 < rate.low <= rate.value <= rate.high  # type: ignore[operator]
    assert len(seen) == 12  # the first round is not counted
    assert {(len(one.posts[0].text.split()), len(one.posts[1].text.split())) for one in seen} == {
        (POST_WORDS, REPLY_WORDS)
    }
    assert len({one.posts[1].text for one in seen}) == 12


def test_a_cold_start_is_a_whole_process() -> None:
    seconds = cold_start(rounds=1)
    assert 0.2 < seconds.value < 120  # type: ignore[operator]
    assert seconds.low == seconds.value == seconds.high


def test_a_cold_start_that_fails_says_why(
    tmp_path: Path, corpora: Path, quality: Quality, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_text("")
    with pytest.raises(EvaluationError, match=r"argmine mine failed: Error: .*empty\.txt"):
        cold_start(thread=empty, rounds=1)
    monkeypatch.setattr(argmine.evaluation.quality, "replies_per_second", lambda nlp: Estimate(40.0))
    told = scores_of(measure_quality(corpora, "en", thread=empty))
    assert str(told[START.name, "seconds"]).startswith("not measured: argmine mine failed: Error: ")
    assert told["replies of 60 words answering posts of 100", "per second"] == Estimate(40.0)
