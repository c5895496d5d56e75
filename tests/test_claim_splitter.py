"""The claim splitter: where sentences and clauses end, and what is no claim."""

import pytest
from builders import thread_of

import argmine

NLP = argmine.load("en_rules")


def claims_of(text, *, title=None, reply=True):
    """Return the claims of a text as a reply, or as the opening post."""
    thread = thread_of("", text) if reply else thread_of(text, title=title)
    doc = argmine.make_doc(NLP, thread)
    for name in ("quotes", "claim_splitter"):
        doc = NLP.get_pipe(name)(doc)
    return [span.text for span in doc.spans["claims"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # sentences
        ("The tram is late. The bus is early.", ["The tram is late.", "The bus is early."]),
        ("the tram is late. the bus is early", ["the tram is late.", "the bus is early"]),
        ("The tram came.Then it left us behind.", ["The tram came.", "Then it left us behind."]),
        (
            "Mr. Low of Acme Inc. owns the line, e.g. the trams.",
            ["Mr. Low of Acme Inc. owns the line, e.g. the trams."],
        ),
        (
            "It costs 3.50 a day at www.tram.example.org/fares.html now.",
            ["It costs 3.50 a day at www.tram.example.org/fares.html now."],
        ),
        ("The tram is late… The bus is early.", ["The tram is late…", "The bus is early."]),
        ("well... maybe it works", ["well... maybe it works"]),
        ("The tram is late; the bus is early.", ["The tram is late", "the bus is early."]),
        # lines
        ("The tram is late\n\nThe bus is early", ["The tram is late", "The bus is early"]),
        ("The tram is\nlate again today.", ["The tram is\nlate again today."]),
        ("- The tram is late\n- The bus is early\n", ["The tram is late", "The bus is early"]),
        ("1. The tram is late\n2) The bus is early\n", ["The tram is late", "The bus is early"]),
        # clauses
        ("The tram is late, but the bus is early.", ["The tram is late", "but the bus is early."]),
        ("your right it works but it costs a lot", ["your right it works", "but it costs a lot"]),
        ("It works because they pay for it.", ["It works", "because they pay for it."]),
        ("The tram is slow, so we should walk.", ["The tram is slow", "so we should walk."]),
        ("We own the line – they only use it.", ["We own the line", "they only use it."]),
        ("It is not slow, they just complain a lot.", ["It is not slow", "they just complain a lot."]),
        ("Sure, but that costs money.", ["Sure", "but that costs money."]),
        # no clauses
        ("I had no choice but to walk home.", ["I had no choice but to walk home."]),
        ("If you ride the tram, you save money.", ["If you ride the tram, you save money."]),
        ("They sell bread, milk, cheese and honey.", ["They sell bread, milk, cheese and honey."]),
        ("He said that the tram is late.", ["He said that the tram is late."]),
        # questions
        ("Which tram do you mean?", []),
        ("Isn't it obvious that trams are safer?", ["Isn't it obvious that trams are safer?"]),
        ("Are trams the best way to get there? Probably not.", ["Are trams the best way to get there? Probably not."]),
        # no claims
        ("Hi all,", []),
        ("Thanks for the comment!", []),
        ("Thanks for the comment Jo, the tram really is late.", ["the tram really is late."]),
        ("https://tram.example.org/late", []),
        ("Best regards,\nAnn", []),
        (":-) !!! ???", []),
        ("", []),
        ("> The tram is late\n\nThe bus is early.", ["The bus is early."]),
        # one word can take a side
        ("Exactly.", ["Exactly."]),
        ("Nonsense!", ["Nonsense!"]),
    ],
)
def test_claims(text, expected):
    assert claims_of(text) == expected


def test_one_word_is_no_claim_of_an_opening_post():
    assert claims_of("Exactly.", reply=False) == []


def test_a_heading_that_repeats_the_title_is_no_claim():
    text = "Why trams are late\n\nThe drivers are badly paid."
    assert claims_of(text, title="Why Trams Are Late", reply=False) == ["The drivers are badly paid."]
    assert claims_of("Trams are always late", title="Trams are always late", reply=False) == ["Trams are always late"]


def test_the_words_of_another_are_no_claim():
    opening = "The drivers decide when the tram leaves."
    thread = thread_of(
        opening, "You say so: they know best.\n\n“the drivers decide when the tram leaves”. They should decide it."
    )
    doc = argmine.make_doc(NLP, thread)
    for name in ("quotes", "claim_splitter"):
        doc = NLP.get_pipe(name)(doc)
    assert [span.text for span in doc.spans["claims"]] == [
        opening,
        "You say so: they know best.",
        "They should decide it.",
    ]


def test_a_stage_is_replaced_by_config_alone():
    nlp = argmine.load("en_rules")
    nlp.replace_pipe("claim_splitter", "argmine_claim_splitter", config={"min_words": 6})
    graph = argmine.mine(thread_of("Trams are often late. Buses are early on every Sunday morning."), nlp)
    assert [graph.nodes[node]["text"] for node in graph if "#" in node] == ["Buses are early on every Sunday morning."]


@pytest.mark.timeout(20)
def test_a_long_list_takes_no_longer_than_its_length():
    assert claims_of("; ".join(f"Alpha{n} Beta{n} Gamma{n}" for n in range(5000)))
