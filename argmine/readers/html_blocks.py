"""Find the elements of a page that are the comments of a discussion.

Comments look alike: elements of one tag that share a class ("comment", "message--post"), a numbered id ("comment-12")
or a schema.org type, each with a text and with an author or a date.  Every such group is a candidate; the one whose
name says most plainly that it holds comments, and which has most of them, is taken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from lxml import etree

from argmine.readers.dates import find_date
from argmine.readers.html_parts import Parts, parts_of
from argmine.readers.html_text import is_silent
from argmine.readers.html_words import one_line, tokens, words, words_of

#: Words that name a comment under an article, and what they say; and those that name a message, the first of which
#: opens the thread.
_COMMENT_WORDS = {
    "comment": 4, "comtr": 4, "commentaire": 4, "kommentar": 4, "comentario": 4,
    "reply": 3, "response": 3, "answer": 3, "argument": 3, "opinion": 3,
}  # fmt: skip
_MESSAGE_WORDS = {
    "post": 2,
    "message": 2,
    "status": 2,
    "msg": 2,
    "postcontainer": 2,
    "postbit": 2,
    "topic": 1,
    "entry": 1,
}
#: Words that may stand beside them.
_NEUTRAL = {
    "item", "items", "wrap", "wrapper", "container", "block", "box", "single", "node", "row", "thing", "threaded",
    "thread", "view", "element", "card", "unit", "public", "js", "type", "crawler", "d", "c", "li", "media", "odd",
    "even", "parent", "child", "hentry", "h", "u", "p", "top", "level", "root", "forum", "user", "reader", "byuser",
    "div", "section", "article", "wp", "ui", "list", "renderer", "ytd", "react", "component", "panel", "tree",
    "main", "full",
}  # fmt: skip
_ELSEWHERE = {
    "pingback", "trackback", "recent", "related", "popular", "trending", "recentcomments", "respond", "commentform",
    "sidebar", "breadcrumb", "breadcrumbs",
}  # fmt: skip
_TEMPLATE = {"template", "templates", "prototype"}
_NEVER = {
    "a", "span", "p", "button", "input", "i", "b", "img", "time", "h1", "h2", "h3", "h4", "ul", "ol", "td",
}  # fmt: skip
_ID_NUMBER = re.compile(r"\A(?P<name>[a-zA-Z][a-zA-Z_-]{0,30}?)[-_]?\d{1,20}\Z")
_COMMENT_TYPE = re.compile(r"schema\.org/(?:Comment|UserComments|Answer)/?\Z")
_SAMPLE = 30
#: From this strength on, a name speaks of comments and nothing else.
_SURE = 3
#: Groups whose name says nothing need so many members; and their dates stand in texts no longer than this.
_FEWEST_NAMELESS = 3
_LONGEST_DATED = 100


@dataclass(frozen=True)
class Group:
    """The elements of the comments of a page.

    Parameters
    ----------
    blocks : list of lxml element
        In reading order; a reply may lie inside the comment it answers.
    parts : list of Parts
        What each holds.
    opens : bool
        Whether the first of them opens the thread, as in forums; otherwise they stand under an article.
    """

    blocks: list[etree._Element]
    parts: list[Parts]
    opens: bool


class _Name(NamedTuple):
    """A name that elements share, how surely it names comments, and whether the first of them opens the thread."""

    text: str
    strength: int
    opens: bool


class _Candidate(NamedTuple):
    """Elements that could be the comments; ``words`` counts the words of their name."""

    strength: int
    words: int
    opens: bool
    blocks: list[etree._Element]


def find_group(root: etree._Element) -> Group | None:
    """Find the comments of a page, or ``None``.

    Parameters
    ----------
    root : lxml element
        The page.

    Returns
    -------
    Group or None
        ``None`` if nothing on the page looks like comments.
    """
    for candidates in (_named_candidates(root), _nameless_candidates(root)):
        for strength in sorted({each.strength for each in candidates}, reverse=True):
            scored = [(_score(each), each) for each in candidates if each.strength == strength]
            # of equals the one with the plainest name: "comment" rather than "comment-thread"
            score, best = max(scored, key=lambda each: (each[0], -each[1].words))
            if score > 0:
                return _with_others(best, candidates)
    return None


def _with_others(best: _Candidate, candidates: list[_Candidate]) -> Group:
    """Take the comments apart, together with replies that go by another name ("reply" inside "comment")."""
    blocks = best.blocks
    parts = _parts(blocks)
    for other in candidates:
        if other.strength < _SURE or not set(other.blocks).isdisjoint(blocks) or not _score(other, fewest=1):
            continue
        together = _in_page_order(set(blocks).union(other.blocks))
        apart = dict(zip(together, _parts(together), strict=True))
        # where one is but a wrapper of the other, it has no text or no author of its own
        authors_kept = all(apart[block].author == part.author for block, part in zip(blocks, parts, strict=True))
        signed = all(part.author or part.dated for part in apart.values())
        if authors_kept and signed and all(part.text or part.deleted for part in apart.values()):
            blocks, parts = together, list(apart.values())
    kept = [i for i, each in enumerate(parts) if each.text or each.deleted or each.author or each.dated]
    return Group([blocks[i] for i in kept], [parts[i] for i in kept], opens=best.opens)


def _parts(blocks: list[etree._Element]) -> list[Parts]:
    inner = frozenset(blocks)
    return [parts_of(block, inner) for block in blocks]


def _in_page_order(blocks: set[etree._Element]) -> list[etree._Element]:
    root = next(iter(blocks)).getroottree().getroot()
    return [element for element in root.iter() if element in blocks]


def _named_candidates(root: etree._Element) -> list[_Candidate]:
    """Return groups of elements that share a tag and a class or id that could name a comment."""
    groups: dict[tuple[str, _Name], list[etree._Element]] = {}
    for element in _shown(root):
        for name in dict.fromkeys(_names(element)):
            groups.setdefault((str(element.tag), name), []).append(element)
    return [
        _Candidate(name.strength, len(name.text.split()), name.opens, blocks) for (_, name), blocks in groups.items()
    ]


def _nameless_candidates(root: etree._Element) -> list[_Candidate]:
    """Return groups of elements of one tag and class that have dates in them: comments without telling names."""
    groups: dict[tuple[str, str], list[etree._Element]] = {}
    dated: set[etree._Element] = set()
    for element in _shown(root, every=True):
        texts = [element.text, *(each.tail for each in element)]
        if element.get("datetime") or any(text and len(text) < _LONGEST_DATED and find_date(text) for text in texts):
            dated.update([element, *element.iterancestors()])
        if element.tag in {"li", "dd", "tr"} or (element.tag in {"div", "article", "section"} and element.get("class")):
            groups.setdefault((str(element.tag), element.get("class") or ""), []).append(element)
    return [
        _Candidate(-1, 0, False, blocks)
        for blocks in groups.values()
        if len(blocks) >= _FEWEST_NAMELESS and sum(block in dated for block in blocks) * 5 >= len(blocks) * 4
    ]


def _shown(root: etree._Element, *, every: bool = False) -> Iterator[etree._Element]:
    """Yield the elements that could be comments, or every one, outside menus and boxes of links."""
    walk = etree.iterwalk(root, events=("start",))
    for _, element in walk:
        found = words(element)
        # a hidden template is what a script makes new comments from
        empty_form = found & _TEMPLATE and is_silent(element)
        elsewhere = element.tag not in {"html", "body"} and (found & _ELSEWHERE or empty_form)
        if element.tag in {"head", "script", "style", "nav", "template", "svg"} or elsewhere:
            walk.skip_subtree()
        elif every or element.tag not in _NEVER:
            yield element


def _names(element: etree._Element) -> Iterator[_Name]:
    """Yield what in an element's type, classes and id could name a comment."""
    if _COMMENT_TYPE.search(element.get("itemtype") or ""):
        yield _Name("itemtype", 5, opens=False)
    # what stands before the first hyphen of a custom element says whose it is
    custom = str(element.tag).partition("-")[2]
    for token in [*tokens(element), *([custom] if custom else [])]:
        found = words_of(token)
        units = [word for word in found if word in _COMMENT_WORDS or word in _MESSAGE_WORDS]
        if units and all(word in _NEUTRAL or word in units for word in found):
            strength = max(_COMMENT_WORDS.get(word, 0) or _MESSAGE_WORDS[word] for word in units)
            yield _Name(" ".join(found), strength, opens=not any(word in _COMMENT_WORDS for word in units))
    match = _ID_NUMBER.match(element.get("id") or "")
    if match:
        yield _Name(f"#{match['name']}", 0, opens=False)


