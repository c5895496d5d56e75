"""The role stage: positions, premises, and what a premise supports."""

import pytest
from builders import thread_of, with_claims

import argmine
from argmine.doc import relations

NLP = argmine.load("en_rules")
ROLES = NLP.get_pipe("roles")


def judged(*claims, text=None):
    """Return the roles of the claims of one post, and its (premise, supported, basis, cue)."""
    text = text or " ".join(claims)
    doc = ROLES(with_claims(NLP, thread_of(text), *((0, claim, "claim") for claim in claims)))
    supports = [(found.source, found.target, found.basis, found.cue) for found in relations(doc, "supports")]
    return [span.label_ for span in doc.spans["claims"]], supports


@pytest.mark.parametrize("opener", ["because", "since", "after all", "given that"])
def test_a_reason_supports_the_position_before_it(opener):
    roles, supports = judged("We should keep the night bus", f"{opener} nobody can walk that far.")
    assert roles == ["claim", "premise"]
    assert supports == [(1, 0, "cue", opener)]


def test_an_example_supports_the_position_before_it():
    roles, supports = judged("We should keep the night bus.", "For example, my brother works until two.")
    assert roles == ["claim", "premise"]
    assert supports == [(1, 0, "cue", "For example")]


def test_a_conclusion_is_supported_by_what_stands_before_it():
    roles, supports = judged(
        "I think nights are different.",
        "According to the report, my mother walked home at two last year.",
        "So I believe we should keep the bus.",
    )
    assert roles == ["claim", "premise", "claim"]
    assert (1, 2, "cue", "So") in supports


def test_an_opinion_is_a_position():
    roles, _ = judged("I think that the night bus must stay.", "In my opinion the fares are fair.")
    assert roles == ["claim", "claim"]


def test_nothing_behind_a_contrast_supports_what_stands_before_it():
    _, supports = judged("I agree that the bus is slow", "but it was cheap last year.", "My mother went home with it.")
    assert supports == []
    roles, supports = judged("It is slow", "but I think that we should keep it", "because my mother needs it.")
    assert roles == ["claim", "claim", "premise"]
    assert supports == [(2, 1, "cue", "because")]


def test_each_post_keeps_to_itself():
    thread = thread_of("We should keep the bus.", "Because of the night shift.")
    doc = ROLES(
        with_claims(NLP, thread, (0, "We should keep the bus.", "claim"), (1, "Because of the night shift.", "claim"))
    )
    assert relations(doc, "supports") == []


def test_the_stage_can_run_twice():
    doc = with_claims(
        NLP,
        thread_of("We should go because it rains."),
        (0, "We should go", "claim"),
        (0, "because it rains.", "claim"),
    )
    once = list(ROLES(doc)._.relations)
    assert list(ROLES(doc)._.relations) == once
