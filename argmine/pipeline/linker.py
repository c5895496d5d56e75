"""The linker: which earlier claim a claim of a reply answers.

The claims of the answered post, of an addressed author's last post and of quoted posts are weighed against each other:
by the quotation that stands before or inside the answering claim, by the content words that both share, by their roles
and by their places.  The weights make a distribution over the candidates (a conditional logit); a link is written if
the claim looks like one that answers at all and its best candidate is good enough.

A claim is compared with the claims of a few posts only, so a thread of n posts costs O(n).
"""

from bisect import bisect_left, bisect_right
from math import exp, sqrt
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc, Span

from argmine.doc import CLAIMS, QUOTES, PostView, Relation, Source, posts, readings, relations, sources, spans_by_post
from argmine.pipeline.lexical import content_stems, similarity, words_of

_Claims = list[tuple[int, Span]]


_MOST_OTHERS = 2  # posts, beside the answered one, whose claims one claim is compared with
_QUOTE_LASTS = 2  # claims behind a block quotation that may answer it
_BARE = 2  # content words: a claim of fewer is bare
_GAP = 3  # tokens between a claim and the inline quotation beside it


class _Quoted(NamedTuple):
    """The quotation that a claim follows or holds: how many claims ago it was, and the characters it repeats."""

    text: str
    age: int
    sources: list[Source]


class _Link(NamedTuple):
    target: int
    confidence: float
    basis: str
    cue: str


@Language.factory(
    "argmine_linker",
    default_config={
        "weights": {
            "similarity": 0.7,
            "shared_word": 0.6,
            "quoted": 1.7,
            "beside_quote": -2.0,
            "premise": -0.5,
            "bare": -0.5,
            "opening_claim": 1.5,
            "first_claim": 0.3,
            "last_claim": 0.3,
            "same_order": 0.35,
            "reading": 0.0,
        },
        "answering": {
            "bias": -1.0,
            "first": 0.7,
            "paragraph": 0.4,
            "premise": -0.4,
            "after_quote": 1.0,
            "reading": 0.0,
        },
        "threshold": 0.13,
        "max_candidates": 100,
    },
    requires=["doc.spans"],
    assigns=["doc._.relations"],
)
def make_linker(
    nlp: Language,
    name: str,
    weights: dict[str, float],
    answering: dict[str, float],
    threshold: float,
    max_candidates: int,
) -> "Linker":
    """Make the linker; the settings are those of :class:`Linker`."""
    return Linker(weights=weights, answering=answering, threshold=threshold, max_candidates=max_candidates)


class Linker:
    """Link the claims of replies to the claims that they answer.

    Parameters
    ----------
    weights : dict of str to float
        What speaks for a candidate, in log odds: ``similarity`` of its content words (0 to 1) and each
        ``shared_word``; being ``quoted``, or standing ``beside_quote`` in a post of which another part is quoted;
        being a ``premise``; being ``bare`` of content ("I doubt that"); the ``opening_claim`` of the thread; the
        ``first_claim`` or ``last_claim`` of a reply; the ``same_order`` in its post as the answer has in its own;
        what a reader scores the pair (``reading``).
    answering : dict of str to float
        What speaks for a claim answering anything at all: ``bias``, being the ``first`` of its post or of a
        ``paragraph``, a ``premise``, standing right ``after_quote``; by how much a reader finds that it takes a side
        (``reading``).
    threshold : float
        A link is written if the chance of answering times the root of the candidate's chance reaches this.
        Links to quoted claims are always written.
    max_candidates : int
        Claims of one post that are compared: its first ones, and those that are quoted.
    """

    def __init__(
        self, *, weights: dict[str, float], answering: dict[str, float], threshold: float, max_candidates: int
    ) -> None:
        self.weights = weights
        self.answering = answering
        self.threshold = threshold
        self.max_candidates = max_candidates

    def __call__(self, doc: Doc) -> Doc:
        """Add the ``answers`` relations of a Doc."""
        doc._.relations = [tuple(relation) for relation in [*relations(doc, "supports"), *self.link(doc)]]
        return doc

    def link(self, doc: Doc) -> list[Relation]:
        """Return one ``answers`` relation for each claim that answers another, its stance still open."""
        thread = LinkedThread(doc, self.max_candidates)
        found: list[Relation] = []
        for post in thread.posts:
            if post.parent is None:
                continue
            for number, (index, _) in enumerate(thread.claims[post.index]):
                link = self._link(thread, post, number)
                if link is not None:
                    found.append(Relation(index, link.target, "answers", "", *link[1:]))
        return found

    def _link(self, thread: "LinkedThread", post: PostView, number: int) -> _Link | None:
        quoted = thread.quoted(post, number)
        candidates = thread.candidates(post, quoted)
        if not candidates:
            return None
        scores = [
            weigh(self.weights, candidate_evidence(thread, post, number, candidate, quoted)) for candidate in candidates
        ]
        best = max(range(len(scores)), key=lambda place: (scores[place], -place))
        chance = 1 / sum(exp(score - scores[best]) for score in scores)
        target, span = candidates[best]
        if quoted is not None and thread.coverage(quoted, thread.post_of[target], span):
            # word for word, it can hardly be anything else; edited, it is as sure as its words agree
            sure = max(source.similarity for source in quoted.sources) if quoted.age == 0 else 0.5
            return _Link(target, max(chance, 0.9 * sure), "quote", quoted.text)
        answers = 1 / (1 + exp(-weigh(self.answering, answering_evidence(thread, post, number, quoted))))
        if answers * sqrt(chance) < self.threshold:
            return None
        return _Link(target, chance, "model", thread.shared_words(thread.claims[post.index][number][1], span))


