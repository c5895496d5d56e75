"""The quote stage: stretches of a post that repeat an earlier post, and whom a post addresses.

Four kinds are marked: ``block`` (lines that begin with ``>``), ``attribution`` (the "On …, Ann wrote:" above them),
``inline`` ("they decide …", in any quotation marks, also unbalanced, if the words are found in an earlier post) and
``address`` (``@Ann``, or "Ann," at the start).  Each is traced to its source: quotations by shared word triples and
then by alignment (difflib), so that small edits and omissions do no harm; addresses by the author's name.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import islice, pairwise

from spacy.language import Language
from spacy.tokens import Doc

from argmine.doc import QUOTES, PostView, Source, make_spans, posts

_BLOCK = re.compile(r"(?:^[ \t]*>.*(?:\n|\Z))+", re.MULTILINE)
_BLOCK_MARK = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
#: The line above a block quotation that says whose words follow.
_ATTRIBUTION = re.compile(
    r"^(?:[ \t]*On\b[^\n]{4,200}(?:\n[^\n]{0,80})?\bwrote:"
    r"|[ \t]*(?:Originally )?(?:posted|said|written) by:?[ \t]+[^\n]{1,60}"
    r"|[ \t]*[^\n]{1,60}\b(?:wrote|said|writes|says)(?: on [^\n]{1,40})?:)[ \t]*\n\s*\Z",
    re.MULTILINE | re.IGNORECASE,
)
_AT_NAME = re.compile(r"(?<![\w@])@([\w][\w.\-]{0,40}\w|\w)")
_OPENING_NAME = re.compile(r"\s*(?:(?:hi|hey|hello|dear)\s+)?([^\n,:]{1,40}?)\s*[,:](?=\s)", re.IGNORECASE)
#: Quotation marks; a straight or curly apostrophe counts only at the edge of a word.
_MARK = re.compile(r"[\"“”„«»‹›]|(?<!\w)['‘’](?=\S)|(?<=\S)['’](?!\w)")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

_NEAR_ANCESTORS = 8  # looked at before the whole thread is searched
_SHINGLE = 3
_MOST_POSTS_PER_SHINGLE = 8  # a triple in more posts than this says little about the source
_ALIGNED_WORDS = 400  # longer quotations are compared by their triples alone


@dataclass(slots=True)
class _Words:
    """The words of a text, folded, with their places and the places of their triples."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    _shingles: dict[tuple[str, ...], list[int]] | None = field(default=None)

    @classmethod
    def of(cls, text: str) -> "_Words":
        found = list(_WORD.finditer(text))
        return cls(
            [match.group().casefold().replace("’", "'") for match in found],
            [match.start() for match in found],
            [match.end() for match in found],
        )

    def shingles(self) -> dict[tuple[str, ...], list[int]]:
        if self._shingles is None:
            self._shingles = {}
            for place, shingle in enumerate(zip(self.words, self.words[1:], self.words[2:], strict=False)):
                self._shingles.setdefault(shingle, []).append(place)
        return self._shingles


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
        found = self.find(doc)
        spans = make_spans(doc, [(start, end, label) for start, end, label, _ in found])
        kept = [(span, origins) for span, (_, _, _, origins) in zip(spans, found, strict=True) if span is not None]
        doc.spans[QUOTES] = [span for span, _ in kept]
        doc._.sources = [
            tuple(origin._replace(quote=place)) for place, (_, origins) in enumerate(kept) for origin in origins
        ]
        return doc

    def find(self, doc: Doc) -> list[tuple[int, int, str, list[Source]]]:
        """Return start and end in ``doc.text``, label and sources of every quotation, in order."""
        thread = _Thread(posts(doc))
        found: list[tuple[int, int, str, list[Source]]] = []
        for post in thread.posts:
            marked = self._block_quotes(post, thread)
            marked += self._inline_quotes(post, thread, marked)
            marked += _addresses(post, thread, marked)
            marked.sort(key=lambda quote: quote[:2])
            found += [(start + post.offset, end + post.offset, label, origin) for start, end, label, origin in marked]
            thread.read(post)
        return found

    def _block_quotes(self, post: PostView, thread: "_Thread") -> list[tuple[int, int, str, list[Source]]]:
        found: list[tuple[int, int, str, list[Source]]] = []
        if ">" not in post.text:
            return found
        for match in _BLOCK.finditer(post.text):
            if not _WORD.search(match.group()):
                continue
            end = match.start() + len(match.group().rstrip())
            above = _ATTRIBUTION.search(post.text, max(0, match.start() - 300), match.start())
            named = None
            if above:
                named = thread.post_of_author_in(above.group(), post)
                label_end = above.start() + len(above.group().rstrip())
                origins = [] if named is None else [Source(0, named, 0, 0, 1.0)]
                found.append((above.start(), label_end, "attribution", origins))
            found.append((match.start(), end, "block", self._trace_block(match.group(), post, thread, named)))
        return found

    def _trace_block(self, block: str, post: PostView, thread: "_Thread", named: int | None) -> list[Source]:
        """Trace a block quotation as a whole, or else each of its lines."""
        plain = _BLOCK_MARK.sub("", block)
        whole = thread.trace(plain, post, self.min_similarity, named)
        if whole is not None:
            return [whole]
        lines = [line for line in plain.split("\n") if len(_WORD.findall(line)) >= _SHINGLE]
        origins = [thread.trace(line, post, self.min_similarity, named) for line in lines] if len(lines) > 1 else []
        return [origin for origin in origins if origin is not None]

    def _inline_quotes(
        self, post: PostView, thread: "_Thread", taken: list[tuple[int, int, str, list[Source]]]
    ) -> list[tuple[int, int, str, list[Source]]]:
        """Find words between quotation marks that an earlier post has; which mark opens and which closes is not asked.

        Marks are often the wrong way round or missing, so every stretch from one mark to the next, and from the last
        to the end of its line, is tried: only what an earlier post really says is kept.
        """
        found: list[tuple[int, int, str, list[Source]]] = []
        if post.parent is None or not _MARK.search(post.text):
            return found
        position = 0
        for line in post.text.split("\n"):
            marks = [match.start() + position for match in _MARK.finditer(line)]
            position += len(line) + 1
            if not marks or any(start <= marks[0] < end for start, end, label, _ in taken if label == "block"):
                continue
            last = 0
            for start, end in pairwise([*marks, position - 1]):
                stretch = post.text[start + 1 : end]
                if start < last or stretch.count(" ") + 1 < self.min_inline_words:
                    continue
                origin = thread.trace(stretch, post, self.min_similarity, None, self.min_inline_words)
                if origin is not None:
                    last = end + 1 if end < position - 1 else end
                    found.append((start, last, "inline", [origin]))
        return found


