"""The reference of the evaluation: its examples run, and it names every option."""

import re
import shutil
from pathlib import Path

import pytest
import typer

from argmine.cli import app

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "evaluation.md"
DATA = Path(__file__).parent / "data" / "evaluation"
TEXT = PAGE.read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


@pytest.mark.parametrize("example", EXAMPLES, ids=range(1, len(EXAMPLES) + 1))
def test_the_examples_run(example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(DATA, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    exec(compile(example, str(PAGE), "exec"), {})


def test_every_option_is_described() -> None:
    commands = typer.main.get_command(app).commands["evaluate"].commands  # type: ignore[attr-defined]
    assert set(commands) == {"all", "off-topic", "pairs", "threads"}
    for name, command in commands.items():
        assert f"argmine evaluate {name} " in TEXT
        for parameter in command.params:
            if parameter.opts[0].startswith("--") and parameter.name != "help":
                assert parameter.opts[0] in TEXT
