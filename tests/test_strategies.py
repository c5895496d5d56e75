"""The shared strategies must really vary, or the properties that use them say little."""

import re

import pytest
from hypothesis import Phase, find, settings
from strategies import graphs, threads

SEARCH = settings(max_examples=2000, phases=[Phase.generate], database=None)  # nobody needs the smallest one


@pytest.mark.parametrize(
    "wanted",
    [
        lambda thread: max(thread.depth(post.id) for post in thread.posts) >= 5,
        lambda thread: len(thread.children(thread.opening_post.id)) >= 5,
        lambda thread: any(post.deleted and thread.children(post.id) for post in thread.posts),
        lambda thread: any("> I " in post.text for post in thread.posts[1:]),
        lambda thread: any(re.search("[“«][A-Z][a-z]", post.text) for post in thread.posts[1:]),
        lambda thread: any("\x00" in post.text for post in thread.posts),
        lambda thread: any("\r\n" in post.text for post in thread.posts),
        lambda thread: any("@Ann" in post.text for post in thread.posts) and thread.posts[0].author == "Ann",
        lambda thread: len(thread.posts) == 1 and not thread.posts[0].text,
        lambda thread: all(post.author is None for post in thread.posts) and len(thread.posts) > 2,
    ],
)
def test_threads_vary(wanted):
    assert wanted(find(threads(), wanted, settings=SEARCH))


@pytest.mark.parametrize("kind", ["reply", "contains", "answers", "supports"])
def test_graphs_have_every_kind_of_edge(kind):
    def wanted(graph):
        return any(found == kind for *_, found in graph.edges(data="kind"))

    assert wanted(find(graphs(), wanted, settings=SEARCH))