def _score(candidate: _Candidate, *, fewest: int | None = None) -> float:
    """Return how many of the elements are comments: have a text, and an author or (weak names: and) a date."""
    strength, blocks = candidate.strength, candidate.blocks
    fewest = fewest or (1 if strength >= 4 else 2 if strength > 0 else _FEWEST_NAMELESS)
    if len(blocks) < fewest:
        return 0
    inner = frozenset(blocks)
    sample = blocks[:: max(1, len(blocks) // _SAMPLE)]
    good, merit, teasers = 0, 0.0, 0
    for block in sample:
        parts = parts_of(block, inner)
        signed = (parts.author is not None, parts.dated)
        if (parts.text or parts.deleted) and (any(signed) if strength > 0 else all(signed)):
            good += 1
            merit += sum(signed) / 2
        teasers += strength <= 2 and _is_teaser(block, parts.author)
    if good * 2 < len(sample) or teasers * 2 >= len(sample):
        return 0
    return len(blocks) * merit / len(sample)


def _is_teaser(block: etree._Element, author: str | None) -> bool:
    """Return whether a block has a heading that is a link, and not to its author: a teaser of another page."""
    headings = block.iter("h1", "h2", "h3", "h4")
    elsewhere = (each for each in headings if any("#" not in (link.get("href") or "#") for link in each.iter("a")))
    return any(one_line(each) != author for each in elsewhere)
