"""Class names and ids of elements, taken apart into words."""

import re
from functools import lru_cache

from lxml import etree

_SPLIT = re.compile(r"[^a-zA-Z]+|(?<=[a-z])(?=[A-Z])")


def inner_text(element: etree._Element) -> str:
    """Return all text in an element as it stands in the page."""
    return "".join(str(part) for part in element.itertext())


def one_line(element: etree._Element) -> str:
    """Return the text in an element in one line, with a space between the texts of different elements."""
    return " ".join(" ".join(str(part) for part in element.itertext()).split())


def tokens(element: etree._Element) -> list[str]:
    """Return the classes and the id of an element."""
    return [*(element.get("class") or "").split()[:30], *(element.get("id") or "").split()[:1]]


@lru_cache(maxsize=20_000)
def words_of(token: str) -> tuple[str, ...]:
    """Return the words of a class or id in lower case: ``commentItem-12`` gives ``comment`` and ``item``."""
    return tuple(word.lower() for word in _SPLIT.split(token[:100]) if word)


def words(element: etree._Element) -> set[str]:
    """Return all words of an element's classes and id."""
    return {word for token in tokens(element) for word in words_of(token)}
