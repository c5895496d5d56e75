"""Aligning a quotation with the post that it may come from: by shared word triples, then word by word.

Small edits, omissions, and changes of case or punctuation do no harm.  Method: the triples vote for an offset between
the two texts, and around the best offset the words are aligned with difflib (Ratcliff and Obershelp's longest blocks).
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import NamedTuple

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
SHINGLE = 3

_MOST_PLACES = 8  # of one triple in one post: more say little about the offset
_ALIGNED_WORDS = 400  # longer quotations are compared by their triples alone
_EXACT_WORDS = 6  # up to so many words a quotation must be exact, or any common phrase would be one

Shingle = tuple[str, ...]


class Match(NamedTuple):
    """The characters ``start`` to ``end`` of a text that repeat a quotation, and the share of its words found there."""

    start: int
    end: int
    similarity: float


@dataclass(slots=True)
class Words:
    """The words of a text, folded, with their places and the places of their triples."""

    words: list[str]
    starts: list[int]
    ends: list[int]
    _shingles: dict[Shingle, list[int]] | None = field(default=None)

    @classmethod
    def of(cls, text: str) -> "Words":
        """Cut a text into words."""
        found = list(WORD.finditer(text))
        return cls(
            [match.group().casefold().replace("’", "'") for match in found],
            [match.start() for match in found],
            [match.end() for match in found],
        )

    @property
    def shingles(self) -> dict[Shingle, list[int]]:
        """The word triples and where each begins."""
        if self._shingles is None:
            self._shingles = {}
            for place, shingle in enumerate(zip(self.words, self.words[1:], self.words[2:], strict=False)):
                self._shingles.setdefault(shingle, []).append(place)
        return self._shingles


def align(quote: Words, text: Words, min_similarity: float) -> Match | None:
    """Find the stretch of a text that repeats a quotation.

    Parameters
    ----------
    quote, text : Words
        What is looked for, and where.
    min_similarity : float
        Share of the quotation's words that must be found, in order; all of them if it is short.

    Returns
    -------
    Match or None
    """
    size = len(quote.words)
    if size < SHINGLE:
        return _find_few_words(quote, text)
    offsets: Counter[int] = Counter()
    hits = 0
    for shingle, wanted in quote.shingles.items():
        places = text.shingles.get(shingle, [])
        hits += len(wanted) if places else 0
        offsets.update(there - here for here in wanted[:_MOST_PLACES] for there in places[:_MOST_PLACES])
    if not offsets:
        return None
    offset = max(offsets, key=lambda value: (offsets[value], -value))
    if size > _ALIGNED_WORDS:
        similarity = hits / (size - SHINGLE + 1)
        first, last = max(0, offset), min(len(text.words), offset + size)
    else:
        slack = 2 + size // 4
        low = max(0, offset - slack)
        window = text.words[low : max(0, offset + size + slack)]
        matcher = SequenceMatcher(None, quote.words, window, autojunk=False)
        blocks = [block for block in matcher.get_matching_blocks() if block.size]
        if not blocks:
            return None
        similarity = sum(block.size for block in blocks) / size
        first, last = low + blocks[0].b, low + blocks[-1].b + blocks[-1].size
    if similarity < (min_similarity if size > _EXACT_WORDS else 1.0) or last <= first:
        return None
    return Match(text.starts[first], text.ends[last - 1], round(similarity, 3))


def _find_few_words(quote: Words, text: Words) -> Match | None:
    size = len(quote.words)
    for place in range(len(text.words) - size + 1 if size else 0):
        if text.words[place : place + size] == quote.words:
            return Match(text.starts[place], text.ends[place + size - 1], 1.0)
    return None
