"""``argmine evaluate``: what it prints, what it writes, and how it fails."""

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest
from typer.testing import CliRunner

import argmine
import argmine.evaluation
from argmine.cli import app
from argmine.evaluation import Judgement, Pair

DATA = Path(__file__).parent / "data" / "evaluation"
PAIRS = str(DATA / "pairs.jsonl")
run = CliRunner()


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge every pair a rebuttal, without a pipeline."""

    def judge_pairs(pairs: Iterable[Pair], **_: object) -> list[Judgement]:
        chances = (0.2, 0.5, 0.2, 0.1)
        return [
            Judgement(pair.label, "rebuttal", 0.5, *chances, id=pair.id, corpus=pair.corpus, group=pair.thread)
            for pair in pairs
            if pair.label is not None
        ]

    monkeypatch.setattr(argmine.evaluation, "judge_pairs", judge_pairs)


@pytest.mark.usefixtures("judged")
def test_pairs_as_text_and_as_json() -> None:
    text = run.invoke(app, ["evaluate", "pairs", PAIRS])
    assert text.exit_code == 0
    assert text.output.startswith("pairs.jsonl: 3 pairs, 1 more without a label left out\n")
    data = json.loads(run.invoke(app, ["evaluate", "pairs", PAIRS, "--json"]).output)
    (scores,) = data["pairs"]
    assert (scores["name"], scores["skipped"], scores["strict"]["items"]) == ("pairs.jsonl", 1, 3)
    assert scores["strict"]["accuracy"]["value"] == pytest.approx(1 / 3)
    assert scores["strict"]["per_label"]["neutral"]["precision"] is None
    assert "comparison" not in data


@pytest.mark.usefixtures("judged")
def test_where_selects() -> None:
    result = run.invoke(app, ["evaluate", "pairs", PAIRS, "--where", "fold=b", "--where", "thread=t1"])
    assert result.output.startswith("pairs.jsonl fold=b thread=t1: 1 pairs\n")


@pytest.mark.usefixtures("judged")
def test_corpora_are_never_pooled(tmp_path: Path) -> None:
    rows = [json.loads(line) for line in Path(PAIRS).read_text().splitlines() if line]
    mixed = tmp_path / "mixed.jsonl"
    mixed.write_text("\n".join(json.dumps(row | {"corpus": f"c{i % 2}"}) for i, row in enumerate(rows)))
    data = json.loads(run.invoke(app, ["evaluate", "pairs", str(mixed), "--json"]).output)
    assert [(each["name"], each["strict"]["items"], each["skipped"]) for each in data["pairs"]] == [
        ("mixed.jsonl, c0", 2, 0),
        ("mixed.jsonl, c1", 1, 1),
    ]
    refused = run.invoke(app, ["evaluate", "pairs", str(mixed), "--plot", str(tmp_path / "x.png")])
    assert refused.exit_code == 2
    assert not (tmp_path / "x.png").exists()


@pytest.mark.usefixtures("judged")
def test_predictions_are_kept_and_compared(tmp_path: Path) -> None:
    kept = str(tmp_path / "a.jsonl")
    assert run.invoke(app, ["evaluate", "pairs", PAIRS, "--predictions", kept]).exit_code == 0
    rows = [json.loads(line) for line in Path(kept).read_text().splitlines()]
    assert [row["id"] for row in rows] == ["p1", "p2", "p3"]
    other = tmp_path / "b.jsonl"
    other.write_text("\n".join(json.dumps(row | {"stance": row["gold"]}) for row in rows))
    result = run.invoke(app, ["evaluate", "pairs", "--compare", kept, str(other)])
    assert result.exit_code == 0
    assert "right only in the first 0, only in the second 2" in result.output
    assert "p = 0.5000" in result.output
    both = json.loads(run.invoke(app, ["evaluate", "pairs", "--compare", kept, kept, "--json"]).output)
    assert both["comparison"]["items"] == 3
    assert both["comparison"]["test"]["p_value"] is None


@pytest.mark.usefixtures("judged")
def test_a_diagram_is_saved(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    target = tmp_path / "diagram.png"
    assert run.invoke(app, ["evaluate", "pairs", PAIRS, "--plot", str(target)]).exit_code == 0
    assert target.read_bytes().startswith(b"\x89PNG")


def test_threads_as_text_and_as_json(tmp_path: Path) -> None:
    kept = tmp_path / "outcomes.jsonl"
    text = run.invoke(app, ["evaluate", "threads", str(DATA / "branches"), "--predictions", str(kept)])
    assert text.exit_code == 0
    assert "claims and premises, overlap >= .9" in text.output
    rows = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    assert [row["thread"] for row in rows] == ["negative/2", "positive/1"]
    assert sum(row["facts"]["posts"] for row in rows) == 6
    data = json.loads(run.invoke(app, ["evaluate", "threads", str(DATA / "branches"), "--json"]).output)
    assert data["threads"] == 2
    assert data["facts"]["gold links across posts"] == 5


def test_off_topic_as_text_and_as_json() -> None:
    text = run.invoke(app, ["evaluate", "off-topic", PAIRS])
    assert text.exit_code == 0
    assert text.output.startswith(
        "harbour: replies moved to another thread (synthetic): 3 off-topic, 3 others, 1 more left out\n"
    )
    data = json.loads(run.invoke(app, ["evaluate", "off-topic", PAIRS, "--where", "thread=t1", "--json"]).output)
    (scores,) = data["off_topic"]
    assert (scores["kind"], scores["synthetic"], scores["off_topic"], scores["on_topic"]) == ("any", True, 0, 2)
    assert scores["auc"]["value"] is None


def test_labels_of_off_topic_comments_can_be_named(tmp_path: Path) -> None:
    comments = tmp_path / "comments.jsonl"
    rows = [{"question": "Where?", "comment": f"Here {label}.", "label": label} for label in ("1", "2", "3")]
    comments.write_text("\n".join(map(json.dumps, rows)))
    chosen = ["--off-topic", "1", "--on-topic", "3", "--json"]
    (scores,) = json.loads(run.invoke(app, ["evaluate", "off-topic", str(comments), *chosen]).output)["off_topic"]
    assert scores["name"] == "comments: 1 against 3"
    assert (scores["off_topic"], scores["on_topic"], scores["left_out"]) == (1, 1, 1)


@pytest.mark.parametrize(
    "arguments",
    [["pairs", PAIRS], ["threads", str(DATA / "branches")], ["off-topic", PAIRS]],
    ids=lambda given: given[0],
)
def test_the_pipeline_is_the_one_that_is_named(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    named: list[str] = []
    load = argmine.load
    monkeypatch.setattr(argmine, "load", lambda name: named.append(name) or load("en"))
    assert run.invoke(app, ["evaluate", *arguments]).exit_code == 0
    assert run.invoke(app, ["evaluate", *arguments, "--pipeline", "another"]).exit_code == 0
    assert named == ["en", "another"]


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    folder = tmp_path / "corpora"
    (folder / "pairs").mkdir(parents=True)
    shutil.copy(PAIRS, folder / "pairs" / "awtp.dev.jsonl.xz")
    return folder


def test_all_writes_a_page_and_the_scores(corpora: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    files = [
        "-o",
        "docs/quality.md",
        "--json",
        str(tmp_path / "all.json"),
        "--summary",
        "short.json",
        "--plots",
        "docs/plots",
    ]
    result = run.invoke(app, ["evaluate", "all", str(corpora), *files, "--no-speed"])
    assert (result.exit_code, result.output) == (0, "")
    page = Path("docs/quality.md").read_text(encoding="utf-8")
    command = (
        "argmine evaluate all CORPORA -o docs/quality.md --pipeline en --json all.json --summary short.json "
        "--plots docs/plots --no-speed"
    )
    assert f"Made by `{command}`" in page
    assert str(tmp_path) not in page
    (address,) = re.findall(r"!\[en: AWTP, dev\]\((.*)\)", page)
    assert (tmp_path / "docs" / address).read_bytes().startswith(b"\x89PNG")
    data = json.loads(Path("all.json").read_text(encoding="utf-8"))
    assert data["en"]["replies"]["AWTP, dev"]["strict"]["items"] == 3
    short = json.loads(Path("short.json").read_text(encoding="utf-8"))
    assert "AWTP, dev: macro-F1" in short["en"]["scores"]


def test_all_fails_before_it_measures(corpora: Path, tmp_path: Path) -> None:
    for arguments, says in [
        (["-o", str(tmp_path / "no" / "page.md")], "its folder does not exist"),
        (["-o", str(tmp_path / "page.md"), "--thread", "no-such.html"], "no-such.html is not there"),
        (["-o", str(tmp_path / "page.md"), "--pipeline", "nonsense"], "There is no pipeline 'nonsense'"),
    ]:
        result = run.invoke(app, ["evaluate", "all", str(corpora), *arguments])
        assert result.exit_code == 1
        assert says in result.stderr
        assert result.stderr.count("\n") == 1
    assert not (tmp_path / "page.md").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["pairs"],
        ["pairs", PAIRS, "--where", "fold"],
        ["pairs", PAIRS, "--where", "=b"],
        ["pairs", "--predictions", "out.jsonl", "--compare", "a", "b"],
        ["threads"],
        ["off-topic"],
        ["all", "corpora"],
    ],
)
def test_a_wrong_command_line_is_exit_code_2(arguments: list[str]) -> None:
    assert run.invoke(app, ["evaluate", *arguments]).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["pairs", "no-such-file.jsonl"], "Error: no-such-file.jsonl cannot be read"),
        (["pairs", PAIRS, "--where", "fold=z"], "holds no pair with fold=z"),
        (["pairs", PAIRS, "--where", "label=null"], "Error: There is no labelled pair to score"),
        (["pairs", "--compare", "no-such-file.jsonl", "b"], "Error: no-such-file.jsonl cannot be read"),
        (["pairs", PAIRS, "--pipeline", "nonsense"], "Error: There is no pipeline 'nonsense'. The pipelines are: en"),
        (["threads", str(DATA / "branches"), "--pipeline", "nonsense"], "Error: There is no pipeline 'nonsense'"),
        (["off-topic", "no-such-file.jsonl"], "Error: no-such-file.jsonl cannot be read"),
        (["off-topic", PAIRS, "--pipeline", "nonsense"], "Error: There is no pipeline 'nonsense'"),
        (["threads", "no-such-folder"], "Error: There is no .xml file in no-such-folder"),
    ],
)
def test_an_error_is_one_line_and_exit_code_1(arguments: list[str], says: str) -> None:
    result = run.invoke(app, ["evaluate", *arguments])
    assert result.exit_code == 1
    assert says in result.stderr
    assert result.stderr.count("\n") == 1
    assert result.stdout == ""
