"""Who wrote a comment in a page."""

import re

from lxml import etree

from argmine.readers.dates import find_date
from argmine.readers.furniture import is_furniture
from argmine.readers.html_text import is_quote
from argmine.readers.html_words import one_line, tokens, words_of

_AUTHOR_ATTRIBUTES = ["data-author", "data-username", "data-user-name", "data-author-name", "author"]
#: Words of classes that hold a name, the surest first.
_AUTHOR_WORDS = [
    "fn", "hnuser", "username", "nickname", "nick", "commenter", "author", "user", "poster", "byline", "name",
    "display",
]  # fmt: skip
_NOT_AUTHOR = {
    "avatar", "image", "img", "photo", "pic", "banner", "details", "location", "role", "badge", "rank", "label",
    "flair", "says", "content", "text", "body", "title", "date", "time", "link", "icon", "info", "description",
    "bio", "comment", "post", "message", "reply",
}  # fmt: skip
_PROFILE = re.compile(
    r"/(?:users?|profiles?|members?|people|u|authors?|accounts?)[/.?=]|(?:\A|[?/])(?:user|member|profile)(?:\.php)?\?"
    r"|/@[\w.]",
    re.IGNORECASE,
)


def find_author(block: etree._Element, below: list[etree._Element]) -> tuple[str | None, etree._Element | None]:
    """Return the author named in an element, and the outermost element with the name, as far as found.

    Parameters
    ----------
    block : lxml element
        The element, such as a comment.
    below : list of lxml element
        Those in it that are its own.

    Returns
    -------
    (str or None, lxml element or None)
        An attribute may give a name that no element shows.
    """
    given = next((block.get(name) for name in _AUTHOR_ATTRIBUTES if block.get(name)), None)
    best: tuple[int, str, etree._Element] | None = None
    outermost: etree._Element | None = None
    for element in below:
        rank = _author_rank(element)
        if rank is None or _inside_quote(element, block):
            continue
        # of equal ones the first is taken, or what is inside it: a name without the handle behind it
        better = best is None or rank < best[0] or (rank == best[0] and best[2] in element.iterancestors())
        if better and (name := _name(one_line(element))):
            outermost = element if best is None or rank < best[0] else outermost
            best = (rank, name, element)
    if best is not None:
        return given or _linked_name(*best[1:]), outermost
    return given, None


def _linked_name(name: str, element: etree._Element) -> str:
    """Return the name in a box that says more of the author: the link to the profile that it begins with."""
    links = (_name(one_line(each)) for each in element.iter("a") if _PROFILE.search(each.get("href") or ""))
    return next((linked for linked in links if linked and name.startswith(f"{linked} ")), name)


def _author_rank(element: etree._Element) -> int | None:
    """Return how surely an element holds the author's name; the lower, the surer."""
    if element.get("itemprop") == "name" and "Person" in (_itemtype_above(element) or ""):
        return 0
    if element.get("itemprop") in {"author", "creator"} or element.get("rel") == "author":
        return 1
    ranks = []
    for token in tokens(element):
        found = words_of(token)
        if not found or (_NOT_AUTHOR - {"comment", "post", "message", "reply"}) & set(found):
            continue
        ranks += [2 + _AUTHOR_WORDS.index(word) for word in found if word in _AUTHOR_WORDS]
    if ranks:
        return min(ranks)
    if element.tag == "a" and _PROFILE.search(element.get("href") or ""):
        return 20
    return 30 if element.tag == "cite" else None


def _itemtype_above(element: etree._Element) -> str | None:
    above = next((each for each in element.iterancestors() if each.get("itemscope") is not None), None)
    return None if above is None else above.get("itemtype")


def _inside_quote(element: etree._Element, block: etree._Element) -> bool:
    for above in element.iterancestors():
        if above is block:
            return False
        if is_quote(above):
            return True
    return False


def _name(text: str) -> str | None:
    """Return a name without the words that pages put round it."""
    if len(text) > 200:
        return None
    text = re.sub(r"^(?:(?:posted |written |submitted |comment )?by:?|from|author:)\s+", "", text, flags=re.IGNORECASE)
    found = find_date(text)
    text = text[: found[0]] if found else text
    text = re.sub(r"\s+(?:on|at|[-–—|·•,])\s*$", "", text).strip(" \t:,|·•–—….")
    text = re.sub(r"\s*\b(?:says|said|wrote|writes|commented|replied)$", "", text, flags=re.IGNORECASE)
    return text if 0 < len(text) <= 60 and not is_furniture(text) and re.search(r"\w", text) else None
