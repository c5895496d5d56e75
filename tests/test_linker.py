"""The linker: which earlier claim a reply claim answers."""

from builders import thread_of, with_claims

import argmine
from argmine.doc import Source, make_spans, posts, relations

NLP = argmine.load("en_rules")
LINKER = NLP.get_pipe("linker")

OPENING = "The night bus should stay. Trams are too loud for the old town. Taxis cheat tourists at the harbour."
BUS, TRAMS, TAXIS = (
    "The night bus should stay.",
    "Trams are too loud for the old town.",
    "Taxis cheat tourists at the harbour.",
)
OPENING_CLAIMS = ((0, BUS, "claim"), (0, TRAMS, "claim"), (0, TAXIS, "claim"))


def links(doc):
    """Return {answering text: (answered text, basis, cue)}."""
    claims = doc.spans["claims"]
    return {
        claims[found.source].text: (claims[found.target].text, found.basis, found.cue)
        for found in relations(doc, "answers")
    }


def test_a_claim_answers_the_claim_whose_words_it_shares():
    reply = "Taxis never cheat anyone at the harbour."
    doc = LINKER(with_claims(NLP, thread_of(OPENING, reply), *OPENING_CLAIMS, (1, reply, "claim")))
    answered, basis, cue = links(doc)[reply]
    assert (answered, basis) == (TAXIS, "model")
    assert "harbour" in cue


def test_a_quotation_goes_before_shared_words():
    reply = f"> {TRAMS}\n\nNo harbour taxis are quieter."
    doc = with_claims(NLP, thread_of(OPENING, reply), *OPENING_CLAIMS, (1, "No harbour taxis are quieter.", "claim"))
    quoting(doc, 1, f"> {TRAMS}", "block", Source(0, 0, OPENING.index(TRAMS), OPENING.index(TRAMS) + len(TRAMS), 1.0))
    found = links(LINKER(doc))
    assert found == {"No harbour taxis are quieter.": (TRAMS, "quote", TRAMS)}
    assert relations(doc)[0].confidence >= 0.9


def test_an_inline_quotation_finds_a_claim_of_a_grandparent():
    reply = "You forget “too loud for the old town”."
    doc = with_claims(
        NLP,
        thread_of(OPENING, "Hm, I like the sea.", reply),
        *OPENING_CLAIMS,
        (1, "I like the sea.", "claim"),
        (2, reply, "claim"),
    )
    start = OPENING.index("too loud")
    quoting(doc, 2, "“too loud for the old town”", "inline", Source(0, 0, start, start + 25, 1.0))
    assert links(LINKER(doc))[reply] == (TRAMS, "quote", "too loud for the old town")


def test_a_quotation_from_the_end_of_a_long_post_is_found():
    opening = " ".join(f"Tower number {number} has {number + 3} windows." for number in range(300))
    reply = "> Tower number 280 has 283 windows.\n\nI do not think so."
    graph = argmine.mine(thread_of(opening, reply), NLP)
    assert graph.edges["p1#1", "p0#281"]["basis"] == "quote"


def test_an_addressed_author_is_answered():
    thread = thread_of(
        "One thing.", "The bakery sells stale bread.", "@Bo the bakery sells fresh bread.", parents={2: 0}
    )
    doc = with_claims(
        NLP,
        thread,
        (0, "One thing.", "claim"),
        (1, "The bakery sells stale bread.", "claim"),
        (2, "the bakery sells fresh bread.", "claim"),
    )
    quoting(doc, 2, "@Bo", "address", Source(0, 1, 0, 0, 1.0))
    assert links(LINKER(doc))["the bakery sells fresh bread."][0] == "The bakery sells stale bread."


def test_only_claims_of_earlier_posts_are_answered_and_opening_posts_answer_nothing():
    doc = LINKER(
        with_claims(NLP, thread_of(OPENING, "Trams are fine."), *OPENING_CLAIMS, (1, "Trams are fine.", "claim"))
    )
    for found in relations(doc):
        assert found.source == 3
        assert found.target < 3


def test_a_reply_to_a_post_without_claims_has_no_link():
    doc = LINKER(with_claims(NLP, thread_of("", "Trams are fine."), (1, "Trams are fine.", "claim")))
    assert relations(doc) == []


def quoting(doc, number, words, label, source):
    """Mark one quotation by hand."""
    view = posts(doc)[number]
    start = view.offset + view.text.index(words)
    doc.spans["quotes"] = make_spans(doc, [(start, start + len(words), label)])
    doc._.sources = [tuple(source)]
