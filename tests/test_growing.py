"""A thread that has grown: updating its graph is the same as mining it afresh, whatever has become of the thread."""

import io
import time
from itertools import pairwise

import networkx as nx
import pytest
from builders import thread_of
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc
from strategies import threads

import argmine
from argmine import Post, Thread
from argmine.doc import posts
from argmine.errors import GraphError, PipelineError

RULES = argmine.load("en_rules")
AUTHORS = ["Ann", "Ben Okafor", "carla_77", None]
SENTENCES = [
    "The tram to the harbour should run all night because the last bus leaves too early.",
    "No, that is simply wrong, the tram never carried anyone after midnight.",
    "I agree with that, but drivers who work after midnight cost twice as much.",
    "You are right about the drivers, for example my aunt earned that much in a week.",
    "The last bus leaves too early and nobody at the town hall cares about it.",
    "Thanks for sharing!",
    "Which figures do you mean?",
]


def as_data(graph):
    return graph.graph, list(graph.nodes(data=True)), list(graph.edges(data=True)), list(graph.in_edges)


def as_file(graph):
    stream = io.BytesIO()
    argmine.write_graphml(graph, stream)
    return stream.getvalue()


def from_file(graph):
    return argmine.read_graphml(io.BytesIO(as_file(graph)))


@st.composite
def texts(draw, written):
    """Draw a text that quotes, addresses or repeats what others wrote, wherever in the thread they stand."""
    pieces = [
        st.sampled_from(SENTENCES),
        st.sampled_from(SENTENCES),
        st.sampled_from(["", "@Ann", "Ben Okafor,", "\n\n"]),
    ]
    if written:
        quotable = draw(st.sampled_from(written)) or "nothing at all was said"
        pieces += [
            st.just("".join(f"> {line}\n" for line in quotable.splitlines())),
            st.just(f"Ann wrote:\n> {quotable.splitlines()[0]}\n\n"),
            st.integers(0, 4).map(lambda start: f"“{' '.join(quotable.split()[start : start + 7])}”"),
        ]
    return " ".join(draw(st.lists(st.one_of(pieces), min_size=1, max_size=4)))


@st.composite
def histories(draw):
    """Draw a discussion as it is found again and again: its posts, and states of it that some of them make up."""
    size = draw(st.integers(2, 9))
    written: list[Post] = []
    for number in range(size):
        parent = draw(st.integers(0, number - 1)) if number else None
        written.append(
            Post(
                id=f"p{number}",
                author=draw(st.sampled_from(AUTHORS)),
                text=draw(texts([post.text for post in written])),
                reply_to=None if parent is None else f"p{parent}",
            )
        )
    states = [state_of(draw, written) for _ in range(draw(st.integers(2, 3)))]
    return [*states, Thread(title=states[-1].title, posts=written)]


def state_of(draw, written):
    """Draw a state of a discussion: some of the posts, in some order, a few of them edited or moved."""
    there = {written[0].id} | {post.id for post in written if draw(st.integers(0, 3))}
    found = []
    for post in written:
        if post.id in there:
            change = draw(
                st.sampled_from([{}, {}, {}, {}, {"text": draw(st.sampled_from(SENTENCES))}, {"author": "Ann"}])
            )
            parent = post.reply_to if post.reply_to in there and draw(st.integers(0, 5)) else "p0"
            found.append(post.model_copy(update={**change, "reply_to": None if post.id == "p0" else parent}))
    if draw(st.booleans()):
        found = [found[0], *draw(st.permutations(found[1:]))]
    return Thread(title=draw(st.sampled_from([None, None, None, "Night trams"])), posts=found)


@settings(max_examples=120)
@given(histories())
def test_updating_is_the_same_as_mining_afresh(states):
    graph = argmine.mine(states[0], RULES)
    for before, after in pairwise(states):
        kept = as_data(graph.copy())
        updated = argmine.update(graph, after, RULES)
        assert as_data(updated) == as_data(argmine.mine(after, RULES)), f"{before!r} -> {after!r}"
        assert as_data(graph) == kept
        graph = updated


@settings(max_examples=60)
@given(threads(min_posts=2, max_posts=9), st.data())
def test_posts_as_they_come(thread, data):
    sizes = sorted(data.draw(st.sets(st.integers(1, len(thread.posts)))) | {len(thread.posts)})
    states = [thread.model_copy(update={"posts": thread.posts[:size]}) for size in sizes]
    graph = argmine.mine(Thread(**dict(states[0])), RULES)
    for state in states[1:]:
        graph = argmine.update(graph, Thread(**dict(state)), RULES)
    assert as_data(graph) == as_data(argmine.mine(thread, RULES))


