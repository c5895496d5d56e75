"""The example threads and scripts: what they show is there, and the scripts run from anywhere."""

import csv
import runpy
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

import argmine

EXAMPLES = Path(__file__).parents[1] / "examples"
SCRIPTS = {
    "blog_page": ["blog.graphml", "blog.svg"],
    "discourse_topic": ["stances.csv"],
    "explore_graph": ["stances.tsv"],
    "hacker_news_thread": ["hacker_news.html"],
    "mailing_list": ["pages/1.html", "pages/2.html", "pages/3.html"],
    "mine_thread": ["thread.graphml"],
    "plot_graph": ["thread.png"],
    "reddit_thread": ["reddit.html"],
    "swap_stage": ["paragraphs.graphml"],
}
OF_ENGINES = {"spark_reddit", "ray_threads"}  # see test_spark.py and test_ray.py
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


def tree(thread: argmine.Thread) -> list[tuple[str | None, str | None]]:
    """Return the author of each post, and of the one that it answers."""
    authors = {post.id: post.author for post in thread.posts}
    return [(post.author, authors.get(post.reply_to or "")) for post in thread.posts]


def quotations(thread: argmine.Thread) -> list[str | None]:
    return [post.author for post in thread.posts if post.text.startswith("> ")]


def test_the_hacker_news_item() -> None:
    thread = argmine.read_thread(EXAMPLES / "threads" / "hacker_news.json")
    assert thread.title == "Ask HN: Should our bike lights come with a printed manual?"
    assert tree(thread)[:4] == [
        ("dynamo_kaspar", None),
        ("tollgate_ruth", "dynamo_kaspar"),
        ("bytebarrow", "tollgate_ruth"),
        ("tollgate_ruth", "bytebarrow"),
    ]
    [gone] = [post for post in thread.posts if post.deleted]
    assert thread.children(gone.id)
    assert quotations(thread) == ["oskar_ferrite"]
    assert (len(thread.posts), thread.repairs) == (14, ())


def test_the_discourse_topic() -> None:
    thread = argmine.read_thread(EXAMPLES / "threads" / "discourse.json")
    assert [post.reply_to for post in thread.posts] == [None, "1", "1", "3", "4", "5", "1", "8", "1", "9", "8"]
    left_out, guessed = [repair.detail for repair in thread.repairs]
    assert "notices" in left_out
    assert "quote one" in guessed
    assert quotations(thread) == ["old_solder", "tomasz_r"]
    assert not any("ines_w" in post.text for post in thread.posts)


def test_the_saved_page_of_a_blog() -> None:
    thread = argmine.read_thread(EXAMPLES / "threads" / "blog.html")
    assert (thread.title, thread.opening_post.author) == ("Herbs for the traffic islands", "Hedda Moravec")
    answered = {post.id: post.reply_to for post in thread.posts}
    assert (len(answered), answered["comment-38"], answered["comment-39"]) == (11, "comment-36", "post")
    assert quotations(thread) == ["Judith Peck"]
    assert not any(word in post.text for post in thread.posts for word in ("Reply", "Share", "WordPress", "Previous"))
    assert thread.repairs == ()


def test_the_mailing_list() -> None:
    threads = list(argmine.read_threads(EXAMPLES / "threads" / "list.mbox"))
    assert [(thread.title, len(thread.posts)) for thread in threads] == [
        ("Hut nights by lot", 6),
        ("Signs instead of red paint", 4),
        ("A bus for the spring walk", 4),
    ]
    assert [quotations(thread) for thread in threads] == [
        ["Prue Hallam", "Desmond Okafor", "Gunnar Aalto"],
        ["Len Mortlake"],
        ["Gunnar Aalto"],
    ]
    posts = [post for thread in threads for post in thread.posts]
    assert not any(word in post.text for post in posts for word in ("wrote:", "keeper of the keys", "____"))
    assert not any(thread.repairs for thread in threads)


def files_in(folder: Path) -> dict[str, Path]:
    return {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}


def run(script: str, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [f"{script}.py", *arguments])
    runpy.run_path(str(EXAMPLES / f"{script}.py"), run_name="__main__")


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_run_from_anywhere(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run(script, monkeypatch=monkeypatch)
    left = files_in(tmp_path)
    assert sorted(left) == SCRIPTS[script]
    out = "second" + (Path(SCRIPTS[script][-1]).suffix if len(left) == 1 or script == "blog_page" else "")
    run(script, str(EXAMPLES / "threads" / "reddit.json"), "-o", out, monkeypatch=monkeypatch)
    more = {name: path for name, path in files_in(tmp_path).items() if name not in left}
    assert more
    assert all(name.startswith("second") for name in more)
    assert all(path.stat().st_size > 100 for path in [*left.values(), *more.values()])
    assert capsys.readouterr().out


def test_every_script_is_tested() -> None:
    assert {path.stem for path in EXAMPLES.glob("*.py")} == {*SCRIPTS, *OF_ENGINES}


def test_a_saved_graph_is_drawn_and_explored_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    argmine.write_graphml(graph_of("forum.html"), "forum.graphml")
    for script in ("explore_graph", "plot_graph"):
        run(script, "forum.graphml", monkeypatch=monkeypatch)
    assert (tmp_path / "thread.png").read_bytes().startswith(b"\x89PNG")
    assert "rebuttal\tBertil\tMarit Solberg" in (tmp_path / "stances.tsv").read_text(encoding="utf-8")


def test_the_table_counts_the_claims_of_each_author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("discourse_topic", monkeypatch=monkeypatch)
    head, *rows = csv.reader((tmp_path / "stances.csv").read_text(encoding="utf-8").splitlines())
    assert head == ["author", "agreement", "rebuttal", "neutral", "off-topic"]
    graph = graph_of("discourse.json")
    replies = Counter(data["author"] for _, data in graph.nodes(data=True) if "stance" in data)
    assert {author: sum(map(int, counts)) for author, *counts in rows} == replies


def test_each_thread_of_the_list_has_a_line_and_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    run("mailing_list", monkeypatch=monkeypatch)
    lines = capsys.readouterr().out.splitlines()
    for line, title in zip(lines, ["Hut nights by lot", "Signs instead of red paint", "A bus for"], strict=True):
        page, found = line.split("  ")
        assert found.startswith(title)
        assert f"<title>{title}" in Path(page).read_text(encoding="utf-8")


def test_swapping_a_stage_changes_the_claims(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    run("swap_stage", monkeypatch=monkeypatch)
    graph = argmine.read_graphml("paragraphs.graphml")
    texts = [data["text"] for _, data in graph.nodes(data=True) if data["kind"] == "claim"]
    assert "That is not true any more. Modern epoxy does not fail, and a sealed boat does not rot." in texts
    assert not any(text.startswith(">") for text in texts)
