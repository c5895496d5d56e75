"""Pictures of argument graphs."""

import re
import sys
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import argmine
from argmine.errors import ArgmineError, GraphError, MissingExtraError
from argmine.writers import writer_for
from argmine.writers.picture import write_picture

pytest.importorskip("matplotlib")


def graph_of(*replies: tuple[str, str], title: str = "Ferries") -> nx.DiGraph:
    """Return a graph of a post with one claim, and replies of a claim and a premise each."""
    graph = nx.DiGraph(schema="1", title=title)
    graph.add_node("a", kind="post", author="Ann", depth=0, order=0, text="Sail.")
    graph.add_node("a#1", kind="claim", post="a", order=1, text="Sail.", role="claim")
    graph.add_edge("a", "a#1", kind="contains")
    for number, (stance, text) in enumerate(replies, start=1):
        post = f"r{number}"
        chances = {"p_agreement": 0.25, "p_rebuttal": 0.25, "p_neutral": 0.25, "p_off_topic": 0.25}
        graph.add_node(post, kind="post", author=f"Ben {number}", depth=1, order=number, text=text)
        graph.add_edge(post, "a", kind="reply", stance=stance, confidence=0.7, **chances)
        for place, role in ((1, "claim"), (2, "premise")):
            claim = f"{post}#{place}"
            graph.add_node(
                claim, kind="claim", post=post, order=place, text=text, role=role, stance=stance, confidence=0.7
            )
            graph.add_edge(post, claim, kind="contains")
        if stance != "off-topic":
            graph.add_edge(f"{post}#1", "a#1", kind="answers", stance=stance, confidence=0.6, basis="model")
        graph.add_edge(f"{post}#2", f"{post}#1", kind="supports", confidence=0.5, basis="model")
    return graph


GRAPH = graph_of(
    ("agreement", "Yes, do."), ("rebuttal", "No, it rains."), ("off-topic", "Buy hats."), ("neutral", "When?")
)


def test_everything_is_there_and_said_without_colours() -> None:
    figure = argmine.plot(GRAPH)
    [axes] = figure.axes
    texts = [text.get_text() for text in axes.texts]
    assert texts[0] == "Ferries"
    assert [text for text in texts if text.startswith(("Ann", "Ben"))] == ["Ann", "Ben 1", "Ben 2", "Ben 3", "Ben 4"]
    assert texts.count("Yes, do.") == 2
    assert [text for text in texts if text in {"agrees", "rebuts", "neutral", "off-topic"}] == [
        "agrees",
        "rebuts",
        "off-topic",
        "neutral",
    ]
    legend = axes.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == [
        "agrees", "rebuts", "neutral", "supports", "claim", "premise", "off-topic",
    ]  # fmt: skip
    lines = {patch.get_linestyle() for patch in axes.patches}
    assert len(lines) == 3  # solid, dashed, dotted
    assert len(axes.patches) == 3 + 4


def test_nothing_is_outside_the_picture_or_on_top_of_another_line() -> None:
    long = "A reply with many words, which go on and on for longer than any line of the picture is. " * 5
    graph = graph_of(*[("rebuttal", long)] * 9)
    figure = argmine.plot(graph)
    figure.draw_without_rendering()
    [axes] = figure.axes
    width, height = figure.get_size_inches() * figure.dpi
    boxes = [text.get_window_extent() for text in axes.texts]
    for box in boxes:
        assert box.x0 >= 0
        assert box.x1 <= width
        assert box.y0 >= 0
        assert box.y1 <= height
    claims = sorted((box for box in boxes if box.width > width / 3), key=lambda box: -box.y0)
    assert len(claims) == 18
    assert all(above.y0 >= below.y1 for above, below in pairwise(claims))


@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG"), ("pdf", b"%PDF")])
def test_the_ending_names_the_format_and_the_bytes_are_the_same(tmp_path: Path, ending: str, begins: bytes) -> None:
    one, two = tmp_path / f"one.{ending}", tmp_path / f"two.{ending}"
    for path in (one, two):
        writer_for(path)(GRAPH, path)
    assert one.read_bytes().startswith(begins)
    assert one.read_bytes() == two.read_bytes()
    assert not re.search(rb"dc:date|matplotlib version|Creat(?:or|ion)Date", one.read_bytes())


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["agreement", "off-topic"]), st.text(max_size=60)), max_size=3), st.text())
def test_any_text_can_be_drawn(replies: list[tuple[str, str]], title: str) -> None:
    file = BytesIO()
    write_picture(graph_of(*replies, title=title), file)
    assert file.getvalue().rstrip().endswith(b"</svg>")


def test_mathematics_newlines_and_turned_texts_stay_one_line() -> None:
    [axes] = argmine.plot(graph_of(("agreement", "costs $5\nand \u202e$6\x00"))).axes
    assert [text.get_text() for text in axes.texts].count("costs $5 and $6") == 2


def test_chains_and_many_replies_have_a_size() -> None:
    graph = graph_of(*[("neutral", "Why?")] * 140)
    for number in range(2, 141):
        graph.nodes[f"r{number}"]["depth"] = number
        graph.add_edge(f"r{number}", f"r{number - 1}", **graph.edges[f"r{number}", "a"])
        graph.remove_edge(f"r{number}", "a")
    figure = argmine.plot(graph)
    assert figure.get_size_inches()[0] < 40


def test_a_graph_that_is_too_large_is_refused() -> None:
    with pytest.raises(GraphError, match="at most 300 claims, and this graph has 301"):
        argmine.plot(graph_of(*[("neutral", "Why?")] * 150))


def test_without_matplotlib_the_error_says_what_to_type(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtraError, match=r'pip install "argmine\[plot\]"'):
        write_picture(GRAPH, tmp_path / "a.png")
    assert not list(tmp_path.iterdir())


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises((OSError, ArgmineError)):
        write_picture(GRAPH, tmp_path / "no" / "a.png")
    assert not list(tmp_path.iterdir())
