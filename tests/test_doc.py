"""The bridge from threads to Docs: offsets, seams, and what survives a file."""

import json
from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin
from strategies import threads

import argmine
from argmine import Post, Thread, make_doc
from argmine.doc import make_spans, posts, spans_by_post
from argmine.errors import PipelineError


@pytest.fixture(scope="module")
def blank():
    return spacy.blank("en")


BLANK = spacy.blank("en")


@given(threads())
def test_every_post_is_found_as_it_was_written(thread):
    views = posts(make_doc(BLANK, thread))
    assert [(view.id, view.author, view.text) for view in views] == [
        (post.id, post.author, post.text) for post in thread.posts
    ]
    assert [view.depth for view in views] == [thread.depth(post.id) for post in thread.posts]
    assert [None if view.parent is None else views[view.parent].id for view in views] == [
        post.reply_to for post in thread.posts
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\r\n",
        "a\r\nb ",
        "👩‍👩‍👧 e\u0301\u200b",
        "没有空格" * 5_000,
        "a" * 200_000,
        "word " * 40_000,
        "\x00\x01\ufeff",
    ],
)
def test_any_text_is_kept(blank, text):
    thread = Thread(posts=[Post(id="a", text=text), Post(id="b", text=text, reply_to="a")])
    assert [view.text for view in posts(make_doc(blank, thread))] == [text, text]


@given(threads())
def test_the_layout_survives_bytes_and_docbins(thread):
    doc = make_doc(BLANK, thread)
    packed = DocBin(store_user_data=True, docs=[doc])
    from_bin = next(iter(DocBin().from_bytes(packed.to_bytes()).get_docs(BLANK.vocab)))
    for copy in (Doc(BLANK.vocab).from_bytes(doc.to_bytes()), from_bin):
        assert posts(copy) == posts(doc)
        assert json.dumps(copy._.thread) == json.dumps(doc._.thread)  # lists may come back as tuples


@given(threads(), st.data())
def test_spans_are_whole_tokens_apart_from_each_other_and_cover_what_was_asked(thread, data):
    doc = make_doc(BLANK, thread)
    bounds = sorted(data.draw(st.lists(st.integers(0, len(doc.text)), max_size=10)))
    ranges = [(start, end, "x") for start, end in pairwise(bounds) if start < end]
    spans = make_spans(doc, ranges)
    assert len(spans) == len(ranges)
    kept = [span for span in spans if span is not None]
    assert all(before.end <= after.start for before, after in pairwise(kept))
    for span, (start, end, _) in zip(spans, ranges, strict=True):
        if span is not None:
            assert span.start_char < end
            assert span.end_char > start


def test_spans_by_post_puts_each_span_into_its_post(blank):
    thread = Thread(
        posts=[Post(id="a", text="One two."), Post(id="b", reply_to="a"), Post(id="c", text="Three.", reply_to="a")]
    )
    doc = make_doc(blank, thread)
    doc.spans["claims"] = [span for span in make_spans(doc, [(0, 8, "claim"), (12, 18, "claim")]) if span]
    assert [[(index, span.text) for index, span in found] for found in spans_by_post(doc, "claims")] == [
        [(0, "One two.")],
        [],
        [(1, "Three.")],
    ]


def test_a_doc_that_is_no_thread_is_refused_with_the_line_to_type(blank):
    with pytest.raises(PipelineError, match=r"argmine\.make_doc"):
        posts(blank("Just a text."))


def test_a_missing_stage_is_named(blank):
    doc = make_doc(blank, Thread(posts=[Post(id="a", text="One.")]))
    with pytest.raises(PipelineError, match=r"doc\.spans\['claims'\]"):
        argmine.build_graph(doc)


def test_the_pipeline_is_named_in_the_graph():
    graph = argmine.mine(Thread(posts=[Post(id="a", text="Cats are better than dogs.")]))
    assert graph.graph["pipeline"] == f"en {argmine.__version__}"
    assert graph.graph["schema"] == "1"