@settings(max_examples=40)
@given(histories())
def test_graphs_from_files_are_updated_to_the_same_bytes(states):
    updated = argmine.update(from_file(argmine.mine(states[0], RULES)), states[1], RULES)
    afresh = argmine.mine(states[1], RULES)
    assert as_file(updated) == as_file(afresh)
    assert [list(data) for _, data in updated.nodes(data=True)] == [list(data) for _, data in afresh.nodes(data=True)]


@settings(max_examples=8)
@given(histories())
def test_with_the_network_as_well(states):
    graph = argmine.mine(states[0])
    for state in states[1:]:
        graph = argmine.update(graph, state)
        assert as_data(graph) == as_data(argmine.mine(state))


@settings(max_examples=60)
@given(histories())
def test_quotations_are_found_alike_with_and_without_an_index(states):
    views = posts(argmine.make_doc(RULES, states[-1]))
    stage = RULES.get_pipe("quotes")
    assert [stage.find(views, only={view.index})[view.index] for view in views] == stage.find(views)


CHAIN = [
    ("Ann", "The tram should run all night because the last bus leaves too early for those who work."),
    ("Ben", "No, nobody would ever take a tram at three in the morning, that is simply wrong."),
    ("Cleo", "I agree with Ben, the tram was tried in Westerholm and it was empty."),
    ("Dina", "Ann, you are right about the bus. The figures of Westerholm prove nothing."),
    ("Ben", "> the tram was tried in Westerholm and it was empty\n\nThat is what I said."),
]


@pytest.mark.parametrize("name", argmine.pipelines())
@pytest.mark.parametrize(
    "change",
    [
        lambda posts: posts,
        lambda posts: [*posts, Post(id="new", author="Eli", text="Cleo, that is not true.", reply_to="p4")],
        lambda posts: [*posts[:2], Post(id="new", author="Ann", text="It works.", reply_to="p1"), *posts[2:]],
        lambda posts: [*posts[:2], posts[2].model_copy(update={"text": "> nobody would ever\n\nMaybe."}), *posts[3:]],
        lambda posts: [*posts[:2], posts[2].model_copy(update={"author": "Ann"}), *posts[3:]],
        lambda posts: [*posts[:3], posts[3].model_copy(update={"reply_to": "p0"}), *posts[4:]],
        lambda posts: posts[:4],
        lambda posts: [*posts[:2], posts[2].model_copy(update={"text": "", "deleted": True}), *posts[3:]],
        lambda posts: [posts[0].model_copy(update={"text": "Trams are loud."}), *posts[1:]],
    ],
    ids=["nothing", "a reply", "inserted", "edited", "renamed", "moved", "left", "deleted", "opening post edited"],
)
def test_what_may_become_of_a_thread(name, change):
    nlp = argmine.load(name)
    thread = thread_of(*CHAIN, title="Night trams")
    changed = Thread(title=thread.title, posts=change(list(thread.posts)))
    assert as_data(argmine.update(argmine.mine(thread, nlp), changed, nlp)) == as_data(argmine.mine(changed, nlp))


def test_a_post_that_becomes_the_last_of_an_author_is_addressed_instead():
    thread = thread_of(*CHAIN)
    inserted = Post(id="new", author="Ann", text="Let me add that trams are safe at night.", reply_to="p2")
    posts = [*thread.posts[:3], inserted, *thread.posts[3:]]
    grown = argmine.update(argmine.mine(thread, RULES), Thread(posts=posts), RULES)
    assert as_data(grown) == as_data(argmine.mine(Thread(posts=posts), RULES))


def test_only_what_is_new_is_mined(monkeypatch):
    thread = thread_of(*CHAIN * 20)
    before = argmine.mine(thread, RULES)
    reply = Post(id="new", author="Eli", text="No, it was full of people.", reply_to="p50")
    grown = Thread(posts=(*thread.posts, reply))
    sizes = []
    splitter = RULES.get_pipe("claim_splitter")
    find = splitter.find
    monkeypatch.setattr(splitter, "find", lambda doc: sizes.append(len(doc.spans["posts"])) or find(doc))
    after = argmine.update(before, grown, RULES)
    assert sizes == [4]  # the opening post, two above it, and itself
    assert after.edges["new", "p50"]["stance"] == "rebuttal"


