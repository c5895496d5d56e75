"""What holds for every pipeline, whatever its stages: offsets, seams, order, determinism."""

from functools import cache
from itertools import pairwise

import networkx as nx
import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc
from strategies import threads

import argmine
from argmine import Post, Thread
from argmine.graph import EDGE_ATTRIBUTES, GRAPH_ATTRIBUTES, NODE_ATTRIBUTES

RULES = argmine.load("en_rules")


@pytest.fixture(scope="module", params=argmine.pipelines())
def nlp(request: pytest.FixtureRequest) -> Language:
    """Give each pipeline in turn."""
    return argmine.load(request.param)


def as_data(graph: "nx.DiGraph[str]") -> tuple[object, object, object]:
    return graph.graph, list(graph.nodes(data=True)), list(graph.edges(data=True))


@settings(max_examples=1000, deadline=None)
@given(threads())
def test_every_claim_is_a_stretch_of_its_post(thread):
    graph = argmine.mine(thread, RULES)
    texts = {post.id: post.text for post in thread.posts}
    last: dict[str, int] = {}
    for _, claim in graph.nodes(data=True):
        if claim["kind"] == "claim":
            text = texts[claim["post"]]
            assert text[claim["start"] : claim["end"]] == claim["text"]
            assert claim["text"].strip()
            assert claim["start"] >= last.get(claim["post"], 0)  # in order and apart
            last[claim["post"]] = claim["end"]


@settings(max_examples=200, deadline=None)
@given(threads())
def test_the_graph_keeps_to_its_schema(nlp, thread):
    graph = argmine.mine(thread, nlp)
    assert {name: type(value) for name, value in graph.graph.items()}.items() <= GRAPH_ATTRIBUTES.items()
    for node, attributes in graph.nodes(data=True):
        kind = attributes["kind"]
        assert {name: type(value) for name, value in attributes.items()}.items() <= NODE_ATTRIBUTES[kind].items()
        if kind == "claim":
            assert node == f"{attributes['post']}#{attributes['order']}"
            assert graph.has_edge(attributes["post"], node)
            answers = [edge for _, _, edge in graph.out_edges(node, data=True) if edge["kind"] == "answers"]
            assert all(edge["stance"] == attributes["stance"] != "off-topic" for edge in answers)
            is_reply = graph.nodes[attributes["post"]]["depth"] > 0
            assert is_reply == ("stance" in attributes)
    for source, target, attributes in graph.edges(data=True):
        kind = attributes["kind"]
        assert {name: type(value) for name, value in attributes.items()}.items() <= EDGE_ATTRIBUTES[kind].items()
        assert 0 <= attributes.get("confidence", 0) <= 1
        if kind == "answers":
            assert graph.nodes[graph.nodes[source]["post"]]["order"] > graph.nodes[graph.nodes[target]["post"]]["order"]
        if kind == "supports":
            assert graph.nodes[source]["post"] == graph.nodes[target]["post"]
            assert graph.nodes[source]["role"] == "premise"
        if "p_agreement" in attributes:
            chances = {name: value for name, value in attributes.items() if name.startswith("p_")}
            assert sum(chances.values()) == pytest.approx(1, abs=1e-9)
            assert max(chances.values()) == attributes["confidence"]
            assert chances["p_" + attributes["stance"].replace("-", "_")] == attributes["confidence"]
    kept = nx.DiGraph([(source, target) for source, target, kind in graph.edges(data="kind") if kind != "contains"])
    assert nx.is_directed_acyclic_graph(kept)
    assert nx.is_weakly_connected(graph)


def grown(thread: Thread, branch: list[str]) -> Thread:
    """Add a branch that shares no word, name or author with the thread."""
    added = [
        Post(
            id=f"unrelated-{number}",
            author=f"Stranger{number}",
            text=text,
            reply_to=thread.opening_post.id if number == 0 else f"unrelated-{number - 1}",
        )
        for number, text in enumerate(branch)
    ]
    return thread.model_copy(update={"posts": (*thread.posts, *added)})


UNRELATED = [
    "Quokkas juggle xylophones.",
    "“Quokkas juggle”, but marmots yodel.",
    "> Quokkas juggle\n\nZebras waltz!",
    "",
]


@settings(max_examples=150, deadline=None)
@given(threads(), st.lists(st.sampled_from(UNRELATED), min_size=1, max_size=4))
def test_an_unrelated_branch_changes_nothing_elsewhere(nlp, thread, branch):
    before = argmine.mine(thread, nlp)
    after = argmine.mine(grown(thread, branch), nlp)
    mine = [node for node in after if not node.startswith("unrelated-")]
    assert {node: after.nodes[node] for node in mine} == dict(before.nodes(data=True))
    assert sorted(after.subgraph(mine).edges(data=True), key=str) == sorted(before.edges(data=True), key=str)


@settings(max_examples=60, deadline=None)
@given(threads())
def test_the_claims_of_a_post_do_not_depend_on_later_posts(nlp, thread):
    whole = argmine.mine(thread, nlp)
    alone = argmine.mine(Thread(id=thread.id, title=thread.title, posts=thread.posts[:1]), nlp)
    opening = thread.opening_post.id
    assert [whole.nodes[claim] for claim in alone if claim != opening] == [
        alone.nodes[claim] for claim in alone if claim != opening
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(threads(), max_size=4), st.integers(1, 5))
def test_pipe_equals_call_in_order(nlp, several, batch_size):
    one_by_one = [as_data(argmine.mine(thread, nlp)) for thread in several]
    assert [as_data(graph) for graph in argmine.mine_all(several, nlp, batch_size=batch_size)] == one_by_one


