"""Content words of a Doc and how alike two stretches are in them: shared by the stages that compare texts.

Nothing here looks at how often a word is used in the thread: a post must be judged the same whatever other branches
say.  Longer words stand in for rarer ones.
"""

from functools import lru_cache
from math import sqrt

from spacy.tokens import Doc

_SUFFIXES = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ness",
    "ings",
    "ing",
    "edly",
    "ied",
    "ies",
    "ed",
    "ers",
    "er",
    "es",
    "ly",
    "s",
)
_SHORTEST_STEM = 4


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """Cut the commonest English endings off a lower-case word: crude, but the same for both sides of a comparison."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST_STEM:
            word = word[: -len(suffix)]
            break
    return word.rstrip("ey") if len(word) > _SHORTEST_STEM else word


def content_stems(doc: Doc) -> list[str]:
    """Return the stem of each token, and ``""`` for function words, punctuation and numbers of one digit."""
    lower, stop, alpha, number = doc.to_array(["LOWER", "IS_STOP", "IS_ALPHA", "LIKE_NUM"]).T
    strings = doc.vocab.strings
    cache: dict[int, str] = {}
    stems = []
    for key, is_stop, is_alpha, is_number in zip(
        lower.tolist(), stop.tolist(), alpha.tolist(), number.tolist(), strict=True
    ):
        if is_stop or not (is_alpha or is_number):
            stems.append("")
            continue
        if key not in cache:
            word = strings[key]
            cache[key] = stem(word) if len(word) > 1 else ""
        stems.append(cache[key])
    return stems


def words_of(stems: list[str], start: int, end: int) -> frozenset[str]:
    """Return the different content words of a token range."""
    return frozenset(filter(None, stems[start:end]))


@lru_cache(maxsize=4096)
def _weight(words: frozenset[str]) -> float:
    return sum([min(len(word), 8) for word in words]) / 8


def similarity(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the cosine of two sets of content words, long words counting more; 0 to 1."""
    shared = one & other
    return _weight(shared) / sqrt(_weight(one) * _weight(other)) if shared else 0.0
