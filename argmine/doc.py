"""From a thread to one spaCy Doc, and what the stages write on it.

This module is the only bridge from threads to spaCy, and the only place where the Doc layout is stated:

======================== =========================================================================== ===============
where                    what                                                                        set by
======================== =========================================================================== ===============
``doc.spans["posts"]``   one span per post in reading order, maybe empty; ``span.id_`` is its id     :func:`make_doc`
``doc._.thread``         plain JSON: id, title, url, pipeline, and per post id, author, reply_to,    :func:`make_doc`
                         created_at, deleted (no text)
``doc.spans["quotes"]``  quoted stretches; ``span.label_`` is ``block``, ``inline``,                 quote stage
                         ``attribution`` or ``address``
``doc._.sources``        :class:`Source` tuples: where a quote was found again                       quote stage
``doc.spans["claims"]``  one span per claim, inside one post; ``span.label_`` is its role            splitter, roles
``doc._.readings``       :class:`Reading` tuples of posts and claims, and scores of links            reader
``doc._.relations``      :class:`Relation` tuples between claims                                     roles, linker,
                                                                                                     stances
``doc._.stances``        :class:`ClaimStance` tuples, one per claim of a reply                       stances
``doc._.replies``        :class:`Reply` tuples, one per reply post that has text                     stances
``doc._.min_confidence`` the confidence below which edges and stances were left out                      stances
======================== =========================================================================== ===============

Everything is plain data (tuples of str, int and float), so that a Doc survives ``DocBin``, ``to_disk`` and other
processes.  Claims are named by their place in ``doc.spans["claims"]``, posts by their place in ``doc.spans["posts"]``.

Each post is tokenised apart and followed by one separator token, so no token crosses from one post to the next and
an empty post has a place of its own.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, repeat
from typing import Any, Literal, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span

from argmine.errors import PipelineError
from argmine.thread import Thread

POSTS = "posts"
QUOTES = "quotes"
CLAIMS = "claims"

#: The stances, in the order in which their probabilities are kept.
STANCES = ("agreement", "rebuttal", "neutral", "off-topic")

_SEPARATOR = "\n\n"
_UNBROKEN = re.compile(r"\S{400,}")
_PIECE = 200  # characters of such a stretch that are tokenised together
_TOKEN: list[int | str] = ["ORTH", "SPACY", "NORM"]  # all that a tokenizer says of a token

RelationKind = Literal["answers", "supports"]


class Source(NamedTuple):
    """Where a quotation comes from.

    ``quote`` is the place of the quote in ``doc.spans["quotes"]``, ``post`` the place of the post it repeats,
    ``start`` and ``end`` the characters of that post, and ``similarity`` the share of its words found there.
    """

    quote: int
    post: int
    start: int
    end: int
    similarity: float


class Relation(NamedTuple):
    """An edge between two claims, both named by their place in ``doc.spans["claims"]``.

    ``stance`` is empty until the stance stage has judged an ``answers`` relation, and stays empty for ``supports``.
    """

    source: int
    target: int
    kind: RelationKind
    stance: str
    confidence: float
    basis: str
    cue: str


class ClaimStance(NamedTuple):
    """What a claim of a reply does to what it answers; ``claim`` is its place in ``doc.spans["claims"]``."""

    claim: int
    stance: str
    confidence: float
    basis: str
    cue: str


class Reply(NamedTuple):
    """The stance of a whole reply towards the post it answers, with four probabilities that sum to 1.

    ``stance`` is empty where the stage would not decide; ``basis`` and ``cue`` say what it goes by.
    """

    post: int
    stance: str
    agreement: float
    rebuttal: float
    neutral: float
    off_topic: float
    basis: str
    cue: str

    @property
    def probabilities(self) -> tuple[float, float, float, float]:
        """The four probabilities, in the order of ``STANCES``."""
        return (self.agreement, self.rebuttal, self.neutral, self.off_topic)

    @property
    def confidence(self) -> float:
        """Probability of the most probable stance."""
        return max(self.probabilities)


class Reading(NamedTuple):
    """What a reader says of a reply, or of one claim: scores in log odds, and the words that each score goes by.

    ``place`` is that of the post or of the claim; ``scores`` and ``words`` are in the order of ``STANCES``, the last
    score being that of off-topic against the rest; ``premise`` is the score of a claim as a premise.
    """

    place: int
    scores: tuple[float, float, float, float]
    words: tuple[str, str, str, str]
    premise: float


class Readings(NamedTuple):
    """What a reader says of a thread, by places: of its posts, its claims, and of claims that may answer others."""

    posts: dict[int, Reading]
    claims: dict[int, Reading]
    links: dict[tuple[int, int], float]


@dataclass(frozen=True, slots=True)
class PostView:
    """One post on the Doc, as the stages read it.

    Attributes
    ----------
    index : int
        Place in ``doc.spans["posts"]``.
    id, author : str
        Of the post; ``author`` is ``None`` where it is unknown.
    parent : int or None
        Place of the post that it answers.
    depth : int
        Number of replies between it and the opening post.
    text : str
        As written.
    offset : int
        Where the text begins in ``doc.text``.
    """

    index: int
    id: str
    author: str | None
    parent: int | None
    depth: int
    text: str
    offset: int


_EXTENSIONS: dict[str, Any] = {
    "thread": None,
    "sources": [],
    "readings": {},
    "relations": [],
    "stances": [],
    "replies": [],
    "min_confidence": 0.0,
}

for _name, _default in _EXTENSIONS.items():
    Doc.set_extension(_name, default=_default, force=True)


def make_doc(nlp: Language, thread: Thread) -> Doc:
    """Turn a thread into one Doc for a pipeline to work on.

    Parameters
    ----------
    nlp : Language
        The pipeline whose tokenizer is used.
    thread : Thread
        Any thread.

    Returns
    -------
    Doc
        With ``doc.spans["posts"]`` and ``doc._.thread`` set.

    Examples
    --------
    >>> from argmine import Post, Thread, load
    >>> doc = make_doc(load(), Thread(posts=[Post(id="a", text="Cats purr.")]))
    >>> [span.id_ for span in doc.spans["posts"]]
    ['a']
    """
    separator = Doc(nlp.vocab, words=[_SEPARATOR], spaces=[False])
    parts: list[Any] = []
    bounds: list[tuple[int, int]] = []
    position = 0
    for post in thread.posts:
        pieces = [nlp.tokenizer(piece) for piece in _pieces(post.text)]
        size = sum(map(len, pieces))
        parts += [part.to_array(_TOKEN) for part in (*pieces, separator)]
        bounds.append((position, position + size))
        position += size + 1
    words, spaces, norms = np.concatenate(parts).T
    strings = nlp.vocab.strings
    texts: list[str] = [strings[word] for word in words.tolist()]
    doc = Doc(nlp.vocab, words=list(texts), spaces=spaces.astype(bool).tolist())
    doc.from_array(["NORM"], norms.reshape(-1, 1))  # the tokenizer knows that "ca" of "can't" is "can"
    doc.spans[POSTS] = [
        Span(doc, start, end, label="post", span_id=post.id)
        for post, (start, end) in zip(thread.posts, bounds, strict=True)
    ]
    doc._.thread = {
        "id": thread.id,
        "title": thread.title,
        "url": thread.url,
        "pipeline": pipeline_name(nlp),
        "posts": [
            {
                "id": post.id,
                "author": post.author,
                "reply_to": post.reply_to,
                "created_at": None if post.created_at is None else post.created_at.isoformat(),
                "deleted": post.deleted,
            }
            for post in thread.posts
        ],
    }
    return doc


def pipeline_name(nlp: Language) -> str:
    """Return the name and version of a pipeline, as a graph names what made it."""
    return f"{nlp.meta['name']} {nlp.meta['version']}"


def _pieces(text: str) -> Iterator[str]:
    """Cut a text for the tokenizer, whose time grows with the square of the longest stretch without white space."""
    here = 0
    for match in _UNBROKEN.finditer(text):
        for start in range(match.start(), match.end(), _PIECE):
            if start > here:
                yield text[here:start]
                here = start
    if here < len(text):
        yield text[here:]


def thread_facts(doc: Doc) -> dict[str, Any]:
    """Return ``doc._.thread``, or say how to get a Doc that has it."""
    facts: dict[str, Any] | None = doc._.thread
    if facts is None or POSTS not in doc.spans:
        raise PipelineError(
            "The Doc does not come from a thread",
            "Make it with argmine.make_doc(nlp, thread), or call argmine.mine(thread).",
        )
    return facts


#: The posts of Docs that are in memory: each stage asks for them, and neither the text nor the thread changes.
_VIEWS: WeakKeyDictionary[Doc, list[PostView]] = WeakKeyDictionary()


def posts(doc: Doc) -> list[PostView]:
    """Return the posts of a Doc in reading order, with their texts."""
    if doc not in _VIEWS:
        _VIEWS[doc] = _read_posts(doc)
    return list(_VIEWS[doc])


def _read_posts(doc: Doc) -> list[PostView]:
    facts = thread_facts(doc)["posts"]
    text = doc.text
    index_of = {fact["id"]: index for index, fact in enumerate(facts)}
    views: list[PostView] = []
    for index, (fact, span) in enumerate(zip(facts, doc.spans[POSTS], strict=True)):
        parent = None if fact["reply_to"] is None else index_of[fact["reply_to"]]
        views.append(
            PostView(
                index=index,
                id=fact["id"],
                author=fact["author"],
                parent=parent,
                depth=0 if parent is None else views[parent].depth + 1,
                text=text[span.start_char : doc[span.end].idx],
                offset=span.start_char,
            )
        )
    return views


def spans_by_post(doc: Doc, key: str) -> list[list[tuple[int, Span]]]:
    """Return, for each post, the spans of a group inside it, each with its place in the group.

    Parameters
    ----------
    doc : Doc
        Made by :func:`make_doc`.
    key : str
        ``"quotes"``, ``"claims"`` or any other group of ``doc.spans``.
    """
    if key not in doc.spans:
        raise PipelineError(
            f"No stage has set doc.spans[{key!r}]",
            "Add one before this stage; nlp.analyze_pipes() shows what each stage needs and sets.",
        )
    ends = np.array([span.end for span in doc.spans[POSTS]])
    found: list[list[tuple[int, Span]]] = [[] for _ in ends]
    group = list(doc.spans[key])
    places = np.searchsorted(ends, [span.start for span in group], side="right")
    for index, (span, place) in enumerate(zip(group, places, strict=True)):
        found[int(place)].append((index, span))
    return found


def passages(doc: Doc) -> Iterator[list[tuple[int, Span]]]:
    """Yield the claims of each post with their places, parted where a block quotation begins a new answer."""
    quotes = spans_by_post(doc, QUOTES) if QUOTES in doc.spans else repeat([])
    for claims, marked in zip(spans_by_post(doc, CLAIMS), quotes, strict=False):
        blocks = [quote.start for _, quote in marked if quote.label_ == "block"]
        for _, passage in groupby(claims, key=lambda claim: bisect_left(blocks, claim[1].start)):
            yield list(passage)


def make_spans(doc: Doc, ranges: Iterable[tuple[int, int, str]]) -> list[Span | None]:
    """Make spans from character ranges of ``doc.text``, widened to whole tokens.

    Parameters
    ----------
    doc : Doc
        The Doc.
    ranges : iterable of (int, int, str)
        Start, end and label; in order of start.  A range that begins inside the span before it is cut there.

    Returns
    -------
    list of Span or None
        One per range; ``None`` where a range holds no token of its own.
    """
    starts, ends = _token_bounds(doc)
    spans: list[Span | None] = []
    taken = 0
    wanted = list(ranges)
    first = np.searchsorted(ends, [start for start, _, _ in wanted], side="right")
    last = np.searchsorted(starts, [end for _, end, _ in wanted], side="left")
    for (_, _, label), token_start, token_end in zip(wanted, first, last, strict=True):
        begin = max(int(token_start), taken)
        if begin >= token_end:
            spans.append(None)
            continue
        spans.append(Span(doc, begin, int(token_end), label=label))
        taken = int(token_end)
    return spans


def _token_bounds(doc: Doc) -> tuple[Any, Any]:
    """Return the first character of each token, and the one after its last."""
    lengths, spaces = doc.to_array(["LENGTH", "SPACY"]).T.astype(np.int64)
    ends = np.cumsum(lengths + spaces) - spaces
    return ends - lengths, ends


def relations(doc: Doc, kind: RelationKind | None = None) -> list[Relation]:
    """Return the relations between claims, of one kind or of both."""
    found = [Relation(*relation) for relation in doc._.relations]
    return found if kind is None else [relation for relation in found if relation.kind == kind]


def sources(doc: Doc) -> list[Source]:
    """Return where the quotes were found again."""
    return [Source(*source) for source in doc._.sources]


def claim_stances(doc: Doc) -> list[ClaimStance]:
    """Return the stances of the claims of replies."""
    return [ClaimStance(*stance) for stance in doc._.stances]


def readings(doc: Doc) -> Readings:
    """Return what a reader said of the thread; nothing if the pipeline has none."""
    kept = doc._.readings
    return Readings(
        {row[0]: Reading(*row) for row in kept.get("posts", ())},
        {row[0]: Reading(*row) for row in kept.get("claims", ())},
        {(source, target): score for source, target, score in kept.get("links", ())},
    )


def replies(doc: Doc) -> list[Reply]:
    """Return the stances of whole replies."""
    return [Reply(*reply) for reply in doc._.replies]