def test_a_reply_to_a_long_thread_costs_little():
    thread = thread_of(*CHAIN * 100)
    nlp = RULES
    start = time.process_time()
    before = argmine.mine(thread, nlp)
    mined = time.process_time()
    reply = Post(id="new", author="Eli", text="“No, the tram is always full at three in the morning”", reply_to="p50")
    argmine.update(before, Thread(posts=(*thread.posts, reply)), nlp)
    assert time.process_time() - mined < (mined - start) / 4


def test_a_graph_of_another_version_is_refused():
    thread = thread_of(*CHAIN)
    graph = argmine.mine(thread, RULES)
    graph.graph["argmine_version"] = "0.0.1"
    with pytest.raises(GraphError, match=r"made by argmine 0\.0\.1, not .*afresh"):
        argmine.update(graph, thread, RULES)


def test_a_graph_of_another_pipeline_is_refused():
    thread = thread_of(*CHAIN)
    with pytest.raises(PipelineError, match=r"pipeline 'en_rules .*', not 'en .*afresh"):
        argmine.update(argmine.mine(thread, RULES), thread)


def test_what_is_no_argument_graph_is_refused():
    thread = thread_of(*CHAIN)
    for other in (nx.DiGraph(), nx.Graph(schema="1")):
        with pytest.raises(GraphError):
            argmine.update(other, thread, RULES)
    graph = argmine.mine(thread, RULES)
    graph.add_node("mine")
    with pytest.raises(GraphError, match="no attribute 'kind'"):
        argmine.update(graph, thread, RULES)


def test_min_confidence_must_be_the_same():
    thread = thread_of(*CHAIN)
    grown = Thread(posts=(*thread.posts, Post(id="new", text="No, that is wrong.", reply_to="p4")))
    sure = argmine.mine(thread, RULES, min_confidence=0.6)
    assert sure.graph["min_confidence"] == 0.6
    assert "min_confidence" not in argmine.mine(thread, RULES).graph
    updated = argmine.update(from_file(sure), grown, RULES, min_confidence=0.6)
    assert as_data(updated) == as_data(argmine.mine(grown, RULES, min_confidence=0.6))
    with pytest.raises(GraphError, match=r"min_confidence=0\.6, not 0\.0\. Pass min_confidence=0\.6"):
        argmine.update(sure, grown, RULES)
    with pytest.raises(GraphError, match=r"min_confidence=0\.0, not 0\.6"):
        argmine.update(argmine.mine(thread, RULES), grown, RULES, min_confidence=0.6)


def test_a_stage_of_another_kind_may_look_anywhere():
    @Language.component("test_growing_last_word")
    def last_word(doc: Doc) -> Doc:
        claims = list(doc.spans["claims"])
        for claim in claims:
            claim.label_ = "premise" if "Perhaps" in doc.text else "claim"
        doc.spans["claims"] = claims
        return doc

    nlp = argmine.load("en_rules")
    nlp.add_pipe("test_growing_last_word", after="roles")
    thread = thread_of(*CHAIN)
    grown = Thread(posts=(*thread.posts, Post(id="new", text="Perhaps it is so.", reply_to="p4")))
    before, after = argmine.mine(thread, nlp), argmine.mine(grown, nlp)
    assert before.nodes["p0#1"]["role"] != after.nodes["p0#1"]["role"]
    assert as_data(argmine.update(before, grown, nlp)) == as_data(after)


def test_characters_that_a_file_cannot_hold():
    thread = thread_of(*CHAIN[:4], ("Ben", "\x07 That is what I said. No."), ("Ann", "\ufffd That is what I said. No."))
    updated = argmine.update(from_file(argmine.mine(thread, RULES)), thread, RULES)
    assert as_data(updated) == as_data(argmine.mine(thread, RULES))


def test_a_pipeline_without_the_quote_stage_fails_as_mining_does():
    nlp = argmine.load("en_rules")
    graph = argmine.mine(thread_of(*CHAIN), nlp)
    nlp.disable_pipe("quotes")
    grown = thread_of(*CHAIN, ("Eli", "No, it is not so at all."))
    with pytest.raises(PipelineError, match="quotes"):
        argmine.mine(grown, nlp)
    with pytest.raises(PipelineError, match="quotes"):
        argmine.update(graph, grown, nlp)
