"""Every example of the README, the docs and the docstrings runs, and says what it is said to say.

In a page, all ``python`` blocks share one namespace and run in order, in a folder of their own that holds ``examples/``
and the data of the evaluation.  A ``text`` block right behind a ``python`` block is what it prints.  In a ``console``
block every line behind ``$`` is run, and the lines below it are found in its output, in their order; between them
others may be missing.  Decimals may differ: they change whenever weights are fitted anew.
"""

import contextlib
import doctest
import io
import pkgutil
import re
import runpy
import shlex
import shutil
import sys
from importlib import import_module
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer
from typer.testing import CliRunner

import argmine
from argmine.cli import app
from argmine.graph import EDGE_ATTRIBUTES, GRAPH_ATTRIBUTES, NODE_ATTRIBUTES, SCHEMA_VERSION

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
FENCE = re.compile(r"^```(?P<kind>\w+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [ROOT / "README.md", *sorted(page for page in DOCS.rglob("*.md") if "_build" not in page.parts)]
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(argmine.__path__, "argmine.")
    if not module.name.endswith("__main__")
)


class Block(NamedTuple):
    """A fenced block of a page; ``line`` is where its body begins, ``output`` the ``text`` block right behind it."""

    kind: str
    body: str
    line: int
    output: str | None


def read_blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    found = list(FENCE.finditer(text))
    blocks = []
    for match, after in zip_longest(found, found[1:]):
        beside = after is not None and after["kind"] == "text" and not text[match.end() : after.start()].strip()
        line = text.count("\n", 0, match.start("body"))
        blocks.append(Block(match["kind"], match["body"], line, after["body"] if after and beside else None))
    return [block for block in blocks if block.kind in {"python", "console"}]


CLUSTERS = "docs/howto/clusters.md"  # needs what is not in dev
EXAMPLES = {page.relative_to(ROOT).as_posix(): blocks for page in PAGES if (blocks := read_blocks(page))}


def masked(text: str) -> list[str]:
    return [re.sub(r"\b[01]\.\d+", "0.00", line.strip()) for line in text.splitlines() if line.strip()]


def run(command: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a command line of a console block and return its output."""
    program, *arguments = shlex.split(command)
    if program == "argmine":
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, f"{command}: {result.output}"
        return result.stdout
    assert program == "python", f"{command}: only argmine and python are run here"
    printed = io.StringIO()
    monkeypatch.setattr(sys, "argv", arguments)
    with contextlib.redirect_stdout(printed):
        runpy.run_path(arguments[0], run_name="__main__")
    return printed.getvalue()


def check_console(block: Block, monkeypatch: pytest.MonkeyPatch) -> None:
    for entry in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        command, _, expected = entry.partition("\n")
        lines = iter(masked(run(command, monkeypatch)))
        for line in masked(expected):
            assert line in lines, f"{command} does not print, at its place: {line}"


def check_python(block: Block, page: str, namespace: dict[str, Any]) -> None:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile("\n" * block.line + block.body, page, "exec"), namespace)
    if block.output is not None:
        assert masked(printed.getvalue()) == masked(block.output)


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
@pytest.mark.filterwarnings(r"ignore:`use_\w+` is deprecated:DeprecationWarning")  # of Ray's own settings
@pytest.mark.parametrize("page", EXAMPLES)
def test_examples_of_page(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if page == CLUSTERS:
        for package in ("pyspark", "ray"):
            pytest.importorskip(package)
        if shutil.which("java") is None:
            pytest.skip("Spark needs Java")
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copytree(ROOT / "tests" / "data" / "evaluation", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in EXAMPLES[page]:
        if block.kind == "python":
            check_python(block, page, namespace)
        else:
            check_console(block, monkeypatch)


@pytest.mark.parametrize("name", MODULES)
def test_docstring_examples(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        module = import_module(name)
    except ModuleNotFoundError as error:
        if not name.startswith("argmine.training."):  # which needs an extra of its own
            raise
        pytest.skip(str(error))
    assert doctest.testmod(module).failed == 0


def test_the_runner_sees_a_wrong_output(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(AssertionError):
        check_python(Block("python", "print(1)", 0, "2\n"), "page", {})
    with pytest.raises(AssertionError, match="does not print"):
        check_console(Block("console", "$ argmine --version\nargmine, of course\n", 0, None), monkeypatch)
    with pytest.raises(AssertionError, match="No such command"):
        check_console(Block("console", "$ argmine nonsense\n", 0, None), monkeypatch)


def test_links_between_pages() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def commands(found: typer.core.TyperCommand, name: str) -> dict[str, typer.core.TyperCommand]:
    """Return every command that can be typed, by what is typed."""
    if not hasattr(found, "commands"):
        return {name: found}
    return {
        key: each for sub, inner in found.commands.items() for key, each in commands(inner, f"{name} {sub}").items()
    }


def test_every_command_and_option_is_described() -> None:
    page = (DOCS / "reference" / "cli.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## `([^`]+)`\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL))
    known = commands(typer.main.get_command(app), "argmine")
    assert set(sections) == {"argmine", *known}
    for name, command in known.items():
        usage = re.search(rf"^{name}\b.*", sections[name], re.MULTILINE)
        assert usage, f"{name} has no usage line"
        described = re.findall(r"^\| `(.+?)` \|", sections[name], re.MULTILINE)
        for parameter in command.params:
            if parameter.param_type_name == "argument":
                assert str(parameter.metavar or parameter.name).upper() in usage[0]
            elif parameter.name != "help":
                assert any(set(parameter.opts) <= set(re.split(r"[ ,]+", row)) for row in described), parameter.opts


def attribute_tables(page: str) -> dict[str, dict[str, str]]:
    """Return the tables of attributes below each heading that is marked: name to type."""
    sections = re.findall(r"^#+ [^\n]*`(\w+)`[^\n]*\n(.*?)(?=^#|\Z)", page, re.MULTILINE | re.DOTALL)
    return {name: dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", text, re.MULTILINE)) for name, text in sections}


def test_every_attribute_of_the_graph_is_described() -> None:
    page = (DOCS / "reference" / "graph.md").read_text(encoding="utf-8")
    tables = attribute_tables(page)
    assert f'`"{SCHEMA_VERSION}"`' in page
    expected = {"graph": GRAPH_ATTRIBUTES, **NODE_ATTRIBUTES, **EDGE_ATTRIBUTES}
    assert tables == {
        kind: {name: type_.__name__ for name, type_ in attributes.items() if name != "kind"}
        for kind, attributes in expected.items()
    }


def test_the_readme_has_two_commands_and_ci_runs_them() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shell = [match["body"].strip().splitlines() for match in FENCE.finditer(readme) if match["kind"] == "sh"]
    assert [len(lines) for lines in shell] == [1, 1]
    assert shell[0][0].endswith("-o thread.graphml")
    assert "pytest" in shell[1][0]
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