@cache
def fresh(name: str) -> Language:
    """Load a pipeline once more."""
    return argmine.load(name)


@settings(max_examples=60, deadline=None)
@given(threads())
def test_the_same_input_gives_the_same_graph_in_a_fresh_pipeline(nlp, thread):
    assert as_data(argmine.mine(thread, nlp)) == as_data(argmine.mine(thread, fresh(nlp.meta["name"])))


@settings(max_examples=40, deadline=None)
@given(threads())
def test_the_doc_survives_bytes_between_stages(nlp, thread):
    doc = argmine.make_doc(nlp, thread)
    for _, stage in nlp.pipeline:
        doc = stage(Doc(nlp.vocab).from_bytes(doc.to_bytes()))
    assert as_data(argmine.build_graph(doc)) == as_data(argmine.mine(thread, nlp))


def sample_threads() -> list[Thread]:
    return [
        Thread(
            id=f"t{number}",
            posts=[
                Post(id="a", author="Ann", text="The tram should run all night. It is safer than walking home."),
                Post(id="b", author="Ben", reply_to="a", text=f"I disagree, {number} people ride it after midnight."),
                Post(id="c", author="Cleo", reply_to="b", text="> people ride it after midnight\n\nThat is not true."),
            ],
        )
        for number in range(5)
    ]


def test_two_processes_give_what_one_gives(nlp):
    one = [as_data(graph) for graph in argmine.mine_all(sample_threads(), nlp)]
    assert [as_data(graph) for graph in argmine.mine_all(sample_threads(), nlp, n_process=2, batch_size=2)] == one
    assert [graph["thread_id"] for graph, _, _ in one] == [f"t{number}" for number in range(5)]


def test_threads_are_read_only_as_they_are_mined(nlp):
    taken: list[str] = []

    def source():
        for thread in sample_threads():
            taken.append(thread.id)
            yield thread

    next(argmine.mine_all(source(), nlp, batch_size=1))
    assert len(taken) < 5


def test_the_pipeline_is_kept_on_disk(nlp, tmp_path):
    nlp.to_disk(tmp_path / "saved")
    assert argmine.load(str(tmp_path / "saved")).config == nlp.config
    saved = spacy.load(tmp_path / "saved")
    assert saved.pipe_names == nlp.pipe_names
    for thread in sample_threads():
        assert as_data(argmine.mine(thread, saved)) == as_data(argmine.mine(thread, nlp))


def test_the_stages_say_what_they_need(nlp):
    assert (
        nlp.analyze_pipes()["problems"]
        == {name: [] for name in nlp.pipe_names}
        | {
            # every stage needs a group of spans that spaCy cannot name more exactly than "doc.spans"
        }
    )


def test_an_unknown_pipeline_is_refused_by_name():
    with pytest.raises(argmine.ArgmineError, match=r"no pipeline 'xx'.*The pipelines are: en"):
        argmine.load("xx")


def test_order_of_stances_along_a_chain_is_stable():
    chain = [Post(id="0", text="Bread is better than cake.")]
    chain += [Post(id=str(n), reply_to=str(n - 1), text="No, it is not.") for n in range(1, 300)]
    graph = argmine.mine(Thread(posts=chain), RULES)
    stances = {graph.edges[after.id, before.id]["stance"] for before, after in pairwise(chain[1:])}
    assert stances == {"rebuttal"}


#: Texts that make careless patterns try every stretch of every stretch.
HOSTILE = {
    "spaces": " ",
    "lines": "\n",
    "spaces before a letter": " " * 999 + "x",
    "a word": "a",
    "dots": ".",
    "marks": "?",
    "apostrophes": "'",
    "brackets": "(",
    "quotation marks": '"',
    "quoted letters": '"a b c" ',
    "quotation signs": "> ",
    "empty quotations": ">\n",
    "names": "@a ",
    "names of an author": "@x I do not think so at all. ",
    "sentences with links": "See www.a.com now. ",
    "addresses": "a.b-c+",
    "links": "http://",
    "hyphens": "a-",
    "dashes": "—a",
    "contrasts": "it is but ",
    "conditions": "if it is, it is ",
    "numbers": "1. ",
    "thanks": "thanks ",
    "attributions": "On a wrote:\n",
    "accents": "e\u0301",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_texts_take_time_in_proportion_to_their_length(nlp, unit):
    text = unit * (60_000 // len(unit))
    graph = argmine.mine(
        Thread(title=text[:200], posts=[Post(id="a", author="x", text=text), Post(id="b", text=text, reply_to="a")]),
        nlp,
    )
    assert graph.nodes["b"]["text"] == text


@pytest.mark.timeout(60)
def test_one_very_long_claim(nlp):
    text = "the report said that the data were in the study " * 4_000
    graph = argmine.mine(Thread(posts=[Post(id="a", text=text), Post(id="b", text=text, reply_to="a")]), nlp)
    assert 0 <= graph.nodes["b#1"]["confidence"] <= 1