def _addresses(
    post: PostView, thread: "_Thread", taken: list[tuple[int, int, str, list[Source]]]
) -> list[tuple[int, int, str, list[Source]]]:
    found: list[tuple[int, int, str, list[Source]]] = []
    opening = _OPENING_NAME.match(post.text)
    matches = [*([opening] if opening else []), *(_AT_NAME.finditer(post.text) if "@" in post.text else [])]
    for match in matches:
        start, end = match.span(1)
        start -= post.text[start - 1 : start] == "@"
        named = thread.post_of_author(match.group(1).lstrip("@"), post)
        if named is None or any(start < other_end and other_start < end for other_start, other_end, _, _ in taken):
            continue
        if not any(start < other_end and other_start < end for other_start, other_end, _, _ in found):
            found.append((start, end, "address", [Source(0, named, 0, 0, 1.0)]))
    return found


class _Thread:
    """The posts read so far, and where their words and authors are."""

    def __init__(self, views: list[PostView]) -> None:
        self.posts = views
        self._words: dict[int, _Words] = {}
        self._last_post_of: dict[str, int] = {}
        self._index: dict[tuple[str, ...], list[int]] = {}
        self._indexed = 0

    def read(self, post: PostView) -> None:
        """Take note of a post once its own quotations are done: only earlier posts are sources."""
        if post.author:
            self._last_post_of[post.author.casefold()] = post.index

    def post_of_author(self, name: str, reader: PostView) -> int | None:
        """Return the last post so far of an author (never the reader's own), or ``None``."""
        folded = name.strip().casefold()
        if not folded or (reader.author and folded == reader.author.casefold()):
            return None
        return self._last_post_of.get(folded)

    def post_of_author_in(self, line: str, reader: PostView) -> int | None:
        """Return the last post of the author whom an attribution line names, longest name first."""
        folded = f" {line.casefold()} "
        words = _WORD.findall(folded)
        for length in range(min(4, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                named = self.post_of_author(" ".join(words[start : start + length]), reader)
                if named is not None:
                    return named
        return None

    def trace(
        self, quote: str, post: PostView, min_similarity: float, named: int | None, min_words: int = 1
    ) -> Source | None:
        """Find the earlier post, and the stretch of it, that a quotation repeats; near ancestors come first."""
        wanted = _Words.of(quote)
        if len(wanted.words) < min_words:
            return None
        best: Source | None = None
        near = list(islice(self._ancestors(post), _NEAR_ANCESTORS))
        for candidates in ([*([named] if named is not None else []), *near], None):
            for candidate in candidates if candidates is not None else self._posts_that_share(wanted, post, near):
                origin = self._match(wanted, candidate, min_similarity)
                if origin is not None and (best is None or origin.similarity > best.similarity):
                    best = origin
                    if best.similarity == 1.0:
                        return best
            if best is not None:
                return best
        return None

    def _ancestors(self, post: PostView) -> "list[int]":
        found: list[int] = []
        parent = post.parent
        while parent is not None and len(found) < _NEAR_ANCESTORS:
            found.append(parent)
            parent = self.posts[parent].parent
        if found and found[-1] != 0:
            found[-1:] = [found[-1]] if len(found) < _NEAR_ANCESTORS else [0]
        return found

    def _words_of(self, index: int) -> _Words:
        if index not in self._words:
            self._words[index] = _Words.of(self.posts[index].text)
        return self._words[index]

    def _posts_that_share(self, wanted: _Words, post: PostView, but: list[int]) -> list[int]:
        """Return the few earlier posts, beyond those already tried, that share most triples with a quotation."""
        for index in range(self._indexed, post.index):
            for shingle in self._words_of(index).shingles():
                self._index.setdefault(shingle, []).append(index)
        self._indexed = max(self._indexed, post.index)
        votes: Counter[int] = Counter()
        for shingle in wanted.shingles():
            places = self._index.get(shingle, [])
            if len(places) <= _MOST_POSTS_PER_SHINGLE:
                votes.update(place for place in places if place < post.index and place not in but)
        ranked = sorted(votes, key=lambda index: (-votes[index], -index))
        return ranked[:_SHINGLE]

    def _match(self, wanted: _Words, candidate: int, min_similarity: float) -> Source | None:
        """Align a quotation with a post around the place where most of its triples agree."""
        there = self._words_of(candidate)
        size = len(wanted.words)
        if size < _SHINGLE:
            return self._match_few_words(wanted, candidate)
        shingles = there.shingles()
        offsets: Counter[int] = Counter()
        hits = 0
        for place, shingle in enumerate(zip(wanted.words, wanted.words[1:], wanted.words[2:], strict=False)):
            places = shingles.get(shingle, [])
            hits += bool(places)
            offsets.update(found - place for found in places[:_MOST_POSTS_PER_SHINGLE])
        if not offsets:
            return None
        offset = max(offsets, key=lambda value: (offsets[value], -value))
        if size > _ALIGNED_WORDS:
            similarity = hits / (size - _SHINGLE + 1)
            first, last = max(0, offset), min(len(there.words), offset + size)
        else:
            slack = 2 + size // 4
            low = max(0, offset - slack)
            window = there.words[low : offset + size + slack]
            blocks = [
                block
                for block in SequenceMatcher(None, wanted.words, window, autojunk=False).get_matching_blocks()
                if block.size
            ]
            similarity = sum(block.size for block in blocks) / size
            first, last = low + blocks[0].b, low + blocks[-1].b + blocks[-1].size
        # a few words must be found as they are, or any three common words would count as a quotation
        if similarity < (min_similarity if size > 2 * _SHINGLE else 1.0) or last <= first:
            return None
        return Source(0, candidate, there.starts[first], there.ends[last - 1], round(similarity, 3))

    def _match_few_words(self, wanted: _Words, candidate: int) -> Source | None:
        there = self._words_of(candidate)
        size = len(wanted.words)
        for place in range(len(there.words) - size + 1):
            if there.words[place : place + size] == wanted.words:
                return Source(0, candidate, there.starts[place], there.ends[place + size - 1], 1.0)
        return None
