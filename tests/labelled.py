"""The threads of ``tests/data/labels`` with what a person expects of them, and what a pipeline says of them."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import networkx as nx
from spacy.language import Language

import argmine
from argmine import Post, Thread

FOLDER = Path(__file__).parent / "data" / "labels"
STANCES = ("agreement", "rebuttal", "neutral", "off-topic")


class Label(NamedTuple):
    """The stance of a reply, or of its one claim that contains ``words``, as a person sees it."""

    thread: str
    post: str
    words: str
    stance: str
    shows: str

    @property
    def name(self) -> str:
        """What the label is of, as in ``tyres 2`` and ``tyres 2: proves very little``."""
        return f"{self.thread} {self.post}" + (f": {self.words}" if self.words else "")


def labelled_threads() -> tuple[dict[str, Thread], list[Label]]:
    """Read all threads, by their ids, and their labels; the opening post has the id 0, the replies count from 1."""
    threads: dict[str, Thread] = {}
    labels: list[Label] = []
    for path in sorted(FOLDER.glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["thread"]:
            name = entry["id"]
            assert name not in threads, f"two threads are called {name}"
            posts = [Post(id="0", author=entry["author"], text=entry["post"])]
            for number, reply in enumerate(entry["reply"], start=1):
                post, parent = str(number), str(reply.get("to", 0))
                posts.append(Post(id=post, author=reply["author"], text=reply["text"], reply_to=parent))
                labels.append(Label(name, post, "", reply["stance"], reply["shows"]))
                labels += [Label(name, post, *claim, reply["shows"]) for claim in reply.get("claims", [])]
            threads[name] = Thread(id=name, title=entry["title"], posts=posts)
    return threads, labels


@cache
def pipeline(name: str) -> Language:
    """Load a pipeline once for all tests."""
    return argmine.load(name)


def mined(threads: Iterable[Thread], name: str) -> dict[str, "nx.DiGraph[str]"]:
    """Mine threads with the pipeline of that name; the graphs by the ids of the threads."""
    return {graph.graph["thread_id"]: graph for graph in argmine.mine_all(threads, pipeline(name))}


@cache
def mined_as_they_are(name: str) -> dict[str, "nx.DiGraph[str]"]:
    """Mine all labelled threads, once for all tests."""
    return mined(labelled_threads()[0].values(), name)


def claims_of(graph: "nx.DiGraph[str]", post: str) -> list[dict[str, object]]:
    """Return the attributes of the claims of a post, in their order."""
    return [graph.nodes[claim] for _, claim, kind in graph.out_edges(post, data="kind") if kind == "contains"]


def reply_of(graph: "nx.DiGraph[str]", post: str) -> dict[str, object]:
    """Return the attributes of the edge from a reply to the post that it answers."""
    [edge] = [edge for _, _, edge in graph.out_edges(post, data=True) if edge["kind"] == "reply"]
    return edge
