"""The article of a page.

`trafilatura <https://trafilatura.readthedocs.io>`_ (Barbaresi, 2021) says which paragraphs of the page are the
article.  It may leave some out and loses lines and quotations, so the text is taken from the element of the page that
holds those paragraphs, without the boxes in it.
"""

import copy
import re
from collections.abc import Sequence
from typing import NamedTuple

from lxml import etree

from argmine.readers.bylines import date_alone
from argmine.readers.furniture import is_furniture
from argmine.readers.headings import letters_of
from argmine.readers.html_page import drop
from argmine.readers.html_parts import SIGNATURES
from argmine.readers.html_text import element_text, is_silent
from argmine.readers.html_words import inner_text, tokens, words, words_of

#: So many characters, not counting links, stand together somewhere in a page that has an article.
_PROSE = 60
_INLINE = {
    "abbr", "b", "bdi", "br", "cite", "code", "em", "i", "img", "mark", "q", "s", "small", "span", "strong", "sub",
    "sup", "u", "wbr",
}  # fmt: skip
_BLOCKS = (
    "p", "div", "td", "li", "section", "article", "span", "font", "pre", "blockquote", "dd", "center", "main",
)  # fmt: skip
#: Words of the boxes that stand in articles and are not part of them.
_BOXES = {
    "share", "sharing", "sharedaddy", "social", "related", "relatedposts", "associated", "recommended",
    "recommendations", "newsletter", "signup", "subscribe", "promo", "promotion", "advert", "advertisement",
    "adsbygoogle", "ad", "ads", "sponsored", "nav", "navigation", "breadcrumb", "breadcrumbs", "pagination",
    "toolbar", "sidebar", "widget", "comments", "comment", "respond", "commentform", "byline", "postmeta", "tagline",
    "metadata", "footer", "cookie", "author", "vcard", "published", "posted", "date", "meta", "screen", "hidden",
    "popup", "modal", "likes", "rating", "ratings", "vote", "votes", "voting", "tags",
}  # fmt: skip
#: An element with more children is no paragraph.
_MANY = 40
#: Of the characters of the article, this share lies in the element that is taken.
_ENOUGH = 0.9
#: A box that has a smaller share of them is left out.
_LITTLE = 0.3


class Article(NamedTuple):
    """The text of an article, and the element that holds it."""

    text: str
    element: etree._Element | None


def find_article(root: etree._Element, title: str | None) -> Article:
    """Find the article of a page from which the comments have been taken out.

    Parameters
    ----------
    root : lxml element
        The page; changed by this.
    title : str, optional
        Left out where it heads the article.

    Returns
    -------
    Article
        With an empty text if there is none: nothing but links and labels.
    """
    whole = len(inner_text(root))
    for element in list(root.iter("div", "section", "form", "ol", "ul", "aside")):
        if words(element) & {"respond", "commentform", "comments", "comment"} and len(inner_text(element)) * 2 < whole:
            drop(element)
    prose = [element for element in root.iter(*_BLOCKS) if _own_length(element) >= _PROSE]
    if not prose:
        return Article("", None)
    holder, text = _text_around(root, _chosen(root) or prose)
    lines = [line for line in text.split("\n") if not is_furniture(line)]
    head = [i for i, line in enumerate(lines) if line][:5]
    headings = {i for i in head if _is_title(lines[i], title) or date_alone(lines[i])}
    kept = "\n".join(line for i, line in enumerate(lines) if i not in headings)
    return Article(re.sub(r"\n{3,}", "\n\n", kept).strip("\n"), holder)


def _chosen(root: etree._Element) -> list[etree._Element]:
    """Return the elements whose text trafilatura takes for a paragraph of the article."""
    from trafilatura import bare_extraction  # noqa: PLC0415 - takes 0.2 s

    document = bare_extraction(copy.deepcopy(root), include_comments=False, include_tables=True, with_metadata=False)
    body = getattr(document, "body", None)
    if body is None:
        return []
    found = {letters_of(inner_text(each)) for each in body.iter("p", "item", "head", "quote", "cell", "code")}
    chosen = []
    for element in root.iter(*_BLOCKS, "h1", "h2", "h3", "h4"):
        if len(element) <= _MANY and (letters := letters_of(inner_text(element))) in found:
            found.discard(letters)
            chosen.append(element)
    return chosen


def _text_around(root: etree._Element, paragraphs: Sequence[etree._Element]) -> tuple[etree._Element, str]:
    """Return the smallest element that holds nearly all of the paragraphs, and its text."""
    held: dict[etree._Element, int] = {}
    for element in paragraphs:
        length = len(inner_text(element))
        for above in [element, *element.iterancestors()]:
            held[above] = held.get(above, 0) + length
    total = held[root]
    # the last in reading order is the innermost
    holder = [element for element in root.iter() if held.get(element, 0) >= _ENOUGH * total][-1]

    def leave_out(element: etree._Element) -> bool:
        names = tokens(element)
        boxed = element.tag in {"footer", "aside"} or any(set(words_of(each)) & _BOXES for each in names)
        # an element with such a class may still be what holds the article
        signed = not SIGNATURES.isdisjoint(names)
        return is_silent(element) or signed or (boxed and held.get(element, 0) < _LITTLE * total)

    return holder, element_text(holder, leave_out=leave_out)


def _own_length(element: etree._Element) -> int:
    """Return the length of the text that an element holds itself, not in links or in blocks below it."""
    length = len((element.text or "").strip()) + sum(len((each.tail or "").strip()) for each in element)
    for inline in (each for each in element if each.tag in _INLINE):
        length += len(inner_text(inline)) - sum(len(inner_text(link)) for link in inline.iter("a"))
    return length


def _is_title(line: str, title: str | None) -> bool:
    """Return whether a line is the title, or the title without the name of the site behind it."""
    line, whole = letters_of(line), letters_of(title or "")
    return line == whole or (len(line) > 8 and whole.startswith(line))
