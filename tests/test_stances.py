"""The stance stage on Docs built by hand: claims, their order, and what happens to their links."""

import pytest
from builders import thread_of, with_claims

import argmine
from argmine.doc import Relation, claim_stances, relations, replies

NLP = argmine.load("en_rules")
STANCES = NLP.get_pipe("stances")
OPENING = "The night bus should stay."


def judged(reply, *claims, link=True):
    """Return the Doc of an opening claim and a reply with these claims, the first linked to the opening one."""
    doc = with_claims(NLP, thread_of(OPENING, reply), (0, OPENING, "claim"), *((1, claim, "claim") for claim in claims))
    if link and claims:
        doc._.relations = [tuple(Relation(1, 0, "answers", "", 0.8, "model", "night"))]
    return STANCES(doc)


@pytest.mark.parametrize(
    ("reply", "stance"),
    [
        ("I agree, it is the only way home.", "agreement"),
        ("Exactly, it is the only way home.", "agreement"),
        ("You're right, it is the only way home.", "agreement"),
        ("You are right , it is the only way home.", "agreement"),
        ("I completely\nagree with\nyou.", "agreement"),
        ("I  completely agree  with you.", "agreement"),
        ("I disagree, nobody rides it.", "rebuttal"),
        ("I don’t agree with that, nobody rides it.", "rebuttal"),
        ("That is simply wrong, nobody rides it.", "rebuttal"),
        ("Nonsense, nobody rides it.", "rebuttal"),
        ("Great blog! Check out my website http://cheap.example for a discount.", "off-topic"),
        ("Thank you so much!", "off-topic"),
        ("I am a bot, and this action was performed automatically.", "off-topic"),
    ],
)
def test_plain_cues_decide_reply_and_claim(reply, stance):
    doc = judged(reply, reply)
    assert [found.stance for found in replies(doc)] == [stance]
    assert [found.stance for found in claim_stances(doc)] == [stance]


def test_the_probabilities_sum_to_one_and_the_confidence_is_the_largest():
    [reply] = replies(judged("I agree, it is the only way home."))
    assert sum(reply.probabilities) == pytest.approx(1)
    assert reply.confidence == max(reply.probabilities)


def test_concession_then_contrast_is_one_agreement_and_one_rebuttal():
    first, second = "You are right that the night bus is cheap", "but it is always empty."
    doc = judged(f"{first}, {second}", first, second)
    assert [(found.stance, found.cue) for found in claim_stances(doc)] == [
        ("agreement", "You are right"),
        ("rebuttal", "but"),
    ]


def test_a_contrast_that_says_it_agrees_is_no_rebuttal():
    first, second = "You are right that the night bus is cheap", "but I agree with you about the noise."
    doc = judged(f"{first}, {second}", first, second)
    assert [found.stance for found in claim_stances(doc)] == ["agreement", "agreement"]


def test_a_judged_link_has_stance_basis_cue_and_a_smaller_confidence():
    [found] = relations(judged("I disagree, nobody rides it.", "I disagree, nobody rides it."))
    assert (found.kind, found.stance, found.basis, found.cue) == ("answers", "rebuttal", "cue", "I disagree")
    assert 0 < found.confidence < 0.8


def test_a_quotation_stays_the_basis_of_its_link():
    reply = "I disagree, nobody rides it."
    doc = with_claims(NLP, thread_of(OPENING, reply), (0, OPENING, "claim"), (1, reply, "claim"))
    doc._.relations = [tuple(Relation(1, 0, "answers", "", 0.9, "quote", "night bus"))]
    [found] = relations(STANCES(doc))
    assert (found.stance, found.basis, found.cue) == ("rebuttal", "quote", "night bus")


def test_off_topic_claims_answer_nothing_and_support_relations_stay():
    reply = "Great blog! Check out my website for a discount."
    doc = with_claims(NLP, thread_of(OPENING, reply), (0, OPENING, "claim"), (1, reply, "claim"))
    doc._.relations = [
        tuple(Relation(1, 0, "answers", "", 0.9, "model", "")),
        tuple(Relation(0, 0, "supports", "", 0.5, "model", "")),
    ]
    assert [found.kind for found in relations(STANCES(doc))] == ["supports"]


def test_a_quoted_agreement_is_not_the_authors_own():
    reply = "> I agree, exactly, you are right\n\nThat is simply wrong, nobody rides it."
    doc = argmine.make_doc(NLP, thread_of("I agree, exactly, you are right. The bus should stay.", reply))
    for name in ("quotes", "claim_splitter", "stances"):
        doc = NLP.get_pipe(name)(doc)
    assert [found.stance for found in replies(doc)] == ["rebuttal"]


def test_a_reply_without_text_is_not_judged():
    doc = judged("")
    assert replies(doc) == []
    graph = argmine.mine(thread_of(OPENING, "", "I disagree with the bus."), NLP)
    assert "stance" not in graph.edges["p1", "p0"]
    assert "stance" in graph.edges["p2", "p1"]


def test_the_claims_of_the_opening_post_have_no_stance():
    assert {found.claim for found in claim_stances(judged("I agree.", "I agree."))} == {1}


#: The pipeline with a reader, whose readings are made by hand here.
LEARNED = argmine.load("en")


def judged_with_readings(reply, *claims, off_topic):
    """Return the Doc of a reply in which the reader saw no side, and this much of off-topic."""
    marked = ((1, claim, "claim") for claim in claims)
    doc = with_claims(LEARNED, thread_of(OPENING, reply), (0, OPENING, "claim"), *marked)
    scores = (0.0, 0.0, 0.0, off_topic)
    doc._.readings = {
        "posts": [(1, scores, ("",) * 4, 0.0)],
        "claims": [(place, scores, ("",) * 4, 0.0) for place in range(1, len(claims) + 1)],
        "links": [],
    }
    return LEARNED.get_pipe("stances")(doc)


def test_what_follows_a_contrast_stays_on_its_side_until_something_agrees():
    first, last = "You are right that the night bus is cheap", "The depot is in the north."
    third = {}
    for second in ("but it is always empty.", "and it is always full.", "but I agree with you about the noise."):
        doc = judged_with_readings(f"{first}, {second} {last}", first, second, last, off_topic=-4.0)
        third[second.split()[0] + second.split()[-1]] = [found.stance for found in claim_stances(doc)]
    assert third["butempty."][1:] == ["rebuttal", "rebuttal"]
    assert third["andfull."][2] != "rebuttal"
    assert third["butnoise."][2] != "rebuttal"


@pytest.mark.parametrize(
    ("reply", "off_topic", "stance"),
    [
        ("The same trick is used in every casino.", -4.0, "on topic"),
        ("Ours have worked from home since spring.", -4.0, "on topic"),
        ("See https://timetables.example/night", -4.0, "on topic"),
        ("Check out my website http://cheap.example for a discount.", -4.0, "off-topic"),
        ("The same trick is used in every casino.", 4.0, "off-topic"),
    ],
)
def test_one_mark_of_promotion_settles_nothing_that_was_read_otherwise(reply, off_topic, stance):
    [found] = replies(judged_with_readings(reply, reply, off_topic=off_topic))
    assert (found.stance == "off-topic") == (stance == "off-topic")