def weigh(weights: dict[str, float], evidence: dict[str, float]) -> float:
    """Return the log odds that evidence makes."""
    return sum(weights[name] * value for name, value in evidence.items())


def candidate_evidence(
    thread: "LinkedThread", post: PostView, number: int, candidate: tuple[int, Span], quoted: "_Quoted | None"
) -> dict[str, float]:
    """Return what speaks for a candidate being what claim ``number`` of a post answers."""
    claims = thread.claims[post.index]
    place, span = candidate
    home = thread.post_of[place]
    rank = thread.rank_of[place]
    siblings = len(thread.claims[home])
    words, other = thread.words_of(claims[number][1]), thread.words_of(span)
    coverage = 0.0 if quoted is None else thread.coverage(quoted, home, span)
    return {
        "similarity": similarity(words, other),
        "shared_word": len(words & other),
        "quoted": coverage,
        "beside_quote": float(quoted is not None and not coverage),
        "premise": float(span.label_ == "premise"),
        "bare": float(len(other) < _BARE),
        "opening_claim": float(home == 0 and rank == 0),
        "first_claim": float(home != 0 and rank == 0),
        "last_claim": float(rank == siblings - 1),
        "same_order": -abs(number / len(claims) - rank / siblings),
        "reading": thread.readings.links.get((claims[number][0], place), 0.0),
    }


def answering_evidence(
    thread: "LinkedThread", post: PostView, number: int, quoted: "_Quoted | None"
) -> dict[str, float]:
    """Return what speaks for claim ``number`` of a post answering any claim of another post."""
    place, claim = thread.claims[post.index][number]
    return {
        "bias": 1.0,
        "first": float(number == 0),
        "paragraph": float(thread.opens_paragraph(post, number)),
        "premise": float(claim.label_ == "premise"),
        "after_quote": float(quoted is not None and quoted.age == 0),
        "reading": thread.sides(place),
    }


