"""The quote stage: what is marked, and which earlier words it is traced to."""

import pytest
from builders import thread_of

import argmine
from argmine.doc import posts, sources

NLP = argmine.load("en_rules")


def quotes_of(thread):
    """Return (post, label, text, source post, source text) of every quote."""
    doc = NLP.get_pipe("quotes")(argmine.make_doc(NLP, thread))
    views = posts(doc)
    traced = {}
    for source in sources(doc):
        traced.setdefault(source.quote, []).append((source.post, views[source.post].text[source.start : source.end]))
    found = []
    for place, span in enumerate(doc.spans["quotes"]):
        post = max((view.index for view in views if view.offset <= span.start_char), default=0)
        found.append((post, span.label_, span.text, traced.get(place, [])))
    return found


OPENING = (
    "The night bus is too slow. Nobody over sixty ever rides it after eleven, and the drivers know it. Trams cost less."
)


def test_a_quoted_line_is_traced_word_for_word():
    thread = thread_of(OPENING, "> Nobody over sixty ever rides it after eleven\n\nMy mother does.")
    assert quotes_of(thread) == [
        (
            1,
            "block",
            "> Nobody over sixty ever rides it after eleven",
            [(0, "Nobody over sixty ever rides it after eleven")],
        )
    ]


def test_small_edits_and_case_do_no_harm():
    thread = thread_of(
        OPENING, "> nobody over 60 ever rides it, after eleven and the drivers know this.\n\nMy mother does."
    )
    [(_, label, _, traced)] = quotes_of(thread)
    assert label == "block"
    assert traced == [(0, "Nobody over sixty ever rides it after eleven, and the drivers know")]


def test_several_lines_are_traced_each_if_they_stood_apart():
    thread = thread_of(OPENING, "> The night bus is too slow.\n> Trams cost less.\n\nNo.")
    [(_, _, _, traced)] = quotes_of(thread)
    assert traced == [(0, "The night bus is too slow"), (0, "Trams cost less")]


def test_nested_quotations_are_one_block():
    thread = thread_of(
        OPENING,
        "It is fast enough for most.",
        ">> The night bus is too slow.\n> It is fast enough for most.\n\nIt is not.",
    )
    [(post, label, text, traced)] = quotes_of(thread)
    assert (post, label) == (2, "block")
    assert text.startswith(">> The night bus")
    assert {source for source, _ in traced} == {0, 1}


@pytest.mark.parametrize("marks", ['"{}"', "“{}”", "”{}”", "«{}»", "‘{}’", "'{}'", '"{}', "„{}“"])
def test_inline_quotations_in_any_marks_also_wrong_or_unbalanced(marks):
    said = "nobody over sixty ever rides it after eleven"
    thread = thread_of(OPENING, f"You say {marks.format(said)}")
    [(post, label, text, traced)] = quotes_of(thread)
    assert (post, label) == (1, "inline")
    assert said in text
    assert traced == [(0, "Nobody over sixty ever rides it after eleven")]


def test_scare_quotes_and_quotations_from_elsewhere_are_left_alone():
    thread = thread_of(OPENING, 'The "night bus" is fine, as the poet said: "so it goes and goes and goes".')
    assert quotes_of(thread) == []


def test_an_apostrophe_is_no_quotation_mark():
    thread = thread_of("It's the drivers' own fault that they can't stop.", "It's the drivers' own fault, isn't it?")
    assert quotes_of(thread) == []


def test_a_grandparent_and_another_branch_are_found():
    thread = thread_of(
        OPENING,
        "The harbour is empty on Sundays and nobody complains about that.",
        "I like it there.",
        "> the harbour is empty on Sundays\n\nNot in June.",
        "> The night bus is too slow.\n\nIt is.",
        parents={4: 3},
    )
    elsewhere = thread_of(
        OPENING,
        "The harbour is empty on Sundays and nobody complains about that.",
        "> the harbour is empty on Sundays\n\nNot in June.",
        parents={2: 0},
    )
    assert [(post, traced[0][0]) for post, _, _, traced in quotes_of(thread)] == [(3, 1), (4, 0)]
    assert [(post, traced[0][0]) for post, _, _, traced in quotes_of(elsewhere)] == [(2, 1)]


