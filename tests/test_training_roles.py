"""The branch of the reply reader that roles are read from: what it is trained on, and that nothing else changes."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from replies_corpus import forum_thread, write_lines
from transformers import BertConfig, BertModel
from typer.testing import CliRunner

import argmine
from argmine.cli import app
from argmine.errors import EvaluationError
from argmine.evaluation import pipelines_of_parts, read_cmv_threads
from argmine.models.reading import Input, ReplyModel
from argmine.training.examples import Example, Part
from argmine.training.labelled import fingerprint
from argmine.training.reader import ReplyReader, pretrained_tokenizer
from argmine.training.roles import Schedule, Window, parts_of, read_examples, read_windows, train_branch
from argmine.training.runs import train_roles_into

BRANCHES = Path(__file__).parent / "data" / "evaluation" / "branches"
GOLD = list(read_cmv_threads(BRANCHES))
TOKENIZER = pretrained_tokenizer()


@pytest.fixture(scope="module", autouse=True)
def small_encoder() -> Iterator[None]:
    """Put a small encoder with weights of chance in the place of MiniLM; its states are as wide."""
    config = BertConfig(hidden_size=384, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("argmine.training.reader.pretrained_encoder", lambda: BertModel(config, add_pooling_layer=False))
        yield


@pytest.fixture(scope="module")
def reader() -> ReplyReader:
    torch.manual_seed(3)
    return ReplyReader().eval()


@pytest.fixture(scope="module")
def windows(reader: ReplyReader) -> list[Window]:
    return read_windows(reader, TOKENIZER, GOLD)


def weights(network: torch.nn.Module) -> dict[str, bytes]:
    return {name: value.numpy().tobytes() for name, value in network.state_dict().items()}


def test_each_post_is_read_once_with_its_annotated_claims(windows: list[Window]) -> None:
    told = [premise for window in windows for *_, premise in window.claims]
    assert {window.group for window in windows} == {gold.group for gold in GOLD}
    assert 0 < told.count(True) < len(told) <= sum(len(gold.claims) for gold in GOLD)
    for window in windows:
        assert window.below.shape[1] == 384
        assert all(0 < first < last < len(window.below) for first, last, _ in window.claims)


def test_a_branch_learns_and_two_runs_give_the_same_bytes(reader: ReplyReader, windows: list[Window]) -> None:
    steps: list[tuple[int, int]] = []
    branch = train_branch(reader, windows, report=lambda step, of, loss: steps.append((step, of)))
    assert steps == [(step, len(steps)) for step in range(1, len(steps) + 1)]
    torch.manual_seed(99)  # what the caller does with chance is of no account
    assert weights(train_branch(reader, windows)) == weights(branch)
    assert weights(train_branch(reader, windows, seed=2)) != weights(branch)
    with torch.no_grad():
        for window in windows[:2]:
            said = branch.premise(branch(window.below[None])[0])[:, 0]
            assert said.abs().max() > 0


def test_a_branch_goes_on_from_another_and_leaves_that_one_as_it_is(reader: ReplyReader, windows: list[Window]) -> None:
    first = train_branch(reader, windows[:2], schedule=Schedule(epochs=1, rate=1e-3, average=0.5))
    before = weights(first)
    second = train_branch(reader, windows, start=first)
    assert weights(first) == before
    assert weights(second) not in (before, weights(train_branch(reader, windows)))


def test_replies_with_roles_are_read_as_posts_of_threads_are(reader: ReplyReader, windows: list[Window]) -> None:
    gold = GOLD[0]
    opening = gold.thread.posts[0]
    claims = [claim for claim in gold.claims if claim.post == opening.id]
    parts = tuple(Part(claim.start, claim.end, role=claim.role) for claim in claims)
    found = read_examples(
        reader,
        TOKENIZER,
        [Example("own", gold.thread.title or "", "", opening.text, "", group=gold.group, parts=parts)],
    )
    [(same, window)] = [(one, other) for one in found for other in windows if one.below.shape == other.below.shape]
    assert (same.claims, same.group) == (window.claims, window.group)
    assert torch.equal(same.below, window.below)


def test_nothing_is_no_training_set(reader: ReplyReader) -> None:
    with pytest.raises(EvaluationError, match="no annotated claim"):
        train_branch(reader, [])


@pytest.mark.parametrize("number", [1, 2, 3])
def test_parts_hold_each_submission_once(number: int) -> None:
    groups = ["a", "b", "c", "a", "d"]
    parts = parts_of(groups, number)
    assert len(parts) == number
    assert sorted(group for part in parts for group in part) == ["a", "b", "c", "d"]
    with pytest.raises(EvaluationError, match="cannot be parted"):
        parts_of(groups, 5)


def test_what_is_said_of_stances_stays_and_roles_come_from_the_branch(
    reader: ReplyReader, windows: list[Window], tmp_path: Path
) -> None:
    from argmine.training.export import export

    export(reader, tmp_path / "plain", quantised=False)
    export(reader, tmp_path / "branched", branch=train_branch(reader, windows), quantised=False)
    shown = [Input("Harbour Road", "It is too narrow for cars.", "It is wide enough. Buses pass each other there.")]
    (plain,), (branched,) = (list(ReplyModel(str(tmp_path / name)).read(shown)) for name in ("plain", "branched"))
    assert abs(plain.reply.states - branched.reply.states).max() < 1e-5
    assert not plain.roles.any()
    assert abs(branched.roles - branched.reply.states).max() > 1e-3


def test_parts_are_evaluated_without_their_submissions(
    reader: ReplyReader, windows: list[Window], tmp_path: Path
) -> None:
    start, folder = {"settings": {"seed": 4}}, tmp_path / "parts"
    folder.mkdir()
    with pytest.raises(EvaluationError, match="no network that was trained without"):
        pipelines_of_parts(folder)
    others = [window._replace(group="another") for window in windows]
    about = train_roles_into(
        folder / "part-1", start, reader, [*windows, *others], left_out=[GOLD[0].group], quantised=False
    )
    assert about["settings"] == {"seed": 4}
    assert about["roles"]["submissions"] == 1
    assert about["roles"]["left_out"] == [GOLD[0].group]
    pipeline_of = pipelines_of_parts(folder)
    nlp = pipeline_of(GOLD[0])
    assert nlp.get_pipe("reader").model == str(folder / "part-1")
    assert pipeline_of(GOLD[0]) is nlp
    argmine.mine(GOLD[0].thread, nlp)
    with pytest.raises(EvaluationError, match="was trained without the submission 'other'"):
        pipeline_of(type(GOLD[0])(GOLD[0].thread, "other", (), {}, frozenset(), {}))
    with pytest.raises(EvaluationError, match="has no reader"):
        pipelines_of_parts(folder, "en_rules")(GOLD[0])


def test_the_command_says_what_is_missing(tmp_path: Path) -> None:
    said = CliRunner().invoke(
        app, ["train", "roles", str(BRANCHES), "-o", str(tmp_path / "out"), "--start", str(tmp_path)]
    )
    assert said.exit_code == 1
    assert "holds no weights.safetensors" in said.stderr


def test_from_a_reader_to_a_folder_with_a_branch(reader: ReplyReader, tmp_path: Path) -> None:
    from safetensors.torch import save_file

    start = tmp_path / "start"
    start.mkdir()
    save_file(reader.state_dict(), start / "weights.safetensors")
    out = tmp_path / "out"
    command = ["train", "roles", str(BRANCHES), "-o", str(out), "--start", str(start)]
    (start / "settings.json").write_text("no settings", encoding="utf-8")
    assert "cannot be read as the settings of a run" in CliRunner().invoke(app, command).stderr
    (start / "settings.json").write_text("{}", encoding="utf-8")
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert sorted(path.name for path in out.iterdir()) == [
        "heads.npz",
        "model.onnx",
        "settings.json",
        "tokenizer.json",
        "weights.safetensors",
    ]
    assert json.loads((out / "settings.json").read_text(encoding="utf-8"))["roles"]["left_out"] == []


def test_the_command_begins_with_labelled_posts_of_forums(
    reader: ReplyReader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safetensors.torch import save_file

    start, out = tmp_path / "start", tmp_path / "out"
    start.mkdir()
    save_file(reader.state_dict(), start / "weights.safetensors")
    (start / "settings.json").write_text("{}", encoding="utf-8")
    write_lines(tmp_path / "part-00.jsonl.xz", [forum_thread("Norwick")])
    posts = forum_thread("Norwick")["posts"]
    given = {fingerprint(posts[0]["text"], posts[1]["text"]): ((0, 8, "claim"), (9, 30, "premise"))}
    monkeypatch.setattr("argmine.training.forum.given_roles", lambda: dict(given))
    command = ["train", "roles", str(BRANCHES), "-o", str(out), "--start", str(start), "--forums", str(tmp_path)]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 0, result.output
    assert json.loads((out / "settings.json").read_text(encoding="utf-8"))["labelled_roles"] == 2
