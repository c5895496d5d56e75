"""The package as installed: its public names, what it imports when, its configs and factories."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import entry_points, packages_distributions
from importlib.resources import files
from pathlib import Path

import pytest
import spacy

import argmine
from argmine.graph import build_graph
from argmine.thread import Post, Thread

ROOT = Path(__file__).parents[1]
CONFIGS = sorted(
    path.name.removesuffix(".cfg") for path in (files("argmine") / "configs").iterdir() if path.name.endswith(".cfg")
)
HEAVY = {"spacy", "networkx", "torch", "matplotlib"}


def in_new_process(code: str, *, cwd: Path | None = None) -> str:
    """Run Python code in a process of its own and return what it prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=cwd, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def modules_after(code: str) -> set[str]:
    return set(in_new_process(f"{code}\nimport sys\nprint('\\n', *sys.modules)").splitlines()[-1].split())


def test_public_names() -> None:
    assert argmine.__all__ == [
        "ArgmineError",
        "Change",
        "Post",
        "Repair",
        "Thread",
        "annotate_utterances",
        "build_graph",
        "diff",
        "load",
        "make_doc",
        "mine",
        "mine_all",
        "mine_batch",
        "pipelines",
        "plot",
        "read_aif",
        "read_graphml",
        "read_node_link",
        "read_thread",
        "read_threads",
        "show",
        "threads_of",
        "update",
        "write_graph",
        "write_graphml",
        "write_html",
    ]
    assert argmine.__all__ == sorted(argmine.__all__)
    for name in argmine.__all__:
        assert getattr(argmine, name).__doc__
        assert name in dir(argmine)


def test_public_names_are_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "api.md").read_text(encoding="utf-8")
    documented = re.findall(r"^\.\. auto(?:class|function|exception):: argmine\.(\w+)$", page, re.MULTILINE)
    assert sorted(documented) == argmine.__all__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        argmine.nonsense  # noqa: B018


@pytest.mark.parametrize("code", ["import argmine", "import argmine; dir(argmine)", "import argmine; argmine.Thread"])
def test_importing_is_light(code: str) -> None:
    assert not HEAVY & modules_after(code)


@pytest.mark.parametrize("name", ["blog.txt", "reddit.json", "forum.html"])
def test_reading_a_thread_does_not_import_spacy(name: str) -> None:
    path = ROOT / "examples" / "threads" / name
    assert not HEAVY & modules_after(f"import argmine; argmine.read_thread({str(path)!r})")


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["mine", "--help"], ["batch", "--help"], ["readers"]])
def test_asking_the_command_line_does_not_import_spacy(arguments: list[str]) -> None:
    code = f"""
import sys
sys.argv = ["argmine", *{arguments!r}]
from argmine.cli import main
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""
    assert not HEAVY & modules_after(code)


def imported_packages() -> set[str]:
    """Return the top-level name of everything that any module of argmine imports, wherever in the module."""
    found = set()
    for path in Path(argmine.__path__[0]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.partition(".")[0])
    return found - sys.stdlib_module_names - {"argmine", "compression"}  # which Python 3.14 has


def test_everything_imported_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    optional = [name for extra, names in project["optional-dependencies"].items() if extra != "dev" for name in names]
    declared = {re.match(r"[\w.-]+", name)[0].lower() for name in [*project["dependencies"], *optional]}
    imported = imported_packages()
    distributions = packages_distributions()
    assert {"spacy", "networkx"} <= imported
    for package in imported:
        names = distributions.get(package, [package.replace("_", "-")])  # of an extra that is not installed
        assert declared & {name.lower() for name in names} or package == "pydantic_core", package


def test_the_package_says_that_it_is_typed() -> None:
    assert (files("argmine") / "py.typed").is_file()


@pytest.mark.parametrize("name", CONFIGS)
def test_configs_load(name: str) -> None:
    nlp = argmine.load(name)
    assert nlp.meta["name"] == name
    assert nlp.meta["version"] == argmine.__version__
    problems = nlp.analyze_pipes(keys=["requires", "assigns"])["problems"]
    assert not any(problems.values()), problems


def test_a_pipeline_survives_the_disk(tmp_path: Path) -> None:
    posts = [
        Post(id="a", text="Tea is better than coffee, because it can be drunk all day."),
        Post(id="b", text="> Tea is better than coffee\n\nI disagree, it is only warm water.", reply_to="a"),
    ]
    thread = Thread(posts=posts)
    nlp = argmine.load()
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    before, after = argmine.mine(thread, nlp), argmine.mine(thread, again)
    assert dict(before.nodes(data=True)) == dict(after.nodes(data=True))
    assert list(before.edges(data=True)) == list(after.edges(data=True))


def test_settings_survive_the_disk(tmp_path: Path) -> None:
    nlp = argmine.load()
    nlp.replace_pipe("claim_splitter", "argmine_claim_splitter", config={"min_words": 30})
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    thread = Thread(posts=[Post(id="a", text="Tea is better than coffee.")])
    doc = again(argmine.make_doc(again, thread))
    assert not [node for node, kind in build_graph(doc).nodes(data="kind") if kind == "claim"]


def test_factories_are_found_without_importing_argmine(tmp_path: Path) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"][
        "spacy_factories"
    ]
    installed = {point.name: point.value for point in entry_points(group="spacy_factories") if "argmine" in point.value}
    assert installed == declared
    adding = "; ".join(f"nlp.add_pipe({name!r})" for name in declared)
    printed = in_new_process(f"import spacy; nlp = spacy.blank('en'); {adding}; print(*nlp.pipe_names)", cwd=tmp_path)
    assert printed.split() == list(declared)
