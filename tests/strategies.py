"""Hypothesis strategies shared by the tests: threads as they are found in the wild, and graphs of the schema.

Use them as ``@given(threads())`` and ``@given(graphs())`` after ``from strategies import graphs, threads``.
"""

from datetime import UTC, datetime, timedelta, timezone

import networkx as nx
from hypothesis import strategies as st

from argmine import Post, Thread

TOPICS = ["night trains", "the new tram line", "bread baked at home", "paper ballots", "wooden toys"]
AUTHORS = ["Ann", "Ben Okafor", "carla_77", "Д. Петров", "zoë", "user-12", "O'Neil", "🙂"]

#: Sentences in which a stage has something to find; ``{}`` is the topic.
SENTENCES = [
    "I agree that {} should get more money.",
    "I might agree on some of it, but {} cost far too much.",
    "No, that is simply wrong, {} never worked anywhere.",
    "Exactly, and {} are cheaper because nobody has to drive.",
    "You are right about {}, however the figures are ten years old.",
    "Source? I doubt that anyone ever measured {}.",
    "Which study of {} do you mean?",
    "{} are the best thing that happened to this town, since they bring people together.",
    "For example, my aunt lives on {}.",
    "Therefore we should forbid {}!",
    "On the one hand {} are slow; on the other hand they are safe.",
    "If you like {} so much, why don't you pay for them...",
    "your right about {} but not all of us can wait",
    "Not everybody dislikes {}.",
]
#: What is not an argument: greetings, thanks, signatures, promotion, lists, links, abbreviations.
FILLERS = [
    "Hi all,",
    "Thanks for sharing!",
    "Great blog, keep it up! Visit https://cheap-pills.example/offer?id=1 for a discount.",
    "Edit: thanks for the votes",
    "-- \nBest,\nAnn",
    "- first\n- second\n  * nested\n1. third",
    "See www.example.org/a_(b) e.g. p. 3, Dr. Low vs. Mr. High, approx. 3.5 km.",
    "lol :-) :P ;_;",
    "WHAT?!?! WHY???",
    "Ann wrote:",
    "On 3 May 2019, Ben wrote:",
]
#: Characters and strings that break careless code.
ODDITIES = [
    "",
    " ",
    "\r\n",
    "\r",
    "\t",
    "\x00",
    "\x07\x1b[31m",
    "\x85",
    "\u2028",
    "\ufeff",
    "\u200b\u200d",
    "e\u0301\u0323",
    "👩‍👩‍👧‍👦🇪🇪",
    "שלום עולם",
    "\u202eabc\u202c",
    "没有空格的一句话。还有一句。",
    "a" * 400,
    "]]>&amp;<b>\"'",
    "…",
    "“",
    "''",
    ">",
    ">>>",
    "@",
    "#1",
    "\ufffd\ufffe",
    "\U0010ffff",
]
_QUOTE_MARKS = ['"{}"', "'{}'", "“{}”", "‘{}’", "«{}»", '"{}', "“{}"]
_JOINTS = [" ", " ", "\n", "\n\n", "\r\n", ""]
_ID_SHAPES = [
    "p{}",
    "{}",
    "comment-{}",
    "<{}@mail.example>",
    "t1_{}",
    "a:{}",
    "e{}",
    "#{}#",
    "_x00{}_",
    "é {}",
]

_sentences = st.builds(str.format, st.sampled_from(SENTENCES), st.sampled_from(TOPICS))


@st.composite
def post_texts(draw: st.DrawFn, earlier: list[str] | None = None) -> str:
    """Text of a post that may quote earlier posts, in whole or in part, and address their authors."""
    pieces = [
        _sentences,
        _sentences,
        st.sampled_from(FILLERS),
        st.sampled_from(ODDITIES),
        st.text(max_size=30),
        st.sampled_from(AUTHORS).map("@{}".format),
    ]
    if earlier:
        quotable = st.sampled_from(earlier)
        pieces += [
            st.builds(_block_quote, quotable, depth=st.integers(1, 3)),
            st.builds(_inline_quote, quotable, st.integers(0, 5), st.integers(1, 12), st.sampled_from(_QUOTE_MARKS)),
        ]
    parts = draw(st.lists(st.one_of(pieces), max_size=6))
    return "".join(part + draw(st.sampled_from(_JOINTS)) for part in parts)


def _block_quote(text: str, *, depth: int) -> str:
    return "".join(f"{'> ' * depth}{line}\n" for line in text.splitlines())


def _inline_quote(text: str, start: int, length: int, marks: str) -> str:
    return marks.format(" ".join(text.split()[start : start + length]))


