"""``argmine train replies``: from a recipe to a folder of weights."""

import json
import math
import re
from hashlib import sha256
from pathlib import Path

import pytest
from replies_corpus import write_corpora
from typer.testing import CliRunner

import argmine.cli.train
from argmine.cli import app
from argmine.errors import EvaluationError

PAGE = Path(__file__).parents[1] / "docs" / "howto" / "train.md"


def run(*arguments: object, fails: bool = False) -> str:
    result = CliRunner().invoke(app, ["train", "replies", *map(str, arguments)])
    assert result.exit_code == int(fails), result.output
    return result.stderr if fails else result.stdout


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    write_corpora(tmp_path / "corpora")
    return tmp_path / "corpora"


def test_without_the_extra_the_error_says_what_to_type(corpora: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(argmine.cli.train, "find_spec", lambda name: None)
    said = run(corpora, "-o", corpora / "out", fails=True)
    assert said == (
        "Error: Training the reply reader needs the package 'torch', which is not installed. "
        'Type: pip install "argmine[train]"\n'
    )


def test_from_a_recipe_to_a_folder(corpora: Path) -> None:
    pytest.importorskip("torch")
    from safetensors.torch import load_file

    from argmine.training.reader import ReplyReader

    recipe, out = corpora / "recipe.toml", corpora / "out"
    said = run(corpora, "-o", out, "--recipe", recipe, "--limit", 2, "--epochs", 1, "--threads", 1)
    assert re.search(r"^replies: \d of \d held-out replies right$|^\d+ examples, weights in .*out$", said, re.MULTILINE)
    assert sorted(path.name for path in out.iterdir()) == [
        "heads.npz",
        "model.onnx",
        "settings.json",
        "tokenizer.json",
        "weights.safetensors",
    ]
    assert not [path for path in corpora.iterdir() if "checkpoint" in path.name or "part" in path.name]
    about = json.loads((out / "settings.json").read_text(encoding="utf-8"))
    assert about["settings"] | {"epochs": 1, "batch_tokens": 300, "seed": 1} == about["settings"]
    assert about["recipe"] == sha256(recipe.read_bytes()).hexdigest()
    assert about["examples"]["spam"] == {"off-topic": 2}
    assert about["examples"]["quotations"] == {"parts only": 2}
    assert about["starts"] == []
    ReplyReader().load_state_dict(load_file(out / "weights.safetensors"))

    # fine-tuning goes on from there, and says so
    options = ("--recipe", recipe, "--limit", 1, "--epochs", 1, "--seed", 2, "--start", out, "--start", out)
    run(corpora, "-o", corpora / "tuned", *options)
    tuned = json.loads((corpora / "tuned" / "settings.json").read_text(encoding="utf-8"))
    assert tuned["starts"] == [sha256((out / "weights.safetensors").read_bytes()).hexdigest()] * 2
    assert tuned["settings"]["seed"] == 2

    # the same weights without rounding
    run(corpora, "-o", corpora / "full", "--recipe", recipe, "--epochs", 0, "--start", out, "--full-precision")
    kept, same = (load_file(folder / "weights.safetensors") for folder in (out, corpora / "full"))
    assert all(kept[name].equal(same[name]) for name in kept)
    sizes = [(corpora / name / "model.onnx").stat().st_size for name in ("full", "out")]
    assert sizes[0] > 2 * sizes[1]

    # what is there is not overwritten
    said = run(corpora, "-o", out, "--recipe", recipe, fails=True)
    assert said == f"Error: {out} is already there. Name a folder that is not, or delete it.\n"


def test_an_interrupted_run_goes_on(corpora: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    import argmine.training.runs

    def interrupted(*arguments: object, **options: object) -> None:
        original(*arguments, **options, stop_after=1)
        raise KeyboardInterrupt

    options = ("--recipe", corpora / "recipe.toml", "--limit", 2, "--epochs", 2, "--threads", 1)
    run(corpora, "-o", corpora / "whole", *options)
    original = argmine.training.runs.train
    monkeypatch.setattr(argmine.training.runs, "train", interrupted)
    result = CliRunner().invoke(app, ["train", "replies", str(corpora), "-o", str(corpora / "out"), *map(str, options)])
    assert result.exit_code != 0
    assert (corpora / "out.checkpoint").is_file()
    assert not (corpora / "out").exists()
    monkeypatch.setattr(argmine.training.runs, "train", original)
    run(corpora, "-o", corpora / "out", *options)
    for name in ("weights.safetensors", "settings.json", "model.onnx", "heads.npz"):
        assert (corpora / "out" / name).read_bytes() == (corpora / "whole" / name).read_bytes()
    assert not (corpora / "out.checkpoint").exists()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-o", "no/such/folder"], "There is no folder"),
        (["-o", "out", "--checkpoint", "no/such/file"], "There is no folder"),
        (["-o", "out", "--start", "corpora"], "holds no weights.safetensors"),
        (["-o", "out", "--recipe", "corpora/replies.jsonl"], "cannot be read as a recipe"),
        (["-o", "out"], "debagreement.dev.jsonl.xz cannot be read"),
        (["-o", "out", "--epochs", "0"], "0 epochs teach nothing"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_computed(
    corpora: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], message: str
) -> None:
    pytest.importorskip("torch")
    monkeypatch.chdir(corpora.parent)
    monkeypatch.setattr("argmine.training.runs.train", None)
    assert message in run("corpora", *options, fails=True)


def test_the_mean_of_several_runs() -> None:
    torch = pytest.importorskip("torch")
    from argmine.training.runs import mean_of

    one, two = {"a": torch.tensor([1.0, 2.0])}, {"a": torch.tensor([3.0, 6.0])}
    assert mean_of([one, two])["a"].tolist() == [2.0, 4.0]
    with pytest.raises(EvaluationError, match="not all of the same network"):
        mean_of([one, {"a": torch.tensor([1.0])}])


def test_a_mix_is_printed_as_a_config_has_it(corpora: Path) -> None:
    rows = [json.loads(line) for line in (corpora / "replies.jsonl").read_text(encoding="utf-8").splitlines()]
    many = [row | {"id": f"{n}-{row['id']}", "thread": f"{n} {row['thread']}"} for n in range(12) for row in rows]
    for n, row in enumerate(many):
        many[n] = row | {"parent": f"{row['parent']} ({row['id']})", "reply": f"{row['reply']} ({row['id']})"}
    (corpora / "replies.jsonl").write_text("".join(json.dumps(row) + "\n" for row in many), encoding="utf-8")
    result = CliRunner().invoke(app, ["train", "mix", str(corpora), "--recipe", str(corpora / "recipe.toml")])
    assert result.exit_code == 0, result.output
    head, *lines = result.stdout.splitlines()
    assert head == "[components.stances.mix]"
    assert {line.split(" = ")[0] for line in lines} == set(argmine.load().get_pipe("stances").mix)
    assert all(math.isfinite(float(line.split(" = ")[1])) for line in lines)


def test_weights_that_cannot_be_read(corpora: Path) -> None:
    pytest.importorskip("torch")
    start = corpora / "broken"
    start.mkdir()
    (start / "weights.safetensors").write_bytes(b"no weights")
    options = ("--recipe", corpora / "recipe.toml", "--limit", 1, "--start", start)
    assert "cannot be read as weights" in run(corpora, "-o", corpora / "out", *options, fails=True)


def test_the_guide_is_followed_to_the_letter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its Python runs, its recipe is written, its commands on one's own pairs are typed; only the start is cut."""
    pytest.importorskip("torch")
    monkeypatch.chdir(tmp_path)
    text = PAGE.read_text(encoding="utf-8")
    first, then = (re.findall(rf"^```{kind}\n(.*?)^```", text, re.MULTILINE | re.DOTALL) for kind in ("python", "py"))
    for code in first:
        exec(compile(code, str(PAGE), "exec"), {})
    [recipe] = re.findall(r"^```toml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    Path("mine/recipe.toml").write_text(recipe, encoding="utf-8")
    commands = re.findall(r"^argmine train replies (.*)", text, re.MULTILINE)
    *shipped, own = commands
    assert shipped == [
        "CORPORA -o first",
        "CORPORA -o second --seed 2",
        "CORPORA -o third --recipe finish --seed 3 --start first --start second",
        "CORPORA -o fourth --recipe forums --seed 5 --start first --start second",
        "CORPORA -o mean --recipe forums --epochs 0 --start third --start fourth",
        "CORPORA -o fifth --recipe labelled --seed 9 --start mean",
    ]
    assert (
        "argmine train roles CORPORA/threads/cmv_modes -o reply_reader --start fifth --forums CORPORA/iac_threads\n"
        in text
    )
    arguments = own.split()
    at = arguments.index("--start")
    assert arguments[at + 1] == "reply_reader"
    del arguments[at : at + 2]
    run(*arguments, "--epochs", 1)
    for code in then:
        exec(compile(code, str(PAGE), "exec"), {})
    for command in re.findall(r"^(?:\$ )?argmine (evaluate pairs .*)", text, re.MULTILINE):
        result = CliRunner().invoke(app, command.split())
        assert result.exit_code == 0, result.output


@pytest.mark.parametrize("recipe", ["replies", "finish"])
def test_the_guide_names_every_file_of_the_recipes(recipe: str) -> None:
    import tomllib
    from importlib.resources import files

    plan = tomllib.loads((files("argmine.training") / f"{recipe}.toml").read_text(encoding="utf-8"))
    text = PAGE.read_text(encoding="utf-8")
    for tables in plan.values():
        for entry in tables if isinstance(tables, list) else []:
            if "files" in entry or "file" in entry:
                assert f"`{entry.get('file') or re.sub(r'-[01].*', '-*.jsonl.xz', entry['files'])}`" in text
