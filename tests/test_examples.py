"""The example threads and scripts: what they show is there, and the scripts run from anywhere."""

import runpy
import sys
from functools import cache
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import argmine

EXAMPLES = Path(__file__).parents[1] / "examples"
SCRIPTS = {"mine_thread": ".graphml", "swap_stage": ".graphml", "explore_graph": ".tsv", "plot_graph": ".png"}
THREADS = ["blog.txt", "reddit.json", "forum.html"]


@cache
def graph_of(name: str) -> "nx.DiGraph[str]":
    return argmine.mine(argmine.read_thread(EXAMPLES / "threads" / name))


def claims(name: str, stance: str) -> list[str]:
    return [
        data["text"] for _, data in graph_of(name).nodes(data=True) if data.get("stance") == stance and "post" in data
    ]


def edge_between(name: str, start: str, target: str) -> dict[str, Any]:
    """Return the edge from the claim that begins like ``start`` to one that holds ``target``."""
    graph = graph_of(name)
    for one, other, data in graph.edges(data=True):
        texts = graph.nodes[one]["text"], graph.nodes[other]["text"]
        if data["kind"] == "answers" and texts[0].startswith(start) and target in texts[1]:
            return dict(data)
    raise AssertionError(f"no claim {start!r} answers one with {target!r}")


def test_the_blog_page() -> None:
    thread = argmine.read_thread(EXAMPLES / "threads" / "blog.txt")
    assert thread.title == "Let the library forgive the late fees"
    parents = [post.reply_to for post in thread.posts]
    assert parents == [None, "post", "1", "1.1", "1", "post", "post", "3", "post"]
    assert not any("Advertisements" in post.text or "Reply" in post.text for post in thread.posts)
    assert "Exactly." in claims("blog.txt", "agreement")
    assert "I agree that the reminders cost too much" in claims("blog.txt", "agreement")
    assert any(claim.startswith("but I do not think that people") for claim in claims("blog.txt", "rebuttal"))
    assert any("cheap handbags" in claim for claim in claims("blog.txt", "off-topic"))
    quoted = edge_between("blog.txt", "No, “more books", "more books came back than before")
    assert (quoted["basis"], quoted["stance"]) == ("quote", "rebuttal")


def test_the_reddit_thread() -> None:
    thread = argmine.read_thread(EXAMPLES / "threads" / "reddit.json")
    assert [repair.kind for repair in thread.repairs] == ["omitted_replies", "omitted_replies"]
    [gone] = [post for post in thread.posts if post.deleted]
    assert thread.children(gone.id)
    grandparent = edge_between("reddit.json", "but they could drive up", "carry a sink")
    assert grandparent["basis"] == "quote"
    assert edge_between("reddit.json", "That is true, the harbour street", "ice cream")["stance"] == "agreement"


def test_the_forum_page() -> None:
    thread = argmine.read_thread(EXAMPLES / "threads" / "forum.html")
    answered = {post.id: post.reply_to for post in thread.posts}
    assert answered["post-103"] == "post-102"
    assert answered["post-106"] == "post-104"
    assert not any("Report" in post.text or "Log in" in post.text for post in thread.posts)
    assert edge_between("forum.html", "Exactly", "A planked boat lasts sixty years")["stance"] == "agreement"
    assert graph_of("forum.html").edges["post-107", "post-101"]["stance"] == "off-topic"


@pytest.mark.parametrize("name", THREADS)
def test_every_example_shows_all_there_is(name: str) -> None:
    graph = graph_of(name)
    kinds = {data["kind"] for *_, data in graph.edges(data=True)}
    assert kinds == {"reply", "contains", "answers", "supports"}
    assert {"agreement", "rebuttal", "neutral", "off-topic"} <= {
        data["stance"] for *_, data in graph.edges(data=True) if data["kind"] == "reply" and "stance" in data
    }
    assert nx.is_weakly_connected(graph)


def run(script: str, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [f"{script}.py", *arguments])
    runpy.run_path(str(EXAMPLES / f"{script}.py"), run_name="__main__")


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_run_from_anywhere(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run(script, monkeypatch=monkeypatch)
    [left] = tmp_path.iterdir()
    assert left.suffix == SCRIPTS[script]
    assert left.stat().st_size > 100
    run(script, str(EXAMPLES / "threads" / "reddit.json"), "-o", "second" + SCRIPTS[script], monkeypatch=monkeypatch)
    assert (tmp_path / f"second{SCRIPTS[script]}").stat().st_size > 100
    assert capsys.readouterr().out


def test_every_script_is_tested() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.py")} == set(SCRIPTS)


def test_a_saved_graph_is_drawn_and_explored_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    argmine.write_graphml(graph_of("forum.html"), "forum.graphml")
    for script in ("explore_graph", "plot_graph"):
        run(script, "forum.graphml", monkeypatch=monkeypatch)
    assert (tmp_path / "thread.png").read_bytes().startswith(b"\x89PNG")
    assert "rebuttal\tBertil\tMarit Solberg" in (tmp_path / "stances.tsv").read_text(encoding="utf-8")


def test_swapping_a_stage_changes_the_claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("swap_stage", monkeypatch=monkeypatch)
    graph = argmine.read_graphml("paragraphs.graphml")
    texts = [data["text"] for _, data in graph.nodes(data=True) if data["kind"] == "claim"]
    assert "That is not true any more. Modern epoxy does not fail, and a sealed boat does not rot." in texts
    assert not any(text.startswith(">") for text in texts)