_times = st.datetimes(datetime(2003, 1, 1), datetime(2030, 1, 1)).map(
    lambda time: time.replace(tzinfo=UTC if time.second % 2 else timezone(timedelta(hours=-5)))
)


@st.composite
def threads(draw: st.DrawFn, *, min_posts: int = 1, max_posts: int = 7) -> Thread:
    """Threads that vary in shape (broad, deep, mixed), ids, authors, times, deletion, quotes and oddities."""
    count = draw(st.integers(min_posts, max_posts))
    shape = draw(st.sampled_from(["broad", "deep", "mixed"]))
    id_shape = draw(st.sampled_from(_ID_SHAPES))
    posts: list[Post] = []
    for number in range(count):
        parents = {"broad": [0], "deep": [number - 1], "mixed": range(number)}[shape] if number else [None]
        parent = draw(st.sampled_from(parents))
        deleted = draw(st.sampled_from([False, False, False, False, True]))
        quotable = [post.text for post in posts]
        posts.append(
            Post(
                id=id_shape.format(number),
                author=draw(st.none() | st.sampled_from(AUTHORS)),
                text="" if deleted else draw(post_texts(quotable)),
                reply_to=None if parent is None else posts[parent].id,
                created_at=draw(st.none() | _times),
                deleted=deleted,
            )
        )
    return Thread(
        id=draw(st.sampled_from(["thread", "a/b", "🙂"])),
        title=draw(st.none() | st.sampled_from([*TOPICS, *ODDITIES])),
        url=draw(st.none() | st.just("https://forum.example/t/1?a=1&b=2")),
        posts=posts,
    )


#: Any text at all, lone surrogates and control characters too.
any_text = st.text(st.characters(), max_size=20) | st.sampled_from([*ODDITIES, "\ud800", "a\udfffb"])
_stances = st.sampled_from(["agreement", "rebuttal", "neutral"])
_chances = st.floats(0, 1, allow_subnormal=False)  # which igraph cannot read


def _some(draw: st.DrawFn, **attributes: st.SearchStrategy[object]) -> dict[str, object]:
    """Draw values, and leave out some of the attributes, as a graph leaves out what has no value."""
    return {name: draw(value) for name, value in attributes.items() if draw(st.booleans())}


def _reply_facts(draw: st.DrawFn) -> dict[str, object]:
    weights = draw(st.lists(st.integers(1, 100), min_size=4, max_size=4))
    names = ["p_agreement", "p_rebuttal", "p_neutral", "p_off_topic"]
    chances = {name: weight / sum(weights) for name, weight in zip(names, weights, strict=True)}
    return {"stance": draw(_stances), "confidence": draw(_chances), **chances}


def _claim_like(post_id: str) -> bool:
    return "#" in post_id and post_id[-1].isdigit()


_post_ids = st.text(min_size=1, max_size=8) | st.sampled_from(_ID_SHAPES).map(lambda shape: shape.format(5))


@st.composite
def graphs(draw: st.DrawFn, *, texts: st.SearchStrategy[str] = any_text, max_posts: int = 4) -> "nx.DiGraph[str]":
    """Graphs of schema version 1, built without mining, so that any text can be anywhere; any ids too."""
    graph: nx.DiGraph[str] = nx.DiGraph(schema="1", **_some(draw, thread_id=texts, title=texts, url=texts))
    ids = _post_ids.filter(lambda post_id: not _claim_like(post_id))
    post_ids = draw(st.lists(ids, unique=True, max_size=max_posts))
    claims: list[str] = []
    for order, post in enumerate(post_ids):
        facts = _some(draw, author=texts, created_at=st.just("2020-02-29T10:00:00+00:00"))
        graph.add_node(post, kind="post", depth=min(order, 1), order=order, text=draw(texts), **facts)
        if order:
            graph.add_edge(post, draw(st.sampled_from(post_ids[:order])), kind="reply", **_reply_facts(draw))
        here = [f"{post}#{number}" for number in range(1, draw(st.integers(0, 3)) + 1)]
        for number, claim in enumerate(here, start=1):
            judged = _some(draw, author=texts, confidence=_chances, stance=_stances)
            facts = {"start": 0, "end": draw(st.integers(1, 10**6)), "role": "claim", **judged}
            graph.add_node(claim, kind="claim", post=post, order=number, text=draw(texts), **facts)
            graph.add_edge(post, claim, kind="contains")
            if claims and draw(st.booleans()):
                why = {"stance": draw(_stances), "confidence": draw(_chances), "basis": "cue"}
                answered = draw(st.sampled_from(claims))
                graph.add_edge(claim, answered, kind="answers", **why, **_some(draw, cue=texts))
        if len(here) > 1:
            graph.add_edge(here[1], here[0], kind="supports", confidence=draw(_chances), basis="cue")
        claims += here
    return graph
