"""The quote stage: stretches of a post that repeat an earlier post, and whom a post addresses.

Four kinds are marked: ``block`` (lines that begin with ``>``), ``attribution`` (the "On …, Ann wrote:" above them),
``inline`` ("they decide …", in any quotation marks, also unbalanced, if the words are found in an earlier post) and
``address`` (``@Ann``, or "Ann," at the start).  Each is traced to its source: quotations by their words, in the nearest
ancestors first and then in every earlier post that shares some; addresses by the author's name.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection
from itertools import pairwise
from typing import NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from argmine.doc import QUOTES, PostView, Source, make_spans, posts
from argmine.pipeline.alignment import SHINGLE, WORD, Shingle, Words, align

_BLOCK = re.compile(r"(?:^[ \t]*>.*(?:\n|\Z))+", re.MULTILINE)
_BLOCK_MARK = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
#: The line above a block quotation that says whose words follow.
_ATTRIBUTION = re.compile(
    r"^(?:[ \t]*On\b(?=[^\n]*(?:\d|day\b))[^\n]{4,200}(?:\n[^\n]{0,80})?\bwrote:"
    r"|[ \t]*(?:Originally )?(?:posted|said|written) by:?[ \t]+[^\n]{1,60}"
    r"|[ \t]*(?!(?:I|we|he|she|they|it|this|that|what|as)\b)(?:[^\s.!?]{1,40}\.?[ \t]+){1,4}"
    r"(?:wrote|said|writes|says)(?: on [^\n]{1,40})?:)[ \t]*\n\s*\Z",
    re.MULTILINE | re.IGNORECASE,
)
#: The same as the first line of the quotation itself, as forums have it.
_INNER_ATTRIBUTION = re.compile(
    r"[ \t]*(?:>[ \t]?)+[^\n>]{1,80}\b(?:wrote|said|writes|says)(?: on [^\n]{1,40})?:[ \t]*\n(?=[ \t]*>)", re.IGNORECASE
)
_ATTRIBUTION_REACH = 300  # characters above a block quotation
_AT_NAME = re.compile(r"(?<![\w@])@(\w(?:[\w.\-]{0,40}\w)?)")
_OPENING_NAME = re.compile(
    r"\s*+(?:(?:hi|hey|hello|dear)[ \t]++)?([^\s,:][^\n,:]{0,39}?)[ \t]*+[,:](?=\s)", re.IGNORECASE
)
#: Quotation marks; an apostrophe counts only at the edge of a word.
_MARK = re.compile(r"[\"“”„«»‹›]|(?<!\w)['‘’](?=\S)|(?<=\S)['’](?!\w)")

_NEAR_ANCESTORS = 8  # looked at before the whole thread is searched
_ADDRESSED_ABOVE = 50  # ancestors that an address may mean before it means any earlier post of its author
_LONGEST_NAME = 4  # words
_MOST_POSTS_PER_SHINGLE = 8  # a triple in more posts than this says little about the source
_MOST_CANDIDATES = 3  # posts beyond the ancestors that are aligned with one quotation
_SEARCHED_WORDS = 5  # shorter quotations are looked for in the near ancestors only
_FEW_POSTS = 20  # whose quotations alone are asked for: to index the whole thread would cost more than to scan it


class Quote(NamedTuple):
    """A marked stretch, with offsets into its post, and where it comes from."""

    start: int
    end: int
    label: str
    sources: list[Source]


@Language.factory(
    "argmine_quotes",
    default_config={"min_similarity": 0.75, "min_inline_words": 3},
    assigns=["doc.spans", "doc._.sources"],
)
def make_quotes(nlp: Language, name: str, min_similarity: float, min_inline_words: int) -> "Quotes":
    """Make the quote stage; the settings are those of :class:`Quotes`."""
    return Quotes(min_similarity=min_similarity, min_inline_words=min_inline_words)


class Quotes:
    """Mark quotations and addresses and trace them to earlier posts.

    Parameters
    ----------
    min_similarity : float
        Share of a quotation's words that must be found, in order, in its source (0 to 1).
    min_inline_words : int
        Inline quotations of fewer words are left alone: they are mostly scare quotes.
    """

    def __init__(self, *, min_similarity: float, min_inline_words: int) -> None:
        self.min_similarity = min_similarity
        self.min_inline_words = min_inline_words

    def __call__(self, doc: Doc) -> Doc:
        """Set the quotations of a Doc and their sources."""
        self.mark(doc, self.find(posts(doc)))
        return doc

    def mark(self, doc: Doc, quotations: list[list[Quote]]) -> None:
        """Set the quotations of each post of a Doc, as :meth:`find` returns them, and their sources."""
        found = [(quote, view.offset) for view, quotes in zip(posts(doc), quotations, strict=True) for quote in quotes]
        ranges = [(quote.start + offset, quote.end + offset, quote.label) for quote, offset in found]
        kept = [
            (span, quote) for span, (quote, _) in zip(make_spans(doc, ranges), found, strict=True) if span is not None
        ]
        doc.spans[QUOTES] = [span for span, _ in kept]
        doc._.sources = [
            tuple(source._replace(quote=place)) for place, (_, quote) in enumerate(kept) for source in quote.sources
        ]

    def find(self, views: list[PostView], only: Collection[int] | None = None) -> list[list[Quote]]:
        """Return the quotations of each post, in order and apart from each other.

        Parameters
        ----------
        views : list of PostView
            The posts of a thread.
        only : collection of int, optional
            Places of the posts that are looked at; for the others there is an empty list.
        """
        thread = _Thread(views, self.min_similarity, indexed=only is None or len(only) > _FEW_POSTS)
        found: list[list[Quote]] = []
        for post in views:
            found.append(self._find_in(post, thread) if only is None or post.index in only else [])
            thread.read(post)
        return found

    def _find_in(self, post: PostView, thread: "_Thread") -> list[Quote]:
        quotes = self._block_quotes(post, thread)
        if quotes and not any(quote.sources for quote in quotes) and not _words_outside(post.text, quotes):
            quotes = []  # nothing would be left of the post: a mark whose line went on as the author's own words
        quotes = sorted(quotes + self._inline_quotes(post, thread, quotes))
        return sorted(quotes + _addresses(post, thread, quotes))

    def _block_quotes(self, post: PostView, thread: "_Thread") -> list[Quote]:
        found: list[Quote] = []
        if ">" not in post.text:
            return found
        for match in _BLOCK.finditer(post.text):
            if not WORD.search(match.group()):
                continue
            start, end = match.start(), match.start() + len(match.group().rstrip())
            named = None
            above = _ATTRIBUTION.search(post.text, max(0, start - _ATTRIBUTION_REACH), start)
            within = _INNER_ATTRIBUTION.match(post.text, start, end)
            said = above if above and not _is_taken(found, *above.span()) else within
            if said:
                named = thread.author_in(said.group(), post)
                label_end = said.start() + len(said.group().rstrip())
                found.append(Quote(said.start(), label_end, "attribution", [] if named is None else [_whole(named)]))
                start = max(start, said.end())
            block = post.text[start:end]
            found.append(Quote(start, end, "block", self._trace_block(block, post, thread, named)))
        return found

    def _trace_block(self, block: str, post: PostView, thread: "_Thread", named: int | None) -> list[Source]:
        """Trace a block quotation as a whole, or else each of its lines."""
        plain = _BLOCK_MARK.sub("", block)
        whole = thread.trace(plain, post, named)
        if whole is not None:
            return [whole]
        lines = [line for line in plain.split("\n") if len(WORD.findall(line)) >= SHINGLE]
        traced = [thread.trace(line, post, named) for line in lines] if len(lines) > 1 else []
        return [source for source in traced if source is not None]

    def _inline_quotes(self, post: PostView, thread: "_Thread", taken: list[Quote]) -> list[Quote]:
        """Find words between quotation marks that an earlier post has.

        Marks are often the wrong way round or missing, so every stretch from one mark to the next, and from the last
        to the end of its line, is tried: only what an earlier post really says is kept.
        """
        found: list[Quote] = []
        if post.parent is None or not _MARK.search(post.text):
            return found
        line_start = 0
        for line in post.text.split("\n"):
            line_end = line_start + len(line)
            marks = [match.start() + line_start for match in _MARK.finditer(line)]
            last = 0
            for start, mark in pairwise([*marks, line_end]):
                end = min(mark + 1, line_end)
                if start < last or _is_taken(taken, start, end):
                    continue
                source = thread.trace(post.text[start + 1 : mark], post, None, self.min_inline_words)
                if source is not None:
                    found.append(Quote(start, end, "inline", [source]))
                    last = end
            line_start = line_end + 1
        return found


def _addresses(post: PostView, thread: "_Thread", taken: list[Quote]) -> list[Quote]:
    found: list[Quote] = []
    opening = _OPENING_NAME.match(post.text) if post.parent is not None else None
    matches = [*([opening] if opening else []), *(_AT_NAME.finditer(post.text) if "@" in post.text else [])]
    for match in matches:
        name = match.group(1).lstrip("@")
        named = thread.last_post_of(name, post)
        start, end = match.end(1) - len(name), match.end(1)
        start -= post.text[start - 1 : start] == "@"
        if named is not None and not _is_taken(taken, start, end) and not _is_taken(found, start, end):
            found.append(Quote(start, end, "address", [_whole(named)]))
    return found


def _words_outside(text: str, quotes: list[Quote]) -> bool:
    """Whether a text has words beside its quotations, which are in order and apart from each other."""
    bounds = [0, *(bound for quote in quotes for bound in (quote.start, quote.end)), len(text)]
    return any(WORD.search(text, start, end) for start, end in zip(bounds[::2], bounds[1::2], strict=True))


def _is_taken(quotes: list[Quote], start: int, end: int) -> bool:
    """Whether a stretch shares a character with any of some quotes, which are in order and apart from each other."""
    first = bisect_right(quotes, start, key=lambda quote: quote.end)
    return first < len(quotes) and quotes[first].start < end


def _whole(post: int) -> Source:
    return Source(0, post, 0, 0, 1.0)


class _Thread:
    """The posts read so far, and where their words and authors are; without an index, they are scanned for words."""

    def __init__(self, views: list[PostView], min_similarity: float, *, indexed: bool) -> None:
        self._posts = views
        self._min_similarity = min_similarity
        self._is_indexed = indexed
        self._folded: list[str] = []
        self._words: dict[int, Words] = {}
        self._last_post_of: dict[str, int] = {}
        self._index: dict[Shingle, list[int]] = {}
        self._indexed = 0

    def read(self, post: PostView) -> None:
        """Take note of a post once its own quotations are done: only earlier posts are sources."""
        if post.author:
            self._last_post_of[post.author.casefold()] = post.index

    def last_post_of(self, name: str, reader: PostView) -> int | None:
        """Return the post that the name of another author means: the nearest ancestor, or else the last one so far.

        The opening post counts as any other: in a flat thread everyone answers it, whomever they address.
        """
        folded = name.strip().casefold()
        if folded not in self._last_post_of or (reader.author and folded == reader.author.casefold()):
            return None
        above = reader.parent
        for _ in range(_ADDRESSED_ABOVE):
            if not above:
                break
            if (self._posts[above].author or "").casefold() == folded:
                return above
            above = self._posts[above].parent
        return self._last_post_of[folded]

    def author_in(self, line: str, reader: PostView) -> int | None:
        """Return the last post of the author whom an attribution line names; the longest name wins."""
        words = re.sub(r"[:,>]", " ", line.casefold()).split()
        for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
            for name in (" ".join(words[start : start + length]) for start in range(len(words) - length + 1)):
                named = self.last_post_of(name, reader)
                if named is not None:
                    return named
        return None

    def trace(self, quote: str, post: PostView, named: int | None, min_words: int = 1) -> Source | None:
        """Find the earlier post, and the stretch of it, that a quotation repeats; near ancestors come first."""
        wanted = Words.of(quote)
        if len(wanted.words) < min_words:
            return None
        near = self._near(post)
        if named is not None:
            near = [named, *near]
        found = self._best(wanted, near)
        if (found is None or found.similarity < 1) and len(wanted.words) >= _SEARCHED_WORDS:
            found = self._best(wanted, self._sharing(wanted, post, near), found)
        return found

    def _best(self, wanted: Words, candidates: list[int], best: Source | None = None) -> Source | None:
        """Return the candidate that repeats a quotation best, the first of equals; ``best`` is the one to beat."""
        for candidate in candidates:
            match = align(wanted, self._words_of(candidate), self._min_similarity)
            if match is not None and (best is None or match.similarity > best.similarity):
                best = Source(0, candidate, *match)
            if best is not None and best.similarity == 1.0:
                break
        return best

    def _near(self, post: PostView) -> list[int]:
        """Return the nearest ancestors, and the opening post."""
        found: list[int] = []
        above = post.parent
        while above is not None and len(found) < _NEAR_ANCESTORS:
            found.append(above)
            above = self._posts[above].parent
        return found if above is None else [*found, 0]

    def _words_of(self, index: int) -> Words:
        if index not in self._words:
            self._words[index] = Words.of(self._posts[index].text)
        return self._words[index]

    def _sharing(self, wanted: Words, post: PostView, but: list[int]) -> list[int]:
        """Return the few earlier posts, beyond those already tried, that share most triples with a quotation."""
        index = self._index_until(post.index) if self._is_indexed else self._scan_until(post.index, wanted)
        votes: Counter[int] = Counter()
        for shingle in wanted.shingles:
            places = index.get(shingle, [])
            if len(places) <= _MOST_POSTS_PER_SHINGLE:
                votes.update(place for place in places if place not in but)
        return sorted(votes, key=lambda index: (-votes[index], -index))[:_MOST_CANDIDATES]

    def _index_until(self, end: int) -> dict[Shingle, list[int]]:
        """Return the posts before ``end`` that hold each triple; the index grows with ``end``."""
        for index in range(self._indexed, end):
            for shingle in self._words_of(index).shingles:
                self._index.setdefault(shingle, []).append(index)
        self._indexed = max(self._indexed, end)
        return self._index

    def _scan_until(self, end: int, wanted: Words) -> dict[Shingle, list[int]]:
        """Return the same for the triples of one quotation: of the other posts not even the words are cut out."""
        if not self._folded:
            self._folded = [post.text.casefold().replace("’", "'") for post in self._posts]
        found: dict[Shingle, list[int]] = {}
        for shingle in wanted.shingles:
            longest, *others = sorted(shingle, key=len, reverse=True)
            found[shingle] = [
                index
                for index, text in enumerate(self._folded[:end])
                if longest in text
                and all(word in text for word in others)
                and shingle in self._words_of(index).shingles
            ]
        return found