class LinkedThread:
    """What the linker knows of a Doc."""

    def __init__(self, doc: Doc, max_candidates: int) -> None:
        self.posts = posts(doc)
        self.claims: list[_Claims] = spans_by_post(doc, CLAIMS)
        self.readings = readings(doc)
        self.post_of = {place: post for post, claims in enumerate(self.claims) for place, _ in claims}
        self.rank_of = {place: rank for claims in self.claims for rank, (place, _) in enumerate(claims)}
        self._stems = content_stems(doc)
        self._words: dict[int, frozenset[str]] = {}
        self._sources: dict[int, list[Source]] = {}
        for source in sources(doc):
            self._sources.setdefault(source.quote, []).append(source)
        quotes = spans_by_post(doc, QUOTES) if QUOTES in doc.spans else [[] for _ in self.posts]
        self._blocks = [[(place, span) for place, span in found if span.label_ == "block"] for found in quotes]
        #: Those without a source say nothing about what is answered.
        self._inline = [
            [(place, span) for place, span in found if span.label_ == "inline" and place in self._sources]
            for found in quotes
        ]
        #: The first few posts whose authors each post addresses.
        self._addressed = [
            list(
                dict.fromkeys(
                    source.post
                    for place, span in found
                    if span.label_ in ("address", "attribution")
                    for source in self._sources.get(place, [])
                )
            )[:_MOST_OTHERS]
            for found in quotes
        ]
        self._max_candidates = max_candidates

    def words_of(self, span: Span) -> frozenset[str]:
        """Return the content words of a claim."""
        if span.start not in self._words:  # claims do not overlap
            self._words[span.start] = words_of(self._stems, span.start, span.end)
        return self._words[span.start]

    def sides(self, claim: int) -> float:
        """Return by how much a reader finds that a claim takes a side, in log odds; 0 without a reader."""
        read = self.readings.claims.get(claim)
        return 0.0 if read is None else max(read.scores[0], read.scores[1]) - read.scores[2]

    def shared_words(self, claim: Span, other: Span) -> str:
        """Return the words of a claim that another has as well, as they stand there."""
        shared = self.words_of(claim) & self.words_of(other)
        found = {self._stems[token.i]: token.text for token in reversed(list(claim)) if self._stems[token.i] in shared}
        return ", ".join(reversed(found.values()))

    def opens_paragraph(self, post: PostView, number: int) -> bool:
        """Whether an empty line stands right before claim ``number`` of a post."""
        claims = self.claims[post.index]
        before = claims[number - 1][1].end_char if number else post.offset
        return "\n\n" in post.text[before - post.offset : claims[number][1].start_char - post.offset]

    def quoted(self, post: PostView, number: int) -> _Quoted | None:
        """Return the traced quotation inside or beside a claim, or else the last block quotation before it."""
        claims = self.claims[post.index]
        claim = claims[number][1]
        inline, blocks = self._inline[post.index], self._blocks[post.index]
        first = bisect_left(inline, claim.start - _GAP, key=lambda quote: quote[1].end)
        last = bisect_right(inline, claim.end + _GAP, key=lambda quote: quote[1].start)
        for place, quote in inline[first:last]:
            if self._beside(quote, claims, number):
                return _Quoted(_bare(quote), 0, self._sources[place])
        before = bisect_left(blocks, claim.start, key=lambda quote: quote[1].start)
        if not before or blocks[before - 1][0] not in self._sources:
            return None
        place, block = blocks[before - 1]
        age = sum(1 for _, other in claims[max(0, number - _QUOTE_LASTS) : number] if other.start > block.start)
        return _Quoted(_bare(block), age, self._sources[place]) if age < _QUOTE_LASTS else None

    def _beside(self, quote: Span, claims: _Claims, number: int) -> bool:
        """Whether an inline quotation lies in a claim, or in none and next to it on the same line."""
        claim = claims[number][1]
        if _overlap(quote, claim):
            return True
        if any(_overlap(quote, other) for _, other in claims[max(0, number - 1) : number + 2]):
            return False
        low, high = (quote.end, claim.start) if quote.end <= claim.start else (claim.end, quote.start)
        return high - low <= _GAP and "\n\n" not in quote.doc[low:high].text

    def candidates(self, post: PostView, quoted: _Quoted | None) -> _Claims:
        """Return the claims that a claim of a post may answer: of the quoted, the addressed and the answered post."""
        cited = [source.post for source in quoted.sources] if quoted is not None else []
        others = list(dict.fromkeys([*cited, *self._addressed[post.index]]))[:_MOST_OTHERS]
        few = dict.fromkeys([*others, *([] if post.parent is None else [post.parent])])
        found = {claim[0]: claim for index in few for claim in self.claims[index][: self._max_candidates]}
        if quoted is not None:  # wherever in a long post they stand
            found |= {claim[0]: claim for source in quoted.sources for claim in self._repeated(source)}
        return list(found.values())

    def _repeated(self, source: Source) -> _Claims:
        """Return the claims that a quotation repeats, in part at least."""
        claims, offset = self.claims[source.post], self.posts[source.post].offset
        first = bisect_right(claims, offset + source.start, key=lambda claim: claim[1].end_char)
        last = bisect_left(claims, offset + source.end, key=lambda claim: claim[1].start_char)
        return claims[first:last][: self._max_candidates]

    def coverage(self, quoted: _Quoted, post: int, span: Span) -> float:
        """Return the share of a claim that is quoted, 0 to 1."""
        most = 0.0
        for source in quoted.sources:
            if source.post == post:
                offset = self.posts[source.post].offset
                shared = min(span.end_char, offset + source.end) - max(span.start_char, offset + source.start)
                most = max(most, shared / (span.end_char - span.start_char))
        return most


def _bare(quote: Span) -> str:
    """Return the words of a quotation on one line, without the marks around them."""
    lines = (line.lstrip(" \t>") for line in quote.text.splitlines())
    return " ".join(" ".join(lines).split()).strip("\"“”„«»‹›‘’' ")


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