def test_a_later_post_is_never_a_source():
    thread = thread_of("> I will say this later, and only later\n\nHm.", "I will say this later, and only later.")
    assert [(post, traced) for post, _, _, traced in quotes_of(thread)] == [(0, [])]


@pytest.mark.parametrize(
    "line",
    [
        "On 3 May 2021 at 10:12, Ann Lee wrote:",
        "Ann Lee said:",
        "Originally posted by Ann Lee",
        "Ann Lee wrote on Monday:",
    ],
)
def test_attributions_name_the_source(line):
    thread = thread_of(
        ("Ann Lee", OPENING), ("Bo", "Right."), ("Cy", f"{line}\n> The night bus is too slow.\n\nIt is not.")
    )
    found = quotes_of(thread)
    assert [(label, text, traced[0][0]) for _, label, text, traced in found] == [
        ("attribution", line, 0),
        ("block", "> The night bus is too slow.", 0),
    ]


def test_at_names_and_opening_names_address_the_last_post_of_an_author():
    thread = thread_of(
        ("Ann", "One."),
        ("Bo", "Two."),
        ("Ann", "Three."),
        ("Cy", "@ann that is three."),
        ("Di", "Bo, that is two. Mail me: di@ann.example"),
        parents={3: 0},
    )
    assert quotes_of(thread) == [(3, "address", "@ann", [(2, "")]), (4, "address", "Bo", [(1, "")])]


def test_an_address_means_the_post_above_whatever_its_author_says_elsewhere():
    answer = ("Cy", "@Ann no, small shops would gain.")
    alone = thread_of(("Zed", "Close the centre to cars."), ("Ann", "Shops would lose."), answer)
    beside = thread_of(
        ("Zed", "Close the centre to cars."),
        ("Ann", "Shops would lose."),
        answer,
        ("Bo", "Which shops?"),
        ("Ann", "The small ones."),
        ("Ann", "And who pays?"),
        parents={3: 1, 5: 0},
    )
    assert quotes_of(alone) == quotes_of(beside) == [(2, "address", "@Ann", [(1, "")])]


def test_a_post_that_is_all_quotation_but_of_nothing_said_is_its_authors_own():
    """The line break behind the quoted words was lost: without this, nothing of the post would be left."""
    lost = "> The night bus is slow. But it is the only one that goes to the hospital, and I take it twice a week."
    assert quotes_of(thread_of(("Ann", OPENING), ("Cy", lost))) == []
    repeated = "> The night bus is too slow."
    assert [label for _, label, _, _ in quotes_of(thread_of(("Ann", OPENING), ("Cy", repeated)))] == ["block"]


@pytest.mark.parametrize(
    "line",
    [
        "You are completely wrong. As the report says:",
        "I strongly disagree with what you said:",
        "On this I disagree, as Madison once wrote:",
    ],
)
def test_what_is_said_above_a_quotation_is_no_attribution(line):
    thread = thread_of(("Ann", OPENING), ("Cy", f"{line}\n> The night bus is too slow.\n\nIt is not."))
    assert [label for _, label, _, _ in quotes_of(thread)] == ["block"]


@pytest.mark.timeout(60)
def test_the_exact_source_is_found_among_many_like_it():
    texts = [f"Claim number {n} is that the tower has exactly {n} steps and {n + 1} windows." for n in range(1500)]
    replies = [f"> the tower has exactly {n} steps and {n + 1} windows\n\nNo." for n in range(1500)]
    thread = thread_of(*texts, *replies)
    found = quotes_of(thread)
    assert [traced[0][0] for _, _, _, traced in found] == list(range(1500))
